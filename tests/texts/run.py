"""One change made in a source in memory, and what the comparison with the mirror says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from lean_refs import load_pin
from lean_refs.reader.records import LeanDeclaration, Reading
from mirror.links import Link
from tests.texts.sample import Altered
from tests.texts.source import Source, evaluator_of
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.weights import weight

FEW, DEEP = 2, 12  # instances as `audit` draws them, and as `audit --deep` does


class Seen(Enum):
    """How a change is noticed, the strongest way first."""

    DIFFERS = "differs"
    RAISES = "raises"
    NOT_EVALUATED = "not evaluated"
    ABOVE = "differs above"
    DEEP = "differs with --deep"
    REFUSED = "of another type"  # which Lean refuses: it is no change, and not counted
    FAILED = "leanmirror fails"
    UNNOTICED = "unnoticed"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one change: how it is noticed, and at which declaration."""

    name: str
    operator: str
    seen: Seen
    at: str = ""


def clean(source: Source, declaration: LeanDeclaration) -> str:
    """How the comparison of the text as it is ends."""
    return compared(source.evaluator, source.links[declaration.name], FEW).ending.value


_AT_ONCE = {
    ComparisonEnding.DIFFERS: Seen.DIFFERS,
    ComparisonEnding.RAISED: Seen.RAISES,
    ComparisonEnding.NOT_EVALUATED: Seen.NOT_EVALUATED,
    ComparisonEnding.FAILED: Seen.FAILED,
}


def fate(source: Source, altered: Altered) -> Fate:
    """Whether a change is noticed at its definition, at one that rests on it, or with more instances."""
    reading, name = source.with_change(altered), altered.declaration.name
    seen = _AT_ONCE.get(compared(evaluator_of(reading), source.links[name], FEW).ending)
    if seen in (Seen.RAISES, Seen.FAILED) and _is_refused(reading, source.links[name]):
        seen = Seen.REFUSED
    if seen is not None:
        return Fate(altered.name, altered.change.operator, seen, name)
    return Fate(altered.name, altered.change.operator, *_looked_at_again(source, reading, name))


def _is_refused(reading: Reading, link: Link) -> bool:
    """Whether the evaluator does not run it where it holds every argument against its declared type."""
    return compared(evaluator_of(reading, contracts=True), link, FEW).ending is ComparisonEnding.NOT_EVALUATED


def _looked_at_again(source: Source, reading: Reading, name: str) -> tuple[Seen, str]:
    """With more instances, but for blocks, which take long; then at what rests on it."""
    evaluator = evaluator_of(reading)

    def differs(at: str, count: int) -> bool:
        return compared(evaluator, source.links[at], count).ending is ComparisonEnding.DIFFERS

    if weight(name) <= HEAVY and differs(name, DEEP):
        return Seen.DEEP, name
    at = next((above for above in _above(source, name) if differs(above, FEW)), "")
    return (Seen.ABOVE, at) if at else (Seen.UNNOTICED, "")


MOST_ABOVE, LIGHT = 3, 60


def _above(source: Source, name: str) -> Iterator[str]:
    """The lightest linked declarations that name this one, none of them a block."""
    declarations = load_pin().declarations
    found = (n for n in source.links if n in declarations and name in declarations[n].references)
    light = [n for n in found if weight(n) <= LIGHT]
    yield from sorted(light, key=lambda n: (weight(n), n))[:MOST_ABOVE]
