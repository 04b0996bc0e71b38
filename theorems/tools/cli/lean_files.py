"""`leanmirror lean-files`: the mirror's facts as files for Lean."""

from __future__ import annotations

from pathlib import Path

import click

from theorems.tools.cli.calls import own_folder, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.output.files import write_whole


@click.command("lean-files")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is not what the mirror says.")
@click.option(
    "--output",
    type=NamedPath(file_okay=False),
    help="The folder to write to or to check; lean_refs by default.",
)
@click.pass_context
def lean_files(ctx: click.Context, check: bool, output: Path | None) -> None:
    """Write what Lean can check of the mirror: MirrorFacts.lean, CheckDecls.lean, lean_decls, and more.

    The files are derived: edit the mirror, not them.
    """
    from lean_refs.home import lean_refs_folder
    from theorems.tools.audit.lean import files as derived

    folder = output or (lean_refs_folder() if check else own_folder("name a folder with --output"))
    try:
        stale = derived.stale(folder)
    except OSError as why:
        raise click.ClickException(f"cannot use {why.filename or folder}: {why.strerror or why}") from why
    if not check:
        # All of them can be written, or none is.
        writable(*(folder / file.name for file in stale))
        for file in stale:
            write_whole(folder / file.name, file.text)
    for file in stale:
        click.echo(f"{file.name}{file.difference}" if check else f"wrote {folder / file.name}")
    if not stale:
        click.echo(f"{folder}: all files are what the mirror says")
    ctx.exit(1 if check and stale else 0)
