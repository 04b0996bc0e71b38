"""Drift on the mini library: every deliberate fault is found and named, no change of spelling is called more."""

import re

import pytest

from lean_refs.drift import Change, Meaning, drift
from lean_refs.pin import pinned_fingerprints, read_source
from tests.lean_refs import mini_lean as mini

BLOCK = "Proofs.Autograd.Block"


def compare(tmp_path, pin, old="", new="", where="block"):
    text = {"block": mini.BLOCK, "tape": mini.TAPE, "shape": mini.SHAPE}[where]
    assert old in text
    source = read_source(mini.write(tmp_path, **{where: text.replace(old, new, 1)}), pin)
    return {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}


def changed(report):
    return {name: found for name, found in report.items() if not found.unchanged}


def test_the_same_source_is_unchanged(tmp_path, pin):
    report = compare(tmp_path, pin)
    assert changed(report) == {}
    assert {found.verdict for found in report.values()} == {"unchanged"}
    assert not any(found.through for found in report.values())


FAULTS = [
    ("an index literal", "(Row k) := ⟨⟨4,", "(Row k) := ⟨⟨3,", "idxBeta", "index: 4 became 3"),
    (
        "an index of another shape",
        "(Row k) := ⟨⟨3,",
        "(Row k) := ⟨⟨2,",
        "idxGamma",
        "the text contradicts itself: index 2",
    ),
    (
        "an index outside",
        "(Mat m n) := ⟨⟨1,",
        "(Mat m n) := ⟨⟨5,",
        "idxRight",
        "index 5 .* outside its context of 2",
    ),
    (
        "the order of a context",
        "[Mat m k, Row k, Row k]\nabbrev",
        "[Row k, Mat m k, Row k]\nabbrev",
        "ΓBlock",
        "became",
    ),
    (
        "a shape",
        "Shape := .dim m (.dim n .scalar)",
        "Shape := .dim n (.dim m .scalar)",
        "Mat",
        "0: 2 became 3",
    ),
    (
        "a dropped context entry",
        "[Mat m n, Mat m n]\n/-- Inputs of the b",
        "[Mat m n]\n/-- Inputs of the b",
        "ΓCore",
        "entries",
    ),
    (
        "a dropped saved tensor",
        "[Mat m k, Mat m k] ++ [Mat m k]",
        "[Mat m k] ++ [Mat m k]",
        "ssBlock",
        "5 entries became 4",
    ),
    ("a dropped node", ".snoc g2 (Norm", ".snoc g1 (Norm", "blockGraph", "the text contradicts itself"),
    (
        "swapped inputs",
        "(a := idxLeft (m := m) (n := n) (ss := []))\n      (b := idxRight",
        "(a := idxRight (m := m) (n := n) (ss := []))\n      (b := idxLeft",
        "coreDGraph",
        "nodes 0, inputs 0: 0 became 1",
    ),
    (
        "one input twice",
        "(b := idxRight (m",
        "(b := idxLeft (m",
        "coreDGraph",
        "nodes 0, inputs 1: 1 became 0",
    ),
    (
        "another operation",
        "(add (idxStreamLater",
        "(sub (idxStreamLater",
        "blockGraph",
        "was not compared as data",
    ),
    (
        "swapped gamma and beta",
        "gamma := idxGamma",
        "gamma := idxBeta",
        "normInputs",
        "gamma, index: 3 became 4",
    ),
    ("a swapped parameter", "merge b)\n", "merge bias)\n", "blockGraph", "b := bias .* is of type"),
    ("another epsilon", "(k := k)) ε)\n", "(k := k)) c)\n", "blockGraph", "parameters, ε: ε became c"),
    (
        "a literal for a parameter",
        "(idx := idxSum) c",
        "(idx := idxSum) 2",
        "coreDGraph",
        "nodes 1, parameters, c: c became 2",
    ),
    (
        "a changed default",
        "(bias : Vec (Shape.size (Mat m n)) := 0) :\n    DGraph (ΓCore",
        "(bias : Vec (Shape.size (Mat m n)) := 1) :\n    DGraph (ΓCore",
        "coreDGraph",
        "the default of bias changed",
    ),
    (
        "a dropped default",
        "(Mat m n)) := 0) : Graph",
        "(Mat m n))) : Graph",
        "blockGraph",
        "the default of bias went",
    ),
    (
        "an explicit binder made implicit",
        "(merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m k)))",
        "{merge : Vec (Shape.size (Mat m n)) →L[ℝ] Vec (Shape.size (Mat m k))}",
        "blockGraph",
        "merge is implicit, was explicit",
    ),
    (
        "a removed hypothesis",
        " (hc : c ≠ 0)\n    (hGood : Good (carried (m := m) (n := n) (k := k) c).g)",
        "\n    (hGood : Good (carried (m := m) (n := n) (k := k) c).g)",
        "block_ok",
        "without hc",
    ),
    ("an added hypothesis", "(hc : c ≠ 0)", "(hc : c ≠ 0) (hMore : c = 1)", "block_ok", "with new hMore"),
    ("a renamed binder", "(hc : c ≠ 0)", "(hC : c ≠ 0)", "block_ok", "binders renamed, .*: hc to hC"),
    (
        "binders in another order",
        "(c ε : ℝ) (hPos",
        "(ε c : ℝ) (hPos",
        "block_ok",
        "binders in another order",
    ),
    (
        "a weaker hypothesis",
        "(hPos : 0 < ε)",
        "(hPos : 0 ≤ ε)",
        "block_ok",
        r"hPos \(< became ≤\): the statement says more",
    ),
    (
        "another conclusion",
        ": ε * c = c * ε := by",
        ": ε * c = c := by",
        "block_ok",
        "the result type differs in normal form",
    ),
    (
        "a theorem made an axiom",
        "theorem block_ok {E",
        "axiom block_ok {E",
        "block_ok",
        "theorem became axiom",
    ),
    ("a sorry", "  ring\n", "  sorry\n", "block_ok", "the body now has a sorry"),
    ("another proof", "  ring\n", "  rw [mul_comm]\n", "block_ok", "what it proves is the statement"),
    (
        "a commented-out declaration",
        "def idxMerged",
        "-- def idxMerged",
        "idxMerged",
        "no declaration of this name",
    ),
    (
        "a declaration inside a comment",
        "/-- The core as a graph. -/",
        "/- /-- The core as a graph. -/",
        "coreDGraph",
        "no declaration",
    ),
    ("a reworded docstring", "The residual stream.", "A residual stream.", "idxStream", "other words"),
    ("a dropped docstring", "/-- The residual stream. -/\n", "", "idxStream", "docstring removed"),
    (
        "another argument carried",
        "[Mat m k, Row k, Row k]\ndef",
        "[Mat m k, Row k, Row m]\ndef",
        "carried",
        "the text contradicts itself",
    ),
]


