"""Both conclusions with the same fault below both, on a small text of our own: alike, apart by name, or undecided."""

from __future__ import annotations

import pytest

from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from tests.faults.catalogue import named
from tests.faults.pairs import ending
from tests.faults.pairs.catalogue import UNCONSTRAINED
from tests.faults.pairs.ending import End, Row, counted, row
from tests.faults.pairs.pair import CORE, Edit, Pair
from tests.faults.pairs.source import SourceText
from tests.tools.audit.evaluated.statements import STATEMENTS
from tests.tools.audit.evaluated.texts import FILE, TEXT

ENTRY = "v (Fin.cast h.symm k)"
CAST = Pair(named("castVec: every entry 1 more"), (Edit(CORE + "castVec", ENTRY, f"{ENTRY} + 1"),), ())
SIZE = Pair(named("ctxSize 1 more"), (Edit(CORE + "ctxSize", "=> 0", "=> 1"),), ())
ADD = CORE + "castVec_add"
SUM = "castVec h (u + v) = castVec h u + castVec h v"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "LIGHT", 4)
    monkeypatch.setattr(ending, "MORE", 2)


def with_statements(old: str = "", new: str = "") -> SourceText:
    assert STATEMENTS.count(old) == 1 or not old, old
    text = TEXT + (STATEMENTS.replace(old, new) if old else STATEMENTS)
    return SourceText(Reading({FILE: read_text(FILE, text)}), {FILE: text})


@pytest.mark.parametrize("name", [ADD, CORE + "castVec_castVec"])
def test_the_same_fault_makes_both_conclusions_fail(name: str) -> None:
    found = row(with_statements(), CAST, name)
    assert found.right
    assert found.fail >= 2
    assert found.hold + found.fail == 4


def test_a_fault_that_a_theorem_does_not_reach_leaves_both_true() -> None:
    found = row(with_statements(), SIZE, CORE + "ctxSize_snoc")
    assert found == Row(SIZE.name, CORE + "ctxSize_snoc", hold=8, fail=0, open=0)
    assert not found.right


BINDERS = "castVec_add {n m : Nat} (h : n = m)"
WEAKER = CAST, ADD, SUM, "castVec h (u + v) = castVec h (u + v)"
NARROWER = CAST, ADD, BINDERS, BINDERS.replace("=", "≠")
STRONGER = SIZE, CORE + "ctxSize_snoc", "Shape.size τ :=", "Shape.size τ + 1 :="


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    ("pair", "name", "old", "new", "apart"),
    [
        (*WEAKER, "holds in the text, fails here"),
        (*NARROWER, "a hypothesis fails in the text, fails here"),
        (*STRONGER, "fails in the text, holds here"),
    ],
)
def test_a_weaker_or_stronger_statement_ends_apart(pair: Pair, name: str, old: str, new: str, apart: str) -> None:
    found = row(with_statements(old, new), pair, name)
    assert not found.right
    assert f"instance 1: {apart}" in found.apart


def test_what_is_not_evaluated_is_undecided() -> None:
    found = row(with_statements(SUM, "castVec h (Real.cosh u) = v"), CAST, ADD)
    assert (found.hold, found.fail, found.open, found.apart) == (0, 0, 8, ())


def test_an_index_of_nothing_leaves_all_true() -> None:
    found = row(with_statements(), CAST, CORE + "evalCLM_apply")
    assert found.hold == 8


def test_what_is_said_of_all_vectors_may_fail_at_another_one() -> None:
    ends = [(End.FAILS, End.HOLDS), (End.FAILS, End.FAILS), (End.OPEN, End.FAILS)]
    name = CORE + "Node.jvpVec_ofVec"
    assert counted(CAST, name, ends) == Row(CAST.name, name, hold=0, fail=1, open=1)
    assert counted(CAST, ADD, ends).apart == ("instance 0: fails in the text, holds here",)
    weaker = [(End.HOLDS, End.FAILS)]
    assert counted(CAST, name, weaker).apart == ("instance 0: holds in the text, fails here",)


def test_a_lemma_about_lists_alone_says_less_than_its_counterpart() -> None:
    name = CORE + "Idx.get_append_left"
    found = row(with_statements(), Pair(named("weakening shifts the index"), (), ()), name)
    assert found.apart
    assert all(one.endswith("holds in the text, fails here") for one in found.apart)
    assert name in UNCONSTRAINED
