"""What the equation tests hold the mirror against: lists of fractions, explicit loops and offsets.

Nothing here calls the mirror to compute an expected value; shapes, indices and linear maps are only read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import EXACT
from mirror.core.soundness import Idx
from mirror.linear_map import LinearMap
from mirror.spec.core.shape import Context, Shape
from theorems.engine.evidence.verdicts import Equal
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.shapes import contexts
from theorems.engine.strategies.values import MODERATE

SIZES = Sizes(dimension=3, entries=3)
# For Jacobians, which have as many columns as a context has entries in all its blocks.
SMALL = Sizes(dimension=2, entries=2, nodes=4)
# Values whose exponentials are of readable size.
TAME = tuple(f for f in MODERATE if f != "dyadic")

Numbers = list[Fraction]
Entry = Callable[[int, int], Fraction | int]


def numbers(values: Any) -> Numbers:
    """The entries of an array of exact rationals, row-major; no other kind of entry is accepted."""
    flat = list(np.asarray(values, dtype=object).reshape(-1))
    strangers = [type(q).__name__ for q in flat if not isinstance(q, fmpq)]
    assert not strangers, f"expected exact rationals, got {strangers}"
    return [Fraction(int(q.p), int(q.q)) for q in flat]


def vector(values: Iterable[Fraction | int]) -> np.ndarray:
    """A flat array of exact rationals."""
    flat = [fmpq(Fraction(q).numerator, Fraction(q).denominator) for q in values]
    out = np.empty(len(flat), dtype=object)
    out[:] = flat
    return out


def enclosed(found: Any, expected: Any) -> None:
    """Hold two arrays of rationals or balls equal: overlapping, and narrower than the limit."""
    Equal("found = expected", found, expected).judge().assert_passes()


def count(shape: Sequence[int]) -> int:
    """The number of entries of a shape, one dimension after the other."""
    total = 1
    for n in shape:
        total = total * n
    return total


def total(context: Context) -> int:
    """The length of a context's vector."""
    return sum(count(s) for s in context)


def block(context: Context, i: int, values: Sequence[Any]) -> list[Any]:
    """Block i of a context vector, by its offset."""
    start = sum(count(s) for s in context[:i])
    return list(values[start : start + count(context[i])])


def scattered(context: Context, i: int, values: Sequence[Any]) -> list[Any]:
    """A context vector with `values` in block i and 0 elsewhere."""
    before, after = total(context[:i]), total(context[i + 1 :])
    return [Fraction(0)] * before + list(values) + [Fraction(0)] * after


def plus(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    """Entrywise sum."""
    return [p + q for p, q in zip(a, b, strict=True)]


def times(a: Sequence[Any], b: Sequence[Any]) -> list[Any]:
    """Entrywise product."""
    return [p * q for p, q in zip(a, b, strict=True)]


def unit(n: int, j: int) -> np.ndarray:
    """The j-th standard basis vector of ℚ^n."""
    return vector([1 if i == j else 0 for i in range(n)])


def assert_matrix(linear: LinearMap, rows: int, columns: int, entry: Entry) -> None:
    """Hold a linear map to its matrix, entry by entry, and its adjoint to the transposed one."""
    assert (linear.codomain, linear.domain) == (rows, columns)
    for j in range(columns):
        assert numbers(linear(EXACT, unit(columns, j))) == [entry(i, j) for i in range(rows)], f"column {j}"
    for i in range(rows):
        assert numbers(linear.adjoint(EXACT, unit(rows, i))) == [entry(i, j) for j in range(columns)], f"row {i}"


@st.composite
def placed(draw: st.DrawFn, *wanted: Shape, sizes: Sizes = SMALL) -> tuple[Idx, ...]:
    """Indices of entries of the wanted shapes, somewhere in a context that holds others as well."""
    everything = [*wanted, *draw(contexts(sizes))]
    order = draw(st.permutations(range(len(everything))))
    context = tuple(everything[k] for k in order)
    return tuple(Idx(context, order.index(k), shape) for k, shape in enumerate(wanted))
