"""Rows are begun before they are needed, some and not all, and come in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mirror.bounds.declared import declared_for
from theorems.tools.conformance.ahead import AHEAD, prepared
from theorems.tools.conformance.kinds import ATTENTION
from theorems.tools.conformance.wanted import Wanted


def test_rows_come_in_their_order_a_few_are_begun_before_and_none_that_is_left_out() -> None:
    wanted = Wanted.of(ATTENTION, "float32", 1, 0, shapes=("one of everything", "one position"))
    begun: list[int] = []

    def begin(function: Callable[..., Any], *arguments: Any) -> Callable[[], Any]:
        begun.append(len(begun))
        return lambda: len(begun)

    every = prepared(ATTENTION, wanted, declared_for("float32"), begin, lambda row: False)
    assert [row.row for row in every] == list(wanted.rows)
    assert len(begun) == len(wanted.rows) > 2 * AHEAD
    begun.clear()
    one = next(prepared(ATTENTION, wanted, declared_for("float32"), begin, lambda row: row.mask == "no mask"))
    assert len(begun) == AHEAD  # of the first that are prepared all but this one
    assert one.row.mask == "no mask"
    assert len(one.known()) == 1  # computed here, where it is asked for
