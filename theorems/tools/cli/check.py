"""`leanmirror check`: run theorems and say how each of them ended."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from json import loads
from pathlib import Path
from typing import TYPE_CHECKING

import click

from theorems.engine.sizes import PROFILES
from theorems.tools.cli.calls import drawable, processors, reports, selected, writable
from theorems.tools.cli.paths import NamedPath
from theorems.tools.cli.words import LEAN_NAME, SCHEDULER, STORE

if TYPE_CHECKING:
    from theorems.engine.theorem import Theorem
    from theorems.tools.cli.parallel import Plan
    from theorems.tools.cli.pools import Workers
    from theorems.tools.reports.outcomes import Outcome


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", type=LEAN_NAME)
@click.option(
    "--profile", type=click.Choice(list(PROFILES)), default="quick", show_default=True, help="How much to run."
)
@click.option("--examples", type=click.IntRange(min=1), help="Instances per theorem, instead of the profile's number.")
@click.option("--seed", type=click.IntRange(min=0), help="Where the random instances start; quick starts at 0.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; by default one for each processor.")
@click.option("--cluster", type=SCHEDULER, metavar="ADDRESS", help="Run on the workers of a Dask scheduler instead.")
@click.option(
    "--failures",
    type=STORE,
    multiple=True,
    metavar="WHERE",
    help="Store failures in a folder or a Redis, too; repeatable; read-only:WHERE is only read.",
)
@click.option("--reuse", is_flag=True, help="First judge again what is stored in --failures.")
@click.option("--json", "json_path", type=NamedPath(), help="Write a JSON report.")
@click.option("--junit", "junit_path", type=NamedPath(), help="Write a JUnit XML report.")
@click.option("--plot", "plot_path", type=NamedPath(), help="Draw what the instances were like as an SVG.")
@click.option("--page", "page_path", type=NamedPath(), help="Write the page of `leanmirror report`, of this run.")
@click.pass_context
def check(
    ctx: click.Context,
    names: tuple[str, ...],
    profile: str,
    examples: int | None,
    seed: int | None,
    jobs: int | None,
    cluster: str | None,
    failures: tuple[str, ...],
    reuse: bool,
    json_path: Path | None,
    junit_path: Path | None,
    plot_path: Path | None,
    page_path: Path | None,
) -> None:
    """Run theorems on random instances; all of them where no NAME is given.

    Exit codes: 0 every theorem holds; 1 one is refuted or undecided, or an instance of it fails a hypothesis or
    makes the mirror raise; 2 a wrong call, or too many instances of one compared nothing; 3 leanmirror itself
    failed on one and no other ends with 1, or the output could not be written.
    """
    from theorems.tools.cli.cluster import workers_of
    from theorems.tools.cli.failures import failing_again, keep_failures, opened_store, write_failures
    from theorems.tools.cli.parallel import Plan
    from theorems.tools.cli.render import print_run
    from theorems.tools.reports.outcomes import exit_code

    if reuse and not failures:
        raise click.UsageError("--reuse reads what is stored: say where, with --failures")
    theorems = selected(names)
    writable(json_path, junit_path, plot_path, page_path)
    drawable(plot_path)
    store = opened_store(failures)
    plan = Plan(profile, _seed(profile, seed), examples)
    with workers_of(cluster, jobs) as workers:
        again = list(failing_again(theorems, plan, store)) if store and reuse else []
        outcomes = _run(theorems, plan, jobs or processors(), workers, again)
    with reports(*_files(outcomes, plan, json_path, junit_path, plot_path, page_path)):
        print_run(outcomes, plan, write_failures(outcomes))
        for line in keep_failures([outcome for outcome in outcomes if outcome not in again], store):
            click.echo(line)
    if page_path:
        click.echo(f"page: {page_path}")
    ctx.exit(exit_code(outcomes))


def _files(
    outcomes: list[Outcome],
    plan: Plan,
    data: Path | None,
    junit_path: Path | None,
    plot: Path | None,
    page: Path | None,
) -> Iterator[tuple[Path | None, Callable[[], str | bytes]]]:
    """What is written of a run, each file with what goes into it; what only one of them needs is imported for it."""
    from theorems.tools.reports import json, junit

    def document() -> str:
        return json.document(outcomes, seed=plan.seed, profile=plan.profile)

    def picture() -> bytes:
        from theorems.tools.page.pictures import picture_of_run

        return picture_of_run(loads(document()))

    def whole_page() -> str:
        from theorems.tools.page.made import page_of_run

        return page_of_run(document(), data, page or Path())

    yield data, document
    yield junit_path, lambda: junit.document(outcomes)
    yield plot, picture
    yield page, whole_page


def _seed(profile: str, seed: int | None) -> int:
    """One seed for the whole run: the one given, the profile's, or a fresh one."""
    if seed is None:
        seed = PROFILES[profile].seed
    return random.SystemRandom().randrange(2**32) if seed is None else seed


def _run(
    theorems: list[Theorem], plan: Plan, jobs: int, workers: Workers | None, known: list[Outcome]
) -> list[Outcome]:
    """All outcomes in the order of the theorems, with a progress bar where a person is watching.

    Those that are known already are not run.
    """
    from theorems.tools.cli.parallel import run
    from theorems.tools.cli.render import progress

    found = {outcome.theorem: outcome for outcome in known}
    ahead = [theorem for theorem in theorems if theorem.name not in found]
    with progress(len(ahead)) as advance:
        for outcome in run(ahead, plan, jobs, workers):
            found[outcome.theorem] = outcome
            advance(outcome.theorem)
    return [found[t.name] for t in theorems]
