"""What was returned against what is known of the results, entry by entry; nothing is close enough."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mirror.arithmetic import precision
from theorems.engine.evidence.floats import BITS, FloatVerdict
from theorems.tools.conformance.calling import AGAIN, Part, Returned
from theorems.tools.conformance.known import SHARE, KnownArray
from theorems.tools.conformance.lanes import KnownInstance
from theorems.tools.conformance.rules import accepted

INSIDE, OUTSIDE, UNDECIDED = FloatVerdict.INSIDE, FloatVerdict.OUTSIDE, FloatVerdict.UNDECIDED
_VERDICTS = (INSIDE, UNDECIDED, OUTSIDE)  # in the order of their severity
_INSIDE, _UNDECIDED, _OUTSIDE = range(3)
# What a distance from a centre may be off by, relative.
_SLACK = 2.0**-50
# Some of float64's smallest number: no real value is known better, such as that of a weight of exp(-1e4).
_LEAST = 2.0**-1070


@dataclass(frozen=True, slots=True)
class JudgedEntry:
    """One number that was returned, or what was returned instead of numbers.

    `bound` is how far from the real value the declared arithmetic may arrive at most, `error` how far this number is
    at most; both are certified, and infinite where nothing is known. The real value is known to `radius`, so that the
    error is at least `error` less twice that. `likely` is what the error stays within with the stated probability.
    """

    verdict: FloatVerdict
    place: str
    got: str
    real: str
    error: float
    bound: float
    radius: float = 0.0
    likely: float = math.inf

    @property
    def used(self) -> float:
        """The distance from the middle as a multiple of the bound: 0 where nothing was lost or nothing is known."""
        if self.verdict is UNDECIDED or not self.error:
            return 0.0
        if math.isinf(self.error):
            return math.inf
        return (self.error - self.radius) / self.bound if self.bound else math.inf

    @property
    def unlikely(self) -> float:
        """The distance from the middle as a multiple of what is likely."""
        return (self.error - self.radius) / self.likely if self.likely else math.inf

    @property
    def rank(self) -> tuple[int, bool, float]:
        """What to show first: the worst verdict, a cotangent that is outside, the largest multiple of the bound."""
        return _VERDICTS.index(self.verdict), self.verdict is OUTSIDE and not _is_again(self.place), self.used


@dataclass(frozen=True, slots=True)
class Judged:
    """One instance's output, or all its cotangents: the verdict, the largest error and bound, the worst entry.

    `suspect` is the entry that is furthest beyond what is likely, where one is; it is inside all the same. The rules of
    others that have these names accept the arrays; `allowed` is the largest error that each would let pass.
    """

    verdict: FloatVerdict
    error: float
    bound: float
    worst: JudgedEntry
    suspicious: int = 0
    suspect: JudgedEntry | None = None
    accepted: frozenset[str] = frozenset()
    allowed: Mapping[str, float] = field(default_factory=dict)


def judge(known: Sequence[KnownInstance], returned: Sequence[Returned]) -> Iterator[tuple[Judged, Judged | None]]:
    """The output and the gradients of each instance, judged; no gradients where there are none to judge."""
    for (arrays, plain), whole in zip(known, returned, strict=True):
        found = _judgeable(arrays, whole)
        (output, gradients), by = judge_one(arrays, found), accepted(plain, arrays, found)
        yield (
            replace(output, accepted=by.outputs, allowed=by.allowed),
            gradients and replace(gradients, accepted=by.gradients, allowed=by.allowed_gradients),
        )


def _judgeable(known: Sequence[KnownArray], found: Returned) -> Returned:
    """What was returned, with what is real where it is ignored."""
    real = known[0].bounded.real  # only of outputs is anything ignored
    parts = found.gradients and tuple(part.filled(real) for part in found.gradients)
    return replace(found, output=found.output.filled(real), gradients=parts)


def judge_one(known: Sequence[KnownArray], found: Returned) -> tuple[Judged, Judged | None]:
    """One instance's output and gradients against what is known of them."""
    parts = found.gradients or ()
    # The cotangents come last; before them the output once more, where they came with one.
    last = known[len(known) - len(parts) :]
    return judged([found.output], known[:1]), judged(parts, last) if parts else None


