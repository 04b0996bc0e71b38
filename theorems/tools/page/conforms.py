"""What was found of a kernel: the errors of its worst entries against their bounds, by shape and mask."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from theorems.tools.page.charts import Axis, Bars, axis_of, bars, path
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
class ConformRow:
    """One line of the table: shape, mask, values, and of outputs and gradients the verdicts and the worst entry."""

    shape: str
    mask: str
    values: str
    verdict: str
    cells: tuple[tuple[str, str, str], ...]
    failed: str


@dataclass(frozen=True, slots=True)
class ConformView:
    """What was found of one function."""

    name: str
    sentence: str
    exit_code: int
    about: str
    scatter: Scatter | None
    rows: tuple[ConformRow, ...]
    rules: tuple[Bars, ...]
    remarks: tuple[str, ...]
    assumes: str


def conform_view(data: ReportData) -> ConformView:
    """The view of a report of `leanmirror conform`."""
    about = f"{data['kind']} in {data['arrays']}, {data['dtype']} on {data['device']}, seed {data['seed']}"
    remarks = tuple(filter(None, (*data["conduct"], data["suspicion"])))
    rows = tuple(map(_row, data["lines"]))
    return ConformView(
        data["implementation"], data["sentence"], data["exit_code"], about, _scatter(data["lines"]), rows,
        tuple(_rules(data["lines"])), remarks, data["assumes"],
    )  # fmt: skip


def _row(line: ReportData) -> ConformRow:
    shape, mask, values = line["row"]
    found = [line[part] for part in PARTS]
    verdicts = [t["worst"]["verdict"] for t in found if t]
    verdict = next((v for v in ("outside", "undecided", "inside") if v in verdicts), "not examined")
    return ConformRow(shape["name"], mask, values, verdict, tuple(map(_cells, found)), line["failed"])


def _cells(tally: ReportData | None) -> tuple[str, str, str]:
    if tally is None:
        return "not checked", "", ""
    counts = ", ".join(f"{tally[c]} {c}" for c in ("inside", "outside", "undecided") if tally[c])
    worst = tally["worst"]
    return counts, _known(worst["error"]), _known(worst["bound"])


def _known(size: float | None) -> str:
    return "unbounded" if size is None else power(size)


def _worst(lines: Sequence[ReportData]) -> Iterator[tuple[ReportData, str, ReportData]]:
    for line in lines:
        yield from ((line, part, line[part]["worst"]) for part in PARTS if line[part])


def _scatter(lines: Sequence[ReportData]) -> Scatter | None:
    """Of the worst entries those that have an error and a bound; the others are counted."""
    found = list(_worst(lines))
    drawn = [(line, part, w) for line, part, w in found if _is_size(w["error"]) and _is_size(w["bound"])]
    if not drawn:
        return None
    allowed = _allowed([line[part] for line, part, _ in drawn])
    sizes = [*allowed.values(), *(w[key] for _, _, w in drawn for key in ("error", "bound"))]
    x, y = axis_of(sizes, LEFT, RIGHT, DECADES), axis_of(sizes, BOTTOM, TOP, DECADES)
    shapes = list(dict.fromkeys(line["row"][0]["name"] for line in lines))
    marks = {shape: MARKS[k % len(MARKS)] for k, shape in enumerate(shapes)}
    groups = tuple(dict.fromkeys(_group(line["row"][1]) for line, _, _ in drawn))
    spots = tuple(
        Spot(
            x.at(w["bound"]), y.at(w["error"]), marks[line["row"][0]["name"]], groups.index(_group(line["row"][1])),
            w["verdict"], _said(line, part, w),
        )
        for line, part, w in drawn
    )  # fmt: skip
    ends = path([(x.at(10.0**k), y.at(10.0**k)) for k in (x.low, x.high)])
    rules = tuple(RuleLine(name, y.at(error), power(error)) for name, error in allowed.items())
    return Scatter(spots, x, y, ends, rules, tuple(marks.items()), groups, len(found) - len(drawn))


def _allowed(tallies: Sequence[ReportData]) -> dict[str, float]:
    """For each rule of others the median, over the rows, of the largest error that it lets pass."""
    names = dict.fromkeys(name for t in tallies for name in t["allowed"])
    return {name: median(t["allowed"][name] for t in tallies if name in t["allowed"]) for name in names}


def _is_size(size: float | None) -> bool:
    return size is not None and 0 < size < math.inf


def _group(mask: str) -> str:
    """What kind of mask it is."""
    kinds = {"no mask": "no mask", "causal": "causal", "blocked": "blocked rows"}
    return next((kind for word, kind in kinds.items() if word in mask), "other masks")


def _said(line: ReportData, part: str, worst: ReportData) -> str:
    shape, mask, values = line["row"]
    where = f"{shape['name']}, {mask}, {values} values: {PARTS[part]} {worst['verdict']}, {worst['place']}"
    allowed = "".join(f"; {name} lets {power(error)} pass" for name, error in line[part]["allowed"].items())
    return f"{where}: error {power(worst['error'])}, bound {power(worst['bound'])}{allowed}"


def _rules(lines: Sequence[ReportData]) -> Iterator[Bars]:
    """How many instances our bounds and the rules of others accept."""
    for part, said in PARTS.items():
        tallies = [line[part] for line in lines if line[part]]
        whole = sum(t[count] for t in tallies for count in ("inside", "outside", "undecided"))
        names = dict.fromkeys(name for t in tallies for name in t["accepted"])
        ours = {"our bounds": sum(t["inside"] for t in tallies)}
        accepted = {name: sum(t["accepted"].get(name, 0) for t in tallies) for name in names}
        if found := bars(f"accepted of {whole} {said if part == 'gradients' else 'outputs'}", ours | accepted, whole):
            yield found
