"""A small Lean library in the shape of TorchLean's tape, written for these tests, and its pin."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lean_refs.pinning import make_pin, read_checkout
from lean_refs.reader.tree import read_tree
from lean_refs.scope import Entry, Scope

REVISION = "0" * 40

SHAPE = """module
/-! Shapes. -/
@[expose] public section
namespace Spec
/-- A shape. -/
inductive Shape where
  | scalar : Shape
  | dim (n : Nat) (rest : Shape) : Shape
namespace Shape
/-- Entries. -/
def size : Shape → Nat
  | .scalar => 1
  | .dim n rest => n * size rest
end Shape
end Spec
"""

TAPE = """module
public import NN.Shape
namespace Proofs.Autograd
open Spec
noncomputable section
/-- Vectors. -/
abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)
/-- Values of a context. -/
abbrev CtxVec (Γ : List Shape) := List Γ
/-- A position with its shape. -/
structure Idx (Γ : List Shape) (s : Shape) where
  i : Fin Γ.length
  h : Γ.get i = s
namespace Idx
/-- The last one. -/
def last {Γ ss : List Shape} {τ : Shape} : Idx (Γ ++ ss ++ [τ]) τ :=
  ⟨⟨(Γ ++ ss).length, by simp⟩, by simp⟩
/-- The same position in a longer context. -/
def weaken {Γ : List Shape} {s : Shape} (idx : Idx Γ s) (rest : List Shape) : Idx (Γ ++ rest) s :=
  let j : Fin (Γ ++ rest).length := ⟨idx.i.1, by omega⟩
  have same : (Γ ++ rest).get j = s := by simp [idx.h]
  ⟨j, same⟩
end Idx
/-- A node. -/
structure Node (Γ : List Shape) (τ : Shape) where
  forward : CtxVec Γ → Vec (Shape.size τ)
  correct : ∀ x, forward x = forward x
/-- A graph. -/
inductive Graph (Γ : List Shape) : List Shape → Type where
  | nil : Graph Γ []
  | snoc {ss : List Shape} {τ : Shape} : Graph Γ ss → Node (Γ ++ ss) τ → Graph Γ (ss ++ [τ])
/-- What is proved of a graph. -/
def Good {Γ ss : List Shape} (g : Graph Γ ss) : Type := PUnit
/-- A graph with its proof. -/
structure DGraph (Γ ss : List Shape) where
  g : Graph Γ ss
  hg : Good g
namespace DGraph
def nil {Γ : List Shape} : DGraph Γ [] := ⟨.nil, PUnit.unit⟩
def snoc {Γ ss : List Shape} {τ : Shape} (dg : DGraph Γ ss) (node : Node (Γ ++ ss) τ) (hn : True) :
    DGraph Γ (ss ++ [τ]) := ⟨.snoc dg.g node, PUnit.unit⟩
def weakenContext {Γ ss : List Shape} (dg : DGraph Γ ss) (extra : List Shape) : DGraph (Γ ++ extra) ss := by
  induction dg with | mk g hg => exact core g extra
end DGraph
namespace TapeNodes
variable {Γ : List Shape}
def scale {s : Shape} (idx : Idx Γ s) (c : ℝ) : Node Γ s := ⟨fun x => c • x, by intro x; rfl⟩
def add {s : Shape} (a b : Idx Γ s) : Node Γ s := ⟨fun x => a x + b x, by intro x; rfl⟩
def affine {sIn sOut : Shape} (idx : Idx Γ sIn) (A : Vec (Shape.size sIn) →L[ℝ] Vec (Shape.size sOut))
    (b : Vec (Shape.size sOut)) : Node Γ sOut := ⟨fun x => A x + b, by intro x; rfl⟩
