"""`leanmirror report`: one page of all that the JSON reports say."""

from __future__ import annotations

from pathlib import Path

import click

from theorems.tools.cli.calls import writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.output.files import write_whole

PAGE = Path("report", "index.html")


@click.command()
@click.option(
    "--from",
    "places",
    type=NamedPath(),
    multiple=True,
    help="A folder of JSON reports, or one of them; repeatable.  [default: report]",
)
@click.option("-o", "--output", type=NamedPath(), default=PAGE, show_default=True, help="Where to write the page.")
def report(places: tuple[Path, ...], output: Path) -> None:
    """Make one page of the JSON reports of check, hypotheses, mutants, audit, bench and conform.

    Whatever of them is there is shown, the rest is not run. A report is known by what it says that it is, not by its
    name. The page is one HTML file that needs no network, and JavaScript only to filter. Exit codes: 0 it was
    written; 2 there is no report, or one of them is no JSON, damaged or of another version; 3 it could not be written.
    """
    from theorems.tools.page.documents import UnusableReport
    from theorems.tools.page.made import page_of

    writable(output)
    try:
        page, reports = page_of(places, output)
    except UnusableReport as why:
        raise click.ClickException(str(why)) from why
    write_whole(output, page)
    for other in reports.others:
        click.echo(f"leanmirror: {other} is no report of leanmirror: left out", err=True)
    click.echo(output)
