"""What a `lean --json` program says, line by line, and what that means for each declaration of a file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

# What every TorchLean proof may rest on: Lean's own three axioms.
STANDARD_AXIOMS = frozenset(("propext", "Classical.choice", "Quot.sound"))
_SORRY_AXIOM = "sorryAx"
_CHECK, _FACTS_OF = "#check @", re.compile(r"/-! (\S+) -/")
_AXIOMS = re.compile(r"'(?P<name>.+)' depends on axioms: \[(?P<axioms>[^\]]*)\]", re.DOTALL)
_NO_AXIOMS = re.compile(r"'(?P<name>.+)' does not depend on any axioms")
_USES_SORRY = re.compile(r"declaration uses [`']sorry[`']")


class LeanVerdict(Enum):
    """What Lean says about one declaration of a file; only the first passes."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SILENT = "no answer"


@dataclass(frozen=True, slots=True)
class Message:
    """One message: severity (error, warning, information), line from 1, text, and Lean's own kind."""

    severity: str
    line: int
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One declaration: Lean's verdict, the errors, its axioms (None where not asked), and whether it has a `sorry`."""

    name: str
    verdict: LeanVerdict
    errors: tuple[str, ...] = ()
    axioms: tuple[str, ...] | None = None
    sorry: bool = False

    @property
    def passes(self) -> bool:
        """Accepted, without `sorry`, on Lean's three axioms or fewer."""
        return self.verdict is LeanVerdict.ACCEPTED and not self.sorry and not self.other_axioms

    @property
    def other_axioms(self) -> tuple[str, ...]:
        """The axioms that are none of Lean's three."""
        return tuple(a for a in self.axioms or () if a not in STANDARD_AXIOMS)

    @property
    def exactly_standard(self) -> bool:
        """Whether its axioms are exactly Lean's three."""
        return self.axioms is not None and set(self.axioms) == STANDARD_AXIOMS


def read_message(line: str) -> Message | None:
    """The message on one line of output, or None where the line is none."""
    try:
        raw = json.loads(line)
        return Message(raw["severity"], int(raw["pos"]["line"]), str(raw["data"]), str(raw.get("kind", "")))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A declaration that a file asks Lean about: its lines, those of `#check`, and whether axioms are printed."""

    name: str
    first: int
    check: int
    last: int
    axioms: bool


def asked(text: str) -> list[Asked]:
    """The declarations of a generated file in order, each with the lines that are about it."""
    lines = text.splitlines()
    checks = [k for k, line in enumerate(lines, start=1) if line.startswith(_CHECK)]
    found: list[Asked] = []
    for check in checks:
        name = lines[check - 1].removeprefix(_CHECK)
        after = lines[check] if check < len(lines) else ""
        axioms = after == f"#print axioms {name}"
        heads = (k for k in range(check, 0, -1) if (head := _FACTS_OF.fullmatch(lines[k - 1])) and head[1] == name)
        found.append(Asked(name, next(heads, check), check, check + axioms, axioms))
    return found


def answers(questions: Iterable[Asked], messages: list[Message]) -> list[Answer]:
    """For each declaration what the messages say about it."""
    return [_answer(question, messages) for question in questions]


def _answer(question: Asked, messages: list[Message]) -> Answer:
    about = [m for m in messages if question.first <= m.line <= question.last]
    errors = tuple(m.text for m in about if m.severity == "error")
    axioms = _axioms(question, about) if question.axioms else None
    sorry = _SORRY_AXIOM in (axioms or ()) or any(m.kind == "hasSorry" or _USES_SORRY.search(m.text) for m in about)
    shown = any(m.severity == "information" and m.line == question.check for m in about)
    answered = shown and (axioms is not None or not question.axioms)
    verdict = LeanVerdict.ACCEPTED if answered else LeanVerdict.SILENT
    return Answer(question.name, LeanVerdict.REJECTED if errors else verdict, errors, axioms, sorry)


def _axioms(question: Asked, about: Iterable[Message]) -> tuple[str, ...] | None:
    """The axioms that Lean printed for this declaration, or None where it printed none of that."""
    for message in about:
        if (found := _AXIOMS.fullmatch(message.text.strip())) and found["name"] == question.name:
            return tuple(found["axioms"].replace(",", " ").split())
        if (found := _NO_AXIOMS.fullmatch(message.text.strip())) and found["name"] == question.name:
            return ()
    return None


def outside(questions: Iterable[Asked], messages: Iterable[Message]) -> Iterator[Message]:
    """The errors that are about no declaration: of the imports, say."""
    spans = [(q.first, q.last) for q in questions]
    for message in messages:
        if message.severity == "error" and not any(first <= message.line <= last for first, last in spans):
            yield message
