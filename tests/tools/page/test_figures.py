"""Every number of a report that the page shows stands there as it is in the report, beside the name that it is of."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from itertools import count
from statistics import median
from typing import Any

import pytest

from tests.source import ROOT
from tests.tools.bench.fields import document, row, size
from tests.tools.page.reports import conform, line, tally, written
from theorems.engine.registry import get
from theorems.tools.hypotheses.labels import weighed
from theorems.tools.hypotheses.record import recorded
from theorems.tools.hypotheses.report import document as hypotheses_document
from theorems.tools.page.documents import read_reports
from theorems.tools.page.page import page_view
from theorems.tools.page.render import html

PASSES = {"forward": "forward", "vjp": "forward and VJP"}
PARTS = {"output": "outputs", "gradients": "gradients"}
COUNTS = ("inside", "outside", "undecided")
# What the page does not show, by where it stands in a report. A number that is neither here nor on the page is missed.
NOT_SHOWN = {
    "bench": (
        "machine.cores", "gate", "sizes.*.dims", "sizes.*.matmul", "sizes.*.candidates.*.seconds",
        *(f"sizes.*.candidates.*.{name}" for name in ("error", "compile_seconds", "temp_bytes", "of_matmul")),
    ),
    "gpu": (
        "machine.cores", "matmul", "growth.*.positions", "growth.*.temp_bytes_per_example", "problems.*.plan_seconds",
        *(f"problems.*.dims.{name}" for name in ("batch", "heads", "head_dim")),
        *(f"problems.*.rows.*.{name}" for name in ("error", "first_seconds", "temp_bytes", "flops_per_second")),
        "problems.*.rows.*.of_matmul",
    ),
    "conform": (
        "exit_code",  # in words
        *(f"lines.*.{part}.{name}" for part in PARTS for name in ("error", "bound", "number")),  # the worst entry is
    ),
    "hypotheses": ("labels.*.met", "labels.*.counterexample"),  # a command replays them
}  # fmt: skip
Place = tuple[str | int, ...]


class Asked:
    """A report that remembers which of its numbers were asked for."""

    def __init__(self, data: Any) -> None:
        self.data, self.asked = data, set[Place]()

    def __call__(self, *place: str | int) -> Any:
        found = self.data
        for key in place:
            found = found[key]
        self.asked.add(place)
        return found

    def left(self) -> set[str]:
        """Where the numbers stand that nobody asked for, whatever their number in a list."""
        places = {place for place, _ in numbers(self.data)} - self.asked
        return {".".join("*" if isinstance(key, int) else key for key in place) for place in places}


def numbers(data: Any, place: Place = ()) -> Iterator[tuple[Place, float]]:
    """The numbers of a report with their places."""
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from numbers(value, (*place, key))
    elif isinstance(data, int | float) and not isinstance(data, bool):
        yield place, data


# ---- the reports: no two numbers of one are the same, so that none can stand for another


def different(data: Any, at: Iterator[int] | None = None) -> Any:
    """The report with other numbers, each its own."""
    at = at or count(3)
    if isinstance(data, dict):
        return {key: different(value, at) for key, value in data.items()}
    if isinstance(data, list):
        return [different(value, at) for value in data]
    if isinstance(data, bool) or not isinstance(data, int | float):
        return data
    return 7 * next(at) if isinstance(data, int) else 1.13 ** next(at)


def bench_report() -> dict[str, Any]:
    sizes = [size(name, row("leanmirror", 1, 2), row("a peer", 3, 8)) for name in ("small", "large")]
    found = different(document(*sizes))
    found["growth"]["temp_bytes"] = [5 << 20, 13 << 20]
    return found


def gpu_report() -> dict[str, Any]:
    return json.loads((ROOT / "benchmarks" / "figures" / "gpu-h200.json").read_text("utf-8"))


def conform_report() -> dict[str, Any]:
    lines = (
        line("no mask", tally(1e-7, 1e-6, KernelBench=1, flash=1), tally(1e-4, 1e-6, "outside", flash=1)),
        line("causal, gap -1e9", tally(1e-3, 1e-2, KernelBench=1), tally(1e-5, None, "undecided")),
    )
    found = different(conform(*lines))
    for k, part in enumerate(found["lines"][i][part] for i in range(2) for part in PARTS):
        part["worst"]["error"] *= 10.0 ** -(5 * k + 3)  # some so small that they are powers of ten
    return found


def hypotheses_report() -> dict[str, Any]:
    return json.loads(hypotheses_document([(get(entry.theorem), entry) for entry in weighed()], recorded()))


REPORTS: dict[str, Callable[[], dict[str, Any]]] = {
    "bench": bench_report,
    "gpu": gpu_report,
    "conform": conform_report,
    "hypotheses": hypotheses_report,
}


@pytest.fixture(scope="module")
def reports() -> dict[str, dict[str, Any]]:
    return {name: made() for name, made in REPORTS.items()}


@pytest.fixture(scope="module")
def page(reports: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("figures")
    return html(page_view(read_reports([written(folder, **reports)]), folder))


# ---- what the page shows, and what it is to show


def labels(text: str, pattern: str = "") -> list[str]:
    """The words for a screen reader of all drawings, those with a pattern in them."""
    return [
        said
        for found in re.findall(r'role="img" aria-label="([^"]*)"', text)
        if re.search(pattern, said := unescape(found))
    ]


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of all tables, as text."""
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", one, re.DOTALL) for one in re.findall(r"<tr>(.*?)</tr>", text)]
    return [[unescape(re.sub(r"<[^>]*>", " ", cell)).strip() for cell in found] for found in cells]


