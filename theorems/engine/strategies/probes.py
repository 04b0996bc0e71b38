"""Directions to differentiate along: one basis vector, one general direction, or every basis vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from mirror.arithmetic import rational_vector
from mirror.linear_map import basis_vector
from theorems.engine.case import DIFFERENCES, FULL_JACOBIAN
from theorems.engine.strategies.values import Fill

# One instance in this many probes the full Jacobian, which costs a jet for each input coordinate.
FULL_EVERY = 40
# One instance in this many takes a quotient of differences too, which costs as much again as the rest of it.
DIFFERENCES_EVERY = 10


@st.composite
def probes(draw: st.DrawFn, n: int, fill: Fill) -> dict[str, Any]:
    """The `directions` of an instance with n input coordinates, and its marks, as values to merge into it.

    At least half of the directions are basis vectors: those find index mistakes exactly.
    """
    return {**draw(_directions(n, fill)), DIFFERENCES: fill.random.randrange(DIFFERENCES_EVERY) == 0}


@st.composite
def _directions(draw: st.DrawFn, n: int, fill: Fill) -> dict[str, Any]:
    kind = draw(st.integers(0, FULL_EVERY - 1))
    if n == 0:
        return {"directions": (fill.vector(0),)}
    if kind == FULL_EVERY - 1:
        return {"directions": tuple(basis_vector(n, j) for j in range(n)), FULL_JACOBIAN: True}
    if kind % 2 == 0:
        return {"directions": (basis_vector(n, draw(st.integers(0, n - 1))),)}
    return {"directions": (nonzero(fill, n),)}


def nonzero(fill: Fill, n: int) -> np.ndarray:
    """A direction of the fill's family, with a 1 added somewhere where it would be zero (and n is not)."""
    h = fill.vector(n)
    if n and not any(h):
        h[fill.random.randrange(n)] += 1
    return h


def nowhere_zero(fill: Fill, n: int) -> np.ndarray:
    """A vector of the fill's family with small integers in place of its zeros, so that every entry counts."""
    return rational_vector([v or fill.random.choice((-3, -2, -1, 1, 2, 3)) for v in fill.vector(n)])


def dual_pair(fill: Fill, n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """A tangent in ℚ^n and a cotangent in ℚ^m to try an adjoint on: at most one of them a basis vector.

    With two basis vectors both inner products would nearly always be 0.
    """
    tangent, cotangent = nowhere_zero(fill, n), nowhere_zero(fill, m)
    kind = fill.random.choice(("dense", "basis tangent", "basis cotangent"))
    if kind == "basis tangent" and n:
        tangent = basis_vector(n, fill.random.randrange(n))
    if kind == "basis cotangent" and m:
        cotangent = basis_vector(m, fill.random.randrange(m))
    return tangent, cotangent