def map {s : Shape} (idx : Idx Γ s) (f : ℝ → ℝ) : Node Γ s := ⟨fun x => f x, by intro x; rfl⟩
end TapeNodes
namespace Norm
/-- Inputs of a norm. -/
structure Inputs (Γ : List Shape) (m n : Nat) where
  x : Idx Γ (.dim m (.dim n .scalar))
  gamma : Idx Γ (.dim n .scalar)
  beta : Idx Γ (.dim n .scalar)
def node {Γ : List Shape} {m n : Nat} (inputs : Inputs Γ m n) (ε : ℝ) : Node Γ (.dim m (.dim n .scalar)) :=
  ⟨fun x => x, by intro x; rfl⟩
end Norm
end
end Proofs.Autograd
"""

BLOCK = """module
public import NN.Tape
namespace Proofs
namespace Autograd
namespace Block
open Spec TapeNodes
universe u
/-- A matrix. -/
abbrev Mat (m n : Nat) : Shape := .dim m (.dim n .scalar)
abbrev Row (n : Nat) : Shape := .dim n .scalar
/-- Inputs of the core. -/
abbrev ΓCore (m n : Nat) : List Shape := [Mat m n, Mat m n]
/-- Inputs of the block, with a mask nowhere. -/
abbrev ΓBlock (m n k : Nat) : List Shape := ΓCore m n ++ [Mat m k, Row k, Row k]
abbrev ssBlock (m n k : Nat) : List Shape := [Mat m n, Mat m n] ++ [Mat m k, Mat m k] ++ [Mat m k]
def idxLeft {m n : Nat} {ss : List Shape} : Idx (ΓCore m n ++ ss) (Mat m n) := ⟨⟨0, by simp⟩, by simp⟩
def idxRight {m n : Nat} {ss : List Shape} : Idx (ΓCore m n ++ ss) (Mat m n) := ⟨⟨1, by simp⟩, by simp⟩
/-- The residual stream. -/
def idxStream {m n k : Nat} {ss : List Shape} : Idx (ΓBlock m n k ++ ss) (Mat m k) := ⟨⟨2, by simp⟩, by simp⟩
def idxGamma {m n k : Nat} {ss : List Shape} : Idx (ΓBlock m n k ++ ss) (Row k) := ⟨⟨3, by simp⟩, by simp⟩
def idxBeta {m n k : Nat} {ss : List Shape} : Idx (ΓBlock m n k ++ ss) (Row k) := ⟨⟨4, by simp⟩, by simp⟩
/-- The core as a graph. -/
def coreDGraph {m n : Nat} (c : ℝ) (bias : Vec (Shape.size (Mat m n)) := 0) :
    DGraph (ΓCore m n) [Mat m n, Mat m n] := by
  classical
  let dg0 : DGraph (ΓCore m n) [] := DGraph.nil
  let nodeSum : Node (ΓCore m n) (Mat m n) :=
    add (Γ := ΓCore m n) (s := Mat m n) (a := idxLeft (m := m) (n := n) (ss := []))
      (b := idxRight (m := m) (n := n) (ss := []))
  let dg1 := DGraph.snoc (dg := dg0) (node := nodeSum) (hn := trivial)
  let idxSum : Idx (ΓCore m n ++ [Mat m n]) (Mat m n) := Idx.last (Γ := ΓCore m n) (ss := []) (τ := Mat m n)
  let nodeScaled : Node (ΓCore m n ++ [Mat m n]) (Mat m n) := scale (idx := idxSum) c
  let dg2 := DGraph.snoc (dg := dg1) (node := nodeScaled) (hn := trivial)
  simpa using dg2
def carried {m n k : Nat} (c : ℝ) (bias : Vec (Shape.size (Mat m n)) := 0) :
    DGraph (ΓBlock m n k) [Mat m n, Mat m n] :=
  DGraph.weakenContext (coreDGraph (m := m) (n := n) c bias) [Mat m k, Row k, Row k]
def idxScaled {m n k : Nat} : Idx (ΓBlock m n k ++ [Mat m n, Mat m n]) (Mat m n) :=
  Idx.last (Γ := ΓBlock m n k) (ss := [Mat m n]) (τ := Mat m n)
