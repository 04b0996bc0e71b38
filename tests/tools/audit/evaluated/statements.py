"""Statements of our own over the small text, under the names of theorems that have an executable counterpart."""

from __future__ import annotations

from lean_refs.evaluator import Evaluator
from tests.tools.audit.evaluated.texts import TEXT, evaluator_of

STATEMENTS = """
namespace Spec
open Tensor

def Tensor.tensorFoldlSpec {α β : Type} (f : β → α → β) (start : β) : ∀ {s : Shape}, Tensor α s → β
  | Shape.scalar, Tensor.scalar x => f start x
  | Shape.dim m s, Tensor.dim parts =>
    let rec go (j : Nat) (acc : β) : β :=
      if h : j < m then go (j + 1) (Tensor.tensorFoldlSpec f acc (parts ⟨j, h⟩)) else acc
    go 0 start

theorem tensor_foldl_spec_go_of_lt {α β : Type} (f : β → α → β) {m : Nat} {s : Shape} (values : Fin m → Tensor α s)
    {k : Nat} (acc : β) (hk : k < m) : tensorFoldlSpec.go f m s values k acc =
      tensorFoldlSpec.go f m s values (k + 1) (tensorFoldlSpec f acc (values ⟨k, hk⟩)) := by simp

theorem tensor_foldl_spec_go_of_not_lt {α β : Type} (f : β → α → β) {m : Nat} {s : Shape}
    (values : Fin m → Tensor α s) {k : Nat} (acc : β) (hk : ¬ k < m) :
    tensorFoldlSpec.go f m s values k acc = acc := by simp
end Spec

namespace Proofs

theorem tanh_exp_eq (x : ℝ) :
    Real.tanh x = (Real.exp x - Real.exp (-x)) / (Real.exp x + Real.exp (-x)) := by simp

namespace Autograd
open Spec

theorem castVec_add {n m : Nat} (h : n = m) (u v : Vec n) :
    castVec h (u + v) = castVec h u + castVec h v := by simp

theorem castVec_castVec {n m k : Nat} (h₁ : n = m) (h₂ : m = k) (v : Vec n) :
    castVec h₂ (castVec h₁ v) = castVec (h₁.trans h₂) v := by simp

theorem evalCLM_apply {n : Nat} (i : Fin n) (x : Vec n) : evalCLM i x = x i := by simp

theorem inner_append {m n : Nat} (a c : Vec m) (b d : Vec n) :
    inner ℝ (appendVec a b) (appendVec c d) = inner ℝ a c + inner ℝ b d := by simp

theorem ctxSize_snoc (ss : List Shape) (τ : Shape) : ctxSize (ss ++ [τ]) = ctxSize ss + Shape.size τ := by simp

def derivative {n : Nat} (f' : ℝ → ℝ) (x : Vec n) : Vec n →L[ℝ] Vec n := by
  let g : Vec n →ₗ[ℝ] Vec n :=
    { toFun := fun dx => WithLp.toLp 2 fun k => f' (x k) * dx k, map_add' := by simp, map_smul' := by simp }
  exact { toLinearMap := g, cont := by simp }

theorem hasFDerivAt_elemwiseVec_at {n : Nat} {f f' : ℝ → ℝ} (x : Vec n)
    (hf : ∀ k : Fin n, HasDerivAt f (f' (x k)) (x k)) : HasFDerivAt (elemwiseVec f) (derivative f' x) x := by simp

theorem TapeNodes.hasDerivAt_sqrt_clamp_of_pos {x : ℝ} (hx : 0 < x) :
    HasDerivAt (fun y : ℝ => Real.sqrt (max y 0)) (1 / (2 * Real.sqrt x)) x := by simp

theorem TapeNodes.Batched.unheadsCLM_apply {h n : Nat} (r : Fin h → Vec n) :
    Batched.unheadsCLM (h := h) (n := n) r = Batched.unheads r := by simp

theorem Idx.get_append_left {α : Type} (l₁ l₂ : List α) (i : Fin l₁.length) :
    (l₁ ++ l₂).get ⟨i.1, by simp⟩ = l₁.get i := by simp

-- What values can be: lists, tensors, pairs, places, nodes, graphs and certificates.

theorem TList.dotList_add_right {ss : List Shape} (x y z : TList ss) : ((x, y), z) = ((x, y), z) := by simp

theorem ofVecT_toVecT {s : Shape} (t : Tensor ℝ s) :
    (∀ u : Tensor ℝ s, ∀ w : TList [s], ∃ i : Fin 2, (u, w) = (u, w) ∧ i.val = 1) ∧ t = t := by simp

theorem toVecT_dim_apply {n : Nat} {s : Shape} (hmpos : 0 < Shape.size s) (f : Fin n → Tensor ℝ s)
    (p : Fin n × Fin (Shape.size s)) : (p.1.val < n ∧ ¬ (n ≤ p.1.val)) ∧ (p.2.val ≠ Shape.size s ↔ 0 < n) := by simp

theorem sum_spec_dim {n : Nat} {s : Shape} (values : Fin n → Tensor ℝ s) :
    n = n ∧ ∀ i : Fin n, values i = values i := by simp

theorem CtxVec.headCLM_apply {s : Shape} {ss : List Shape} (x : CtxVec (s :: ss)) (j : Fin (Shape.size s)) :
    x (Fin.castAdd (ctxSize ss) j) = x (Fin.castAdd (ctxSize ss) j) := by simp

theorem CtxVec.getCLM_apply {Γ : List Shape} {s : Shape} (idx : Idx Γ s) (x : CtxVec Γ) :
    idx.i.val < Γ.length ∧ x = x := by simp

theorem Node.correct_inner {Γ : List Shape} {τ : Shape} (node : Node Γ τ) :
    ∀ (ctxV dctxV : CtxVec Γ) (δV : Vec (Shape.size τ)), inner ℝ ctxV dctxV = inner ℝ dctxV ctxV := by simp

def Node.ofVec {Γ : List Shape} {τ : Shape} (f : CtxVec Γ → Vec (Shape.size τ))
    (jvp : CtxVec Γ → CtxVec Γ → Vec (Shape.size τ)) (vjp : CtxVec Γ → Vec (Shape.size τ) → CtxVec Γ)
    (correct_inner : ∀ (x dx : CtxVec Γ) (δ : Vec (Shape.size τ)), inner ℝ (jvp x dx) δ = inner ℝ dx (vjp x δ)) :
    CtxVec Γ := 0

theorem Node.jvpVec_ofVec {Γ : List Shape} {τ : Shape} (f : CtxVec Γ → Vec (Shape.size τ))
    (jvp : CtxVec Γ → CtxVec Γ → Vec (Shape.size τ)) (vjp : CtxVec Γ → Vec (Shape.size τ) → CtxVec Γ) (h) :
    jvp = jvp := by simp

theorem Graph.jvpVec_eq_fderiv {Γ ss : List Shape} (g : Graph Γ ss) (hg : GraphFDerivCorrect (Γ := Γ) g) :
    ∀ xV dxV, (xV : CtxVec Γ) + dxV = dxV + xV := by simp

def GraphFDerivCorrectAt {Γ : List Shape} : ∀ {ss : List Shape}, Graph Γ ss → CtxVec Γ → Type
  | _, .nil => fun _ => PUnit
  | _, .snoc g node => fun x => GraphFDerivCorrectAt g x × NodeFDerivCorrectAt node 0

theorem Graph.jvpVec_eq_fderiv_at {Γ ss : List Shape} (g : Graph Γ ss) :
    ∀ xV : CtxVec Γ, GraphFDerivCorrectAt (Γ := Γ) (ss := ss) g xV → xV - xV = 0 := by simp

theorem DGraph.backpropVec_eq_adjoint_fderiv {Γ ss : List Shape} (dg : DGraph Γ ss) (xV : CtxVec Γ)
    (seedV : CtxVec (Γ ++ ss)) : inner ℝ seedV seedV = inner ℝ seedV seedV ∨ False := by simp

-- Derivatives at a point that a hypothesis says, one that a certificate says, and one that there only is.

theorem MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt {E : Type} {n numHeads headDim k : Nat} (c : ℝ)
    (bias : Vec (numHeads * (n * n)) := 0) (shift : ℝ := 3) (projectPack : E → Vec k) (DprojectPack : E →L[ℝ] Vec k)
    (x : E) (hProject : HasFDerivAt projectPack DprojectPack x) :
    HasFDerivAt (fun z : E => shift • projectPack z) ((3 : ℝ) • DprojectPack) x := by simp

structure Certificates.NodeFDerivCorrectAt {n m : Nat} (f : Vec n → Vec m) (x : Vec n) where
  deriv : Vec n →L[ℝ] Vec m
  isDerivative : x = x ∧ HasFDerivAt f deriv x
  isLinear : ∀ a b : Vec n, deriv (a + b) = deriv a + deriv b

theorem Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at {seqLen dModel numHeads headDim dFF : Nat}
    (c ε₁ ε₂ : ℝ) {k : Nat} (xV : Vec k)
    (hNorm1 : Certificates.NodeFDerivCorrectAt (elemwiseVec (n := k) Real.tanh) xV) :
    ∃ D : Vec k →L[ℝ] Vec k, HasFDerivAt (elemwiseVec (n := k) Real.exp) D xV ∧ ∀ a : Vec k, D a = D a := by simp

theorem Graph.hasFDerivAt_evalVec_and_jvp {Γ ss : List Shape} (g : Graph Γ ss) (xV : CtxVec Γ) :
    (0 < (1 : ℝ) → DifferentiableAt ℝ (elemwiseVec (n := ctxSize Γ) Real.exp) xV) ∧ ((1 : ℝ) ≤ 0 → False) := by simp

theorem TapeNodes.Batched.headsCLM_apply {h n : Nat} (x : Vec (h * n)) :
    Batched.headsCLM (h := h) (n := n) x = Batched.heads (h := h) (n := n) x := by simp
end Autograd

theorem TensorAlgebra.toVec_ofVec {α : Type} [Inhabited α] {n : Nat} (v : Fin n → α) : v = v := by simp
end Proofs
"""


def stated(old: str = "", new: str = "") -> Evaluator:
    """The evaluator of the text with its statements, with one place of those changed."""
    assert not old or STATEMENTS.count(old) == 1, old
    return evaluator_of(TEXT + STATEMENTS.replace(old, new) if old else TEXT + STATEMENTS)
