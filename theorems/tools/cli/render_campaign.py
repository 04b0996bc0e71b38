"""What a campaign prints: how far it is, how fast, until when; and at its end what it took."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, TextColumn

from theorems.tools.campaigns.summary import Summary
from theorems.tools.campaigns.versions import deciding
from theorems.tools.cli.campaigning import Campaign
from theorems.tools.cli.render import console
from theorems.tools.output.counted import counted

EVERY = 60  # seconds between two lines, where no terminal shows a bar


class Pace:
    """How far a campaign is, in the unit of its goal, and how fast it has been since it was begun or gone on with."""

    def __init__(self, campaign: Campaign) -> None:
        self._record, self._seconds, self._goal = campaign.record, campaign.seconds, campaign.plan.cases
        self.cases = sum(data["tried"] for data in campaign.record.done.values())
        self._before, self._began = self.cases, time.monotonic()

    @property
    def share(self) -> float:
        """How much of the goal is reached, from 0 to 1."""
        if self._seconds is not None:
            return min(1.0, self._record.elapsed / self._seconds)
        return min(1.0, self.cases / (self._goal or 1))

    def __str__(self) -> str:
        passed = time.monotonic() - self._began
        rate = (self.cases - self._before) / passed if passed else 0.0
        goal = counted(self._goal or self.cases, "case")
        said = f"{self.cases:,} of {goal}" if self._goal else goal
        return f"{said}, {rate:,.{0 if rate >= 10 else 1}f} a second, {self._left(rate)}"

    def _left(self, rate: float) -> str:
        if self._seconds is not None:
            return f"{duration(self._seconds - self._record.elapsed)} left"
        return f"about {duration(((self._goal or 0) - self.cases) / rate)} left" if rate else "no estimate yet"


def duration(seconds: float) -> str:
    """Seconds as people say them."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


@contextmanager
def progress_of(campaign: Campaign) -> Iterator[Callable[[int], None]]:
    """What is told of each shard that has ended: a bar on a terminal, else a line now and then, on standard error."""
    pace, err = Pace(campaign), console(sys.stderr)
    if not sys.stderr.isatty():
        yield _lines(pace)
        return
    with Progress(BarColumn(), TextColumn("{task.description}"), console=err, transient=True) as bar:
        task = bar.add_task(str(pace), total=1.0)

        def ended(cases: int) -> None:
            pace.cases += cases
            bar.update(task, completed=pace.share, description=str(pace))

        yield ended


def _lines(pace: Pace) -> Callable[[int], None]:
    said = time.monotonic()

    def ended(cases: int) -> None:
        nonlocal said
        pace.cases += cases
        if time.monotonic() - said >= EVERY:
            said = time.monotonic()
            print(pace, file=sys.stderr, flush=True)

    return ended


def print_campaign(found: Summary) -> None:
    """What a campaign took, and by which versions it may be gone on with."""
    seconds = sum(found.processor_seconds.values())
    rate = f", {found.cases / seconds:,.0f} cases a second of one processor" if seconds else ""
    shards = sum(found.shards.values())
    out = console()
    out.print(
        f"Campaign: {counted(found.cases, 'case')} in {counted(shards, 'shard')}, {duration(seconds)} of processors in "
        f"{duration(found.elapsed)}{rate}.",
        soft_wrap=True,
    )
    out.print("Versions: " + ", ".join(f"{name} {version}" for name, version in deciding().items()), soft_wrap=True)
