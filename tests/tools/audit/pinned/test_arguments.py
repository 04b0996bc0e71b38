"""Every mirrored definition tells by names and kinds which argument of Lean each of its parameters gets.

Without a checkout: the arguments of Lean are those that the pin keeps, with their names.
"""

from __future__ import annotations

from typing import Any

import pytest

from lean_refs.facts import PINNED_REVISION
from lean_refs.pin import pinned_fingerprints, pinned_numbers, raw_pin
from mirror.links import Link
from mirror.nodes.graph_composition import DGraph
from mirror.rooms import links
from tests.tools.audit.pinned.test_kept import OUTSIDE
from theorems.tools.audit.evaluated.matching import UnmatchedError, matched
from theorems.tools.audit.evaluated.same import node_of
from theorems.tools.audit.evaluated.types import DIMENSIONS
from theorems.tools.audit.pinned import kept
from theorems.tools.audit.pinned.kept import PinnedNumbers

AFFINE = "Proofs.Autograd.TapeNodes.affine"
PRINTS = pinned_fingerprints(raw_pin())


def unmatched() -> dict[str, str]:
    """The definitions of which something gets no argument of Lean, each with what."""
    numbers = PinnedNumbers(PINNED_REVISION, PRINTS)
    found = {link.lean: _lacking(numbers, link) for link in links().values()}
    return {name: why for name, why in found.items() if why}


def _lacking(numbers: PinnedNumbers, link: Link) -> str:
    pinned = numbers.current(link.lean)
    if pinned is None:
        return "no arguments of it are pinned"
    if link.lean in DIMENSIONS or not pinned.instances:  # a type: its fields or its dimension are compared
        return "" if link.lean in OUTSIDE or link.lean in DIMENSIONS or pinned.declared else pinned.outside
    try:
        for instance in pinned.instances:
            given = instance.given()
            matched(link.target, given, node_of(link.lean, given))
    except UnmatchedError as why:
        return str(why)
    return ""


def test_every_parameter_of_every_counterpart_gets_an_argument_of_lean() -> None:
    assert unmatched() == {}


def test_a_counterpart_that_takes_what_lean_does_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_more(idx: Any, s_out: Any, a: Any, b: Any, graph: DGraph) -> None: ...

    link = links()[AFFINE]
    monkeypatch.setattr(f"{link.module}.{link.qualname}", with_more)
    said = unmatched()
    # The certificate of the node is called with the node, so that it lacks the same.
    assert said.keys() == {AFFINE, f"{AFFINE}Fderiv"}
    assert said[AFFINE].startswith("the parameter graph of ")


def test_a_definition_of_which_nothing_is_pinned_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: [e for e in pinned_numbers() if e["name"] != AFFINE])
    assert unmatched() == {AFFINE: "no arguments of it are pinned"}
