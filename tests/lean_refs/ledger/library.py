"""A small Lean library that has something for each kind of line, written for these tests, and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from lean_refs.fingerprint import Fingerprint, Fingerprinter
from lean_refs.ledger.derive import derived
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.scope import Entry, Scope
from tests.lean_refs import mini_lean as mini

CALCULUS = """module
public import NN.Tape
namespace Proofs.Autograd
open Spec
noncomputable section
/-- What a node gives. -/
def Node.forwardVec {Γ : List Shape} {τ : Shape} (node : Node Γ τ) : CtxVec Γ → Vec (Shape.size τ) := node.forward
/-- Values, entry by entry. -/
def Graph.eval {Γ ss : List Shape} (g : Graph Γ ss) (x : List Nat) : List Nat := x
/-- All values of a graph. -/
def Graph.evalVec {Γ ss : List Shape} (g : Graph Γ ss) : CtxVec Γ → CtxVec (Γ ++ ss) := fun x => x
/-- The run backwards. -/
def Graph.pullback {Γ ss : List Shape} (g : Graph Γ ss) (x : CtxVec Γ) (seed : CtxVec (Γ ++ ss)) : CtxVec Γ := x
/-- A derivative of a node at a point. -/
structure NodeGood {Γ : List Shape} {τ : Shape} (node : Node Γ τ) (x : CtxVec Γ) where
  deriv : CtxVec Γ →L[ℝ] Vec (Shape.size τ)
  isDeriv : HasFDerivAt node.forward deriv x
namespace TapeNodes
/-- The certificate of a scaled entry. -/
def scaleGood {Γ : List Shape} {s : Shape} (idx : Idx Γ s) (c : ℝ) (x : CtxVec Γ) (hPos : 0 < c) :
    NodeGood (scale idx c) x := ⟨1, by simp⟩
/-- The same entries in another shape. -/
def reshape {Γ : List Shape} {s₁ s₂ : Shape} (idx : Idx Γ s₁) (h : Shape.size s₁ = Shape.size s₂) : Node Γ s₂ :=
  ⟨fun x => x, by intro x; rfl⟩
/-- A node that is differentiable by decree. -/
def decreed {Γ : List Shape} {τ : Shape} (idx : Idx Γ τ) (f : CtxVec Γ → Vec (Shape.size τ)) : Node Γ τ :=
  Node.ofVec (f := f) (jvp := fun x d => (fderiv ℝ f x) d) (vjp := fun x δ => (fderiv ℝ f x).adjoint δ)
end TapeNodes
/-- Backwards is adjoint. -/
theorem pull {Γ ss : List Shape} (g : Graph Γ ss) (xV : CtxVec Γ) (seedV : CtxVec (Γ ++ ss)) :
    Graph.pullback g xV seedV = (fderiv ℝ (Graph.evalVec g) xV).adjoint seedV := by
  simp
/-- What is decreed holds. -/
theorem decreed_jvp {Γ : List Shape} {τ : Shape} (idx : Idx Γ τ) (f : CtxVec Γ → Vec (Shape.size τ)) (x : CtxVec Γ) :
    (TapeNodes.decreed idx f).jvp x = fderiv ℝ f x := rfl
end
end Proofs.Autograd
"""

SPECIFICATION = """module
public import NN.Calculus
namespace Spec
/-- What the block is meant to compute. -/
def gptBlock (n : Nat) : Nat := n
/-- Another one. -/
def gptBlockTwice (n : Nat) : Nat := n + n
theorem gptBlock_le (n : Nat) : gptBlock n ≤ n := le_refl n
end Spec
"""

HEADS = """module
public import NN.Calculus
namespace Proofs.Autograd.Block
open Spec TapeNodes
/-- Heads first. -/
abbrev Heads (n h d : Nat) : Shape := .dim h (.dim n (.dim d .scalar))
/-- Heads side by side. -/
abbrev Wide (n h d : Nat) : Shape := .dim n (.dim (h * d) .scalar)
/-- Rows. -/
abbrev Flat (n d : Nat) : Shape := .dim n (.dim d .scalar)
def idxWide {n h d : Nat} : Idx [Wide n h d] (Wide n h d) := ⟨⟨0, by simp⟩, by simp⟩
/-- Splits heads. -/
def splitGraph {n h d : Nat} : Graph [Wide n h d] [Heads n h d] :=
  let g0 : Graph [Wide n h d] [] := Graph.nil
  Graph.snoc g0 (reshape (Γ := [Wide n h d]) (s₁ := Wide n h d) (s₂ := Heads n h d) (idxWide (n := n)) (by simp))
end Proofs.Autograd.Block
"""

BLOCK = """module
public import NN.Proofs.Ops.Gpt.Heads