def idxMerged {m n k : Nat} : Idx (ΓBlock m n k ++ [Mat m n, Mat m n, Mat m k]) (Mat m k) :=
  Idx.last (Γ := ΓBlock m n k) (ss := [Mat m n, Mat m n]) (τ := Mat m k)
def idxStreamLater {m n k : Nat} : Idx (ΓBlock m n k ++ [Mat m n, Mat m n] ++ [Mat m k]) (Mat m k) :=
  _root_.Proofs.Autograd.Idx.weaken (idxStream (m := m) (n := n) (k := k) (ss := [Mat m n, Mat m n])) [Mat m k]
def normInputs {m n k : Nat} : Norm.Inputs (ΓBlock m n k ++ [Mat m n, Mat m n, Mat m k, Mat m k]) m k :=
  { x := Idx.last (Γ := ΓBlock m n k) (ss := [Mat m n, Mat m n, Mat m k]) (τ := Mat m k)
    gamma := idxGamma (m := m) (n := n) (k := k) (ss := [Mat m n, Mat m n, Mat m k, Mat m k])
    beta := idxBeta (m := m) (n := n) (k := k) (ss := [Mat m n, Mat m n, Mat m k, Mat m k]) }
/-- The whole block, end-to-end. -/
def blockGraph {m n k : Nat}
    (merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m k))) (b : Vec (Shape.size (Mat m k)))
    (c ε : ℝ) (bias : Vec (Shape.size (Mat m n)) := 0) : Graph (ΓBlock m n k) (ssBlock m n k) :=
  let g0 := (carried (m := m) (n := n) (k := k) c bias).g
  let g1 := Graph.snoc g0 (TapeNodes.affine (sIn := Mat m n) (sOut := Mat m k)
    (idxScaled (m := m) (n := n) (k := k)) merge b)
  let g2 := Graph.snoc g1 (add (idxStreamLater (m := m) (n := n) (k := k)) (idxMerged (m := m) (n := n) (k := k)))
  .snoc g2 (Norm.node (normInputs (m := m) (n := n) (k := k)) ε)
/-- What holds of the block: every word here is exact. -/
theorem block_ok {E : Type u} [NormedSpace ℝ E] {m n k : Nat} (c ε : ℝ) (hPos : 0 < ε) (hc : c ≠ 0)
    (hGood : Good (carried (m := m) (n := n) (k := k) c).g) : ε * c = c * ε := by
  ring
/-- The same under another name. -/
theorem block_ok_again {F : Type u} [NormedSpace ℝ F] {m n k : Nat} (c ε : ℝ) (hEps : 0 < ε) (hScale : c ≠ 0)
    (hGood : Good (carried (m := m) (n := n) (k := k) (c := c)).g) : ε * c = (c * ε) :=
  block_ok c ε hEps hScale hGood
end Block
end Autograd
end Proofs
"""

FILES = {"NN/Shape.lean": SHAPE, "NN/Tape.lean": TAPE, "NN/Block.lean": BLOCK}


def write(root: Path, **changed: str) -> Path:
    """The library below `root`, with the text of `shape`, `tape` or `block` replaced if given."""
    for file, text in FILES.items():
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed.get(path.stem.lower(), text), "utf-8")
    (root / "lean-toolchain").write_text("leanprover/lean4:v4.31.0\n", "utf-8")
    return root


def scope(names: Iterable[str]) -> Scope:
    """What a person writes down before a pin is made: names and facts."""
    return Scope("NN/Block.lean", {name: Entry(f"What {name} is.") for name in names})


def whole_scope(root: Path) -> Scope:
    """Everything that the library at `root` declares, in scope."""
    return scope(sorted({d.name for d in read_tree(root).declarations}))


def pin_of(root: Path) -> dict[str, Any]:
    """The pin of everything that the library at `root` declares."""
    return make_pin(read_checkout(root), whole_scope(root), REVISION).data
