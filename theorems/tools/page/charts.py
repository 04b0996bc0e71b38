"""Small plots as data: rows of bars, columns of a histogram, lines and points on logarithmic axes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from theorems.tools.page.figures import raised


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is called, what stands at its end, and its length as a share of the longest that could be."""

    label: str
    said: str
    share: float


@dataclass(frozen=True, slots=True)
class Bars:
    """A plot of bars below each other."""

    title: str
    bars: tuple[Bar, ...]


def bars(title: str, counts: Mapping[str, int], whole: int | None = None) -> Bars | None:
    """A bar for each count, as a share of the whole or of the largest; None where there is nothing to show."""
    most = whole or max(counts.values(), default=0)
    if not most:
        return None
    return Bars(title, tuple(Bar(label, f"{number:,}", number / most) for label, number in counts.items()))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a histogram: what it is called, and what stands below it, which for most is nothing."""

    name: str
    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Histogram:
    """Columns beside each other, and what the axis below them counts."""

    title: str
    axis: str
    columns: tuple[Column, ...]


MOST_COLUMNS, LABELS = 24, 5
LARGEST = 12  # of what is counted one by one; what is larger shares a column


def histogram(title: str, axis: str, counts: Mapping[int, int]) -> Histogram | None:
    """A column for each whole number from 0 to the largest, or to `LARGEST` and one for all that is larger."""
    if not counts:
        return None
    largest = max(counts)
    shown = {n: counts.get(n, 0) for n in range(min(largest, LARGEST) + 1)}
    named = {str(n): number for n, number in shown.items()}
    if largest > LARGEST:
        named["more"] = sum(number for n, number in counts.items() if n > LARGEST)
    return _histogram(title, axis, named, every=math.ceil(len(named) / LABELS))


def decades(title: str, axis: str, counts: Mapping[int, int]) -> Histogram | None:
    """A column for each power of ten from the least to the largest, or where these are many for several."""
    if not counts:
        return None
    wide = _wide(min(counts), max(counts))
    first, last = min(counts) // wide, max(counts) // wide
    binned = Counter[int]()
    for exponent, number in counts.items():
        binned[exponent // wide] += number
    names = {
        k: _tick(k * wide) + (f" to {_tick(k * wide + wide - 1)}" if wide > 1 else "") for k in range(first, last + 1)
    }
    return _histogram(title, axis, {name: binned[k] for k, name in names.items()}, every=math.ceil(len(names) / LABELS))


def _histogram(title: str, axis: str, named: Mapping[str, int], every: int) -> Histogram:
    most, labelled = max(named.values()), [*named][::every]
    if "more" in named:  # which stands beside the last of them
        labelled = [*labelled[:-1], "more"]
    columns = (
        Column(name, name.partition(" to ")[0] if name in labelled else "", number, number / most)
        for name, number in named.items()
    )
    return Histogram(title, axis, tuple(columns))


def _wide(least: int, largest: int) -> int:
    """How many powers of ten share a column: 1, 2 or 5 times a power of ten."""
    sizes = (m * 10**k for k in range(10) for m in (1, 2, 5))
    return next(wide for wide in sizes if largest // wide - least // wide < MOST_COLUMNS)


def _tick(exponent: int) -> str:
    return f"10{raised(exponent)}"


_MANTISSAS = (1, 2, 5)
MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """A logarithmic axis, from 10^low to 10^high, over some pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands; what is not on the axis stands at its nearer end."""
        exponent = math.log10(value) if value > 0 else self.low
        part = (min(max(exponent, self.low), self.high) - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    @property
    def ticks(self) -> list[tuple[float, str]]:
        """Places and words of the numbers 1, 2 and 5 times powers of ten, or where these are many of powers of ten."""
        numbers = list(_round_numbers(self.low, self.high))
        if len(numbers) > MOST_TICKS:
            powers = range(math.ceil(self.low - _SLACK), math.floor(self.high + _SLACK) + 1)
            return [(self.at(10.0**k), f"10{raised(k)}") for k in powers[:: math.ceil(len(powers) / MOST_TICKS)]]
        return [(self.at(n), f"{n:g}") for n in numbers]


_SLACK = 1e-9


def _round_numbers(low: float, high: float) -> Iterator[float]:
    for k in range(math.floor(low), math.ceil(high) + 1):
        yield from (m * 10.0**k for m in _MANTISSAS if low - _SLACK <= math.log10(m) + k <= high + _SLACK)


def axis_of(values: Iterable[float], start: float, end: float, decades: float = math.inf) -> Axis:
    """The axis on which all positive finite values are, or those within so many decades of the largest."""
    exponents = [math.log10(v) for v in values if v > 0 and math.isfinite(v)] or [0.0]
    largest = max(exponents)
    least = max(min(exponents), largest - decades)
    around = [math.log10(n) for n in _round_numbers(math.floor(least), math.ceil(largest) + 1)]
    low = max(e for e in around if e <= least + _SLACK)
    high = min(e for e in around if e > max(low, largest - _SLACK))
    return Axis(low, high, start, end)


def path(points: Sequence[tuple[float, float]]) -> str:
    """An SVG path through points."""
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) if points else ""