/-!
# A block

Its inputs are `[left, right, stream]`.
-/

namespace Proofs.Autograd.Block
open Spec TapeNodes
abbrev Mat (m n : Nat) : Shape := .dim m (.dim n .scalar)
/-- The inputs. -/
abbrev ΓBlock (m n : Nat) : List Shape := [Mat m n, Mat m n, Mat m n]
/-- What is saved. -/
abbrev ssBlock (m n : Nat) : List Shape := [Mat m n, Mat m n, Mat m n]
/-- Inputs by another name. -/
abbrev ΓOther (m n : Nat) : List Shape := ΓBlock m n
def idxLeft {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨0, by simp⟩, by simp⟩
def idxRight {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨1, by simp⟩, by simp⟩
def idxStream {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨2, by simp⟩, by simp⟩
def idxCore {m n : Nat} : Idx (ΓBlock m n ++ [Mat m n]) (Mat m n) :=
  Idx.last (Γ := ΓBlock m n) (ss := []) (τ := Mat m n)
/-- The sum `x + core(x)`. -/
def idxSum {m n : Nat} : Idx (ΓBlock m n ++ [Mat m n, Mat m n]) (Mat m n) :=
  Idx.last (Γ := ΓBlock m n) (ss := [Mat m n]) (τ := Mat m n)
/-- The whole of it. -/
def blockGraph {m n : Nat} (merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m n)))
    (b : Vec (Shape.size (Mat m n))) (c : ℝ) : Graph (ΓBlock m n) (ssBlock m n) :=
  let g0 : Graph (ΓBlock m n) [] := Graph.nil
  let g1 := Graph.snoc g0 (add (Γ := ΓBlock m n) (s := Mat m n)
    (idxLeft (m := m) (n := n) (ss := [])) (idxRight (m := m) (n := n) (ss := [])))
  let g2 := Graph.snoc g1 (add (Γ := ΓBlock m n ++ [Mat m n]) (s := Mat m n)
    (idxStream (m := m) (n := n) (ss := [Mat m n])) (idxCore (m := m) (n := n)))
  Graph.snoc g2 (affine (Γ := ΓBlock m n ++ [Mat m n, Mat m n]) (sIn := Mat m n) (sOut := Mat m n)
    (idxSum (m := m) (n := n)) merge b)
/-- Nodes of the same kinds. -/
def copyGraph {m n : Nat} (merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m n)))
    (b : Vec (Shape.size (Mat m n))) : Graph (ΓBlock m n) (ssBlock m n) :=
  let g0 : Graph (ΓBlock m n) [] := Graph.nil
  let g1 := Graph.snoc g0 (add (Γ := ΓBlock m n) (s := Mat m n)
    (idxLeft (m := m) (n := n) (ss := [])) (idxLeft (m := m) (n := n) (ss := [])))
  let g2 := Graph.snoc g1 (add (Γ := ΓBlock m n ++ [Mat m n]) (s := Mat m n)
    (idxStream (m := m) (n := n) (ss := [Mat m n])) (idxCore (m := m) (n := n)))
  Graph.snoc g2 (affine (Γ := ΓBlock m n ++ [Mat m n, Mat m n]) (sIn := Mat m n) (sOut := Mat m n)
    (idxSum (m := m) (n := n)) merge b)
/-- A smaller one. -/
def smallGraph {m n : Nat} (c : ℝ) : Graph (ΓBlock m n) [Mat m n] :=
  let g0 : Graph (ΓBlock m n) [] := Graph.nil
  Graph.snoc g0 (scale (Γ := ΓBlock m n) (s := Mat m n) (idxLeft (m := m) (n := n) (ss := [])) c)
/-- End to end. -/
theorem block_pullback {m n : Nat} (merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m n)))
    (b : Vec (Shape.size (Mat m n)) := 0) (c : ℝ) (xV : CtxVec (ΓBlock m n))
    (seedV : CtxVec (ΓBlock m n ++ ssBlock m n))
    (hGood : NodeGood (scale (Γ := ΓBlock m n) (idxLeft (m := m) (n := n) (ss := [])) c) xV) :
    Graph.pullback (blockGraph merge b c) xV seedV
      = (fderiv ℝ (Graph.evalVec (blockGraph merge b c)) xV).adjoint seedV :=
  pull (blockGraph merge b c) xV seedV
