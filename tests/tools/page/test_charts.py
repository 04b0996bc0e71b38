"""Plots as data: bars, histograms and logarithmic axes."""

from __future__ import annotations

import math

from theorems.tools.page.charts import Bar, axis_of, bars, decades, histogram, path
from theorems.tools.page.figures import count, power, share


def test_bars_are_shares_of_the_whole_or_of_the_largest() -> None:
    found = bars("masks", {"none": 1000, "causal": 250})
    assert found
    assert found.bars == (Bar("none", "1,000", 1.0), Bar("causal", "250", 0.25))
    of_all = bars("active", {"Q": 3}, 4)
    assert of_all
    assert of_all.bars[0].share == 0.75
    assert bars("nothing", {}) is None


def test_a_histogram_has_a_column_for_each_number_from_0() -> None:
    found = histogram("dimensions", "size", {1: 2, 3: 4})
    assert found
    assert [(c.name, c.count, c.share) for c in found.columns] == [("0", 0, 0), ("1", 2, 0.5), ("2", 0, 0), ("3", 4, 1)]
    assert histogram("nothing", "size", {}) is None


def test_what_is_far_off_shares_a_column_of_a_histogram_that_is_named() -> None:
    found = histogram("dimensions", "size", {2: 9, 13: 1, 4096: 2})
    assert found
    assert [(c.name, c.label, c.count) for c in found.columns[-2:]] == [("12", "", 0), ("more", "more", 3)]
    assert sum(c.count for c in found.columns) == 12


def test_powers_of_ten_share_columns_where_they_are_many_and_none_is_lost() -> None:
    few = decades("widths", "width", {-33: 2, -31: 1})
    assert few
    assert [(c.name, c.count) for c in few.columns] == [("10⁻³³", 2), ("10⁻³²", 0), ("10⁻³¹", 1)]
    found = decades("widths", "width", {-1000: 3, -33: 7, -32: 1})
    assert found
    assert 2 <= len(found.columns) <= 24
    assert sum(c.count for c in found.columns) == 11
    names = [c.name for c in found.columns]
    assert names[:1] + names[-1:] == ["10⁻¹⁰⁰⁰ to 10⁻⁹⁵¹", "10⁻⁵⁰ to 10⁻¹"]
    assert 1 < [bool(c.label) for c in found.columns].count(True) <= 5
    assert decades("nothing", "width", {}) is None


def test_a_logarithmic_axis_goes_from_one_round_number_to_another() -> None:
    axis = axis_of([0.7, 1, 1.8], 0, 100)
    assert [label for _, label in axis.ticks] == ["0.5", "1", "2"]
    assert (axis.at(0.5), axis.at(1), axis.at(2)) == (0, 50, 100)
    assert (axis.at(1e-9), axis.at(0), axis.at(1e9)) == (0, 0, 100), "what is not on it stands at its end"


def test_a_long_axis_has_powers_of_ten_and_may_be_cut() -> None:
    long = axis_of([1e-30, 1e10], 0, 400)
    assert long.ticks[0] == (0, "10⁻³⁰")
    assert len(long.ticks) <= 8
    cut = axis_of([1e-30, 1e10, math.inf, 0.0], 0, 10, decades=5)
    assert (round(cut.low), cut.high) == (5, 10)
    assert axis_of([], 0, 1).ticks == [(0, "1"), (1, "2")]


def test_a_path_goes_through_its_points() -> None:
    assert path([(0, 1.5), (2, 3)]) == "M0,1.5L2,3"
    assert path([]) == ""


def test_figures() -> None:
    assert count(18000) == "18,000"
    assert [power(x) for x in (0.0, 1.56e-32, 0.25, 123456.0, math.inf, -math.inf)] == [
        *("0", "1.6·10⁻³²", "0.25", "1.2·10⁵", "∞", "-inf"),
    ]
    assert (share(1, 3), share(0, 0)) == ("33 %", "")
