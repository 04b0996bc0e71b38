"""`leanmirror list`: every theorem and where it is, and whether anything of the pin is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING

import click

from lean_refs import load_pin

if TYPE_CHECKING:
    from lean_refs import Declaration


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@click.option("--summary", is_flag=True, help="Count what is mirrored and run; exit 1 if anything is missing.")
@click.pass_context
def list_theorems(ctx: click.Context, as_json: bool, summary: bool) -> None:
    """List every theorem: name, Lean file and line, arithmetic, module."""
    if summary:
        ctx.exit(_summary())
    from theorems.engine.registry import theorems
    from theorems.tools.places import of_theorem

    rows = [
        {"theorem": t.name, "file": f"{t.declaration.file}:{t.declaration.line}"}
        | {"arithmetic": t.arithmetic.name, "module": of_theorem(t).module}
        for t in theorems().values()
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=1))
    else:
        _print_table(rows)


def _print_table(rows: list[dict[str, str]]) -> None:
    from rich.table import Table

    from theorems.tools.cli.render import console

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in rows[0] if rows else ():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row.values())
    console().print(table)


def _summary() -> int:
    """Print the three counts and what is missing; the exit code."""
    from mirror.reasons import WITHOUT_COUNTERPART
    from mirror.rooms import links
    from theorems.engine.reasons import NOT_RUN
    from theorems.engine.registry import theorems

    pin = load_pin()
    mirrored, run = set(links()), set(theorems())
    accounted = mirrored | run | set(WITHOUT_COUNTERPART) | set(NOT_RUN)
    seed, definitions, proved = _names(pin.seed), _names(pin.definitions), _names(pin.theorems)
    click.echo(f"{_of(accounted, seed)} of the decoder-block module")
    found = f"{len(definitions & mirrored)} mirrored, {len(definitions & set(WITHOUT_COUNTERPART))} reasoned"
    click.echo(f"{_of(accounted, definitions)} definitions accounted for ({found})")
    found = f"{len(proved & run)} run, {len(proved & set(NOT_RUN))} reasoned"
    click.echo(f"{_of(accounted, proved)} theorems and lemmas ({found})")
    missing = sorted(set(pin.declarations) - accounted)
    for name in missing:
        click.echo(f"missing: {name}")
    return 1 if missing else 0


def _names(declarations: Iterable[Declaration]) -> set[str]:
    return {d.name for d in declarations}


def _of(accounted: Set[str], names: Set[str]) -> str:
    return f"{len(names & accounted)}/{len(names)}"
