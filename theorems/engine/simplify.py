"""Making a witness readable: vectors of a failing instance become zeros and ones where it still fails.

Hypothesis shrinks what it drew, a family and a seed; the numbers that come of the seed stay arbitrary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from theorems.engine.codec import MalformedInstance, decode, encode

Fails = Callable[[Mapping[str, Any]], bool]
# Entries of an encoded vector, where to replace some, and by what.
Attempt = tuple[list[Any], slice, list[Any]]

EVALUATIONS = 200  # at most this many instances are tried


def one_direction(case: Mapping[str, Any], fails: Fails) -> Mapping[str, Any]:
    """The instance with only the first of its `directions` that fails alone, where it has several."""
    directions = case.get("directions", ())
    for direction in directions if len(directions) > 1 else ():
        alone = {**case, "directions": (direction,), "full_jacobian": False}
        if fails(alone):
            return alone
    return case


def simplify(case: Mapping[str, Any], fails: Fails, evaluations: int = EVALUATIONS) -> Mapping[str, Any]:
    """An instance that fails as `case` does, with zeros and ones in its vectors wherever they do.

    Every vector is tried all zero, then each other entry as 0 and as 1, greedily; shapes, indices,
    lone numbers and text stay. `fails` says whether an instance still fails; it is asked at most
    `evaluations` times.
    """
    data = encode(dict(case))
    for entries, where, simpler in _attempts(data):
        before = entries[where]
        if not any(_plainness(a) < _plainness(b) for a, b in zip(simpler, before, strict=True)):
            continue
        if evaluations == 0:
            break
        evaluations -= 1
        entries[where] = simpler
        if not _still(fails, data):
            entries[where] = before
    return decode(data)


def _still(fails: Fails, data: Any) -> bool:
    try:
        return fails(decode(data))
    except MalformedInstance:  # a class that refuses such entries
        return False


def _plainness(entry: Any) -> int:
    text = entry["rational"] if isinstance(entry, dict) else entry
    return {"0": 0, "1": 1}.get(text, 2)


def _attempts(data: Any) -> Iterator[Attempt]:
    vectors = list(_vectors(data))
    for entries, zero, _ in vectors:
        yield entries, slice(None), [zero] * len(entries)
    for entries, zero, one in vectors:
        for i in range(len(entries)):
            yield entries, slice(i, i + 1), [zero]
            yield entries, slice(i, i + 1), [one]


def _vectors(data: Any) -> Iterator[tuple[list[Any], Any, Any]]:
    """The entries of every vector in an encoded instance, and how it writes 0 and 1."""
    match data:
        case {"array": entries, "of": _}:
            yield entries, "0", "1"
        case {"tuple": list(entries)} if entries and all(_is_rational(e) for e in entries):
            yield entries, {"rational": "0"}, {"rational": "1"}
        case dict():
            for value in data.values():
                yield from _vectors(value)
        case list():
            for value in data:
                yield from _vectors(value)


def _is_rational(data: Any) -> bool:
    return isinstance(data, dict) and "rational" in data
