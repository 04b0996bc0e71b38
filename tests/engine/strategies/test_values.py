"""A family of values has both signs and the magnitudes that its name says."""

from __future__ import annotations

import pytest
from flint import fmpq

from theorems.engine.strategies.blocks import SCALES
from theorems.engine.strategies.values import FAMILIES, Fill

# The least and the largest size of its entries that are not zero.
SIZES = {
    "integers": (1, 3),
    "dyadic": (fmpq(1, 64), 64),
    "fractions": (fmpq(1, 7), 9),
    "mixed magnitudes": (fmpq(1, 2**12), 9 * 2**6),
    "tiny": (fmpq(1, 2**40), fmpq(9, 2**40)),
    "huge": (2**20, 9 * 2**20),
}


@pytest.mark.parametrize("family", SIZES)
def test_a_family_reaches_its_smallest_and_largest_of_either_sign(family: str) -> None:
    least, largest = SIZES[family]
    found = {*Fill(family, 1).vector(30_000)}
    assert {max(found), -min(found)} == {largest}
    assert min(abs(v) for v in found if v) == least
    assert 0 in found


def test_what_has_no_size_of_its_own() -> None:
    assert {*FAMILIES} - {*SIZES} == {"zeros", "one-hot"}
    assert not any(Fill("zeros", 1).vector(9))
    assert {sum(map(abs, Fill("one-hot", seed).vector(9))) for seed in range(9)} == {1}


def test_scores_are_scaled_by_numbers_of_either_sign() -> None:
    assert min(SCALES) < 0 < max(SCALES)
