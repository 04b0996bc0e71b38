"""What was found of a kernel: the errors of its worst entries against their bounds, by shape and mask."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from theorems.engine.evidence.floats import FloatVerdict
from theorems.tools.page.charts import Bars, bars
from theorems.tools.page.documents import ReportData, one_of
from theorems.tools.page.figures import power
from theorems.tools.page.scatters import PARTS, Scatter, scatter


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
        data["implementation"], data["sentence"], data["exit_code"], about, scatter(data["lines"]), rows,
        tuple(_rules(data["lines"])), remarks, data["assumes"],
    )  # fmt: skip


def _row(line: ReportData) -> ConformRow:
    shape, mask, values = line["row"]
    found = [line[part] for part in PARTS]
    verdicts = [one_of(FloatVerdict, t["worst"]["verdict"], f"a verdict of {shape['name']}") for t in found if t]
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
