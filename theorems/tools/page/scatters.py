"""The worst entries of a kernel's rows, by error and bound: to draw on the page and as a picture of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from theorems.tools.page.charts import Axis, axis_of, path
from theorems.tools.page.documents import ReportData
from theorems.tools.page.figures import power

PARTS = {"output": "output", "gradients": "gradients"}
LEFT, RIGHT, TOP, BOTTOM = 46.0, 386.0, 20.0, 290.0
DECADES = 12  # so many of the largest; what is smaller stands at the edge
MARKS = ("circle", "square", "diamond", "triangle", "cross", "plus")


@dataclass(frozen=True, slots=True)
class Spot:
    """The worst entry of a line's outputs or gradients: where it stands, its mark and its colour, and what it says."""

    x: float
    y: float
    mark: str
    group: int
    verdict: str
    said: str


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Where the line of a rule of others stands, and the error that it stands for."""

    name: str
    y: float
    error: str


@dataclass(frozen=True, slots=True)
class Scatter:
    """Errors over bounds on logarithmic axes; on the diagonal an error is its bound, above it is outside."""

    spots: tuple[Spot, ...]
    x: Axis
    y: Axis
    diagonal: str
    rules: tuple[RuleLine, ...]
    shapes: tuple[tuple[str, str], ...]
    groups: tuple[str, ...]
    nothing_lost: int


@dataclass(frozen=True, slots=True)
class WorstEntry:
    """The worst entry of the outputs or of the gradients of a row, which has an error and a bound."""

    shape: str
    kind: str
    verdict: str
    error: float
    bound: float
    said: str


def worst_entries(lines: Sequence[ReportData]) -> tuple[list[WorstEntry], int]:
    """Those that can be drawn, and how many cannot, because they have no error or no bound."""
    found = [(line, part, line[part]["worst"]) for line in lines for part in PARTS if line[part]]
    drawn = [(line, part, w) for line, part, w in found if _is_size(w["error"]) and _is_size(w["bound"])]
    return [_entry(*one) for one in drawn], len(found) - len(drawn)


def _entry(line: ReportData, part: str, w: ReportData) -> WorstEntry:
    shape, mask, values = line["row"]
    where = f"{shape['name']}, {mask}, {values} values: {PARTS[part]} {w['verdict']}, {w['place']}"
    allowed = "".join(f"; {name} lets {power(error)} pass" for name, error in line[part]["allowed"].items())
    said = f"{where}: error {power(w['error'])}, bound {power(w['bound'])}{allowed}"
    return WorstEntry(shape["name"], _kind(mask), w["verdict"], w["error"], w["bound"], said)


def _is_size(size: float | None) -> bool:
    return size is not None and 0 < size < math.inf


def _kind(mask: str) -> str:
    """What kind of mask it is."""
    kinds = {"no mask": "no mask", "causal": "causal", "blocked": "blocked rows"}
    return next((kind for word, kind in kinds.items() if word in mask), "other masks")


def allowed_by_others(lines: Sequence[ReportData]) -> dict[str, float]:
    """For each rule of others the median, over the rows, of the largest error that it lets pass."""
    tallies = [line[part] for line in lines for part in PARTS if line[part]]
    names = dict.fromkeys(name for t in tallies for name in t["allowed"])
    return {name: median(t["allowed"][name] for t in tallies if name in t["allowed"]) for name in names}


def scatter(lines: Sequence[ReportData]) -> Scatter | None:
    """The plot of the worst entries; None where none can be drawn."""
    found, others = worst_entries(lines)
    if not found:
        return None
    allowed = allowed_by_others(lines)
    sizes = [*allowed.values(), *(size for entry in found for size in (entry.error, entry.bound))]
    x, y = axis_of(sizes, LEFT, RIGHT, DECADES), axis_of(sizes, BOTTOM, TOP, DECADES)
    shapes = dict.fromkeys(entry.shape for entry in found)
    marks = {shape: MARKS[k % len(MARKS)] for k, shape in enumerate(shapes)}
    groups = tuple(dict.fromkeys(entry.kind for entry in found))
    spots = tuple(
        Spot(x.at(e.bound), y.at(e.error), marks[e.shape], groups.index(e.kind), e.verdict, e.said) for e in found
    )
    ends = path([(x.at(10.0**k), y.at(10.0**k)) for k in (x.low, x.high)])
    rules = tuple(RuleLine(name, y.at(error), power(error)) for name, error in allowed.items())
    return Scatter(spots, x, y, ends, rules, tuple(marks.items()), groups, others)
