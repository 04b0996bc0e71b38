"""Forms that are rare: what is said of them, and that nothing is said where nothing can be."""

from __future__ import annotations

from fractions import Fraction

import pytest

from lean_refs.evaluator import NotEvaluatedError
from lean_refs.ledger import layout
from lean_refs.ledger.axes import ShapeTerm, axes
from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.layout import MovedNumbers
from lean_refs.ledger.line import LedgerKind
from lean_refs.ledger.text import LedgerText, listed
from lean_refs.reader.tokens import spelled, tokenize
from tests.lean_refs.ledger.library import BLOCK, CALCULUS, HEADS, MODULE, line_of, lines, prints, tree

END = "end Proofs.Autograd.Block"
CALCULUS_FILE, HEADS_FILE = "NN/Calculus.lean", "NN/Proofs/Ops/Gpt/Heads.lean"
MORE = """
/-- A list `[p, q]` of no context. -/
theorem implicit_real {c : ℝ} (f : ℝ → ℝ) (x : ℝ) (hc : 0 < c) : HasFDerivAt f c x := by exact pull f x
theorem no_point (f : ℝ → ℝ) : fderiv ℝ f = f := rfl
/-- It is not `no_point`, nor `no_point.field`, nor `absent`, nor `Mat`. -/
theorem block_eq (block : ℝ → ℝ) (x : ℝ) : fderiv ℝ block x = 0 := no_point
theorem at_nothing (f : Nat → Nat) : fderiv ℝ f 0 = f := f.simp
theorem by_a_function (f : ℝ → ℝ) (x : ℝ) : HasFDerivAt f 1 x := fun _ => pull f x
theorem under_an_arrow (f : ℝ → ℝ) (x y : ℝ) : HasFDerivAt f 1 y → ∀ z, HasFDerivAt f 2 x := by simp
theorem with_other (f : ℝ → ℝ) (x : ℝ) (hx : absent.data x) : HasFDerivAt f 1 x := other x
/-- More than `block_pullback` says. -/
theorem uses_it {m n : Nat} (x : CtxVec (ΓBlock m n)) : fderiv ℝ f x = 0 := block_pullback f x
/-- The last one, `x + f(x)`. -/
def idxLast {m n : Nat} : Idx (ΓBlock m n ++ ssBlock m n) (Mat m n) := ⟨⟨5, by simp⟩, by simp⟩
/-- Certificates of many nodes. -/
def AllGood {Γ ss : List Shape} (g : Graph Γ ss) (x : CtxVec Γ) : Type := NodeGood (node g) x
def goodBlock {m n : Nat} (c : ℝ) (xV : CtxVec (ΓBlock m n)) : AllGood (Γ := ΓBlock m n) (smallGraph c) xV := ⟨⟩
def goodEverywhere {m n : Nat} (c : ℝ) : AllGood (smallGraph (m := m) (n := n) c) := ⟨⟩
theorem from_all {m n : Nat} (c : ℝ) (x : CtxVec (ΓBlock m n)) (h : AllGood (smallGraph c) x) :
    HasFDerivAt (Graph.evalVec (smallGraph c)) 1 x := by simp
"""


@pytest.fixture(scope="module")
def found():
    return lines({MODULE: BLOCK.replace(END, f"{MORE}{END}")})


@pytest.mark.parametrize(
    ("kind", "name", "says"),
    [
        (LedgerKind.SCALARS, "implicit_real", None),
        (LedgerKind.SIZES, "implicit_real", None),
        (LedgerKind.LISTED, "implicit_real", None),
        (LedgerKind.APPLIED, "implicit_real", "pull alone, applied to its arguments"),
        (LedgerKind.APPLIED, "with_other", None),
        (LedgerKind.APPLIED, "by_a_function", None),
        (LedgerKind.DIFFERENTIATED, "at_nothing", None),
        (LedgerKind.FIXED, "no_point", None),
        (LedgerKind.UNBACKED, "block_eq", None),
        (LedgerKind.ADVISED, "block_eq", None),
        (LedgerKind.APPLIED, "at_nothing", None),
        (LedgerKind.FIXED, "at_nothing", "f"),
        (LedgerKind.DIFFERENTIATED, "under_an_arrow", "in x (ℝ), and in nothing else"),
        (LedgerKind.DATA, "with_other", None),
        (LedgerKind.ADVISED, "uses_it", None),
        (LedgerKind.RESIDUAL, "idxLast", None),
        (LedgerKind.DIFFERENTIATED, "goodBlock", "in xV (the 3 entries of ΓBlock), and in nothing else"),
        (LedgerKind.DIFFERENTIATED, "goodEverywhere", None),
        (LedgerKind.FIXED, "goodEverywhere", "c"),
        (
            LedgerKind.DATA,
            "from_all",
            "h, AllGood of smallGraph; made by goodBlock and goodEverywhere; the conclusion does not use it",
        ),
    ],
)
def test_what_is_said_of_it(found, kind: LedgerKind, name: str, says: str | None) -> None:
    subject = {"with_other": "hx", "from_all": "h"}.get(name, "") if kind is LedgerKind.DATA else ""
    said = [e.says for e in found if (e.kind, e.name.rpartition(".")[2]) == (kind, name) and subject in e.subject]
    assert said == ([says] if says else []) or (kind is LedgerKind.SCALARS and all("c:" not in line for line in said))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("f (a b).c 2 ⟨x⟩ + d", ["f", "( a b ) .c", "2", "⟨ x ⟩"]),
        ("+ f", []),
        ("(f", ["( f"]),
        (".a b", []),
    ],
)
def test_arguments_end_where_an_operator_does(text: str, first: list[str]) -> None:
    assert [spelled(atom) for atom in atoms(list(tokenize(text)))] == first


