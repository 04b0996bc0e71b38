"""The table of shares: what stands in it, what is said where it does not fit, and nothing where nothing was counted."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.traits import EVERY_INPUT, IN_SOME, MEASURED
from theorems.tools.cli.render_shares import print_shares
from theorems.tools.reports.shares import by_family

BLOCK = {
    **{"decoder block": 200, "a dimension 0": 60, "every dimension ≥ 2": 90, "a dimension > 4": 20},
    **{"ε < 0": 80, "ε = 0": 40, "ε > 0": 160, "mask: none": 110, "mask: random": 90, "values: tiny": 200},
    **{MEASURED: 25, EVERY_INPUT: 15, IN_SOME: 22, "active in Q": 15, "active in Kᵀ": 0},
}
OTHERS = {"vectors, tensors and lists": 10}


def printed(*counted: dict[str, int], width: int) -> str:
    out = StringIO()
    print_shares(Console(file=out, width=width, highlight=False), by_family(counted), 1000)
    return out.getvalue()


def test_shares_are_a_table_where_it_fits() -> None:
    assert_snapshot("shares_wide", printed(BLOCK, OTHERS, width=240))


def test_shares_are_a_line_each_where_it_does_not() -> None:
    assert_snapshot("shares_narrow", printed(BLOCK, OTHERS, width=60))


def test_nothing_is_said_of_nothing_and_activity_only_where_it_was_measured() -> None:
    assert printed(width=240) == ""
    assert "Active" not in printed(OTHERS, width=240)
