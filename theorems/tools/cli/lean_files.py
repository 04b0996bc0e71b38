"""`leanmirror lean-files`: the mirror's facts as files for Lean."""

from __future__ import annotations

from pathlib import Path

import click

from theorems.tools.cli.calls import own_folder


@click.command("lean-files")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when a file is not what the mirror says.")
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
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
        found = derived.differences(folder) if check else derived.write(folder)
    except OSError as why:
        raise click.ClickException(f"cannot use {why.filename}: {why.strerror}") from why
    for line in found:
        click.echo(line if check else f"wrote {folder / line}")
    if not found:
        click.echo(f"{folder}: all files are what the mirror says")
    ctx.exit(1 if check and found else 0)
