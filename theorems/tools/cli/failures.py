"""The failures of a run: a replay file for each, and a place in the store that several people share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from theorems.engine.assessing import fails
from theorems.engine.blocks import examine_saved
from theorems.engine.checking import planned, report_of
from theorems.engine.choices import Choices
from theorems.engine.counts import Counts
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns.store import FailureStore, StoredReplay, UnusableStore, store
from theorems.tools.cli.parallel import Plan
from theorems.tools.output.files import CannotWrite
from theorems.tools.reports.outcomes import Outcome
from theorems.tools.reports.replay import Recording, failure_text, recording, write_failure
from theorems.tools.reports.replay_fields import UnusableReplay

FAILURES = Path("report", "failures")


def write_failures(outcomes: Iterable[Outcome]) -> dict[str, Path]:
    """Write a replay file for each failure; those that could be written, by theorem."""
    written: dict[str, Path] = {}
    refused: list[str] = []
    for outcome in outcomes:
        if outcome.report is None or outcome.report.failure is None:
            continue
        try:
            written[outcome.theorem] = write_failure(outcome.report, FAILURES)
        except CannotWrite as why:
            refused.append(f"{outcome.theorem}: {why}")
    if refused:
        others = f" (and none for {len(refused) - 1} more)" if refused[1:] else ""
        click.echo(f"leanmirror: no replay file for {refused[0]}{others}", err=True)
    return written


def opened_store(where: Sequence[str]) -> FailureStore | None:
    """The store in some places, None in none; raises `ClickException` where it cannot be used."""
    try:
        return store(where) if where else None
    except UnusableStore as why:
        raise click.ClickException(str(why)) from why


def keep_failures(outcomes: Iterable[Outcome], kept: FailureStore | None) -> Iterator[str]:
    """Store each failure; the lines that say how it is replayed from there."""
    if kept is None:
        return
    places = " ".join(f"--from {shlex.quote(place)}" for place in kept.where)
    for outcome in outcomes:
        if outcome.report is None or outcome.report.failure is None:
            continue
        try:
            digest = kept.keep(outcome.theorem, failure_text(outcome.report).encode(), outcome.choices)
        except UnusableStore as why:
            click.echo(f"leanmirror: the failure of {outcome.theorem} is not stored: {why}", err=True)
        else:
            yield f"stored, for whoever has the store: leanmirror replay {places} {digest}"


def failing_again(theorems: Iterable[Theorem], plan: Plan, kept: FailureStore) -> Iterator[Outcome]:
    """The theorems that fail on something that is stored: on a replay file, else on what the choices give now."""
    replays = list(usable(kept.replays()))
    for theorem in theorems:
        counts = _judged(theorem, replays)
        if counts.failure is None and (choices := kept.choices(theorem.name)):
            with suppress(Exception):  # a fault of what checks, which the run says
                counts = examine_saved(theorem, planned(1, plan.seed, plan.profile).sizes, Choices({*choices}))
        if counts.failure:
            drawing = planned(counts.tried, plan.seed, plan.profile)
            yield Outcome(theorem.name, report_of(theorem, drawing, counts, plan.profile, 0.0))


def usable(stored: Iterable[StoredReplay]) -> Iterator[Recording]:
    """The recordings of stored replay files, but for those of another format, or of instances that fit no more."""
    for each in stored:
        try:
            yield recording(each.content, each.digest)
        except UnusableReplay:
            continue


def _judged(theorem: Theorem, replays: Iterable[Recording]) -> Counts:
    """The counts of a theorem's recorded instances, up to the first that fails."""
    counts = Counts()
    for each in replays:
        if counts.failure is None and each.theorem.name == theorem.name and not each.without:
            try:
                judgement = each.replay()
            except UnusableReplay:
                continue
            if fails(each.case, judgement):
                counts.add(theorem, each.case, judgement)
    return counts
