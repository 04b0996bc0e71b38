"""A small library with a part for every corruption, written for these tests, and its pin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lean_refs.pin import read_source
from lean_refs.pinning import make_pin, read_checkout
from lean_refs.reader.tree import read_tree
from tests.corruptions.library import Library
from tests.corruptions.parts import Parts
from tests.lean_refs import mini_lean as mini
from theorems.tools.audit.material import Material

FAR = """module
public import NN.Shape
/-! # Far

Imported, and outside the pin. -/
@[expose] public section
namespace Proofs.Autograd
theorem far_off : 1 = 1 := rfl
end Proofs.Autograd
"""
PARTS = """module
public import NN.Tape
public import NN.Far
/-! # Parts

What corruptions change. -/
@[expose] public section
namespace Proofs
namespace Autograd
namespace Parts
open Spec TapeNodes
universe u
noncomputable section
/-! ## Definitions

They compute numbers. -/
/-- A shape or none. -/
inductive Kind where
  | none : Kind
  | one (n : Nat) : Kind
/-- A class of functions. -/
class Functions (α : Type) where
  tanh : α → α
  exp : α → α
instance : Functions ℝ where
  tanh := Real.tanh
  exp := Real.exp
/-- The sum of exponentials. -/
def sumExp {n : Nat} (x : Vec n) : ℝ :=
  ∑ i : Fin n, Real.exp (x i)
/-- The root of what is positive. -/
def clamp (x : ℝ) : ℝ :=
  Real.sqrt (max x 0)
/-- The sum of two. -/
def plus (x y : ℝ) : ℝ :=
  x + y
/-- The difference of two. -/
def minus (x y : ℝ) : ℝ :=
  x - y
/-- A curve. -/
def curve (x : ℝ) : ℝ :=
  x * Real.tanh (Real.sqrt (2 / Real.pi) * (x + 0.044715 * x * x * x))
/-- The entry at a place. -/
def entry {n : Nat} (i : Fin n) : Vec n →L[ℝ] ℝ :=
  LinearMap.toContinuousLinearMap (project i)
/-- A map with its derivative. -/
structure Correct {n : Nat} (f : Vec n → ℝ) where
  /-- The derivative. -/
  deriv : Vec n →L[ℝ] ℝ
  holds : ∀ x, HasFDerivAt f deriv x
/-! ## Theorems

They say what holds. -/
private theorem swapped (x y : ℝ) : plus x y = plus y x := by
  simp [plus, add_comm]
/-- Sums of sums. -/
theorem turned (x y z : ℝ) : plus x (plus y z) = plus (plus y z) x :=
  swapped x (plus y z)
@[simp] lemma clamp_zero : clamp 0 = 0 := by
  simp [clamp]
/-- The inner product of a sum. -/
lemma inner_plus {n : Nat} (x y z : Vec n) : inner ℝ (x + y) z = inner ℝ x z + inner ℝ y z :=
  inner_add_left x y z
/-- Below. -/
lemma below {n k : Nat} (acc : ℝ) (hk : k < n) : acc + 0 = acc * 1 := by
  simp
/-- With a certificate. -/
theorem certified {n : Nat} (c ε : ℝ) (f : Vec n → ℝ) (bias : Vec n := 0) (seedV xV : Vec n)
    (hNorm1 : Correct f) : (fderiv ℝ f xV).adjoint seedV = hNorm1.deriv.adjoint seedV := by
  simp
/-- What holds of the whole. -/
theorem whole {E : Type u} [NormedAddCommGroup E] [NormedSpace ℝ E] (x : E) (ε : ℝ) (hPos : 0 < ε)
    (hNonzero : ε ≠ 0) : ε * curve ε = curve ε * ε :=
  mul_comm ε (curve ε)
/-- The same of it. -/
theorem whole_again {E : Type u} [NormedAddCommGroup E] [NormedSpace ℝ E] (x : E) (ε : ℝ) (hPos : 0 < ε)
    (hNonzero : ε ≠ 0) : curve ε * ε = ε * curve ε :=
  mul_comm (curve ε) ε