def section(text: str, name: str) -> str:
    return text[text.index(f'<section id="{name}"') :].partition("</section>")[0]


def bench_figures(report: Asked, page: str) -> Iterator[tuple[Any, Any]]:
    text = section(page, "bench")
    expected = []
    for i, one in enumerate(report.data["sizes"]):
        for key, said in PASSES.items():
            told = [
                "{0} {median:.2f} [{q1:.2f}, {q3:.2f}]".format(
                    candidate["name"],
                    **{q: report("sizes", i, "candidates", k, "over_ours", key, q) for q in ("median", "q1", "q3")},
                )
                for k, candidate in enumerate(one["candidates"])
            ]
            expected.append(f"{one['name']}, {one['bias']} bias: {said}: {'; '.join(told)}")
    yield [said for said in labels(text) if said.startswith(("small", "large"))], expected
    lengths = range(len(report.data["growth"]["seq_len"]))
    points = [(report("growth", "seq_len", k), report("growth", "temp_bytes", k) / 2**20) for k in lengths]
    grown = "; ".join(f"S = {length}: {memory:.1f} MiB" for length, memory in points)
    law = f"It grows like S to the {report('growth', 'exponent'):.2f}."
    yield labels(text, "memory"), [f"extra memory of forward and VJP: {grown}. {law}"]
    yield f"median of {report('rounds')} rounds" in text, True


def gpu_figures(report: Asked, page: str) -> Iterator[tuple[Any, Any]]:
    text, expected = section(page, "bench"), []
    for i, problem in enumerate(report.data["problems"]):
        timed = [k for k, one in enumerate(problem["rows"]) if "seconds" in one]
        names = {k: problem["rows"][k]["name"] for k in timed}
        about = f"{report('problems', i, 'dims', 'positions'):,} positions, {problem['dtype']}, {problem['bias']} bias"
        for key, said in PASSES.items():
            seconds = {
                k: {q: report("problems", i, "rows", k, "seconds", key, q) for q in ("median", "q1", "q3")}
                for k in timed
            }
            ours = min((seconds[k]["median"] for k in timed if names[k].startswith("leanmirror")), default=None)
            told = [
                f"{names[k]} {s['median'] / ours:.2f} [{s['q1'] / ours:.2f}, {s['q3'] / ours:.2f}]"
                for k, s in seconds.items()
                if ours
            ]
            expected += [f"{about}: {said}, over our quickest path: {'; '.join(told)}"] if told else []
    yield labels(text, "over our quickest path"), expected
    laws = [
        f"extra memory, {law['name']}, {law['dtype']}, {law['bias']} bias: "
        f"like S to the {report('growth', k, 'exponent'):.2f}"
        for k, law in enumerate(report.data["growth"])
        if law["exponent"] is not None
    ]
    yield [unescape(said) for said in re.findall(r"<li>(extra memory, .*?)</li>", text)], laws
    yield f"median of {report('rounds')} rounds" in text, True


