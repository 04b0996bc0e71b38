"""All pinned numbers: the mirror and the properties held against them, and what they say of a changed text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from lean_refs.drift import Meaning
from lean_refs.evaluator import Evaluator
from lean_refs.fingerprint import Fingerprint
from lean_refs.pin import DamagedNumbersError, pinned_numbers, text_digests
from mirror.links import Link
from theorems.engine.codec import MalformedInstance
from theorems.engine.registry import theorems
from theorems.tools.audit.evaluated.agreed import agreed
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.section import CONCLUSIONS, TITLE, same_conclusion, same_function
from theorems.tools.audit.findings import Section, fails
from theorems.tools.audit.pinned.conclusions.holding import NO_COUNTERPART, in_the_property
from theorems.tools.audit.pinned.conclusions.record import PinnedTheorem
from theorems.tools.audit.pinned.holding import in_a_text, in_the_mirror
from theorems.tools.audit.pinned.record import PinnedDefinition

P = TypeVar("P", PinnedDefinition, PinnedTheorem)
STATED = 4  # instances of a theorem besides the simplest one
RENEW = "`leanmirror pin --source DIR` makes them"


class PinnedNumbers:
    """What is pinned of definitions and of theorems, by name.

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
        return self._current(name, PinnedDefinition.of)

    def _current(self, name: str, of: Callable[[Any], P]) -> P | None:
        if name not in self._kept:
            return None
        found = of(self._kept[name])
        return found if found.text == self.texts.get(name) else None

    def held(self, links: Iterable[Link]) -> Iterator[FunctionComparison]:
        """How the mirror of each definition compares with what is pinned."""
        for link in links:
            yield self._held(link.lean, PinnedDefinition.of, lambda kept, link=link: in_the_mirror(kept, link))

    def concluded(self, names: Iterable[str]) -> Iterator[FunctionComparison]:
        """How the executable property of each theorem compares with what is pinned."""
        known = theorems()
        for name in names:
            if name in known or name in self._kept:
                yield self._held(name, PinnedTheorem.of, lambda kept, name=name: in_the_property(kept, known.get(name)))
            else:
                yield FunctionComparison(name, ComparisonEnding.NOT_EVALUATED, why=NO_COUNTERPART)

    def _held(
        self, name: str, of: Callable[[Any], P], compared: Callable[[P], FunctionComparison]
    ) -> FunctionComparison:
        try:
            kept = self._current(name, of)
        except MalformedInstance as why:
            return FunctionComparison(name, ComparisonEnding.MISSING, why=f"what is pinned is damaged: {why}")
        if kept is None:
            why = _nothing("other text" if name in self._kept else "")
            return FunctionComparison(name, ComparisonEnding.MISSING, why=why)
        return compared(kept)


def _name(entry: Any) -> str:
    return str(entry.get("name")) if isinstance(entry, dict) else ""


def _nothing(other: str) -> str:
    return f"its pinned numbers are of an{other}: {RENEW}" if other else f"no numbers of it are pinned: {RENEW}"


def at_pinned_numbers(
    revision: str, pinned: Mapping[str, Fingerprint], links: Sequence[Link], names: Sequence[str] = ()
) -> list[Section]:
    """The sections about definitions and about theorems, where there are any, without the text."""
    try:
        numbers = PinnedNumbers(revision, pinned)
    except DamagedNumbersError as why:
        damaged = "not checked: the pinned numbers are damaged", (fails("lean_refs/numbers", str(why)),)
        return [Section(title, *damaged) for title, wanted in ((TITLE, links), (CONCLUSIONS, names)) if wanted]
    functions = [same_function(numbers.held(links), pinned=True)] if links else []
    return functions + ([same_conclusion(numbers.concluded(names), pinned=True)] if names else [])


def meaning_in(evaluator: Callable[[], Evaluator], numbers: PinnedNumbers) -> Callable[[str, str], tuple[Meaning, str]]:
    """What the pinned numbers say of a declaration whose text is another one now, by its old and its new name."""

    def meaning(name: str, now: str) -> tuple[Meaning, str]:
        try:
            kept = None if name in theorems() else numbers.current(name)
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
