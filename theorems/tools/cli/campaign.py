"""`leanmirror campaign`: very many instances, for hours, on as many processes as there are; a record to go on from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.engine.sizes import PROFILES
from theorems.tools.cli.calls import processors, reports, selected, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME, SCHEDULER, STORE, Positive, Word

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem
    from theorems.tools.campaigns.plan import CampaignPlan
    from theorems.tools.campaigns.record import CampaignRecord

RECORD = Path("report", "campaign.jsonl")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", type=LEAN_NAME)
@click.option("--hours", type=Positive(), help="Run for so long, all runs of the record together.")
@click.option("--cases", type=click.IntRange(min=1), help="Run until there are so many instances in all.")
@click.option(
    "--at-least",
    "least",
    type=Word("a number, or NAME=NUMBER"),
    multiple=True,
    metavar="[NAME=]N",
    help="Instances of each theorem, or of those named, before the rest is shared evenly; repeatable.",
)
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default="quick", show_default=True, help="How large instances are."
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The seed of the first round.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; by default one for each processor.")
@click.option("--cluster", type=SCHEDULER, metavar="ADDRESS", help="Run on the workers of a Dask scheduler instead.")
@click.option(
    "--failures",
    type=STORE,
    multiple=True,
    metavar="WHERE",
    help="Store failures in a folder or a Redis, too; repeatable.",
)
@click.option("--record", "record_path", type=NamedPath(), default=RECORD, show_default=True, help="What it adds to.")
@click.option("--json", "json_path", type=NamedPath(), help="Write a JSON report.")
@click.pass_context
def campaign(
    ctx: click.Context,
    names: tuple[str, ...],
    hours: float | None,
    cases: int | None,
    least: tuple[str, ...],
    profile: str,
    seed: int,
    jobs: int | None,
    cluster: str | None,
    failures: tuple[str, ...],
    record_path: Path,
    json_path: Path | None,
) -> None:
    """Run theorems on very many random instances; all theorems where no NAME is given.

    It writes each shard that has ended to its record, and goes on from there when it is run again: after Ctrl-C, a
    signal, or a machine that went down.

    Exit codes: as of `leanmirror check`.
    """
    from theorems.tools.cli.campaigning import Campaign
    from theorems.tools.cli.cluster import workers_of
    from theorems.tools.cli.failures import keep_failures, opened_store, write_failures
    from theorems.tools.cli.parallel import Plan, local, ordered
    from theorems.tools.cli.render import print_run
    from theorems.tools.cli.render_campaign import print_campaign, progress_of
    from theorems.tools.reports import json
    from theorems.tools.reports.outcomes import exit_code

    if (hours is None) == (cases is None):
        raise click.UsageError("give --hours or --cases, one of the two: how long the campaign is to run")
    theorems = selected(names)
    plan = _plan(ordered(theorems), profile, seed, cases, least)
    path = record_path / RECORD.name if record_path.is_dir() else record_path
    writable(json_path, path)
    store = opened_store(failures)
    with workers_of(cluster, jobs) as workers, _record(path, profile) as record:
        running = Campaign(theorems, plan, record, hours and 3600 * hours, store)
        with progress_of(running) as ended:
            running.run(workers or local(jobs or processors()), ended)
        found = running.summary()
    wanted = (json_path, lambda: json.document(found.outcomes, seed=seed, profile=profile, campaign=found.plain()))
    with reports(wanted):
        print_run(found.outcomes, Plan(profile, seed), write_failures(found.outcomes))
        for line in keep_failures(found.outcomes, store):
            click.echo(line)
        print_campaign(found)
    ctx.exit(exit_code(found.outcomes))


@contextmanager
def _record(path: Path, profile: str) -> Iterator[CampaignRecord]:
    """The open record; what stops the block is told where to go on."""
    from theorems.tools.campaigns.record import UnusableRecord, opened

    try:
        with opened(path, profile) as record:
            yield record
    except UnusableRecord as why:
        raise click.ClickException(f"cannot go on with {path}: {why}: name another file with --record") from why
    except KeyboardInterrupt:
        click.echo(f"leanmirror: {path} keeps what has ended: the same command goes on from there", err=True)
        raise


def _plan(
    theorems: Sequence[Theorem], profile: str, seed: int, cases: int | None, least: tuple[str, ...]
) -> CampaignPlan:
    """The plan; raises `ClickException` for one that cannot be."""
    from theorems.tools.campaigns.plan import CampaignPlan, ImpossiblePlan

    floors: dict[str, int] = {}
    for text in least:
        floors |= _floors(text, theorems)
    plan = CampaignPlan([theorem.name for theorem in theorems], profile, seed, cases, floors)
    try:
        plan.quotas  # noqa: B018 - it says whether there are enough
    except ImpossiblePlan as why:
        raise click.ClickException(str(why)) from why
    return plan


def _floors(text: str, theorems: Sequence[Theorem]) -> dict[str, int]:
    """`N` or `NAME=N` as a number for each of the theorems that it is about."""
    name, _, number = text.rpartition("=")
    if not number.isdecimal():
        raise click.BadParameter(f"{text!r} is neither a number nor NAME=NUMBER", param_hint="--at-least")
    named = {theorem.name for theorem in selected((name,) if name else ())} & {t.name for t in theorems}
    if not named:
        raise click.BadParameter(f"no theorem of this campaign is called {name}", param_hint="--at-least")
    return dict.fromkeys(named, int(number))
