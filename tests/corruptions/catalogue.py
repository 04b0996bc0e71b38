"""All corruptions of a library, kind by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from tests.corruptions.corruption import Corruption
from tests.corruptions.kinds import (
    capture,
    definitions,
    files,
    harmless,
    instances,
    prose,
    statements,
    syntax,
    unproved,
    upstream,
)
from tests.corruptions.parts import Parts

KINDS = (unproved, capture, instances, syntax, files, prose, statements, definitions, upstream, harmless)


def catalogue(parts: Parts) -> list[Corruption]:
    """Every corruption, each with the name of its kind."""
    found = [
        replace(corruption, kind=kind.__name__.rpartition(".")[2])
        for kind in KINDS
        for corruption in kind.corruptions(parts)
    ]
    twice = [name for name, number in Counter(corruption.name for corruption in found).items() if number > 1]
    assert not twice, f"these names stand twice: {twice}"
    return found
