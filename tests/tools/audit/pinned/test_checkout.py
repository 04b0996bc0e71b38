"""What is pinned, against a TorchLean checkout of the pinned revision, where there is one."""

from __future__ import annotations

from pathlib import Path

from lean_refs.facts import PINNED_REVISION
from lean_refs.pin import pinned_fingerprints, pinned_numbers, raw_pin
from mirror.rooms import links
from theorems.engine.registry import theorems
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.pinned.conclusions.making import concluded
from theorems.tools.audit.pinned.holding import in_a_text
from theorems.tools.audit.pinned.kept import PinnedNumbers
from theorems.tools.audit.pinned.making import QUICK, made
from theorems.tools.cli.values import evaluator_of
from theorems.tools.weights import weight


def test_the_text_gives_what_is_pinned_and_the_quick_ones_are_made_again_alike(torchlean: Path) -> None:
    kept, evaluator = PinnedNumbers(PINNED_REVISION, pinned_fingerprints(raw_pin())), evaluator_of(torchlean)
    for name, link in links().items():
        if weight(name) <= QUICK:
            found = kept.current(name)
            assert found is not None, name
            outcome = in_a_text(found, evaluator, name)
            assert outcome.ending in (ComparisonEnding.SAME, ComparisonEnding.NOT_EVALUATED), outcome
            assert made(evaluator, link, found.text).data() == found.data()


def test_the_conclusions_of_what_is_quick_are_made_again_alike(torchlean: Path) -> None:
    kept = {entry["name"]: entry for entry in pinned_numbers()}
    for name in (name for name in theorems() if weight(name) <= QUICK):
        assert concluded(evaluator_of(torchlean), name, kept[name]["text"]).data() == kept[name]
