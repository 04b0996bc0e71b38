"""The statistics: quartiles, ratios round by round, and the exponent of a power law."""

from __future__ import annotations

import pytest

from theorems.tools.bench.spread import Spread, exponent, ratio


def test_a_spread_is_the_median_and_the_quartiles() -> None:
    assert Spread.of([5, 1, 4, 2, 3]) == Spread(2, 3, 4)
    assert Spread.of([7]) == Spread(7, 7, 7)


def test_no_measurement_has_no_spread() -> None:
    with pytest.raises(ValueError, match="at least one round is needed"):
        Spread.of([])


def test_a_round_that_is_slow_for_both_changes_no_ratio() -> None:
    peer, mine = [2.0, 20.0, 2.0, 200.0], [1.0, 10.0, 1.0, 100.0]
    assert ratio(peer, mine) == Spread(2, 2, 2)
    # The ratio of the medians would say something else.
    assert Spread.of([4.0, 1.0, 9.0]).median / Spread.of([1.0, 2.0, 3.0]).median == 2
    assert ratio([4.0, 1.0, 9.0], [1.0, 2.0, 3.0]).median == 3


def test_rounds_must_match() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1.0, 2.0], [1.0])


@pytest.mark.parametrize(("power", "unit"), [(1, 3), (2, 5)])
def test_the_exponent_of_a_power(power: int, unit: int) -> None:
    sizes = (512, 1024, 2048, 4096)
    assert exponent(sizes, [unit * s**power for s in sizes]) == pytest.approx(power, abs=1e-12)


def test_nothing_has_no_exponent() -> None:
    assert exponent((1, 2), [0, 8]) is None
