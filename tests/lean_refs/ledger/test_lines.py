"""Each kind of line on a small library: what it says, and that changing what it says changes or removes it."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest

from lean_refs.ledger.line import LedgerKind, LedgerLine
from tests.lean_refs.ledger.library import COVERAGE_FILE, FILES, MODULE, line_of, lines
from tests.measuring import one_of_each

CALCULUS_FILE, HEADS_FILE, SPEC_FILE = "NN/Calculus.lean", "NN/Proofs/Ops/Gpt/Heads.lean", "NN/Spec/Blocks.lean"


class Corruption(NamedTuple):
    """A change of one file, the line that it is a change of, a part of what that says, and a part of it afterwards.

    `after` is None where there is no such line any more.
    """

    kind: LedgerKind
    name: str
    subject: str
    before: str
    file: str
    old: str
    new: str
    after: str | None
    everywhere: bool = False


def in_block(
    kind: LedgerKind, name: str, before: str, old: str, new: str, after: str | None, subject: str = ""
) -> Corruption:
    return Corruption(kind, name, subject, before, MODULE, old, new, after)


PULL, PACKS, GPT = "block_pullback", "packs_hasFDerivAt", "gptBlock_hasFDerivAt"
_AT = "Graph.evalVec (blockGraph merge b c)) xV).adjoint"
_GOOD = "    (hGood : NodeGood"

CORRUPTIONS = (
    in_block(
        LedgerKind.CONCLUDED,
        PULL,
        "pullback, against fderiv and the adjoint of it",
        "    Graph.pullback (blockGraph merge b c) xV seedV\n      = (fderiv",
        "    seedV\n      = (fderiv",
        "that a map has a derivative (fderiv): no run of a graph",
    ),
    Corruption(
        LedgerKind.COVERAGE,
        GPT,
        "",
        "passages of NN/Proofs/Coverage.lean with its words: 1 on what is proved, 1 on what is open",
        COVERAGE_FILE,
        "## Still open",
        "## Also proved",
        "2 on what is proved, 0 on what is open",
    ),
    Corruption(
        LedgerKind.COVERAGE,
        PULL,
        "",
        "one says that hypotheses of a domain are stated: hGood is data",
        CALCULUS_FILE,
        "(x : CtxVec Γ) where",
        "(x : CtxVec Γ) : Prop where",
        "are stated: they are hGood",
    ),
    Corruption(
        LedgerKind.COVERAGE,
        PULL,
        "",
        "1 on what is proved, 0 on what is open; one says that hypotheses",
        COVERAGE_FILE,
        "with explicit hypotheses",
        "whatever is given",
        "1 on what is proved, 0 on what is open",
    ),
    in_block(
        LedgerKind.DIFFERENTIATED,
        PULL,
        "in xV (the 3 entries of ΓBlock), and in nothing else",
        _AT,
        _AT.replace("xV", "(f b)"),
        "in b (Mat), and in nothing else",
    ),
    in_block(
        LedgerKind.FIXED, PULL, "merge, b, c", f"(fderiv ℝ ({_AT}", "(fderiv ℝ (Graph.evalVec sum) xV).adjoint", None
    ),
    in_block(
        LedgerKind.INDEPENDENT,
        PULL,
        "1 idxRight (read by node 0, add); 2 idxStream (read by node 1, add); no hypothesis ties",
        "(idxStream (m := m) (n := n) (ss := [Mat m n]))",
        "(idxLeft (m := m) (n := n) (ss := [Mat m n]))",
        "2 idxStream (read by no node)",
        "xV",
    ),
    in_block(
        LedgerKind.INDEPENDENT,
        PULL,
        "no hypothesis ties one to another",
        _GOOD,
        f"    (hSame : idxLeft xV = idxRight xV)\n{_GOOD}",
        "hSame may tie some of them",
        "xV",
    ),
    in_block(
        LedgerKind.ANY_MAP,
        PULL,
        "any continuous linear map of Mat to Mat; no hypothesis is about it",
        _GOOD,
        f"    (hMerge : merge = 1)\n{_GOOD}",
        "hMerge says what it is",
        "merge",
    ),
    in_block(
        LedgerKind.ANY_MAP,
        PACKS,
        "no equation says what it computes: of the hypotheses only hFirst (HasFDerivAt) and hSecond",
        "(hFirst : HasFDerivAt first Dfirst x)",
        "(hFirst : ∀ z, first z ≠ 0)",
        "only hFirst (≠) and hSecond (HasFDerivAt) name it",
        "first",
    ),
    in_block(
        LedgerKind.SEES,
        PACKS,
        "second sees the 4 entries of ΓBlock ++ 1 more (idxLeft, idxRight, idxStream), and not x: the x + core(x)",
        "(second : CtxVec (ΓBlock m n ++ [Mat m n]) → CtxVec (ΓOther m n))\n    (Dsecond",
        "(second : E → CtxVec (ΓOther m n))\n    (Dsecond",
        None,
        "second",
    ),
    in_block(
        LedgerKind.SEES,
        PACKS,
        "the x + core(x) of the docstring needs x to be read off",
        "makes `[x + core(x), y, z]`",
        "makes three",
        "(idxLeft, idxRight, idxStream), and not x",
        "second",
    ),
    in_block(
        LedgerKind.TWIN,
        GPT,
        "as packs_hasFDerivAt: nothing in the statement is what its name alone says (block, gpt)",
        "(hFirst : HasFDerivAt attention Dfirst x)",
        "(hFirst : HasFDerivAt attention Dfirst y)",
        None,
    ),
    Corruption(
        LedgerKind.UNBACKED,
        GPT,
        "",
        'its name says "gpt", attention says "attention" and second says "second"',
        MODULE,
        "ΓOther",
        "ΓAttention",
        'its name says "gpt" and second says "second"',
        everywhere=True,
    ),
    in_block(
        LedgerKind.DETERMINED,
        PACKS,
        "Dfirst is the derivative of first, by hFirst: it is no choice",
        "(hFirst : HasFDerivAt first Dfirst x)",
        "(hFirst : HasFDerivAt first 0 x)",
        None,
        "Dfirst",
    ),
    in_block(
        LedgerKind.SAME_RUN,
        PULL,
        "entries 3 to 5 of blockGraph are nodes of the kinds of copyGraph, which it is not made of",
        "  Graph.snoc g2 (affine (Γ := ΓBlock m n ++ [Mat m n, Mat m n]) (sIn := Mat m n) (sOut := Mat m n)\n"
        "    (idxSum (m := m) (n := n)) merge b)\n/-- A smaller",
        "  Graph.snoc g2 (scale (Γ := ΓBlock m n ++ [Mat m n, Mat m n]) (s := Mat m n)\n"
        "    (idxSum (m := m) (n := n)) 2)\n/-- A smaller",
        None,
        "copyGraph",
    ),
    in_block(
        LedgerKind.SEMANTICS,
        "evalVec",
        "no theorem names both eval and evalVec: nothing says that they agree",
        "end Proofs.Autograd.Block",
        "theorem agree (g : Graph [] []) : Graph.eval g = Graph.evalVec g := rfl\nend Proofs.Autograd.Block",
        None,
        "eval",
    ),
    in_block(
        LedgerKind.IMPORT,
        "Mat",
        "it imports NN/Proofs/Ops/Gpt/Heads.lean and names nothing declared there",
        "/-- A smaller one. -/",
        "def usesHeads : Shape := Heads 1 2 3\n/-- A smaller one. -/",
        None,
    ),
    in_block(
        LedgerKind.CONCLUDED,
        PULL,
        "; that there is a derivative is not said, and fderiv is 0 where there is none",
        "merge b c)) xV).adjoint seedV :=",
        "merge b c)) xV).adjoint seedV ∧ DifferentiableAt ℝ f xV :=",
        "and the adjoint of it",
    ),
    in_block(
        LedgerKind.DATA,
        PULL,
        "; the conclusion does not use it",
        "merge b c)) xV).adjoint seedV :=",
        "merge b c)) xV).adjoint seedV ∧ hGood.deriv = 0 :=",
        "made by scaleGood from hPos",
        "hGood",
    ),
    in_block(
        LedgerKind.DEFAULT,
        PULL,
        "; c follows it, so that it is only left out by naming the others",
        "(c : ℝ) (xV : CtxVec (ΓBlock m n))\n    (seedV : CtxVec (ΓBlock m n ++ ssBlock m n))",
        "{c : ℝ} {xV : CtxVec (ΓBlock m n)}\n    {seedV : CtxVec (ΓBlock m n ++ ssBlock m n)}",
        "b is 0 where it is not given",
        "b",
    ),
    Corruption(
        LedgerKind.BY_DEFINITION,
        "decreed",
        "",
        "vjp is the adjoint of the fderiv of f",
        CALCULUS_FILE,
        "(vjp := fun x δ => (fderiv ℝ f x).adjoint δ)",
        "(vjp := fun x δ => A.adjoint δ)",
        "vjp is the adjoint of A, by definition",
    ),
    Corruption(
        LedgerKind.BY_DEFINITION,
        "decreed",
        "",
        "vjp is the adjoint of the fderiv of f",
        CALCULUS_FILE,
        "(vjp := fun x δ => (fderiv ℝ f x).adjoint δ)",
        "(vjp := fun x δ => (D x).adjoint δ)",
        "vjp is the adjoint of D, by definition",
    ),
    Corruption(
        LedgerKind.UNUSED,
        "decreed_jvp",
        "",
        "nothing in the tree uses this theorem",
        CALCULUS_FILE,
        "end\nend Proofs.Autograd",
        "theorem user : True := decreed_jvp.trivial\nend\nend Proofs.Autograd",
        None,
    ),
    Corruption(
        LedgerKind.ALIAS,
        "Flat",
        "",
        "for the shape Mat: the same axes, in the order of the arguments",
        HEADS_FILE,
        "abbrev Flat (n d : Nat) : Shape := .dim n (.dim d .scalar)",
        "abbrev Flat (n d : Nat) : Shape := .dim d (.dim n .scalar)",
        None,
    ),
    in_block(LedgerKind.ALIAS, "ΓOther", "for ΓBlock", "List Shape := ΓBlock m n", "List Shape := ΓBlock n m", None),
    in_block(
        LedgerKind.APPLIED,
        GPT,
        "packs_hasFDerivAt alone, applied to its arguments",
        "  packs_hasFDerivAt ε attention",
        "  by simpa using packs_hasFDerivAt ε attention",
        None,
    ),
    Corruption(
        LedgerKind.APPLIED,
        "decreed_jvp",
        "",
        "rfl: both",
        CALCULUS_FILE,
        "= fderiv ℝ f x := rfl",
        "= fderiv ℝ f x := id",
        None,
    ),
    Corruption(
        LedgerKind.BY_DEFINITION,
        "decreed",
        "",
        "jvp is the fderiv of f and vjp is the adjoint of the fderiv of f",
        CALCULUS_FILE,
        "(vjp := fun x δ => (fderiv ℝ f x).adjoint δ)",
        "(vjp := fun x δ => reverse f x δ)",
        "jvp is the fderiv of f, by definition",
    ),
    Corruption(
        LedgerKind.BY_DEFINITION,
        "decreed_jvp",
        "",
        "it rests on decreed (where jvp is the fderiv of f and vjp is the adjoint of the fderiv of f), each so by",
        CALCULUS_FILE,
        "Node.ofVec (f := f) (jvp := fun x d => (fderiv ℝ f x) d) (vjp := fun x δ => (fderiv ℝ f x).adjoint δ)",
        "Node.ofVec (f := f) (jvp := tangent f) (vjp := cotangent f)",
        None,
    ),
    Corruption(
        LedgerKind.DATA,
        PULL,
        "hGood",
        "NodeGood of scale: whoever calls gives deriv and isDeriv; made by scaleGood from hPos",
        CALCULUS_FILE,
        "(x : CtxVec Γ) where",
        "(x : CtxVec Γ) : Prop where",
        None,
    ),
    Corruption(
        LedgerKind.DATA,
        PULL,
        "hGood",
        "made by scaleGood from hPos",
        CALCULUS_FILE,
        "(x : CtxVec Γ) (hPos : 0 < c) :",
        "(x : CtxVec Γ) :",
        "made by scaleGood",
    ),
    in_block(
        LedgerKind.LISTED,
        "ΓBlock",
        "has 3 entries, left, right, stream: as many as ΓBlock",
        "ΓBlock (m n : Nat) : List Shape := [Mat m n, Mat m n, Mat m n]",
        "ΓBlock (m n : Nat) : List Shape := [Mat m n, Mat m n, Mat m n, Mat m n]",
        "not the 4 of ΓBlock",
        "the section before it: left, right, stream",
    ),
    in_block(
        LedgerKind.LISTED,
        "ΓBlock",
        "as many as ΓBlock (idxLeft, idxRight, idxStream)",
        "idxLeft {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨0",
        "idxLeft {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨2",
        "not in this order: left",
        "the section before it: left, right, stream",
    ),
    in_block(
        LedgerKind.RESIDUAL,
        "idxSum",
        "what depends on input 2 and of what depends on inputs 0 and 1: no input is in both",
        "(idxStream (m := m) (n := n) (ss := [Mat m n]))",
        "(idxLeft (m := m) (n := n) (ss := [Mat m n]))",
        "input 0 in both",
        "x + core(x)",
    ),
    in_block(
        LedgerKind.OUTPUT,
        PULL,
        "the output of its last node, entry 5, has no index definition; every other entry has one",
        "/-- A smaller one. -/",
        "def idxOut {m n : Nat} : Idx (ΓBlock m n ++ ssBlock m n) (Mat m n) := ⟨⟨5, by simp⟩, by simp⟩\n"
        "/-- A smaller one. -/",
        "entry 5, is idxOut",
        "blockGraph",
    ),
    in_block(
        LedgerKind.OUTPUT,
        PULL,
        "every other entry has one",
        "def idxRight {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨1",
        "def idxRight {m n : Nat} {ss : List Shape} : Idx (ΓBlock m n ++ ss) (Mat m n) := ⟨⟨0",
        "of the others 1 has none",
        "blockGraph",
    ),
    in_block(
        LedgerKind.SEED,
        PULL,
        "seedV is a cotangent of all 6 entries, ΓBlock ++ ssBlock",
        "(seedV : CtxVec (ΓBlock m n ++ ssBlock m n))",
        "(seedV : CtxVec [Mat m n])",
        None,
        "seedV",
    ),
    in_block(
        LedgerKind.GRAPH,
        PULL,
        "3 nodes: 3 add(0, 1), 4 add(2, 3), 5 affine(4; A := merge, b := b)",
        "(idxLeft (m := m) (n := n) (ss := [])) (idxRight (m := m) (n := n) (ss := []))",
        "(idxRight (m := m) (n := n) (ss := [])) (idxRight (m := m) (n := n) (ss := []))",
        "3 add(1, 1)",
        "blockGraph",
    ),
    in_block(
        LedgerKind.SIZES,
        PULL,
        "m and n may be any natural number, 0 too, each for itself; no equation ties them",
        _GOOD,
        f"    (hSizes : m = 2 * n)\n{_GOOD}",
        "m = 2 * n is asked",
    ),
    in_block(
        LedgerKind.SIZES,
        PULL,
        "m and n may be any natural number",
        "theorem block_pullback {m n : Nat}",
        "theorem block_pullback {m n : Nat} [NeZero m]",
        "NeZero m is asked; n may be any natural number, 0 too",
    ),
    in_block(
        LedgerKind.SCALARS,
        PULL,
        "c: any real number, 0 and negative ones too: no hypothesis bounds it by itself (hGood has it inside)",
        _GOOD,
        f"    (hε₁ : 0 < c)\n{_GOOD}",
        "c: 0 < c is asked",
        "c",
    ),
    in_block(
        LedgerKind.DEFAULT,
        PULL,
        "b is 0 where it is not given, else any vector of Mat; no hypothesis is about it",
        "(b : Vec (Shape.size (Mat m n)) := 0) (c : ℝ) (xV",
        "(b : Vec (Shape.size (Mat m n))) (c : ℝ) (xV",
        None,
        "b",
    ),
    in_block(
        LedgerKind.ADVISED,
        GPT,
        "sends its reader to block_pullback; no declaration of the tree uses both",
        "end Proofs.Autograd.Block",
        "def both : Nat := f (@block_pullback) (@gptBlock_hasFDerivAt)\nend Proofs.Autograd.Block",
        "both uses both",
        "block_pullback",
    ),
    in_block(
        LedgerKind.UNLINKED,
        PULL,
        "no theorem names both blockGraph and smallGraph, the graph of packs_hasFDerivAt",
        "end Proofs.Autograd.Block",
        "theorem tied (c : ℝ) : blockGraph 1 0 c = smallGraph c := rfl\nend Proofs.Autograd.Block",
        None,
        "smallGraph",
    ),
    in_block(
        LedgerKind.UNLINKED,
        PULL,
        "no theorem says what blockGraph computes: none of the 1 that name it",
        "end Proofs.Autograd.Block",
        "theorem told (x : Nat) : Graph.evalVec (blockGraph 1 0 2) x = x := rfl\nend Proofs.Autograd.Block",
        None,
        "values of blockGraph",
    ),
    in_block(
        LedgerKind.UNUSED,
        GPT,
        "nothing in the tree uses this theorem: nothing meets its hypotheses",
        "end Proofs.Autograd.Block",
        "def user : Nat := f (@gptBlock_hasFDerivAt)\nend Proofs.Autograd.Block",
        None,
    ),
    Corruption(
        LedgerKind.SPECIFICATION,
        "smallGraph",
        "",
        "2 names of NN/Spec are like those of its parts; no theorem names gptBlockTwice; of gptBlock there are "
        "theorems, none to a graph or node of the tape",
        SPEC_FILE,
        "theorem gptBlock_le (n : Nat) : gptBlock n ≤ n",
        "theorem gptBlock_le (g : Proofs.Autograd.Graph [] []) (n : Nat) : gptBlock n ≤ gptBlockTwice n",
        "gptBlock_le links one to a graph",
    ),
    Corruption(
        LedgerKind.LAYOUT,
        "Heads",
        "splitGraph: n × h·d to h × n × d",
        "of 30 numbered entries 10 keep their place on every axis; the first of h gets 0–9, where 0–4 and 15–19 are",
        CALCULUS_FILE,
        "  ⟨fun x => x, by intro x; rfl⟩\n/-- A node",
        "  ⟨fun x => x + x, by intro x; rfl⟩\n/-- A node",
        "it does more than move its numbers",
    ),
    Corruption(
        LedgerKind.LAYOUT,
        "Heads",
        "splitGraph: n × h·d to h × n × d",
        "reshape in splitGraph takes n × h·d to h × n × d",
        HEADS_FILE,
        "(s₂ := Heads n h d)",
        "(s₂ := Wide n h d)",
        None,
    ),
)


# What a hypothesis says counts, whatever its name, its brackets, the type of its numbers, or how it is bound.
_FREE = "m and n may be any natural number"
_ANY_REAL = "c: any real number, 0 and negative ones too"
_NONE_ABOUT = "no hypothesis is about it"
_ALONE = "no hypothesis ties one to another"
_BY_NAME = "vjp is the adjoint of the fderiv of f"
_VJP = "(vjp := fun x δ => (fderiv ℝ f x).adjoint δ)"
SPELLINGS = (
    (LedgerKind.SCALARS, "c", _ANY_REAL, "(positive : 0 < c)", "c: 0 < c is asked"),
    (LedgerKind.SCALARS, "c", _ANY_REAL, "(hc : (0 : ℝ) < c)", "c: (0 : ℝ) < c is asked"),
    (LedgerKind.SCALARS, "c", _ANY_REAL, "(hc : c ∈ Set.Ioi 0)", "c: c ∈ Set.Ioi 0 is asked"),
    (LedgerKind.SCALARS, "c", _ANY_REAL, "{hc : 0 < c}", "c: 0 < c is asked"),
    (LedgerKind.SCALARS, "c", _ANY_REAL, "[Fact ((0 : ℝ) < c)]", "c: Fact ((0 : ℝ) < c) is asked"),
    (LedgerKind.SCALARS, "c", _ANY_REAL, "(nice : Nice c)", "c: Nice c is asked"),
    (LedgerKind.SIZES, "", _FREE, "(square : m = n)", "m = n is asked"),
    (LedgerKind.SIZES, "", _FREE, "[Nonempty (Fin m)]", "Nonempty (Fin m) is asked; n may be any"),
    (LedgerKind.SIZES, "", _FREE, "(hp : Nat.Prime m)", "Nat.Prime m is asked; n may be any"),
    (LedgerKind.SIZES, "", _FREE, "[DecidableEq (Fin m)]", _FREE),
    (LedgerKind.ANY_MAP, "merge", _NONE_ABOUT, "(mergeEq : ∀ z, merge z = 0)", "mergeEq says what it is"),
    (LedgerKind.ANY_MAP, "merge", _NONE_ABOUT, "(hMerge : (merge = 0))", "hMerge says what it is"),
    (LedgerKind.ANY_MAP, "merge", _NONE_ABOUT, "(one : merge = 0) (two : b = merge b)", "one and two say"),
    (LedgerKind.ANY_MAP, "merge", _NONE_ABOUT, "(onto : (Onto merge))", "only onto (Onto) names it"),
    (LedgerKind.INDEPENDENT, "xV", _ALONE, "(tie : left xV = right xV)", "tie may tie some of them"),
    (LedgerKind.INDEPENDENT, "xV", _ALONE, "(hTie : ProjectedFrom xV)", "hTie may tie some of them"),
    (LedgerKind.INDEPENDENT, "xV", _ALONE, "(away : ∀ i, left xV i ≠ 0)", _ALONE),
)


@pytest.mark.unmeasured
@pytest.mark.parametrize(("kind", "subject", "before", "hypothesis", "after"), SPELLINGS, ids=[s[3] for s in SPELLINGS])
def test_a_hypothesis_in_any_spelling_changes_what_it_is_about(
    kind: LedgerKind, subject: str, before: str, hypothesis: str, after: str
) -> None:
    assert before in (line_of(clean(), kind, PULL, subject) or "")
    now = line_of(lines({MODULE: FILES[MODULE].replace(_GOOD, f"    {hypothesis}\n{_GOOD}")}), kind, PULL, subject)
    assert now is not None
    assert after in now


def test_a_certificate_under_any_name_is_data() -> None:
    renamed = lines({MODULE: FILES[MODULE].replace("(hGood :", "(certificate :")})
    before, now = (
        line_of(clean(), LedgerKind.DATA, PULL, "hGood"),
        line_of(renamed, LedgerKind.DATA, PULL, "certificate"),
    )
    assert before is not None
    assert now == before.replace("hGood", "certificate")


@pytest.mark.parametrize(
    ("vjp", "says"),
    [
        ("f.adjoint δ", "vjp is the adjoint of f"),
        ("(D x).adjoint δ", "vjp is the adjoint of D"),
        ("CtxVec.single idx ((D x).adjoint δ)", "vjp is the adjoint of D"),
        ("let δ' : Vec n := castVec h δ CtxVec.single idx ((D x).adjoint δ')", "vjp is the adjoint of D"),
        ("let δ' : Vec n := 2 • δ CtxVec.single idx ((D x).adjoint δ')", None),
        ("CtxVec.single idx (2 • (D x).adjoint δ)", None),
        ("(2 • fderiv ℝ f x).adjoint δ", None),
        ("(fderiv ℝ f x).adjoint δ + δ", None),
        ("(D x) δ", None),
    ],
)
def test_a_vjp_is_an_adjoint_where_it_is_nothing_more(vjp: str, says: str | None) -> None:
    changed = FILES[CALCULUS_FILE].replace(_VJP, f"(vjp := fun x δ => {vjp})")
    assert changed != FILES[CALCULUS_FILE]
    now = line_of(lines({CALCULUS_FILE: changed}), LedgerKind.BY_DEFINITION, "decreed", "")
    assert now == f"jvp is the fderiv of f{f' and {says}' if says else ''}, by definition: it has no formula of its own"


def test_a_jvp_is_the_derivative_where_it_is_nothing_more() -> None:
    changed = FILES[CALCULUS_FILE].replace("(fderiv ℝ f x) d)", "(fderiv ℝ f x) d + d)")
    now = line_of(lines({CALCULUS_FILE: changed}), LedgerKind.BY_DEFINITION, "decreed", "")
    assert now == f"{_BY_NAME}, by definition: it has no formula of its own"


def test_a_conclusion_with_more_on_a_side_says_so() -> None:
    more = FILES[MODULE].replace(f"{_AT} seedV :=", f"{_AT} seedV + seedV :=")
    assert more != FILES[MODULE]
    assert "a side of it has more" in (line_of(lines({MODULE: more}), LedgerKind.CONCLUDED, PULL, "") or "")
    both = FILES[MODULE].replace(f"{_AT} seedV :=", f"{_AT} seedV ∧ 0 + 0 = 0 :=")
    assert "a side of it has more" not in (line_of(lines({MODULE: both}), LedgerKind.CONCLUDED, PULL, "") or "")


def test_the_namespace_of_a_definition_backs_a_word() -> None:
    assert '"attention"' in (line_of(clean(), LedgerKind.UNBACKED, GPT, "") or "")
    changed = FILES[MODULE].replace("(smallGraph ε) (attention", "(Attention.small ε) (attention")
    small = "def small {m n : Nat} (c : ℝ) : Graph (ΓBlock m n) [Mat m n] := smallGraph c"
    made = f"namespace Attention\n{small}\nend Attention\n/-- End to end. -/"
    changed = changed.replace("/-- End to end. -/", made)
    assert "attention" not in (line_of(lines({MODULE: changed}), LedgerKind.UNBACKED, GPT, "") or "")


@cache
def clean() -> list[LedgerLine]:
    return lines()


@pytest.mark.parametrize(
    "corruption",
    one_of_each(CORRUPTIONS, lambda c: (c.kind, c.name, c.subject)),
    ids=lambda c: f"{c.kind.name} {c.name} {c.subject}: {c.after}",
)
def test_a_line_is_gone_or_another_one_where_what_it_says_is_changed(corruption: Corruption) -> None:
    kind, name, subject, before, file, old, new, after, everywhere = corruption
    assert old in FILES[file]
    said = line_of(clean(), kind, name, subject)
    assert said is not None
    assert before in said
    now = line_of(lines({file: FILES[file].replace(old, new, -1 if everywhere else 1)}), kind, name, subject)
    assert now is None if after is None else now is not None and after in now
    assert now != said


def test_every_kind_has_a_corruption() -> None:
    assert {corruption.kind for corruption in CORRUPTIONS} == set(LedgerKind)


def test_a_proof_by_exact_applies_its_theorem_too() -> None:
    proof = "  pull (blockGraph merge b c) xV seedV"
    exact = lines({MODULE: FILES[MODULE].replace(proof, proof.replace("pull", "by exact pull", 1))})
    assert FILES[MODULE].count(proof) == 1
    assert line_of(exact, LedgerKind.APPLIED, PULL, "") == line_of(clean(), LedgerKind.APPLIED, PULL, "")
