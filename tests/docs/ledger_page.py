"""The page of the ledger: the lines of the block's module, as they are computed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from lean_refs.ledger.line import LedgerLine, pinned_lines
from lean_refs.pin import pinned_fingerprints, raw_pin
from lean_refs.scope import load_scope

PAGE = "docs/ledger.md"
HEADING = "## What it says of the block"


def with_lines(text: str) -> str:
    """The page with the lines as they are pinned now: what stands before their heading stays."""
    return "\n".join((text.partition(f"\n{HEADING}\n")[0], *_lines()))


def _lines() -> Iterator[str]:
    pin = raw_pin()
    lines = pinned_lines(pin["ledger"], pinned_fingerprints(pin))
    module = [line for line in lines if line.file == load_scope().seed_module]
    yield f"{HEADING}\n"
    for name, about in groupby(module, key=lambda line: line.name):
        yield f"### {name.rpartition('.')[2]}\n"
        yield from map(_item, about)
        yield ""


def _item(line: LedgerLine) -> str:
    return f"- {line.kind}: {line.says}"