def conform_figures(report: Asked, page: str) -> Iterator[tuple[Any, Any]]:
    text, expected, spots = section(page, "conform"), [], []
    found = list(enumerate(report.data["lines"]))
    for k, one in found:
        cells = []
        for part in PARTS:
            counts = {c: report("lines", k, part, c) for c in COUNTS}
            error, bound = (report("lines", k, part, "worst", name) for name in ("error", "bound"))
            cells += [", ".join(f"{n} {c}" for c, n in counts.items() if n), spelled(error), spelled(bound)]
            allowed = {name: report("lines", k, part, "allowed", name) for name in one[part]["allowed"]}
            lets = "".join(f"; {name} lets {spelled(size)} pass" for name, size in allowed.items())
            spots += [f"error {spelled(error)}, bound {spelled(bound)}{lets}"] if bound else []
        expected.append([one["row"][1], *cells])
    yield [[cells[1], *cells[4:]] for cells in rows(text)[1:]], expected
    titles = [unescape(said) for said in re.findall(r"<title>(.*?)</title>", text)]
    yield [said.partition(": ")[2].partition(", output[0]: ")[2] for said in titles if "error" in said], spots
    yield labels(text, "^accepted of"), [accepted(report, part, said) for part, said in PARTS.items()]
    for rule in ("KernelBench", "flash"):
        sizes = [one[part]["allowed"][rule] for _, one in found for part in PARTS if rule in one[part]["allowed"]]
        yield f"{rule}, {spelled(median(sizes))}</li>" in text, True
    yield f"seed {report('seed')}" in text, True


def accepted(report: Asked, part: str, said: str) -> str:
    lines = range(len(report.data["lines"]))
    whole = sum(report("lines", k, part, c) for k in lines for c in COUNTS)
    rules = dict.fromkeys(name for k in lines for name in report.data["lines"][k][part]["accepted"])
    told = [f"our bounds {sum(report('lines', k, part, 'inside') for k in lines):,}"]
    for rule in rules:
        some = [k for k in lines if rule in report.data["lines"][k][part]["accepted"]]
        told.append(f"{rule} {sum(report('lines', k, part, 'accepted', rule) for k in some):,}")
    return f"accepted of {whole} {said}: {', '.join(told)}"


def hypotheses_figures(report: Asked, page: str) -> Iterator[tuple[Any, Any]]:
    expected: dict[tuple[str, str], str] = {}
    for k, entry in enumerate(report.data["labels"]):
        told = ", ".join(f"{report('labels', k, 'outcomes', ending)} {ending}" for ending in entry["outcomes"])
        expected |= {(entry["theorem"], name): told for name in entry["hypotheses"]}
    shown = {}
    for name, article in re.findall(r'<article id="d-([^"]*)".*?>(.*?)</article>', page, re.DOTALL):
        for cells in rows(article):
            if len(cells) == 4 and (name, cells[0]) in expected:
                searched = re.search(r"searched: ([^<]*?)(?:  |$)", cells[3])
                shown[name, cells[0]] = searched[1].strip() if searched else ""
    yield shown, expected
    labelled = Counter(e["label"] for e in report.data["labels"] if not e["in the types"] for _ in e["hypotheses"])
    card = page[page.index(">Hypotheses</a>") :].partition("</div>")[0]
    told = [f"<strong>{labelled.total()} hypotheses</strong>", *(f"{n} {label}" for label, n in labelled.items())]
    yield [said for said in told if said in card], told


def spelled(size: float | None) -> str:
    """A size as the page spells it, computed in another way: 1.6·10⁻³², or three digits."""
    if size is None:
        return "unbounded"
    if 1e-3 <= size < 1e5:
        return f"{size:.3g}"
    digits, exponent = f"{size:.1e}".split("e")
    return f"{digits}·10" + "".join("⁻" if c == "-" else "⁰¹²³⁴⁵⁶⁷⁸⁹"[int(c)] for c in str(int(exponent)))


FIGURES = {"bench": bench_figures, "gpu": gpu_figures, "conform": conform_figures, "hypotheses": hypotheses_figures}


@pytest.mark.parametrize("kind", list(REPORTS))
def test_the_page_shows_the_figures_of_its_reports(kind: str, reports: dict[str, dict[str, Any]], page: str) -> None:
    report = Asked(reports[kind])
    for shown, expected in FIGURES[kind](report, page):
        assert expected
        assert shown == expected
    left = {place for place in report.left() if not place.startswith(NOT_SHOWN[kind])}
    assert left == set(), "they are on the page and not compared with it, or want a place in NOT_SHOWN"
    assert [place for place in NOT_SHOWN[kind] if not any(one.startswith(place) for one in report.left())] == []
