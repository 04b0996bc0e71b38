"""`leanmirror notebook`: the notebook for the Lean kernel, put where that kernel can run it."""

from __future__ import annotations

import os
from pathlib import Path

import click

from theorems.tools.cli.calls import writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.output.files import write_whole


@click.command()
@click.option(
    "--into", "folder", metavar="DIR", required=True, type=NamedPath(), help="The root of a built TorchLean checkout."
)
def notebook(folder: Path) -> None:
    """Put the notebook about the block's theorems into a TorchLean checkout.

    The Lean kernel for Jupyter runs in the notebook's own folder, so the notebook must lie in the root of the
    checkout. A file of its name that says something else is left as it is.
    """
    from theorems.tools.audit.lean.files import NOTEBOOK, notebook_of_the_block

    path, text = folder / Path(NOTEBOOK).name, notebook_of_the_block()
    try:
        refusal = _refusal(folder)
        there = path.read_bytes() == text.encode() if not refusal and os.path.lexists(path) else None
    except OSError as why:
        raise click.ClickException(f"cannot use {why.filename or folder}: {why.strerror or why}") from why
    if refusal:
        raise click.ClickException(f"{refusal}: the root of a TorchLean checkout is expected")
    if there is False:
        raise click.ClickException(f"{path} is there and says something else: move it away; nothing was written")
    if there is None:
        writable(path)
        write_whole(path, text)
    click.echo(f"{path} is there already" if there else f"wrote {path}")


def _refusal(folder: Path) -> str:
    """What keeps a folder from being a checkout's root, or nothing."""
    from lean_refs import load_pin
    from theorems.tools.audit.lean.run import is_project

    module = load_pin().seed_module
    if not folder.is_dir():
        return f"{folder} is no folder"
    if not is_project(folder):
        return f"{folder} has no lakefile.lean or lakefile.toml"
    return "" if (folder / module).is_file() else f"{folder} has no {module}"