@pytest.mark.unmeasured
@pytest.mark.parametrize(("fault", "old", "new", "name", "basis"), FAULTS, ids=[fault for fault, *_ in FAULTS])
def test_a_deliberate_fault_is_found_and_named(tmp_path, pin, fault, old, new, name, basis):
    found = changed(compare(tmp_path, pin, old, new)).get(f"{BLOCK}.{name}")
    assert found is not None, f"{fault} in {name} was not found"
    assert any(re.search(basis, finding.basis) for finding in found.differences), found


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("old", "new", "where", "name", "what"),
    [
        ("⟨⟨(Γ ++ ss).length,", "⟨⟨Γ.length,", "tape", f"{BLOCK}.idxMerged", Change.THROUGH),
        (
            "⟨.snoc dg.g node, PUnit.unit⟩",
            "⟨dg.g, PUnit.unit⟩",
            "tape",
            "Proofs.Autograd.DGraph.snoc",
            Change.BODY,
        ),
        (
            ".dim n rest => n * size rest",
            ".dim n rest => n + size rest",
            "shape",
            "Spec.Shape.size",
            Change.BODY,
        ),
    ],
)
def test_a_fault_in_what_is_named_reaches_its_users(tmp_path, pin, old, new, where, name, what):
    found = compare(tmp_path, pin, old, new, where)[name]
    assert what in {finding.change for finding in found.differences}


