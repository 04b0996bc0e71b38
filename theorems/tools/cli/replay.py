"""`leanmirror replay`: judge exactly the instance that a failure left behind."""

from __future__ import annotations

from pathlib import Path

import click

from theorems.tools.cli.paths import NamedPath


@click.command()
@click.argument("file", type=NamedPath())
@click.option("--locate", "locating", is_flag=True, help="Say which node of the theorem's graph is wrong.")
@click.pass_context
def replay(ctx: click.Context, file: Path, locating: bool) -> None:
    """Replay the failure in FILE: exit 1 if the theorem still fails on it, 0 if it now holds.

    An instance that is kept for a hypothesis (`leanmirror hypotheses --save`) is judged without it: exit 0 if it ends
    as it was recorded.
    """
    from theorems.engine.report import Failure
    from theorems.tools.cli.render import witness_lines
    from theorems.tools.reports.located import locate
    from theorems.tools.reports.replay import UnusableReplay, read_failure

    try:
        recording = read_failure(file)
        if locating:
            recording.require_graph()
        judgement = recording.replay()
    except UnusableReplay as why:
        raise click.ClickException(str(why)) from why
    without = f" without {', '.join(recording.without)}" if recording.without else ""
    recorded = f"recorded {recording.verdict} (seed {recording.seed})"
    click.echo(f"{recording.theorem.name}{without}: {recorded}, now {judgement.verdict}")
    for change in recording.changed_versions():
        click.echo(f"  version differs: {change}")
    if not judgement.verdict.passes:
        click.echo("\n".join(witness_lines(Failure(recording.case, judgement))))
        if locating:
            click.echo("\n".join(f"  {line}" for line in locate(recording.theorem, recording.case)))
    ctx.exit(0 if recording.shows(judgement) else 1)
