"""Seeds to pull back, and directions to differentiate along: a dense one, and one or every basis vector."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import rational_vector
from mirror.core.fderiv import ctx_size
from mirror.linear_map import basis_vector
from mirror.spec.core.shape import Context, size
from theorems.engine.case import DIFFERENCES, FULL_JACOBIAN
from theorems.engine.strategies.values import DIGITS, PLAIN, Fill

# One instance in this many probes the full Jacobian, which costs a jet for each input coordinate,
FULL_EVERY = 25
FULL_LIMIT = 64  # where there are at most so many of them.
# One instance in this many takes a quotient of differences too, which costs as much again as the rest of it.
DIFFERENCES_EVERY = 10
# One instance in this many seeds the last result alone, as a loss does; the others seed every entry.
OUTPUT_ALONE_EVERY = 5


@st.composite
def probes(draw: st.DrawFn, n: int, fill: Fill) -> dict[str, Any]:
    """The `directions` of an instance with n input coordinates, and its marks, as values to merge into it."""
    return {**draw(_directions(n, fill)), DIFFERENCES: fill.random.randrange(DIFFERENCES_EVERY) == 0}


@st.composite
def _directions(draw: st.DrawFn, n: int, fill: Fill) -> dict[str, Any]:
    """A dense direction, so that no input escapes; then basis vectors, which find index mistakes: one, or all."""
    full = draw(st.integers(0, FULL_EVERY - 1)) == FULL_EVERY - 1
    if n == 0:
        return {"directions": (fill.vector(0),)}
    if full and n <= FULL_LIMIT:
        return {"directions": (dense(fill, n), *(basis_vector(n, j) for j in range(n))), FULL_JACOBIAN: True}
    return {"directions": (dense(fill, n), basis_vector(n, draw(st.integers(0, n - 1))))}


@st.composite
def seeded_probes(draw: st.DrawFn, fill: Fill, context: Context, saved: Context) -> dict[str, Any]:
    """A `seed` on the inputs and results of a graph, and `directions` of its inputs, as values to merge."""
    alone = draw(st.integers(0, OUTPUT_ALONE_EVERY - 1)) == OUTPUT_ALONE_EVERY - 1
    seed = nowhere_zero(fill, ctx_size((*context, *saved)))
    if alone and saved and size(saved[-1]):
        seed[: len(seed) - size(saved[-1])] = fmpq(0)
    return {"seed": seed, **draw(probes(ctx_size(context), fill))}


def dense(fill: Fill, n: int) -> np.ndarray:
    """A direction without a zero, of a plain family, whatever the fill's own."""
    return Fill(fill.random.choice(PLAIN), fill.random.getrandbits(32), dense=True).vector(n)


def nowhere_zero(fill: Fill, n: int) -> np.ndarray:
    """A vector of the fill's family with small integers in place of its zeros, so that every entry counts."""
    return rational_vector([v or fill.random.choice(DIGITS) for v in fill.vector(n)])


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
