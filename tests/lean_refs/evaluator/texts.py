"""Lean texts of our own as readings, and evaluators of them."""

from __future__ import annotations

from typing import Any

from lean_refs.evaluator import Constructed, Evaluator
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from tests.lean_refs.evaluator.numbers import Numbers

FILE = "NN/Small.lean"

# A tape in small: shapes, tensors, vectors, nodes and graphs, in the forms that the real sources use.
SMALL = """namespace Small
open Real

inductive Shape where
  | scalar : Shape
  | dim : Nat → Shape → Shape

def size : Shape → Nat
  | .scalar => 1
  | .dim n rest => n * size rest

abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)

def ctxSize : List Shape → Nat
  | [] => 0
  | s :: ss => size s + ctxSize ss

abbrev CtxVec (Γ : List Shape) := Vec (ctxSize Γ)

inductive Tensor (α : Type) : Shape → Type where
  | scalar : α → Tensor α .scalar
  | dim : ∀ {n s}, (Fin n → Tensor α s) → Tensor α (.dim n s)

def ofFun {n : Nat} (f : Fin n → ℝ) : Vec n :=
  (EuclideanSpace.equiv (𝕜 := ℝ) (ι := Fin n)).symm f

def castVec {n m : Nat} (h : n = m) : Vec n → Vec m :=
  fun v => ofFun (n := m) fun i => v (Fin.cast h.symm i)

def appendVec {m n : Nat} (a : Vec m) (b : Vec n) : Vec (m + n) :=
  ofFun (n := m + n) (Fin.append a b)

def map2 {α β γ : Type} (f : α → β → γ) : ∀ {s : Shape}, Tensor α s → Tensor β s → Tensor γ s
  | Shape.scalar, Tensor.scalar x, Tensor.scalar y => Tensor.scalar (f x y)
  | Shape.dim _ _, Tensor.dim fx, Tensor.dim fy => Tensor.dim (fun i => map2 f (fx i) (fy i))

def foldl {α β : Type} (f : β → α → β) (init : β) : ∀ {s : Shape}, Tensor α s → β
  | Shape.scalar, Tensor.scalar value => f init value
  | Shape.dim n s, Tensor.dim values =>
    let rec go (i : Nat) (acc : β) : β :=
      if h : i < n then
        go (i + 1) (foldl f acc (values ⟨i, h⟩))
      else acc
    go 0 init

def sum {α : Type} [Add α] [Zero α] {s : Shape} (t : Tensor α s) : α := foldl (· + ·) 0 t

theorem ctxSize_snoc (ss : List Shape) (τ : Shape) :
    ctxSize (ss ++ [τ]) = ctxSize ss + size τ := by
  simp

def snocCtx {Γ : List Shape} {τ : Shape} (ctx : CtxVec Γ) (t : Vec (size τ)) : CtxVec (Γ ++ [τ]) :=
  castVec (ctxSize_snoc Γ τ).symm (appendVec (m := ctxSize Γ) (n := size τ) ctx t)

structure Idx (Γ : List Shape) (s : Shape) where
  i : Fin Γ.length
  h : Γ.get i = s

def first {s : Shape} {ss : List Shape} : Idx (s :: ss) s := ⟨⟨0, by simp⟩, by simp⟩

structure Node (Γ : List Shape) (τ : Shape) where
  forward : CtxVec Γ → Vec (size τ)
  slope : CtxVec Γ → (CtxVec Γ →L[ℝ] Vec (size τ))
  correct : ∀ x, HasFDerivAt forward (slope x) x

inductive Graph (Γ : List Shape) : List Shape → Type where
  | nil : Graph Γ []
  | snoc {ss : List Shape} {τ : Shape} : Graph Γ ss → Node (Γ ++ ss) τ → Graph Γ (ss ++ [τ])

namespace Graph
variable {Γ : List Shape}

def eval {ss : List Shape} (g : Graph Γ ss) (x : CtxVec Γ) : CtxVec (Γ ++ ss) :=
  match g with
  | .nil => castVec (by simp : ctxSize Γ = ctxSize (Γ ++ [])) x
  | .snoc (ss := ss) (τ := τ) g node =>
      let ctx : CtxVec (Γ ++ ss) := eval (ss := ss) g x
      castVec (n := ctxSize ((Γ ++ ss) ++ [τ])) (m := ctxSize (Γ ++ (ss ++ [τ]))) (by simp)
        (snocCtx (Γ := Γ ++ ss) (τ := τ) ctx (node.forward ctx))

def Slopes : ∀ {ss : List Shape}, Graph Γ ss → Type
  | _, .nil => PUnit
  | _, .snoc (ss := ss) g node => Slopes g × (CtxVec (Γ ++ ss) → (CtxVec (Γ ++ ss) →L[ℝ] Vec 1))

def slopes {ss : List Shape} (g : Graph Γ ss) (c : ℝ) : Slopes g := by
  induction g with
  | nil => exact PUnit.unit
  | @snoc ss τ g node ih =>
      exact ⟨ih, fun x => c • 0⟩

end Graph

def evalCLM {n : Nat} (i : Fin n) : Vec n →L[ℝ] ℝ := by
  classical
  let fLin : Vec n →ₗ[ℝ] ℝ :=
    { toFun := fun x => x.ofLp i
      map_add' := by
        intro x y
        simp
      map_smul' := by
        intro a x
        simp }
  refine { toLinearMap := fLin, cont := ?_ }
  exact LinearMap.continuous_of_finiteDimensional (f := fLin)

def square {n : Nat} (x : Vec n) : Vec n := WithLp.toLp 2 fun i : Fin n => x i * x i

theorem square_hasFDerivAt {n : Nat} (D : Vec n → (Vec n →L[ℝ] Vec n)) (x : Vec n) (h : 0 < n) (c : ℝ := 2) :
    HasFDerivAt (square (n := n)) (D x) x ∧ ∀ i : Fin n, D x x i = c * square x i := by
  sorry
end Small
"""


def reading_of(text: str, file: str = FILE) -> Reading:
    """A text as the only file of a reading."""
    return Reading({file: read_text(file, text)})


def evaluator_of(text: str, **options: Any) -> Evaluator:
    """An evaluator of one text, over the numbers of these tests."""
    return Evaluator(reading_of(text), Numbers(), **options)


SCALAR = Constructed("Small.Shape.scalar", ())


def dim(n: int, rest: Constructed = SCALAR) -> Constructed:
    """`.dim n rest`."""
    return Constructed("Small.Shape.dim", (n, rest))
