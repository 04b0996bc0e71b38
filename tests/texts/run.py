"""One change made in a source in memory, and what the comparison with the mirror says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from lean_refs import load_pin
from lean_refs.evaluator import Evaluator
from lean_refs.fingerprint import Fingerprinter
from lean_refs.reader.records import LeanDeclaration
from tests.faults.pairs.catalogue import PAIRS
from tests.faults.pairs.ending import row
from tests.faults.pairs.source import SourceText
from tests.texts.sample import Altered
from tests.texts.source import Source
from theorems.tools.audit.evaluated.agreed import agreed
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.audit.statements import difference
from theorems.tools.weights import weight

FEW, DEEP = 2, 12  # instances as `audit` draws them, and as `audit --deep` does
LIGHT, MOST_ABOVE = 60, 3  # of what rests on a definition, so many are looked at, none of them built on more than that


class Seen(Enum):
    """How a change is noticed, the strongest way first."""

    DIFFERS = "differs"
    RAISES = "raises"
    NOT_EVALUATED = "not evaluated"
    BINDERS = "other binders"
    PAIRED = "differs under a fault of both sides"
    ABOVE = "differs above"
    DEEP = "differs with --deep"
    FAILED = "leanmirror fails"  # on what Lean refuses: the audit ends with 3, and names it
    REFUSED = "of another type"  # which Lean refuses: it is no change, and not counted
    UNNOTICED = "unnoticed"


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one change: how it is noticed, and at which declaration."""

    name: str
    operator: str
    seen: Seen
    at: str = ""


def ended(source: Source, evaluator: Evaluator, declaration: LeanDeclaration, count: int) -> ComparisonEnding:
    """How the comparison of a definition, or of what a theorem says, ends."""
    if declaration.is_theorem:
        return agreed(evaluator, declaration.name, count).ending
    return compared(evaluator, source.links[declaration.name], count).ending


def clean(source: Source, declaration: LeanDeclaration) -> str:
    """How the comparison of the text as it is ends."""
    return ended(source, source.evaluator, declaration, FEW).value


_AT_ONCE = {
    ComparisonEnding.DIFFERS: Seen.DIFFERS,
    ComparisonEnding.RAISED: Seen.RAISES,
    ComparisonEnding.NOT_EVALUATED: Seen.NOT_EVALUATED,
    ComparisonEnding.ILL_TYPED: Seen.REFUSED,
    ComparisonEnding.FAILED: Seen.FAILED,
}

_REFUSED = (ComparisonEnding.NOT_EVALUATED, ComparisonEnding.ILL_TYPED)


def fate(source: Source, altered: Altered) -> Fate:
    """Whether and how a change is noticed."""
    seen, at = _seen(source, source.changed(altered), altered.declaration)
    return Fate(altered.name, altered.change.operator, seen, at)


def _seen(source: Source, changed: Source, declaration: LeanDeclaration) -> tuple[Seen, str]:
    seen = _AT_ONCE.get(ended(changed, changed.evaluator, declaration, FEW))
    if seen in (Seen.DIFFERS, Seen.NOT_EVALUATED, Seen.REFUSED):
        return seen, declaration.name
    if _is_refused(source, changed, declaration, sure=seen is not None):
        return Seen.REFUSED, declaration.name
    if seen is not None:
        return seen, declaration.name
    if declaration.is_theorem:
        return _statement_again(changed, declaration.name)
    return _definition_again(source, changed, declaration)


def _is_refused(source: Source, changed: Source, declaration: LeanDeclaration, *, sure: bool, count: int = FEW) -> bool:
    """Whether an argument is not of its declared type, where all are held against theirs.

    What is not `sure` to be wrong is asked only if it is no block, and the text as it is must not be refused.
    """
    if sure:
        return ended(changed, changed.holding, declaration, count) in _REFUSED
    if weight(declaration.name) > HEAVY:
        return False
    now, before = (ended(s, s.holding, declaration, count) for s in (changed, source))
    return now in _REFUSED and before is ComparisonEnding.SAME


def _definition_again(source: Source, changed: Source, declaration: LeanDeclaration) -> tuple[Seen, str]:
    """With more instances; then at what rests on it."""
    seen = _AT_ONCE.get(ended(changed, changed.evaluator, declaration, DEEP))
    if seen in (Seen.RAISES, Seen.FAILED) and _is_refused(source, changed, declaration, sure=True, count=DEEP):
        return Seen.REFUSED, declaration.name
    if seen is not None:
        return Seen.DEEP, declaration.name
    for above in _above(changed, declaration.name):
        if compared(changed.evaluator, changed.links[above], FEW).ending is ComparisonEnding.DIFFERS:
            return Seen.ABOVE, above
    return Seen.UNNOTICED, ""


def _statement_again(changed: Source, name: str) -> tuple[Seen, str]:
    """By the binders; with a fault that is below both sides; with more instances."""
    if difference(changed.theorems[name], Fingerprinter(changed.reading).of(name)):
        return Seen.BINDERS, name
    pair = next((pair for pair in PAIRS if name in pair.theorems), None)
    if pair is not None and not row(SourceText(changed.reading, dict(changed.texts)), pair, name).right:
        return Seen.PAIRED, pair.name
    if agreed(changed.evaluator, name, DEEP).ending is ComparisonEnding.DIFFERS:
        return Seen.DEEP, name
    return Seen.UNNOTICED, ""


def _above(source: Source, name: str) -> Iterator[str]:
    """The lightest linked declarations that name this one."""
    declarations = load_pin().declarations
    found = (n for n in source.links if n in declarations and name in declarations[n].references)
    light = [n for n in found if weight(n) <= LIGHT]
    yield from sorted(light, key=lambda n: (weight(n), n))[:MOST_ABOVE]
