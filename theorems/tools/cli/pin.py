"""`leanmirror pin`: write down the facts, numbers and hashes of a TorchLean revision."""

from __future__ import annotations

import re
from pathlib import Path

import click

from theorems.tools.cli.calls import writable

PINS = Path(__file__).resolve().parents[3] / "lean_refs" / "pins"
_REVISION = re.compile(r"[0-9a-f]{40}")


@click.command()
@click.option("--source", type=click.Path(path_type=Path), required=True, help="The TorchLean checkout to read.")
@click.option(
    "--output", type=click.Path(path_type=Path), help="Where to write it; by default lean_refs/pins/REVISION.json."
)
@click.option("--revision", help="The commit of the source, 40 hexadecimal digits, where it has no .git to tell.")
@click.pass_context
def pin(ctx: click.Context, source: Path, output: Path | None, revision: str | None) -> None:
    """Write the pin of a TorchLean checkout: the same bytes every time, and no upstream text.

    The declarations and the facts entered by hand are those of the present pin. Exit codes: 0 written; 1
    written, but declarations are missing from the source, or some of it was not understood; 2 a wrong call,
    or no TorchLean checkout.
    """
    from lean_refs.pin import pin_data, pin_text, raw_pin, read_source
    from lean_refs.reader.tree import NotACheckoutError

    if revision is not None and not _REVISION.fullmatch(revision):
        raise click.ClickException(f"a revision is a commit hash of 40 hexadecimal digits, got {revision!r}")
    try:
        data = pin_data(source, revision)
        read = read_source(source, raw_pin())
    except NotACheckoutError as why:
        raise click.ClickException(str(why)) from why
    target = writable(output or PINS / f"{data['revision'][:7]}.json")
    assert target is not None
    target.write_text(pin_text(data), encoding="utf-8")
    click.echo(f"{len(data['declarations'])} declarations of {data['revision'][:7]} in {target}")
    missing = [entry["name"] for entry in raw_pin()["declarations"] if entry["name"] not in read.names]
    problems = [f"missing: {name}" for name in missing]
    problems += [f"not understood: {record.file}:{record.line}: {record.why}" for record in read.unread]
    for problem in problems:
        click.echo(problem, err=True)
    ctx.exit(1 if problems else 0)
