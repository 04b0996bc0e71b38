"""The rows as a person reads them: what is not inside first, then one line for all the others of a shape."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from theorems.tools.conformance.design import TriedRow
from theorems.tools.conformance.tallies import Line, Tally
from theorems.tools.output.counted import counted

# More of what is not inside tells nobody more.
MOST = 20


def folded(lines: Iterable[Line]) -> tuple[list[Line], list[Line], int]:
    """The first rows that are not wholly inside, a line for the rest of each shape, and how many rows are left out."""
    rows, by_shape = list[Line](), dict[str, list[Line]]()
    for line in lines:
        if line.inside:
            by_shape.setdefault(line.row.shape.name, []).append(line)
        else:
            rows.append(line)
    return rows[:MOST], [_one(group) for group in by_shape.values()], len(rows[MOST:])


def _one(group: Sequence[Line]) -> Line:
    """Rows of a shape that are inside as one."""
    first, *more = group
    if not more:
        return first
    masks, values = (len(dict.fromkeys(line.row[k] for line in group)) for k in (1, 2))
    row = TriedRow(first.row.shape, counted(masks, "mask"), counted(values, "family"))
    output, gradients = (_sum([getattr(line, part) for line in group]) for part in ("output", "gradients"))
    return Line(row, sum(line.instances for line in group), output, gradients)


def _sum(tallies: Sequence[Tally | None]) -> Tally | None:
    """Tallies of rows that are inside as one; None where a row has none."""
    found = [t for t in tallies if t]
    if not found:
        return None
    return replace(
        max(found, key=lambda t: t.worst.rank),
        inside=sum(t.inside for t in found),
        error=max(t.error for t in found),
        bound=max((t.bound for t in found if math.isfinite(t.bound)), default=math.inf),
    )
