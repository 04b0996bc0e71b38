"""The shares of a run: traits added up by family, as percent of what was tried or measured."""

from __future__ import annotations

from theorems.engine.traits import EVERY_INPUT, IN_SOME, MEASURED
from theorems.tools.reports.shares import by_family

ONE = {"decoder block": 8, "ε = 0": 2, "mask: none": 5, "mask: block": 3, MEASURED: 4, EVERY_INPUT: 1, "active in Q": 2}
TWO = {"decoder block": 12, "ε = 0": 3, "values: tiny": 1, MEASURED: 4, EVERY_INPUT: 1, "active in Q": 0}
GRAPHS = {"graphs": 3, MEASURED: 0}


def test_traits_add_up_by_family_in_a_fixed_order() -> None:
    block, graphs = by_family([GRAPHS, ONE, TWO])
    assert (block.family, block.theorems, block.instances) == ("decoder block", 2, 20)
    assert (graphs.family, graphs.theorems, graphs.instances) == ("graphs", 1, 3)
    assert by_family([]) == []
    assert block.plain() == {"family": "decoder block", "theorems": 2, "traits": dict(block.traits)}


def test_shares_are_of_what_was_tried_or_measured() -> None:
    block, graphs = by_family([GRAPHS, ONE, TWO])
    assert (block.percent("ε = 0"), block.percent("a dimension 0")) == ("25 %", "")
    assert (block.kinds("mask"), block.kinds("values"), graphs.kinds("mask")) == (2, 1, 0)
    assert (block.active(), block.active(IN_SOME), graphs.active()) == ("25 % of 8", "", "")
    assert block.active_inputs() == {"Q": "25 %"}
    assert graphs.active_inputs() == {}
