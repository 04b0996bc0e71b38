"""The rows as a person reads them: nothing that is not inside is folded away, and no count is lost."""

from __future__ import annotations

import math

from theorems.tools.conformance.design import TriedRow
from theorems.tools.conformance.folding import MOST, folded
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, JudgedEntry
from theorems.tools.conformance.kinds import ATTENTION
from theorems.tools.conformance.tallies import Line, Tally

SMALL, ODD, *_ = ATTENTION.shapes


def tallied(inside: int, outside: int = 0, undecided: int = 0, error: float = 1.0, bound: float = 2.0) -> Tally:
    entry = JudgedEntry(OUTSIDE if outside else INSIDE, "output[0]", "0", "0", error, bound)
    return Tally(inside, outside, undecided, error, bound, 0, entry)


def test_what_is_not_inside_comes_first_and_the_rest_is_one_line_for_each_shape() -> None:
    lines = [
        Line(TriedRow(SMALL, "no mask", "ordinary"), 2, tallied(2, error=1.0, bound=math.inf), tallied(2)),
        Line(TriedRow(SMALL, "blocks", "tiny"), 2, tallied(2, error=3.0, bound=4.0)),
        Line(TriedRow(SMALL, "blocks", "ordinary"), 2, tallied(1, undecided=1)),
        Line(TriedRow(SMALL, "random mask", "ordinary"), 2, failed="it raised"),
        Line(TriedRow(ODD, "no mask", "ordinary"), 2, tallied(2), tallied(1, outside=1)),
        Line(TriedRow(ODD, "blocks", "ordinary"), 2, tallied(2)),
    ]
    rows, inside, left_out = folded(lines)
    assert (rows, left_out) == (lines[2:5], 0)
    small, odd = inside
    assert odd is lines[5]
    assert (small.row, small.instances) == (TriedRow(SMALL, "2 masks", "2 families"), 4)
    assert small.output
    assert (small.output.inside, small.output.error, small.output.bound) == (4, 3.0, 4.0)
    assert small.gradients
    assert small.gradients.inside == 2
    assert folded([lines[1], lines[1]])[1][0].gradients is None


def test_of_many_rows_that_are_not_inside_the_first_are_shown() -> None:
    lines = [Line(TriedRow(SMALL, "no mask", "ordinary"), 2, tallied(0, outside=2))] * (MOST + 3)
    rows, inside, left_out = folded(lines)
    assert (len(rows), inside, left_out) == (MOST, [], 3)