def judged(parts: Sequence[Part], known: Sequence[KnownArray]) -> Judged:
    """Judge arrays of floats together, or what was returned instead: that is outside."""
    if faulty := [part for part in parts if part.values is None]:
        first = min(faulty, key=lambda part: _is_again(part.name))
        worst = JudgedEntry(OUTSIDE, first.name, first.fault, "", math.inf, math.inf)
        return Judged(OUTSIDE, math.inf, math.inf, worst)
    return _Entries(parts, known).judged()


class _Entries:
    """The entries of some arrays in one row each: how far each is off, and what follows."""

    def __init__(self, parts: Sequence[Part], known: Sequence[KnownArray]) -> None:
        self.parts, self.known = parts, known
        self.ends = np.cumsum([0, *(part.values.size for part in parts)])  # type: ignore[union-attr]
        self.got = np.concatenate([np.asarray(part.values).ravel() for part in parts])
        distances = [k.distance(np.asarray(part.values)) for part, k in zip(parts, known, strict=True)]
        self.distance = np.where(np.isfinite(self.got), _flat(distances), np.inf)
        self.radius, self.bound, self.likely = (
            _flat([getattr(k.bounded, name) for k in known]) for name in ("radius", "certified", "likely")
        )
        self.error = (self.distance + self.radius) * (1 + _SLACK)
        self.verdicts = self._verdicts()

    def _verdicts(self) -> np.ndarray:
        """What is beyond the bound is outside however little is known of the real value; NaN is no real number."""
        beyond = (self.distance * (1 - _SLACK) > self.bound) | ~np.isfinite(self.got)
        known = np.isfinite(self.bound) & (self.radius <= np.maximum(SHARE * self.bound, _LEAST))
        return np.where(beyond, _OUTSIDE, np.where(known, _INSIDE, _UNDECIDED))

    def judged(self) -> Judged:
        """The verdict of all, and the entries to show."""
        severest = self.verdicts.max()
        known = self.verdicts != _UNDECIDED
        error, bound = (float(size[known].max(initial=0.0)) for size in (self.error, self.bound))
        worst = self._entry(self._first(self._shares(self.bound), self._shown(severest)))
        suspicious = (self.verdicts == _INSIDE) & (self.distance * (1 - _SLACK) > self.likely)
        suspect = self._entry(self._first(self._shares(self.likely), suspicious)) if suspicious.any() else None
        return Judged(_VERDICTS[severest], error, bound, worst, int(suspicious.sum()), suspect)

    def _shown(self, severest: int) -> np.ndarray:
        """Those of the severest verdict; an output that is outside once more gives way to a cotangent that is."""
        severe = self.verdicts == severest
        cotangents = severe & np.repeat([not _is_again(part.name) for part in self.parts], np.diff(self.ends))
        return cotangents if severest == _OUTSIDE and cotangents.any() else severe

    def _shares(self, bound: np.ndarray) -> np.ndarray:
        """The distances as multiples of a bound; 0 where nothing was lost or nothing is known."""
        some = (self.distance > 0) & (self.verdicts != _UNDECIDED)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            shares = np.where(some, self.distance / bound, 0.0)
        return np.where(some & np.isinf(self.distance), np.inf, shares)

    def _first(self, shares: np.ndarray, among: np.ndarray) -> int:
        return int(np.argmax(np.where(among, shares, -1.0)))

    def _entry(self, number: int) -> JudgedEntry:
        part = int(np.searchsorted(self.ends, number, side="right")) - 1
        place = number - int(self.ends[part])
        index = np.unravel_index(place, self.known[part].bounded.real.shape)
        with precision(BITS):
            real = self.known[part].text(place)
        figures = (float(size[number]) for size in (self.error, self.bound, self.radius, self.likely))
        name = f"{self.parts[part].name}[{', '.join(map(str, index))}]"
        return JudgedEntry(_VERDICTS[self.verdicts[number]], name, repr(float(self.got[number])), real, *figures)


def _is_again(name: str) -> bool:
    return name.startswith(AGAIN)


def _flat(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([a.ravel() for a in arrays])
