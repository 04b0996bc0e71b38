"""What `leanmirror bench --device gpu` prints: a table for every problem, and how memory grows."""

from __future__ import annotations

from collections.abc import Iterator

from rich.table import Table

from theorems.tools.cli.render import console
from theorems.tools.cli.render_bench import Data
from theorems.tools.output.counted import counted

OURS = "leanmirror"
PASSES = {"forward": "forward", "vjp": "forward and VJP"}


def print_gpu_report(document: Data) -> None:
    """The whole report on standard output."""
    out = console()
    for line in _head(document):
        out.print(line, soft_wrap=True)
    for problem in document["problems"]:
        out.print("", _title(problem), sep="\n", soft_wrap=True)
        if any("seconds" in row for row in problem["rows"]):
            out.print(_table(problem))
        for line in _foot(problem):
            out.print(line, soft_wrap=True)
    out.print("", *_closing(document), sep="\n", soft_wrap=True)


def _head(document: Data) -> Iterator[str]:
    machine = document["machine"]
    yield f"{machine['name']}, {document['clock']}, {counted(document['rounds'], 'round')}"
    yield ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    for dtype, found in document["matmul"].items():
        yield f"matrix product of order {found['order']} in {dtype}: {_tera(found['flops_per_second']['median'])}"


def _title(problem: Data) -> str:
    d = problem["dims"]
    dims = tuple(d[key] for key in ("batch", "heads", "positions", "head_dim"))
    auto = f"; auto is {problem['auto']}" if "auto" in problem else ""
    return f"(B, H, S, d) = {dims}, {problem['dtype']}, {problem['bias']} bias{auto}"


def _table(problem: Data) -> Table:
    """Times, operations a second, their share of the matrix product's, extra memory, error."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    found.add_column("", no_wrap=True)
    for heading in ("forward", "", "of matmul", "with VJP", "", "of matmul", "memory", "error"):
        found.add_column(heading, justify="right", no_wrap=True)
    for row in problem["rows"]:
        if "seconds" in row:
            memory = f"{row['temp_bytes']['vjp'] / 2**20:,.0f} MiB"
            found.add_row(row["name"], *_passes(row), memory, f"{row['error']:.1e}")
    return found


def _passes(row: Data) -> Iterator[str]:
    for key in PASSES:
        yield f"{1000 * row['seconds'][key]['median']:.3f} ms"
        yield _tera(row["flops_per_second"][key]["median"])
        yield f"{row['of_matmul'][key]:.2f}"


def _tera(rate: float) -> str:
    return f"{rate / 1e12:,.0f} TFLOP/s"


def _foot(problem: Data) -> Iterator[str]:
    """Who was not measured, and the best of the others over ours by its quickest path."""
    for row in problem["rows"]:
        if row.get("not_measured") == "wrong":
            off = "not finite" if row["error"] is None else f"off by {row['error']:.1e} of the largest entry"
            yield f"wrong, not timed: {row['name']}: {off}"
        elif "not_measured" in row:
            yield f"not measured: {row['name']}: {row['not_measured']}"
    for key, said in PASSES.items():
        timed = [row for row in problem["rows"] if "seconds" in row]
        ours = [row for row in timed if row["name"].startswith(OURS)]
        others = [row for row in timed if not row["name"].startswith(OURS)]
        if ours and others:
            mine, best = (min(rows, key=lambda row: row["seconds"][key]["median"]) for rows in (ours, others))
            ratio = best["seconds"][key]["median"] / mine["seconds"][key]["median"]
            yield f"best other / ours, {said}: {ratio:.2f} ({best['name']} / {mine['name']})"


def _closing(document: Data) -> Iterator[str]:
    for found in document["growth"]:
        if found["exponent"] is not None:
            lengths = ", ".join(map(str, found["positions"]))
            yield (
                f"extra memory for each example, {found['name']}, {found['dtype']}, {found['bias']}: "
                f"like S^{found['exponent']:.2f} over {lengths}"
            )
    yield (
        "Times are medians of rounds in which all took turns. Operations are 4 and 14 for each pair of positions and "
        "entry of a head, half of that under a causal bias. Memory is held besides arguments and results; the error is "
        "against float64, over the largest entry."
    )
