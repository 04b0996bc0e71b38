"""`leanmirror replay`: judge exactly the instance that a failure left behind, in a file or in a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import STORE

if TYPE_CHECKING:
    from theorems.tools.reports.replay import Recording


@click.command()
@click.argument("file", type=NamedPath(), required=False)
@click.option("--locate", "locating", is_flag=True, help="Say which node of the theorem's graph is wrong.")
@click.option(
    "--from",
    "stores",
    type=STORE,
    multiple=True,
    metavar="WHERE",
    help="FILE is what is stored there: the digest of a failure, or a theorem's name; without it, list them.",
)
@click.pass_context
def replay(ctx: click.Context, file: Path | None, locating: bool, stores: tuple[str, ...]) -> None:
    """Replay the failure in FILE: exit 1 if the theorem still fails on it, 0 if it now holds.

    An instance that is kept for a hypothesis (`leanmirror hypotheses --save`) is judged without it: exit 0 if it ends
    as it was recorded.
    """
    from theorems.tools.cli.stored import print_stored, stored_recordings
    from theorems.tools.reports.replay import UnusableReplay, read_failure

    if file is None and not stores:
        raise click.UsageError("Missing argument 'FILE': a replay file, or --from a store of them.")
    try:
        if stores and file is None:
            print_stored(stores)
            return
        found = stored_recordings(stores, str(file)) if stores else [read_failure(file or Path())]
        if locating:
            for recording in found:
                recording.require_graph()
        shown = [_replayed(recording, locating) for recording in found]
    except UnusableReplay as why:
        raise click.ClickException(str(why)) from why
    ctx.exit(0 if all(shown) else 1)


def _replayed(recording: Recording, locating: bool) -> bool:
    """Judge a recording and say how it ends; whether that is as it should."""
    from theorems.engine.report import Failure
    from theorems.tools.cli.render import witness_lines
    from theorems.tools.reports.located import locate

    judgement = recording.replay()
    without = f" without {', '.join(recording.without)}" if recording.without else ""
    recorded = f"recorded {recording.verdict} (seed {recording.seed})"
    click.echo(f"{recording.theorem.name}{without}: {recorded}, now {judgement.verdict}")
    for change in recording.changed_versions():
        click.echo(f"  version differs: {change}")
    if not judgement.verdict.passes:
        click.echo("\n".join(witness_lines(Failure(recording.case, judgement))))
        if locating:
            click.echo("\n".join(f"  {line}" for line in locate(recording.theorem, recording.case)))
    return recording.shows(judgement)