def test_a_list_in_words() -> None:
    assert [listed(items) for items in ([], ["a"], ["a", "b", "c"])] == ["none", "a", "a, b and c"]


def text_of(changed: dict[str, str] | None = None) -> LedgerText:
    return LedgerText(tree(changed), prints(changed), MODULE)


def test_a_name_is_called_by_as_much_as_tells_it_apart() -> None:
    text = text_of({MODULE: BLOCK.replace(END, f"def Other.pull : Nat := 1\n{END}")})
    assert text.called("Proofs.Autograd.pull") == "Autograd.pull"
    assert text.called("Proofs.Autograd.Block.packs_hasFDerivAt") == "packs_hasFDerivAt"
    assert text.called("single") == "single"


@pytest.mark.parametrize("written", ["", "f", ".dim n", "Heads n h", "(.dim n x)"])
def test_what_is_no_shape_has_no_axes(written: str) -> None:
    text = text_of()
    inside = next(d for d in text.pinned if d.name.endswith("splitGraph"))
    assert axes(ShapeTerm(tuple(tokenize(written)), inside, {}), text) is None


def test_a_module_that_is_not_there_has_no_prose() -> None:
    assert LedgerText(tree(), prints(), "NN/Absent.lean").module_prose == []


LAYOUT = (LedgerKind.LAYOUT, "Heads", "splitGraph: n × h·d to h × n × d")


@pytest.mark.parametrize(
    ("new", "says"),
    [
        ("⟨fun x => fun i => x (swap i), by intro x; rfl⟩", "not tried on numbers ("),
        ("⟨fun x => fun i => i, by intro x; rfl⟩", "not tried on numbers (TypeError)"),
        ("⟨fun x => Real.sqrt x, by intro x; rfl⟩", "not tried on numbers ("),
    ],
)
def test_a_node_that_cannot_be_run_says_why(new: str, says: str) -> None:
    changed = CALCULUS.replace("⟨fun x => x, by intro x; rfl⟩\n/-- A node", f"{new}\n/-- A node")
    assert says in str(line_of(lines({CALCULUS_FILE: changed}), *LAYOUT))


def test_a_node_that_moves_each_entry_to_its_place_says_so() -> None:
    tokens_first = HEADS.replace(".dim h (.dim n (.dim d .scalar))", ".dim n (.dim h (.dim d .scalar))")
    (says,) = [e.says for e in lines({HEADS_FILE: tokens_first}) if e.kind is LedgerKind.LAYOUT]
    assert says.endswith("takes n × h·d to n × h × d: of 30 numbered entries each keeps its place on every axis")


def test_a_node_about_no_pinned_shape_is_left_out_and_several_are_counted() -> None:
    shapes = "(Γ := [Wide n h d]) (s₁ := Wide n h d) (s₂ := Heads n h d)"
    node = f"Graph.snoc g0 (reshape {shapes} (idxWide (n := n)) (by simp))"
    assert node in HEADS
    twice = HEADS.replace(node, f"Graph.snoc ({node}) {node.removeprefix('Graph.snoc g0 ')}")
    assert "reshape in splitGraph (2 times) takes" in str(line_of(lines({HEADS_FILE: twice}), *LAYOUT))
    alone = HEADS.replace("abbrev", "def").replace("Heads first", "Heads")
    assert [e for e in lines({HEADS_FILE: alone}) if e.kind is LedgerKind.LAYOUT] == []


def test_a_node_with_numbers_for_its_sizes_is_run_too() -> None:
    turn = """
def turn {Γ : List Shape} {m n : Nat} (idx : Idx Γ (.dim m (.dim n .scalar))) : Node Γ (.dim n (.dim m .scalar)) :=
  ⟨fun x => x, by intro x; rfl⟩
def turned {n d : Nat} : Node [Flat n d] (Flat d n) := turn (Γ := [Flat n d]) (m := n) (n := d) first
"""
    found = lines({HEADS_FILE: HEADS.replace(END, f"{turn}{END}")})
    says = line_of(found, LedgerKind.LAYOUT, "Flat", "turned: n × d to d × n")
    assert says == (
        "turn in turned takes n × d to d × n: of 6 numbered entries 2 keep their place on every axis; "
        "the first of d gets 0–1, where 0 and 3 are its own"
    )


def test_a_split_that_moves_columns_to_their_heads_keeps_each_place(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = tuple(Fraction(t * 15 + h * 5 + j) for h in range(3) for t in range(2) for j in range(5))
    monkeypatch.setattr(layout, "_moved", lambda move, sizes, text: columns)
    says = str(line_of(lines({MODULE: f"{BLOCK} "}), *LAYOUT))
    assert says.endswith("of 30 numbered entries each keeps its place on every axis")


def test_numbers_that_are_only_moved_have_constants_and_no_arithmetic() -> None:
    assert MovedNumbers().of_rational(1, 2) == Fraction(1, 2)
    with pytest.raises(NotEvaluatedError, match="sqrt of a number that is only moved"):
        getattr(MovedNumbers(), "sqrt")  # noqa: B009 - the attribute is looked up, not called