/-- Any two packs, one after the other, of which the second makes `[x + core(x), y, z]`. -/
theorem packs_hasFDerivAt {E : Type u} [NormedAddCommGroup E] [NormedSpace ℝ E] {m n : Nat} (ε : ℝ)
    (first : E → CtxVec (ΓBlock m n)) (Dfirst : E →L[ℝ] CtxVec (ΓBlock m n))
    (second : CtxVec (ΓBlock m n ++ [Mat m n]) → CtxVec (ΓOther m n))
    (Dsecond : CtxVec (ΓBlock m n ++ [Mat m n]) →L[ℝ] CtxVec (ΓOther m n)) (x : E)
    (hFirst : HasFDerivAt first Dfirst x)
    (hSecond : HasFDerivAt second Dsecond (Graph.evalVec (smallGraph ε) (first x))) :
    HasFDerivAt (fun z : E => second (Graph.evalVec (smallGraph ε) (first z))) (Dsecond.comp Dfirst) x := by
  simp
/-- The block of a GPT; `block_pullback` gives its gradient. -/
theorem gptBlock_hasFDerivAt {E : Type u} [NormedAddCommGroup E] [NormedSpace ℝ E] {m n : Nat} (ε : ℝ)
    (attention : E → CtxVec (ΓBlock m n)) (Dfirst : E →L[ℝ] CtxVec (ΓBlock m n))
    (second : CtxVec (ΓBlock m n ++ [Mat m n]) → CtxVec (ΓOther m n))
    (Dsecond : CtxVec (ΓBlock m n ++ [Mat m n]) →L[ℝ] CtxVec (ΓOther m n)) (x : E)
    (hFirst : HasFDerivAt attention Dfirst x)
    (hSecond : HasFDerivAt second Dsecond (Graph.evalVec (smallGraph ε) (attention x))) :
    HasFDerivAt (fun z : E => second (Graph.evalVec (smallGraph ε) (attention z))) (Dsecond.comp Dfirst) x :=
  packs_hasFDerivAt ε attention Dfirst second Dsecond x hFirst hSecond
end Proofs.Autograd.Block
"""

COVERAGE = """module
public import NN.Proofs.Ops.Gpt.Block
/-!
# Coverage

* the block pullback, with explicit hypotheses;
* a GPT block for any packs.

## Still open

* the whole GPT block as one graph.
-/
"""

COVERAGE_FILE = "NN/Proofs/Coverage.lean"
MODULE = "NN/Proofs/Ops/Gpt/Block.lean"
FILES = {
    "NN/Shape.lean": mini.SHAPE,
    "NN/Tape.lean": mini.TAPE,
    "NN/Calculus.lean": CALCULUS,
    "NN/Spec/Blocks.lean": SPECIFICATION,
    "NN/Proofs/Ops/Gpt/Heads.lean": HEADS,
    MODULE: BLOCK,
    COVERAGE_FILE: COVERAGE,
}
_ORDER = list(FILES)
BLOCKS = "Proofs.Autograd.Block"


@cache
def _read(file: str, text: str):
    return read_text(file, text)


def lines(changed: Mapping[str, str] | None = None) -> list[LedgerLine]:
    """The lines of the library, some of its files with another text; everything outside NN/Spec is pinned."""
    return derived(tree(changed), prints(changed), MODULE)


def tree(changed: Mapping[str, str] | None = None) -> Reading:
    """The library as it is read, some of its files with another text."""
    texts = FILES | dict(changed or {})
    return Reading({file: _read(file, text) for file, text in sorted(texts.items())})


def prints(changed: Mapping[str, str] | None = None) -> dict[str, Fingerprint]:
    """The fingerprints of everything outside NN/Spec; those of what stands before the first change are as they were."""
    read = tree(changed)
    made = Fingerprinter(read)
    first = min((_ORDER.index(file), _same(FILES[file], text)) for file, text in changed.items()) if changed else (0, 0)
    found = [d for d in read.declarations if not d.file.startswith("NN/Spec")]
    return {d.name: _clean()[d.name] if (_ORDER.index(d.file), d.stop) < first else made.of(d.name) for d in found}


def _same(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@cache
def _clean() -> dict[str, Fingerprint]:
    return prints()


def line_of(found: list[LedgerLine], kind: LedgerKind, name: str, subject: str) -> str | None:
    """What the line of a kind says about a declaration, by the last part of its name; None where there is none."""
    says = [e.says for e in found if (e.kind, e.name.rpartition(".")[2], e.subject) == (kind, name, subject)]
    assert len(says) < 2
    return says[0] if says else None


def write(root: Path, changed: Mapping[str, str] | None = None) -> Path:
    """The library below `root`, some of its files with another text."""
    for file, text in (FILES | dict(changed or {})).items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, "utf-8")
    return root


def scope() -> Scope:
    """Everything outside NN/Spec in scope, with the block as the module that is asked for."""
    names = {d.name for file, text in FILES.items() if "Spec" not in file for d in _read(file, text).declarations}
    return Scope(MODULE, {name: Entry(f"What {name} is.") for name in sorted(names)})
