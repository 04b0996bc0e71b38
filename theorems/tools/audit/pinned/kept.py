"""The pinned numbers of all definitions: the mirror held against them, and what they say of a changed text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from lean_refs.drift import Meaning
from lean_refs.evaluator import Evaluator
from lean_refs.fingerprint import Fingerprint
from lean_refs.pin import DamagedNumbersError, pinned_numbers, text_digests
from mirror.links import Link
from theorems.engine.codec import MalformedInstance
from theorems.engine.registry import theorems
from theorems.tools.audit.evaluated.agreed import agreed
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.section import TITLE, same_function
from theorems.tools.audit.findings import Section, fails
from theorems.tools.audit.pinned.holding import in_a_text, in_the_mirror
from theorems.tools.audit.pinned.record import PinnedDefinition

STATED = 4  # instances of a theorem besides the simplest one
RENEW = "`leanmirror pin --source DIR` makes them"


class PinnedNumbers:
    """What is pinned of definitions, by name.

    Raises `DamagedNumbersError` where the file is no such file.
    """

    def __init__(self, revision: str, pinned: Mapping[str, Fingerprint]) -> None:
        self._kept = {_name(entry): entry for entry in pinned_numbers(revision)}
        self._pinned = pinned

    @cached_property
    def texts(self) -> dict[str, str]:
        """The digest of the text that each must have been made from."""
        return text_digests(self._pinned)

    def current(self, name: str) -> PinnedDefinition | None:
        """What is kept of a definition and made from the pinned text; None where there is nothing.

        Raises `MalformedInstance` where it is damaged.
        """
        if name not in self._kept:
            return None
        found = PinnedDefinition.of(self._kept[name])
        return found if found.text == self.texts.get(name) else None

    def held(self, links: Iterable[Link]) -> Iterator[FunctionComparison]:
        """How the mirror of each compares with what is pinned."""
        for link in links:
            try:
                kept = self.current(link.lean)
            except MalformedInstance as why:
                yield FunctionComparison(link.lean, ComparisonEnding.MISSING, why=f"what is pinned is damaged: {why}")
                continue
            if kept is None:
                why = "other text" if link.lean in self._kept else ""
                yield FunctionComparison(link.lean, ComparisonEnding.MISSING, why=_nothing(why))
            else:
                yield in_the_mirror(kept, link)


def _name(entry: Any) -> str:
    return str(entry.get("name")) if isinstance(entry, dict) else ""


def _nothing(other: str) -> str:
    return f"its pinned numbers are of an{other}: {RENEW}" if other else f"no numbers of it are pinned: {RENEW}"


def at_pinned_numbers(revision: str, pinned: Mapping[str, Fingerprint], links: Iterable[Link]) -> Section:
    """The section about definitions where there is no text."""
    try:
        outcomes = list(PinnedNumbers(revision, pinned).held(links))
    except DamagedNumbersError as why:
        return Section(TITLE, "not checked: the pinned numbers are damaged", (fails("lean_refs/numbers", str(why)),))
    return same_function(outcomes, pinned=True)


def meaning_in(evaluator: Callable[[], Evaluator], numbers: PinnedNumbers) -> Callable[[str, str], tuple[Meaning, str]]:
    """What the pinned numbers say of a declaration whose text is another one now, by its old and its new name."""

    def meaning(name: str, now: str) -> tuple[Meaning, str]:
        try:
            kept = numbers.current(name)
        except MalformedInstance as why:
            return Meaning.UNKNOWN, f"not evaluated: what is pinned is damaged: {why}"
        if kept is not None:
            return _told(in_a_text(kept, evaluator(), now), "on the pinned arguments")
        if name in theorems() and name == now:  # the pinned text is known to agree with the property
            return _told(agreed(evaluator(), name, STATED), "beside the executable property")
        return Meaning.UNKNOWN, "not evaluated: no numbers of it are pinned"

    return meaning


def _told(found: FunctionComparison, how: str) -> tuple[Meaning, str]:
    match found.ending:
        case ComparisonEnding.SAME:
            return Meaning.SAME, f"evaluated {how}: same ({found.in_words})"
        case ComparisonEnding.DIFFERS:
            return Meaning.DIFFERS, f"evaluated {how}: differs at {found.why}"
    return Meaning.UNKNOWN, f"not evaluated: {found.why.removeprefix('not evaluated: ')}"
