"""What a replay file holds: its fields, and what each must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from lean_refs.names import did_you_mean
from theorems.engine.case import FAMILIES, MARKS
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.kinds import fits, in_words
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import Theorem

VERDICTS = [str(verdict) for verdict in Verdict if verdict is not Verdict.VACUOUS]  # how an instance may end
# Of so many instances that a theorem's strategy draws each value is of the kind of some.
DRAWN = 25
_SHOWN = 60  # so many characters of what is not as it should be


class UnusableReplay(ValueError):
    """A file that cannot be replayed: unreadable, foreign, or with an instance that is none."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a field must be, in words and as a predicate; one that is optional may be left out."""

    says: str
    admits: Callable[[Any], bool]
    optional: bool = False


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_at_least(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and value >= least


def _maps_text_to_text(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_mismatch(value: Any) -> bool:
    """Whether it is null, or a `Mismatch` written out."""
    if value is None:
        return True
    kinds = {"claim": str, "position": int, "left": str, "right": str, "entries": int}
    return isinstance(value, dict) and {name: type(part) for name, part in value.items()} == kinds


FIELDS: Mapping[str, Field] = {
    "format": Field("text", _is_text),
    "theorem": Field("the full name of a theorem", _is_text),
    "verdict": Field(f"one of {', '.join(VERDICTS)}", VERDICTS.__contains__),
    "mismatch": Field("null, or a claim, position, left, right and entries", _is_mismatch),
    "profile": Field(f"one of {', '.join(PROFILES)}", list(PROFILES).__contains__, optional=True),
    "seed": Field("a natural number", _is_at_least(0)),
    "examples": Field("a number of at least 1", _is_at_least(1)),
    "versions": Field("a version as text for each name", _maps_text_to_text),
    "instance": Field("an object", lambda value: isinstance(value, dict)),
    "without": Field("a list of names", lambda value: isinstance(value, list) and all(map(_is_text, value)), True),
}


def require_fields(data: Mapping[str, Any]) -> None:
    """Raises `UnusableReplay` for a field that is missing, that no replay file has, or that is of another kind."""
    for name in data:
        if name not in FIELDS:
            raise UnusableReplay(f"no replay file has a field {name!r}{did_you_mean(name, FIELDS)}")
    for name, field in FIELDS.items():
        if name not in data and not field.optional:
            raise UnusableReplay(f"it has no {name}, which should be {field.says}")
        if name in data and not field.admits(data[name]):
            raise UnusableReplay(f"its {name} should be {field.says}, got {_shown(data[name])}")


def require_values(theorem: Theorem, case: Mapping[str, Any]) -> None:
    """Raises `UnusableReplay` for a value that the theorem asks for and the instance lacks, for one that none of its
    instances has, or whose kind is another one there."""
    if missing := sorted(theorem.lacking(case)):
        raise UnusableReplay(f"the instance lacks {', '.join(missing)}")
    known = _drawn(theorem)
    for name, value in case.items():
        if name not in known:
            raise UnusableReplay(f"no instance of {theorem.name} has a value {name}{did_you_mean(name, known)}")
        if not fits(value, known[name]):
            raise UnusableReplay(f"the instance's {name} should be {in_words(known[name])}, got {_shown(value)}")


@cache
def _drawn(theorem: Theorem) -> dict[str, Sequence[Any]]:
    """The values that instances of a theorem have, by name: some that are drawn, and the marks and families."""
    known: dict[str, list[Any]] = {mark: [True] for mark in MARKS} | {family: [""] for family in FAMILIES}
    for case in draws(theorem.instances(PROFILES["quick"].sizes), 0, DRAWN):
        for name, value in case.items():
            known.setdefault(name, []).append(value)
    return dict(known)


def _shown(value: Any) -> str:
    return " ".join(repr(value).split())[:_SHOWN]
