"""A benchmark to look at: ratios to ours as bars with quartiles, and how memory grows with S."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from theorems.tools.output.counted import counted
from theorems.tools.page.charts import Axis, axis_of, path
from theorems.tools.page.documents import ReportData

OURS = "leanmirror"
PASSES = {"forward": "forward", "vjp": "forward and VJP"}
START, END, ROW = 0.0, 340.0, 36.0  # of a plot of ratios: where its axis begins and ends, the height of a row


@dataclass(frozen=True, slots=True)
class RatioRow:
    """One contestant: the median of its ratio to ours between its quartiles, in words and as places."""

    name: str
    said: str
    median: float
    q1: float
    q3: float
    y: float


@dataclass(frozen=True, slots=True)
class Ratios:
    """The ratios of one size and one pass; `one` is the place of 1, which is ours."""

    title: str
    rows: tuple[RatioRow, ...]
    axis: Axis
    one: float
    height: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A law of growth: points on two logarithmic axes, the line through them, and what it says."""

    title: str
    line: str
    points: tuple[tuple[float, float, str], ...]
    x: tuple[tuple[float, str], ...]
    y: Axis
    said: str


@dataclass(frozen=True, slots=True)
class BenchView:
    """A benchmark: the machine, whether ours holds, the ratios, growth, and what was not timed with the reason."""

    machine: str
    holds: bool | None
    ratios: tuple[Ratios, ...]
    growth: tuple[Growth, ...]
    left_out: tuple[tuple[str, str], ...]
    laws: tuple[str, ...]
    versions: str


def bench_view(data: ReportData) -> BenchView:
    """The view of a benchmark's report, of a CPU or a GPU."""
    machine = data["machine"]
    said = f"{machine['name']}, {data['clock']}, median of {counted(data['rounds'], 'round')}"
    versions = ", ".join(f"{name} {version}" for name, version in data["versions"].items())
    parts = _of_gpu(data) if "problems" in data else _of_cpu(data)
    return BenchView(said, data["holds"], *parts, versions)


BenchParts = tuple[tuple[Ratios, ...], tuple[Growth, ...], tuple[tuple[str, str], ...], tuple[str, ...]]


def _of_cpu(data: ReportData) -> BenchParts:
    ratios, left_out = [], []
    for size in data["sizes"]:
        for key, said in PASSES.items():
            spreads = {row["name"]: row["over_ours"].get(key) for row in size["candidates"]}
            ratios += _ratios(f"{size['name']}, {size['bias']} bias: {said}", spreads)
        left_out += [(name, "wrong, not timed") for name in size["wrong"]]
        left_out += list(size["skipped"].items())
    growth = data["growth"]
    laws = (
        [_law("extra memory of forward and VJP", growth["seq_len"], _mib(growth), growth["exponent"])] if growth else []
    )
    return tuple(ratios), tuple(laws), tuple(dict.fromkeys(left_out)), ()


def _mib(growth: ReportData) -> list[float]:
    return [number / 2**20 for number in growth["temp_bytes"]]


def _of_gpu(data: ReportData) -> BenchParts:
    """Over the median of our quickest path at the same problem: the report has no ratios round by round."""
    ratios, left_out = [], []
    for problem in data["problems"]:
        timed = [row for row in problem["rows"] if "seconds" in row]
        for key, said in PASSES.items():
            ours = [row["seconds"][key]["median"] for row in timed if row["name"].startswith(OURS)]
            if ours:
                spreads = {row["name"]: _over(row["seconds"][key], min(ours)) for row in timed}
                ratios += _ratios(f"{_problem(problem)}: {said}, over our quickest path", spreads)
        left_out += [(row["name"], row["not_measured"]) for row in problem["rows"] if "not_measured" in row]
    laws = [law for law in data["growth"] if law["exponent"] is not None]
    said = (f"{law['name']}, {law['dtype']}, {law['bias']} bias: like S to the {law['exponent']:.2f}" for law in laws)
    return tuple(ratios), (), tuple(dict.fromkeys(left_out)), tuple(f"extra memory, {one}" for one in said)


def _over(spread: ReportData, ours: float) -> dict[str, float]:
    return {key: seconds / ours for key, seconds in spread.items()}


def _problem(problem: ReportData) -> str:
    return f"{counted(problem['dims']['positions'], 'position')}, {problem['dtype']}, {problem['bias']} bias"


def _ratios(title: str, spreads: Mapping[str, ReportData | None]) -> Iterator[Ratios]:
    """The plot of some spreads; none where nothing was timed."""
    known = {name: spread for name, spread in spreads.items() if spread}
    if not known:
        return
    values = [spread[key] for spread in known.values() for key in ("q1", "q3")]
    axis = axis_of([*values, 1.0], START, END)
    rows = tuple(_row(name, spread, axis, k) for k, (name, spread) in enumerate(known.items()))
    yield Ratios(title, rows, axis, axis.at(1), ROW * len(rows))


def _row(name: str, s: ReportData, axis: Axis, k: int) -> RatioRow:
    said = f"{s['median']:.2f} [{s['q1']:.2f}, {s['q3']:.2f}]"
    return RatioRow(name, said, axis.at(s["median"]), axis.at(s["q1"]), axis.at(s["q3"]), ROW * k)


def _law(title: str, sizes: Sequence[int], values: Sequence[float], exponent: float | None) -> Growth:
    x, y = axis_of([float(size) for size in sizes], 60, 330), axis_of(values, 170, 12)
    points = [(x.at(size), y.at(value)) for size, value in zip(sizes, values, strict=True)]
    words = [f"S = {size}: {value:.1f} MiB" for size, value in zip(sizes, values, strict=True)]
    said = f"It grows like S to the {exponent:.2f}." if exponent is not None else "It holds no memory besides."
    ticks = tuple((at, str(size)) for (at, _), size in zip(points, sizes, strict=True))
    marked = tuple((px, py, word) for (px, py), word in zip(points, words, strict=True))
    return Growth(title, path(points), marked, ticks, y, said)
