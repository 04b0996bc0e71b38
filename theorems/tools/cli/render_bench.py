"""What `leanmirror bench` prints: the gate, a table for every size, memory, who was skipped, and the best peers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from theorems.tools.cli.render import console
from theorems.tools.output.counted import counted

OURS = "leanmirror"
PASSES = {"forward": "forward", "vjp": "forward and VJP"}
Data = dict[str, Any]


def print_report(document: Data) -> None:
    """The whole report on standard output."""
    out = console()
    for line in head_lines(document):
        out.print(line, soft_wrap=True)
    for size in document["sizes"]:
        out.print("", *size_lines(size), sep="\n", soft_wrap=True)
        out.print(table(size))
        for line in foot_lines(size):
            out.print(line, soft_wrap=True)
    out.print("", *closing_lines(document), sep="\n", soft_wrap=True)


def head_lines(document: Data) -> Iterator[str]:
    """What it ran on, and how the gate ended."""
    machine = document["machine"]
    cores, rounds = counted(machine["cores"], "core"), counted(document["rounds"], "round")
    yield f"{machine['name']}, {cores}, {document['clock']}, {rounds}"
    yield ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    if asked := machine["environment"]:
        yield f"the environment asks libraries for: {', '.join(f'{name}={value}' for name, value in asked.items())}"
    gate = document["gate"]
    inside = [name for name in gate["candidates"] if name not in gate["outside"]]
    yield f"inside the ball enclosure of the mirror's block: {'; '.join(inside) or 'nobody'}"
    for name in gate["outside"]:
        yield f"wrong, not timed: {name}: {gate['candidates'][name]['verdict']} the ball enclosure"


def size_lines(size: Data) -> Iterator[str]:
    """The size, its bias, and the yardstick."""
    d = size["dims"]
    dims = tuple(d[key] for key in ("batch", "num_heads", "seq_len", "head_dim", "d_model", "d_ff"))
    rate = size["matmul"]["flops_per_second"]["median"] / 1e9
    yield f"{size['name']} (B, H, S, d, D, F) = {dims}, {size['bias']} bias; matmul {rate:,.0f} GFLOP/s"


def table(size: Data) -> Table:
    """Times, ratios to ours with their quartiles, share of the matmul rate, extra memory, compilation, error."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    found.add_column("", no_wrap=True)
    for heading in ("forward", "over ours", "of matmul", "with VJP", "over ours", "of matmul"):
        found.add_column(heading, justify="right", no_wrap=True)
    for heading in ("memory", "compile", "error"):
        found.add_column(heading, justify="right", no_wrap=True)
    for row in size["candidates"]:
        found.add_row(row["name"], *_passes(row), *_rest(row))
    return found


def _passes(row: Data) -> Iterator[str]:
    for key in PASSES:
        yield f"{1000 * row['seconds'][key]['median']:.2f} ms"
        over = row["over_ours"].get(key)
        yield f"{over['median']:.2f} [{over['q1']:.2f}, {over['q3']:.2f}]" if over else ""
        yield f"{row['of_matmul'][key]['median']:.2f}"


def _rest(row: Data) -> Iterator[str]:
    memory = row["temp_bytes"]
    yield f"{memory['vjp'] / 2**20:.1f} MiB" if memory else "not measured"
    yield f"{row['compile_seconds']:.1f} s"
    yield f"{row['error']:.1e}"


def foot_lines(size: Data) -> Iterator[str]:
    """Who is wrong, who was skipped, and the best peer."""
    for name, error in size["wrong"].items():
        off = "not finite, or of another shape" if error is None else f"off by {error:.1e} of the largest entry"
        yield f"wrong, not timed: {name}: {off}"
    for name, reason in size["skipped"].items():
        yield f"skipped: {name}: {reason}"
    for key, said in PASSES.items():
        peers = [row for row in size["candidates"] if not row["name"].startswith(OURS) and row["over_ours"]]
        if peers:
            best = min(peers, key=lambda row: row["over_ours"][key]["median"])
            yield f"best peer / ours, {said}: {best['over_ours'][key]['median']:.2f} ({best['name']})"


def closing_lines(document: Data) -> Iterator[str]:
    """How extra memory grows, and what the figures mean."""
    growth = document["growth"]
    pairs = zip(growth["seq_len"], growth["temp_bytes"], strict=True)
    sizes = ", ".join(f"{s}: {n / 2**20:.1f} MiB" for s, n in pairs)
    power = growth["exponent"]
    law = "" if power is None else f"; it grows like S^{power:.2f}"
    yield f"extra memory of our forward and VJP by S: {sizes}{law}"
    yield (
        "Ratios are medians of ratios round by round, with quartiles; shares count the operations of the dense block; "
        "memory is held besides arguments and results; the error is against float64, over the largest entry."
    )
