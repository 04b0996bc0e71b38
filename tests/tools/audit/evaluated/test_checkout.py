"""Every definition and theorem of a TorchLean checkout, where there is one: the same function, the same conclusion."""

from __future__ import annotations

import os
from pathlib import Path

from lean_refs import load_pin
from mirror.rooms import links
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.cli.values import evaluated, evaluator_of
from theorems.tools.weights import weight


def test_every_definition_is_compared_and_none_differs(torchlean: Path) -> None:
    found = list(evaluated(torchlean, list(links()), 1, os.cpu_count() or 1))
    assert len(found) == len(links())
    assert {o.name: o.why for o in found if o.ending in (ComparisonEnding.DIFFERS, ComparisonEnding.RAISED)} == {}
    outside = {o.name: o.why for o in found if o.ending is ComparisonEnding.NOT_EVALUATED}
    assert len(outside) <= 5, outside
    assert not [why for why in outside.values() if "gets no argument of Lean" in why]


def test_every_theorem_has_the_same_conclusion_but_a_few_by_name(torchlean: Path) -> None:
    names = [d.name for d in load_pin().theorems]
    found = list(evaluated(torchlean, names, 1, os.cpu_count() or 1))
    assert len(found) == len(names) >= 91
    others = {o.name: f"{o.ending.value}: {o.why}" for o in found if o.ending is not ComparisonEnding.SAME}
    assert others.keys() == {"Proofs.eventually_of_forall"}, others


LIGHT = 60  # so many declarations a definition may rest on: under contracts heavier ones take minutes


def test_every_argument_and_result_is_of_its_declared_type(torchlean: Path) -> None:
    evaluator = evaluator_of(torchlean)
    light = [link for name, link in links().items() if weight(name) <= LIGHT]
    with evaluator.under_contracts():
        found = [compared(evaluator, link, 0) for link in light]  # the simplest instance of each
    assert len(found) >= 198
    assert {o.name: o.why for o in found if o.ending is not ComparisonEnding.SAME} == {}
