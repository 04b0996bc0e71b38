"""A pair is one fault on both sides: a definition shows it, on a small text of our own and on a checkout."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from tests.faults.catalogue import named
from tests.faults.pairs.catalogue import PAIRS, UNCONSTRAINED
from tests.faults.pairs.pair import CORE, Edit, Pair
from tests.faults.pairs.showing import untrue
from tests.faults.pairs.source import SourceText, source_in
from tests.tools.audit.evaluated.texts import FILE, TEXT
from theorems.engine.registry import theorems

SMALL = SourceText(Reading({FILE: read_text(FILE, TEXT)}), {FILE: TEXT})
CAST = CORE + "castVec"
ENTRY = "v (Fin.cast h.symm k)"


def pair(new: str, fault: str = "castVec: every entry 1 more") -> Pair:
    return Pair(named(fault), (Edit(CAST, ENTRY, new),), (), shown_by=CAST)


def test_one_fault_on_both_sides_is_shown_by_its_definition() -> None:
    assert untrue(SMALL, pair(ENTRY + " + 1")) == ""


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (pair(ENTRY + " + 0"), f"the text alone does not change {CAST}: same function"),
        (pair(ENTRY + " + 1", "ctxSize 1 more"), f"the fault alone does not change {CAST}: same function"),
        (pair(ENTRY + " + 2"), f"the two are not the same fault of {CAST}: differs"),
    ],
)
def test_two_faults_are_no_pair(wrong: Pair, why: str) -> None:
    assert untrue(SMALL, wrong) == why


def test_what_no_definition_shows_says_why() -> None:
    assert untrue(SMALL, Pair(named("ctxSize 1 more"), (), (), unshown="there is none")) == ""


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (Edit(CAST, "w (", "v ("), f"{CAST} has 'w (' 0 times in its body, expected once"),
        (Edit(CORE + "appendVec", "a", "b"), f"{CORE}appendVec has 'a' 2 times in its body, expected once"),
        (Edit(CORE + "noSuch", "a", "b"), f"the source has no declaration {CORE}noSuch"),
    ],
)
def test_an_edit_without_one_place_is_refused(edit: Edit, why: str) -> None:
    with pytest.raises(LookupError, match=r"^.*$") as refused:
        SMALL.edited(edit)
    assert str(refused.value) == why


def test_edits_of_one_file_are_made_one_after_the_other() -> None:
    twice = SMALL.edited(Edit(CAST, ENTRY, f"{ENTRY} + 1")).edited(Edit(CORE + "ctxSize", "=> 0", "=> 1"))
    assert twice.texts[FILE] == TEXT.replace(ENTRY, f"{ENTRY} + 1").replace("[] => 0", "[] => 1")
    assert twice.evaluator().call(CORE + "ctxSize", **{"": ()}) == 1


def test_an_instance_goes_by_its_type() -> None:
    changed = SMALL.edited(Edit("MathFunctions ℝ", "exp := Real.exp", "exp := Real.tanh"))
    assert changed.texts[FILE] == TEXT.replace("exp := Real.exp", "exp := Real.tanh")


def test_every_theorem_is_reached_by_a_pair_or_has_its_reason() -> None:
    reached = {name for one in PAIRS for name in one.theorems}
    assert not reached & UNCONSTRAINED.keys()
    assert theorems().keys() <= reached | UNCONSTRAINED.keys()


def test_names_of_pairs_tell_them_apart() -> None:
    assert len({one.name for one in PAIRS}) == len(PAIRS)


def test_each_pair_is_one_fault_on_both_sides(torchlean: Path) -> None:
    source = source_in(torchlean)
    assert {one.name: why for one in PAIRS if (why := untrue(source, one))} == {}
