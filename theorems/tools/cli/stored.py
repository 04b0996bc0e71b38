"""What is in a store of failures: all of it in a list, or those that a digest or a theorem's name selects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import click

from lean_refs.names import matching
from theorems.tools.campaigns.store import StoredReplay
from theorems.tools.cli.failures import opened_store
from theorems.tools.reports.replay import Recording, recording


def print_stored(where: Sequence[str]) -> None:
    """A line for each stored failure: its digest, theorem, verdict and seed; raises `ClickException` where none is."""
    for stored in _stored(where):
        said = _said(stored)
        click.echo(f"{stored.digest}  {said.get('theorem')}  {said.get('verdict')}  seed {said.get('seed')}")


def stored_recordings(where: Sequence[str], which: str) -> list[Recording]:
    """The stored failures of that digest, its beginning, or a theorem's name.

    Raises `ClickException` where there is none, `UnusableReplay` for one that is none.
    """
    found = list(_stored(where))
    theorems = {str(_said(each).get("theorem")) for each in found}
    named = {*matching(which, theorems)}
    chosen = [each for each in found if each.digest.startswith(which) or _said(each).get("theorem") in named]
    if not chosen:
        raise click.ClickException(f"no failure that is stored is called {which}: list them without a name")
    return [recording(each.content, each.digest) for each in chosen]


def _stored(where: Sequence[str]) -> Iterator[StoredReplay]:
    store = opened_store([place if place.startswith("read-only:") else f"read-only:{place}" for place in where])
    assert store is not None
    found = list(store.replays())
    if not found:
        raise click.ClickException(f"no failure is stored in {', '.join(where)}")
    return iter(found)


def _said(stored: StoredReplay) -> dict[str, object]:
    """What a replay file says of itself; nothing where it is none."""
    try:
        said = json.loads(stored.content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
