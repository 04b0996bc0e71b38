"""A small Lean text of our own, under the names that the mirror is linked to: one definition of each kind of value."""

from __future__ import annotations

from functools import cache

from lean_refs.evaluator import Evaluator
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from theorems.tools.audit.evaluated.numbers import RealNumbers

FILE = "NN/Small.lean"

TEXT = """namespace Spec
inductive Shape where
  | scalar : Shape
  | dim : Nat → Shape → Shape
namespace Shape
def size : Shape → Nat
  | .scalar => 1
  | .dim n rest => n * size rest
end Shape
inductive Tensor (α : Type) : Shape → Type where
  | scalar : α → Tensor α .scalar
  | dim : ∀ {n s}, (Fin n → Tensor α s) → Tensor α (.dim n s)
namespace Tensor
def map2Spec {α β γ : Type} (f : α → β → γ) : ∀ {s : Shape}, Tensor α s → Tensor β s → Tensor γ s
  | Shape.scalar, Tensor.scalar x, Tensor.scalar y => Tensor.scalar (f x y)
  | Shape.dim _ _, Tensor.dim u, Tensor.dim v => Tensor.dim (fun k => map2Spec f (u k) (v k))

def mulSpec {α : Type} [Mul α] {s : Shape} (a b : Tensor α s) : Tensor α s := map2Spec (fun x y => x * y) a b
end Tensor
end Spec

class MathFunctions (α : Type) where
  exp : α → α
  tanh : α → α
  sqrt : α → α
  pi : α

noncomputable instance : MathFunctions ℝ where
  exp := Real.exp
  tanh := Real.tanh
  sqrt := Real.sqrt
  pi := Real.pi

namespace Proofs.Autograd
open Spec

abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)

namespace Algebra
inductive TList (α : Type) : List Shape → Type where
  | nil : TList α []
  | cons {s : Shape} {ss : List Shape} : Tensor α s → TList α ss → TList α (s :: ss)
end Algebra

abbrev TList : List Shape → Type := Algebra.TList ℝ

def ctxSize : List Shape → Nat
  | [] => 0
  | s :: rest => Shape.size s + ctxSize rest

abbrev CtxVec (Γ : List Shape) := Vec (ctxSize Γ)

def vecOfFun {n : Nat} (f : Fin n → ℝ) : Vec n := WithLp.toLp 2 f

def appendVec {m n : Nat} (a : Vec m) (b : Vec n) : Vec (m + n) :=
  WithLp.toLp 2 (Fin.append a b)

def castVec {n m : Nat} (h : n = m) : Vec n → Vec m :=
  fun v => WithLp.toLp 2 fun k => v (Fin.cast h.symm k)

def elemwiseVec {n : Nat} (f : ℝ → ℝ) : Vec n → Vec n :=
  fun v => WithLp.toLp 2 fun k => f (v k)

def sumExp {n : Nat} (x : Vec n) : ℝ := ∑ k : Fin n, Real.exp (x k)

def evalCLM {n : Nat} (i : Fin n) : Vec n →L[ℝ] ℝ := by
  let f : Vec n →ₗ[ℝ] ℝ := { toFun := fun x => x i, map_add' := by simp, map_smul' := by simp }
  exact { toLinearMap := f, cont := by simp }

def Graph.appendCLM (m n : Nat) : (Vec m × Vec n) →L[ℝ] Vec (m + n) := by
  let f : (Vec m × Vec n) →ₗ[ℝ] Vec (m + n) :=
    { toFun := fun p => appendVec (m := m) (n := n) p.1 p.2, map_add' := by simp, map_smul' := by simp }
  exact { toLinearMap := f, cont := by simp }

structure Idx (Γ : List Shape) (s : Shape) where
  i : Fin Γ.length
  h : Γ.get i = s

def Idx.weaken {Γ : List Shape} {s : Shape} (idx : Idx Γ s) (rest : List Shape) : Idx (Γ ++ rest) s :=
  ⟨⟨idx.i.1, by omega⟩, by simp⟩

structure Node (Γ : List Shape) (τ : Shape) where
  forward : TList Γ → Tensor ℝ τ
  jvp : TList Γ → TList Γ → Tensor ℝ τ
  vjp : TList Γ → Tensor ℝ τ → TList Γ
  correct : ∀ x, forward x = forward x

inductive Graph (Γ : List Shape) : List Shape → Type where
  | nil : Graph Γ []
  | snoc {ss : List Shape} {τ : Shape} : Graph Γ ss → Node (Γ ++ ss) τ → Graph Γ (ss ++ [τ])

structure NodeFDerivCorrect {Γ : List Shape} {τ : Shape} (node : Node Γ τ) where
  deriv : CtxVec Γ → (CtxVec Γ →L[ℝ] Vec (Shape.size τ))
  right : ∀ x, node.forward x = node.forward x

structure NodeFDerivCorrectAt {Γ : List Shape} {τ : Shape} (node : Node Γ τ) (xV : CtxVec Γ) where
  deriv : CtxVec Γ →L[ℝ] Vec (Shape.size τ)
  right : xV = xV

def NodeFDerivCorrect.at {Γ : List Shape} {τ : Shape} {node : Node Γ τ} (hn : NodeFDerivCorrect node)
    (xV : CtxVec Γ) : NodeFDerivCorrectAt node xV := ⟨hn.deriv xV, rfl⟩

def GraphFDerivCorrect {Γ : List Shape} : ∀ {ss : List Shape}, Graph Γ ss → Type
  | _, .nil => PUnit
  | _, .snoc g node => GraphFDerivCorrect g × NodeFDerivCorrect node

structure DGraph (Γ : List Shape) (ss : List Shape) where
  g : Graph Γ ss
  hg : GraphFDerivCorrect (Γ := Γ) g

namespace DGraph
def nil {Γ : List Shape} : DGraph Γ [] := ⟨.nil, PUnit.unit⟩

def snoc {Γ ss : List Shape} {τ : Shape} (dg : DGraph Γ ss) (node : Node (Γ ++ ss) τ) (hn : NodeFDerivCorrect node) :
    DGraph Γ (ss ++ [τ]) := ⟨.snoc dg.g node, (dg.hg, hn)⟩

def castNodeContext {Γ₁ Γ₂ : List Shape} {τ : Shape} (h : Γ₁ = Γ₂) (node : Node Γ₁ τ) : Node Γ₂ τ := by
  subst h
  exact node
end DGraph

namespace TapeNodes
namespace Matmul
abbrev matSize (m n : Nat) : Nat := Shape.size (.dim m (.dim n .scalar))
end Matmul
namespace Batched
def heads {h n : Nat} (x : Vec (h * n)) : Fin h → Vec n :=
  fun i => WithLp.toLp 2 fun k => x (finProdFinEquiv (i, k))

def unheads {h n : Nat} (r : Fin h → Vec n) : Vec (h * n) :=
  WithLp.toLp 2 fun k => r (Fin.divNat (m := h) (n := n) k) (Fin.modNat (m := h) (n := n) k)

def headsCLM {h n : Nat} : Vec (h * n) →L[ℝ] (Fin h → Vec n) := by
  let f : Vec (h * n) →ₗ[ℝ] (Fin h → Vec n) :=
    { toFun := fun x => heads (h := h) (n := n) x, map_add' := by simp, map_smul' := by simp }
  exact { toLinearMap := f, cont := by simp }

def unheadsCLM {h n : Nat} : (Fin h → Vec n) →L[ℝ] Vec (h * n) := by
  let f : (Fin h → Vec n) →ₗ[ℝ] Vec (h * n) :=
    { toFun := fun r => unheads (h := h) (n := n) r, map_add' := by simp, map_smul' := by simp }
  exact { toLinearMap := f, cont := by simp }
end Batched
end TapeNodes

namespace LayerNorm
abbrev MatShape (m n : Nat) : Shape := .dim m (.dim n .scalar)
abbrev VecShape (k : Nat) : Shape := .dim k .scalar
abbrev ΓLN (m n : Nat) : List Shape := [MatShape m n, VecShape n, VecShape n]

structure Inputs (Γ : List Shape) (m n : Nat) where
  x : Idx Γ (MatShape m n)
  gamma : Idx Γ (VecShape n)
  beta : Idx Γ (VecShape n)
end LayerNorm

namespace Transformer
abbrev ΓSeqFFN (seqLen dModel : Nat) : List Shape := [.dim seqLen (.dim dModel .scalar)]
abbrev ΓDecoderCore (seqLen dModel numHeads headDim : Nat) : List Shape :=
  [.dim numHeads (.dim seqLen (.dim headDim .scalar)), .dim numHeads (.dim headDim (.dim seqLen .scalar)),
    .dim numHeads (.dim seqLen (.dim headDim .scalar)), .dim seqLen (.dim dModel .scalar), .dim dModel .scalar,
    .dim dModel .scalar, .dim dModel .scalar, .dim dModel .scalar]
end Transformer
end Proofs.Autograd
"""


@cache
def evaluator_of(text: str = TEXT) -> Evaluator:
    """The evaluator of a text."""
    return Evaluator(Reading({FILE: read_text(FILE, text)}), RealNumbers())


def extended(addition: str) -> Evaluator:
    """The evaluator of the text with more at its end."""
    return evaluator_of(TEXT + addition)


def changed(old: str, new: str) -> Evaluator:
    """The evaluator of the text with one place changed."""
    assert TEXT.count(old) == 1, old
    return evaluator_of(TEXT.replace(old, new))
