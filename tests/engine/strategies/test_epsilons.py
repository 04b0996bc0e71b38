"""ε as wished, where the rows allow it, and dimensions as the mixture says."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, precision, rational_vector
from tests.engine.strategies.sampling import sample
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.epsilons import (
    DISTANCES,
    FAR_BELOW,
    NEGATIVE,
    POSITIVE,
    Wish,
    epsilons,
    row_variances,
    variances_of,
    wishes,
)
from theorems.engine.strategies.mixture import MOST_WORK, Purpose, Recipe, mixed_dimensions
from theorems.engine.strategies.values import Fill

SPREAD = [fmpq(2), fmpq(1, 3), fmpq(7)]


def drawn(wish: Wish, length: int, variances: Sequence[Any]) -> set[fmpq]:
    return set(sample(epsilons((wish,), length, lambda: variances), 40))


def test_an_epsilon_is_as_wished() -> None:
    assert drawn(Wish.POSITIVE, 4, []) == set(POSITIVE)
    assert drawn(Wish.ZERO, 3, SPREAD) == {0}
    assert drawn(Wish.NEGATIVE, 3, SPREAD) == {e for e in NEGATIVE if e > fmpq(-1, 3)}
    assert drawn(Wish.FAR_BELOW, 3, SPREAD) == {FAR_BELOW}


@pytest.mark.parametrize(("wish", "sign"), [(Wish.JUST_ABOVE, 1), (Wish.JUST_BELOW, -1)])
@pytest.mark.parametrize("least", [fmpq(1, 3), arb(1) / 3])
def test_the_least_variance_plus_epsilon_is_tiny_on_the_side_that_is_wished(
    wish: Wish, sign: int, least: object
) -> None:
    with precision(256):
        found = {e + fmpq(1, 3) for e in drawn(wish, 4, [fmpq(2), least])}
    assert {round(float(v * sign * 2**40)) for v in found} == {2 ** (40 - k) for k in DISTANCES}


@pytest.mark.parametrize("wish", [Wish.ZERO, Wish.NEGATIVE, Wish.JUST_ABOVE, Wish.JUST_BELOW])
def test_rows_too_short_for_a_wish_get_a_positive_epsilon(wish: Wish) -> None:
    assert drawn(wish, 1, [fmpq(0)]) <= set(POSITIVE)


@pytest.mark.parametrize("wish", [Wish.ZERO, Wish.NEGATIVE])
def test_a_row_that_does_not_allow_a_wish_makes_epsilon_positive(wish: Wish) -> None:
    assert drawn(wish, 3, [fmpq(2), fmpq(0)]) == set(POSITIVE)
    assert drawn(wish, 3, [arb(0, 1)]) == set(POSITIVE)


def test_without_a_row_there_is_no_variance_to_come_near() -> None:
    assert drawn(Wish.JUST_ABOVE, 3, []) == set(POSITIVE)
    assert drawn(Wish.ZERO, 3, []) == {0}


def test_only_a_norm_that_may_stand_below_zero_is_wished_there() -> None:
    generic, anything = (Recipe(purpose, Fill("integers", 0)) for purpose in (Purpose.GENERIC, Purpose.ANYTHING))
    below = {Wish.JUST_BELOW, Wish.FAR_BELOW}
    assert not below & {*wishes(generic, above=True), *wishes(anything, above=True)}
    assert below & set(wishes(generic, above=False)) == {Wish.JUST_BELOW}
    assert below <= set(wishes(anything, above=False))


def test_row_variances_are_biased_and_zero_over_nothing() -> None:
    x = rational_vector([1, 3, 5, 5, 9])
    assert list(row_variances(BALL, x, 2, 2)) == variances_of(x, 2, 2)() == [1, 0]
    assert list(row_variances(BALL, x, 2, 0)) == [0, 0]


NAMES = ("a", "b", "c", "d", "e")


def dimensions(purpose: Purpose, sizes: Sizes) -> list[dict[str, int]]:
    return sample(mixed_dimensions(sizes, purpose, NAMES, wide=("a",), zeros=((), ("b", "c"))), 150)


@pytest.mark.parametrize("sizes", [Sizes(), Sizes(dimension=8, stretched=10)])
def test_generic_dimensions_are_bounded_one_by_one_and_together(sizes: Sizes) -> None:
    found = dimensions(Purpose.GENERIC, sizes)
    assert {n for dims in found for n in dims.values()} == set(range(1, sizes.dimension + 1))
    assert min(dims["a"] for dims in found) == 2
    assert max(prod(dims.values()) for dims in found) <= MOST_WORK


def test_stretched_dimensions_are_larger_than_any_other() -> None:
    for dims in dimensions(Purpose.STRETCHED, Sizes()):
        assert sorted(n > 4 for n in dims.values()) == [False, False, False, True, True]
        assert {n for n in dims.values() if n <= 4} <= {1, 2}
        assert max(dims.values()) <= Sizes().stretched


def test_dimensions_are_zero_together_as_listed() -> None:
    zeros = {tuple(name for name in NAMES if not dims[name]) for dims in dimensions(Purpose.ANYTHING, Sizes())}
    assert zeros == {(), ("b", "c")}