end
section
variable {Γ : List Shape}
/-- The first of a context. -/
def first (_x : CtxVec Γ) : List Shape := Γ.take 1
end
/-- Two matrices. -/
abbrev ΓParts (m n : Nat) : List Shape :=
  [.dim m (.dim n .scalar), .dim m .scalar]
/-- How many numbers. -/
def many (m n : Nat) : Nat := Shape.size (.dim m (.dim n .scalar)) + (Shape.size (.dim m .scalar))
/-- The second entry. -/
def idxSecond {m n : Nat} : Idx (ΓParts m n) (.dim m .scalar) := ⟨⟨1, by simp⟩, by simp⟩
namespace Inside
/-- Twice. -/
def twice (x : ℝ) : ℝ := x + x
end Inside
end Parts
end Autograd
end Proofs
"""
COVERAGE = """module
public import NN.Parts
/-! # Coverage

What is proved: the whole. -/
"""
FILES = {
    "NN/Shape.lean": mini.SHAPE,
    "NN/Tape.lean": f"{mini.TAPE.partition('namespace Idx')[0]}end\nend Proofs.Autograd\n",  # as much as is needed
    "NN/Far.lean": FAR,
    "NN/Parts.lean": PARTS,
    "NN/Coverage.lean": COVERAGE,
}
_PARTS = "Proofs.Autograd.Parts."
SMALL = Parts(
    theorem=f"{_PARTS}whole",
    other_theorem=f"{_PARTS}whole_again",
    positive=f"{_PARTS}whole",
    nonzero=(f"{_PARTS}whole", "hNonzero"),
    certified=f"{_PARTS}certified",
    certificate=(f"{_PARTS}certified", "hNorm1"),
    conclusion=(f"{_PARTS}certified", ".adjoint seedV", " xV"),
    defaulted=(f"{_PARTS}certified", ":= 0)", ":= 1)"),
    helper=f"{_PARTS}swapped",
    leaning=f"{_PARTS}turned",
    exponential=f"{_PARTS}sumExp",
    maximum=f"{_PARTS}clamp",
    sums=f"{_PARTS}plus",
    inner=f"{_PARTS}inner_plus",
    pi=(f"{_PARTS}curve", "Real.pi", "3"),
    constant=(f"{_PARTS}curve", "0.044715", "0.044716"),
    index=(f"{_PARTS}idxSecond", "⟨1", "⟨0"),
    context=(f"{_PARTS}ΓParts", ".dim m (.dim n .scalar)", ".dim n (.dim m .scalar)"),
    operator=(f"{_PARTS}minus", "-", "+"),
    result=(f"{_PARTS}entry", "→L[ℝ]", "→ₗ[ℝ]"),
    bound=(f"{_PARTS}below", "k < n", "k ≤ n"),
    structure=f"{_PARTS}Correct",
    field="deriv",
    inductive=f"{_PARTS}Kind",
    constructor="none",
    simp=f"{_PARTS}clamp_zero",
    tanh=("NN/Parts.lean", ":= Real.tanh"),
    opened=("NN/Parts.lean", "open Spec"),
    variable=("NN/Parts.lean", "variable {Γ : List Shape}", f"{_PARTS}first"),
    namespace=("NN/Parts.lean", "Inside"),
    imported="NN/Far.lean",
    coverage="NN/Coverage.lean",
    seed="NN/Parts.lean",
)
OUTSIDE = frozenset((SMALL.helper, "Proofs.Autograd.far_off"))


def library(root: Path) -> Library:
    """The library, written below `root`."""
    for file, text in FILES.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, "utf-8")
    return Library(root, ("NN/Parts.lean", "NN/Far.lean"))


def pin(root: Path) -> dict[str, Any]:
    """The pin of what the library declares, but for what is kept outside."""
    library(root)
    names = {declaration.name for declaration in read_tree(root).declarations} - OUTSIDE
    return make_pin(read_checkout(root), mini.scope(sorted(names)), mini.REVISION).data


def material(root: Path, pinned: dict[str, Any]) -> Material:
    """The library below `root`, as it is now, against its pin, whose declarations are those in scope."""
    scope = mini.scope(entry["name"] for entry in pinned["declarations"])
    return Material(pinned, read_source(root, pinned), root, scope)
