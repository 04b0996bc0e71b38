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
end Autograd
end Proofs
"""


def stated(old: str = "", new: str = "") -> Evaluator:
    """The evaluator of the text with its statements, with one place of those changed."""
    assert not old or STATEMENTS.count(old) == 1, old
    return evaluator_of(TEXT + STATEMENTS.replace(old, new) if old else TEXT + STATEMENTS)