@pytest.mark.parametrize(
    ("old", "new", "name", "change", "meaning", "basis"),
    [
        (
            "def idxLeft {m n : Nat} {ss : List Shape} : Idx (ΓCore m n ++ ss)",
            "def core (m n : Nat) : List Shape := ΓCore m n\n"
            "def idxLeft {m n : Nat} {ss : List Shape} : Idx (core m n ++ ss)",
            "idxLeft",
            Change.COSMETIC,
            Meaning.SAME,
            "the result type is spelled differently, the data agree",
        ),
        (
            "{E : Type u} [NormedSpace ℝ E] {m n k : Nat}",
            "{E : Type u} {m n k : Nat}",
            "block_ok",
            Change.STATEMENT,
            Meaning.DIFFERS,
            "instances: without NormedSpace",
        ),
        (
            "  block_ok c ε hEps",
            "  by exact block_ok c ε hEps",
            "block_ok_again",
            Change.PROOF,
            Meaning.SAME,
            "what it proves is the statement",
        ),
        (
            "  block_ok c ε hEps",
            "  Block.block_ok c ε hEps",
            "block_ok_again",
            Change.COSMETIC,
            Meaning.SAME,
            "the body has the same normal form",
        ),
        (
            "def idxLeft {m n : Nat} {ss",
            "def idxLeft {extra m n : Nat} {ss",
            "idxLeft",
            Change.STATEMENT,
            Meaning.DIFFERS,
            "with new extra",
        ),
    ],
)
def test_a_change_is_told_with_its_basis(tmp_path, pin, old, new, name, change, meaning, basis):
    (found,) = compare(tmp_path, pin, old, new)[f"{BLOCK}.{name}"].differences
    assert (found.change, found.meaning, found.basis) == (change, meaning, basis)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("new", "meaning"),
    [("(c * 1)", Meaning.UNKNOWN), ("(1 * c)", Meaning.UNKNOWN), ("2", Meaning.DIFFERS), ("(c)", Meaning.SAME)],
)
def test_a_text_in_the_data_may_differ_and_mean_the_same(tmp_path, pin, new, meaning):
    found = compare(tmp_path, pin, "(idx := idxSum) c", f"(idx := idxSum) {new}")[f"{BLOCK}.coreDGraph"]
    assert found.meaning is meaning


def test_another_node_is_certain_beside_a_text_that_is_not(tmp_path, pin):
    text = mini.BLOCK.replace("(idx := idxSum) c", "(idx := idxSum) (c * 1)").replace(
        "(b := idxRight (m", "(b := idxLeft (m"
    )
    source = read_source(mini.write(tmp_path, block=text), pin)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}
    (difference,) = report[f"{BLOCK}.coreDGraph"].differences
    assert difference.meaning is Meaning.DIFFERS
    assert difference.basis.endswith("nodes 0, inputs 1: 1 became 0")


def test_an_unchanged_theorem_says_what_it_rests_on(tmp_path, pin):
    report = compare(tmp_path, pin, "(Row k) := ⟨⟨4,", "(Row k) := ⟨⟨3,")
    assert report[f"{BLOCK}.block_ok"].unchanged
    assert report[f"{BLOCK}.block_ok"].through == ()
    report = compare(tmp_path, pin, "(idx := idxSum) c", "(idx := idxSum) 2")
    assert report[f"{BLOCK}.block_ok"].through == (f"{BLOCK}.carried",)


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("def idxStream {", "def idxStream -- the stream\n  {", "idxStream"),
        ("Vec (Shape.size (Mat m n)) →L[ℝ]", "Vec (Spec.Shape.size (Mat m n)) →L[ℝ]", "blockGraph"),
        (
            "Idx.last (Γ := ΓBlock m n k) (ss := [Mat m n]) (τ",
            "Idx.last (Γ := (ΓBlock m n k)) (ss := [] ++ [Mat m n]) (τ",
            "idxScaled",
        ),
        ("ΓCore m n ++ [Mat m k, Row k, Row k]", "[Mat m n] ++ [Mat m n, Mat m k, Row k, Row k]", "ΓBlock"),
        ("⟨⟨4, by simp⟩, by simp⟩", "⟨⟨4, by omega⟩, by decide⟩", "idxBeta"),
        (
            "(carried (m := m) (n := n) (k := k) c).g) : ε * c = c * ε",
            "(carried (k := k) (m := m) (n := n) (c := c)).g) : (ε * c = c * ε)",
            "block_ok",
        ),
        ("  let idxSum : Idx (ΓCore m n ++ [Mat m n]) (Mat m n) :=", "  let idxSum :=", "coreDGraph"),
        ("theorem block_ok {E", "lemma block_ok {E", "block_ok"),
    ],
)
def test_a_change_of_spelling_is_at_most_cosmetic(tmp_path, pin, old, new, name):
    report = changed(compare(tmp_path, pin, old, new))
    assert {found.verdict for found in report.values()} <= {"cosmetic"}
    assert {found.meaning for found in report.values()} <= {Meaning.SAME}
    assert set(report) <= {f"{BLOCK}.{name}"}


