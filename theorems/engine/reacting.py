"""Whether a claim without a derivative could fail: it compares a number but 0, and both sides follow a change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from operator import itemgetter
from typing import Any

import numpy as np
from flint import arb

from mirror.arithmetic import AtBoundary, Undecided, precision
from theorems.engine.activity import THRESHOLD
from theorems.engine.asking import given
from theorems.engine.case import Case
from theorems.engine.codec import decode, encode
from theorems.engine.evidence.verdicts import AtMost, Equal
from theorems.engine.theorem import Theorem

_BITS = 320
TRIALS = 12  # at most so many values are changed, one at a time
# What a changed instance may raise because it is none: parts that no longer fit one another, a place outside, a
# number where nothing is decided. Whatever else is raised is a fault of what checks.
NO_INSTANCE = (ValueError, IndexError, AtBoundary, Undecided)
Sides = tuple[list[Any], list[Any]]


def reacts(theorem: Theorem, case: Case) -> bool:
    """Whether some number that is compared is not 0, and both sides change when one drawn value does."""
    left, right = _decided_sides(theorem, case)
    if not _a_number(left):
        return False
    for _, changed in zip(range(TRIALS), _changes(encode(dict(case))), strict=False):
        # A change may leave what the theorem's types admit: then nothing is learned from it.
        with suppress(*NO_INSTANCE):
            others = _sides(theorem, decode(changed))
            if _differ(left, others[0]) and _differ(right, others[1]):
                return True
    return False


def compares_a_number(theorem: Theorem, case: Case) -> bool:
    """Whether some number that is compared is not 0, for certain."""
    return _a_number(_decided_sides(theorem, case)[0])


def _a_number(entries: list[Any]) -> bool:
    return any(arb(entry).abs_lower() > THRESHOLD for entry in entries)


def _decided_sides(theorem: Theorem, case: Case) -> Sides:
    """The sides of an instance; none where they are not decided."""
    try:
        return _sides(theorem, case)
    except (AtBoundary, Undecided):
        return [], []


def _sides(theorem: Theorem, case: Case) -> Sides:
    """All left sides and all right sides of what the conclusion compares, number by number."""
    left: list[Any] = []
    right: list[Any] = []
    with precision(_BITS):
        for claim in given(theorem.conclusion, case, theorem.arithmetic):
            if isinstance(claim, Equal | AtMost):
                left += list(np.asarray(claim.left, dtype=object).reshape(-1))
                other = claim.right if isinstance(claim, Equal) else claim.bound
                right += list(np.asarray(other, dtype=object).reshape(-1))
    return left, right


def _differ(before: list[Any], after: list[Any]) -> bool:
    return len(before) != len(after) or any(not arb(a).overlaps(arb(b)) for a, b in zip(before, after, strict=True))


def _changes(data: Any) -> Iterator[Any]:
    """An encoded instance with one number 1 larger, first those that can change alone.

    These are the middle one of each vector and each lone number, then four more of each vector, because some theorems
    read a part of it, then each count: an instance of another length would not fit, as a rule.
    """
    for _, place in sorted(_places(data), key=itemgetter(0)):
        changed = deepcopy(data)
        at = changed
        for step in place[:-1]:
            at = at[step]
        at[place[-1]] = _larger(at[place[-1]])
        yield changed


def _places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Where there is a number, each place after its turn."""
    match data:
        case {"array": list(entries), "of": _}:
            last, middle = len(entries) - 1, len(entries) // 2
            for k in sorted({0, last // 4, middle, 3 * last // 4, last}) if entries else ():
                yield int(k != middle), (*path, "array", k)
        case {"rational": _}:
            yield 0, (*path, "rational")
        case dict():
            for key, value in data.items():
                yield from _places(value, (*path, key))
        case list():
            for k, value in enumerate(data):
                yield from _places(value, (*path, k))
        case int() if not isinstance(data, bool):
            yield 2, path


def _larger(value: Any) -> Any:
    if isinstance(value, int):
        return value + 1
    numerator, _, denominator = value.partition("/")
    below = int(denominator or 1)
    return f"{int(numerator) + below}/{below}"
