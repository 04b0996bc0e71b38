"""Whether an instance could have failed: it moves what its theorem is about, or at least the numbers compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import Scalar, precision
from theorems.engine.asking import given
from theorems.engine.case import Case
from theorems.engine.codec import decode, encode
from theorems.engine.evidence.verdicts import Equal
from theorems.engine.theorem import PRECISIONS, Theorem


def active(theorem: Theorem, case: Case) -> bool:
    """Whether a number that is not 0 is compared, and the instance is active in every input.

    Where the theorem has no derivative: whether changing one drawn value changes both sides instead.
    """
    inputs = theorem.active_inputs(case)
    with precision(PRECISIONS[0]):
        before = _compared(theorem, case)
        if not any(_apart(left, 0) for left, _ in before):
            return False
        if inputs is not None:
            return all(inputs.values())
        return any(_both_move(before, _compared(theorem, other)) for other in _with_one_value_changed(case))


def _compared(theorem: Theorem, case: Case) -> list[tuple[Scalar, Scalar]]:
    """Both sides of every number that the conclusion compares."""
    claims = [claim for claim in given(theorem.conclusion, case, theorem.arithmetic) if isinstance(claim, Equal)]
    return [pair for claim in claims for pair in zip(_entries(claim.left), _entries(claim.right), strict=True)]


def _entries(side: Any) -> list[Scalar]:
    return list(np.asarray(side, dtype=object).reshape(-1))


def _both_move(before: list[tuple[Scalar, Scalar]], after: list[tuple[Scalar, Scalar]]) -> bool:
    return any(_apart(a, c) and _apart(b, d) for (a, b), (c, d) in zip(before, after, strict=False))


def _apart(a: Scalar, b: Scalar) -> bool:
    return not arb(a).overlaps(arb(b))


def _with_one_value_changed(case: Case) -> Iterator[Case]:
    """The instance with one of its numbers larger by 1, each in its turn; what it is about stays."""
    data = encode(dict(case))
    for holder, place in _numbers(data):
        kept = holder[place]
        holder[place] = str(fmpq(1) + _read(kept))
        yield decode(data)
        holder[place] = kept


def _read(text: str) -> fmpq:
    return decode({"rational": text})


def _numbers(data: Any) -> Iterator[tuple[Any, Any]]:
    """Where in an encoded instance its numbers stand: the holder and the key or position."""
    match data:
        case {"rational": _}:
            yield data, "rational"
        case {"array": entries, "of": _}:
            yield from ((entries, k) for k in range(len(entries)))
        case dict():
            for value in data.values():
                yield from _numbers(value)
        case list():
            for value in data:
                yield from _numbers(value)