def test_a_rename_is_found_by_structure(tmp_path, pin):
    text = mini.BLOCK.replace("idxStream ", "idxResidual ").replace("ΓCore", "ΓHeart")
    source = read_source(mini.write(tmp_path, block=text), pin)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}
    assert report[f"{BLOCK}.idxStream"].now == f"{BLOCK}.idxResidual"
    assert report[f"{BLOCK}.ΓCore"].now == f"{BLOCK}.ΓHeart"
    assert {found.verdict for found in report.values()} <= {"unchanged", "renamed", "cosmetic"}


def test_a_move_to_another_file_is_found(tmp_path, pin):
    root = mini.write(tmp_path)
    (root / "NN/Block.lean").rename(root / "NN/Moved.lean")
    source = read_source(root, pin)
    assert source.missing == ("NN/Block.lean",)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}
    assert report[f"{BLOCK}.blockGraph"].verdict == "moved"
    assert report["Proofs.Autograd.Idx.last"].unchanged


def test_what_is_newly_named_is_added(tmp_path, pin):
    new = "def idxOne {m n : Nat} : Idx (ΓCore m n) (Mat m n) := ⟨⟨1, by simp⟩, by simp⟩\n/-- The core as a graph. -/"
    text = mini.BLOCK.replace("/-- The core as a graph. -/", new)
    text = text.replace("(b := idxRight (m := m) (n := n) (ss := []))", "(b := idxOne (m := m) (n := n))")
    source = read_source(mini.write(tmp_path, block=text), pin)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints)}
    assert report[f"{BLOCK}.idxOne"].verdict == "added"
    assert report[f"{BLOCK}.coreDGraph"].verdict == "cosmetic"


def test_only_the_names_asked_for_are_reported(tmp_path, pin):
    source = read_source(mini.write(tmp_path), pin)
    names = [f"{BLOCK}.block_ok", f"{BLOCK}.Mat"]
    assert [found.name for found in drift(pinned_fingerprints(pin), source.prints, names)] == names


@pytest.mark.unmeasured
@pytest.mark.parametrize("meaning", Meaning)
def test_what_the_text_leaves_unknown_is_asked_of_evaluation(tmp_path, pin, meaning):
    asked = []

    def evaluated(name, now):
        asked.append((name, now))
        return meaning, "evaluated: so it is"

    text = mini.TAPE.replace("fun x => c • x", "fun x => x • c")
    source = read_source(mini.write(tmp_path, tape=text), pin)
    report = {found.name: found for found in drift(pinned_fingerprints(pin), source.prints, evaluated=evaluated)}
    scale = "Proofs.Autograd.TapeNodes.scale"
    assert asked == [(scale, scale)]
    (difference,) = report[scale].differences
    assert (difference.meaning, difference.evaluated) == (meaning, True)
    assert difference.basis.endswith("; evaluated: so it is")
    rests = report[f"{BLOCK}.coreDGraph"].through
    assert rests == (() if meaning is Meaning.SAME else (scale,))


def test_only_the_names_asked_for_are_evaluated(tmp_path, pin):
    source = read_source(mini.write(tmp_path, tape=mini.TAPE.replace("fun x => c • x", "fun x => x • c")), pin)
    names = [f"{BLOCK}.Mat"]
    report = drift(pinned_fingerprints(pin), source.prints, names, lambda *_: pytest.fail("nothing to ask"))
    assert [found.name for found in report] == names
