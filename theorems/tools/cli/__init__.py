"""The command `leanmirror`: what people run; `leanmirror --help` lists its commands.

Exit codes: 0 holds; 1 refuted, undecided, missing or drifted; 2 nothing was examined, or the call was wrong; 3 the tool
itself failed, or could not write what it was asked for; 128 + n ended by signal n (130 interrupted, 143 terminated).
"""

from __future__ import annotations

import os

import click

from theorems.tools.cli.audit import audit
from theorems.tools.cli.bench import bench
from theorems.tools.cli.campaign import campaign
from theorems.tools.cli.check import check
from theorems.tools.cli.conform import conform
from theorems.tools.cli.group import OneLineErrors
from theorems.tools.cli.hypotheses import hypotheses
from theorems.tools.cli.lean_files import lean_files
from theorems.tools.cli.list import list_theorems
from theorems.tools.cli.notebook import notebook
from theorems.tools.cli.pin import pin
from theorems.tools.cli.replay import replay
from theorems.tools.cli.report import report
from theorems.tools.cli.show import show
from theorems.tools.cli.trace import trace


def _print_version(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted:
        from theorems.tools.reports.versions import versions

        click.echo("\n".join(f"{name} {version}" for name, version in versions().items()))
        ctx.exit()


@click.group(cls=OneLineErrors, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_print_version,
    help="Print the versions of everything that a run depends on.",
)
def main() -> None:
    """Run the Lean theorems about a transformer decoder block, each an executable property.

    A NAME is a full Lean name, a suffix of one that starts at a dot, or a glob of either.

    Exit codes: 0 it holds; 1 something is refuted, undecided, missing or drifted; 2 nothing was examined, or the
    call was wrong; 3 leanmirror itself failed, or could not write its output: no verdict; 130 interrupted,
    143 terminated.
    """
    try:
        os.getcwd()  # what the commands import asks for it
    except OSError as why:
        raise click.ClickException(f"the current folder is gone ({why.strerror}): change to one that is there") from why


main.add_command(check)
main.add_command(campaign)
main.add_command(hypotheses)
main.add_command(audit)
main.add_command(bench)
main.add_command(conform)
main.add_command(list_theorems)
main.add_command(show)
main.add_command(lean_files)
main.add_command(notebook)
main.add_command(replay)
main.add_command(report)
main.add_command(pin)
main.add_command(trace)
