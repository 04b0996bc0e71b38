"""That a map is not differentiable at a point, seen from its germs along a line, to both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from flint import arb

from mirror.arithmetic import BALL, Arithmetic, Array, Scalar, Undecided, rational_vector
from theorems.engine.evidence.germs import GERMS, Germ, line

Forward = Callable[[Arithmetic, Array], Array]
ORDERS = 3  # the powers of s = √t that decide: t⁰ the value, √t, and t the slope


def why_not_differentiable(f: Forward, x: np.ndarray, h: np.ndarray) -> str:
    """Why f has no derivative at x, as the line along h shows, or one that moves every input; empty where none does.

    A differentiable map is, along each line, its value plus a slope times t, the same slope to both sides, and less
    than t. Enclosures are told apart only where they are disjoint, so an empty answer says nothing.
    """
    return next((flaw for d in (h, every_input_moves(len(x))) for flaw in _flaws(f, x, d)), "")


def every_input_moves(n: int) -> np.ndarray:
    """A direction of ℚ^n without a zero, so that no input escapes the trial.

    No two entries are of one size, so that an exchange of two inputs shows as well.
    """
    return rational_vector([(j + 1) * (-1) ** j for j in range(n)])


def _flaws(f: Forward, x: np.ndarray, h: np.ndarray) -> Iterator[str]:
    try:
        value, right, left = f(BALL, x), f(GERMS, line(x, h)), f(GERMS, line(x, -h))
    except Undecided:
        return
    for i, entries in enumerate(zip(value, right, left, strict=True)):
        if flaw := _flaw(*entries):
            yield f"entry {i} {flaw}"


def _flaw(value: Scalar, right: Any, left: Any) -> str:
    sides = Germ.of(right), Germ.of(left)
    if any(k < 0 and _apart(c, 0) for side in sides for k, c in side.terms.items()):
        return "is unbounded beside the point"
    if any(side.lowest < 0 or side.order < ORDERS for side in sides):
        return ""
    if any(_apart(side.terms.get(0, 0), value) for side in sides):
        return "jumps at the point"
    if any(_apart(side.terms.get(1, 0), 0) for side in sides):
        return "has an infinite slope at the point"
    slopes = [side.terms.get(2, 0) for side in sides]
    return "has another slope to each side of the point" if _apart(slopes[0], -slopes[1]) else ""


def _apart(a: Scalar, b: Scalar) -> bool:
    """Whether two numbers differ for certain."""
    if isinstance(a, arb) or isinstance(b, arb):
        return not arb(a).overlaps(arb(b))
    return a != b
