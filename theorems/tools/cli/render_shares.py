"""The table of shares at the end of a run: what was examined, by family of theorems."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from theorems.engine.traits import EVERY_INPUT, IN_SOME, LARGE, SAMPLED
from theorems.tools.output.counted import counted
from theorems.tools.reports.shares import Share

TRAITS = ("a dimension 0", "every dimension ≥ 2", f"a dimension > {LARGE}", "ε < 0", "ε = 0", "ε > 0")
MEANING = (
    "Active: a derivative of the last result with respect to the input is larger than 2⁻⁶⁰; where a theorem has no "
    f"derivative, it compares a number but 0, and both sides follow a change. Measured on one instance in {SAMPLED}."
)


def print_shares(out: Console, shares: Sequence[Share], width: int) -> None:
    """The table where it fits the console, else a line for each family; then what "active" means, if it was measured.

    Nothing where nothing was counted.
    """
    if not shares:
        return
    table = _table(shares)
    out.print()
    if out.measure(table, options=out.options.update(max_width=width)).maximum <= out.width:
        out.print(table)
    else:
        for share in shares:
            out.print(f"{share.family}: {', '.join(_cells(share))}", soft_wrap=True)
    for line in _inputs(shares):
        out.print(line, soft_wrap=True)
    if any(share.active() for share in shares):
        out.print(MEANING, soft_wrap=True)


def _table(shares: Sequence[Share]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("instances of", no_wrap=True)
    for heading in ("theorems", "tried", *TRAITS, "masks", "values", "active in every input", "in some"):
        table.add_column(heading, justify="right", no_wrap=True)
    for share in shares:
        kinds = [str(share.kinds(of) or "") for of in ("mask", "values")]
        counts = str(share.theorems), str(share.instances)
        table.add_row(share.family, *counts, *map(share.percent, TRAITS), *kinds, share.active(), share.active(IN_SOME))
    return table


def _cells(share: Share) -> Iterator[str]:
    yield f"{share.instances:,} tried of {counted(share.theorems, 'theorem')}"
    yield from (f"{share.percent(trait)} {trait}" for trait in TRAITS if share.percent(trait))
    yield from (f"{counted(share.kinds(of), 'kind')} of {of}" for of in ("mask", "values") if share.kinds(of))
    yield from (f"{trait}: {share.active(trait)}" for trait in (EVERY_INPUT, IN_SOME) if share.active(trait))


def _inputs(shares: Sequence[Share]) -> Iterator[str]:
    for share in shares:
        if inputs := share.active_inputs():
            yield f"{share.family}, active in: {', '.join(f'{name} {part}' for name, part in inputs.items())}"
