"""The jitted block's formulas with everything that a float evaluation may make of them: a tape behind `Numbers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic.rounded import Backend
from mirror.bounds import adjoint, noises, steps
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import MidRadArray, exactly, midrad, outward
from mirror.bounds.midrad import MidRad
from mirror.bounds.roundings import Accumulation, Noise, Roundings
from mirror.bounds.tape import Node, Pull, anchor, narrow, settle
from mirror.jit.numbers import Normed, Numbers

_REAL = MidRad()
_HALF = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """A node of a tape, with the arithmetic that records what is done to it."""

    tape: Tape
    node: Node

    @property
    def shape(self) -> tuple[int, ...]:
        return self.node.shape

    def __getitem__(self, key: Any) -> Traced:
        """With more axes: nothing of a node is cut out."""
        return self.reshape(self.node.real.mid[key].shape)

    def reshape(self, *shape: Any) -> Traced:
        return self.tape.reshaped(self, *shape)

    def swapaxes(self, a: int, b: int) -> Traced:
        return self.tape.swapped(self, a, b)

    def __add__(self, other: Any) -> Traced:
        return self.tape.accumulated(self, self.tape.taken(other))

    def __neg__(self) -> Traced:
        return self.tape.negated(self)

    def __sub__(self, other: Any) -> Traced:
        return self.tape.added(self, -self.tape.taken(other))

    def __rsub__(self, other: Any) -> Traced:
        return self.tape.added(-self, self.tape.taken(other))

    def __mul__(self, other: Any) -> Traced:
        return self.tape.multiplied(self, self.tape.taken(other))

    __radd__ = __add__
    __rmul__ = __mul__


class Tape(Numbers[Traced]):
    """An arithmetic that keeps every operation.

    With `by_row` the results of rows depend on that row's roundings only, and are swept together; a product or a sum
    over rows is bounded by the anchored operands. Without it every entry is swept by itself, whatever is mixed.
    """

    name = "tape"

    def __init__(self, arithmetic: FloatArithmetic, *, by_row: bool) -> None:
        self.arithmetic, self.by_row = arithmetic, by_row
        self.roundings = self.contracting = Roundings.computing(arithmetic)
        if arithmetic.operand is not None:
            # Products of two such operands are exact, and a truncation is off by up to two units.
            self.contracting = replace(self.roundings, unit=2 * self.roundings.unit)

    # ---- what goes in

    def given(self, values: Any, row: int | None = None) -> Traced:
        """An array of floats of the format; what may be flushed to 0 is known to be between."""
        exact = exactly(np.asarray(values).astype(np.float64))
        flushed = np.where(abs(exact.mid) < self.roundings.lowest, abs(exact.mid), 0.0)
        return self._leaf(exact, Noise(flushed, flushed), row)

    def rounded(self, values: MidRadArray, row: int | None = None) -> Traced:
        """Reals that are rounded once, to float64 first."""
        units = 1 + (2.0 ** (self.roundings.bits - 52) if self.roundings.bits < 53 else 0)
        noise = self.roundings.once(values.magnitude, units)
        exact = values.rad == 0
        exact &= noises.representable(values.mid, self.roundings)
        return self._leaf(values, Noise(*(np.where(exact, 0.0, n) for n in noise)), row)

    def taken(self, other: Any) -> Traced:
        """A node, or floats as one."""
        return other if isinstance(other, Traced) else self.given(other)

    def embed(self, rationals: np.ndarray) -> Traced:
        return self.rounded(_REAL.embed(rationals))

    def constant(self, value: fmpq) -> Traced:
        return self.embed(np.array(value, dtype=object))

    def zeros(self, shape: int | tuple[int, ...]) -> Traced:
        return self.given(np.zeros(shape))

    @property
    def pi(self) -> Traced:
        return self.rounded(_REAL.pi)

    @property
    def root_of_two_over_pi(self) -> Traced:
        # Rounded π, its quotient, the root and the conversion: less than three units together.
        value = _REAL.root_of_two_over_pi
        return self._leaf(value, self.roundings.once(value.magnitude, 3), None)

    def _leaf(self, real: MidRadArray, noise: Noise, row: int | None) -> Traced:
        tube = midrad(real.mid, outward(real.rad + noise.bound, 1))
        rows = row if self.by_row else None
        return Traced(self, Node(real, tube, real.rad, noise, rows, spread=noise.spread))

    # ---- recording

    def _record(
        self,
        function: Callable[..., MidRadArray],
        operands: Sequence[Traced],
        noise: Callable[[MidRadArray, list[MidRadArray]], Noise] | None,
        pulls: Callable[[MidRadArray, list[MidRadArray]], Sequence[Pull]],
        row: int | None,
        *,
        weights: bool = False,
    ) -> Traced:
        nodes = [o.node for o in operands]
        tubes = [n.tube for n in nodes]
        own = function(*(exactly(n.real.mid) for n in nodes)).rad
        real, passed = function(*(n.real for n in nodes)), function(*tubes)
        rounding = noise(passed, tubes) if noise else Noise(np.zeros(own.shape), np.zeros(own.shape))
        tube = passed if noise is None else midrad(passed.mid, outward(passed.rad + rounding.bound, 1))
        kept = tuple(zip(nodes, pulls(passed, tubes), strict=True)) if any(n.noisy for n in nodes) else ()
        return Traced(self, Node(real, tube, own, rounding, row, kept, weights=weights))

    def _broadcast(self, a: Traced, b: Traced) -> tuple[Traced, Traced, int | None]:
        """Operands entry by entry, what all rows share as if it were rounded anew for each."""
        shape = np.broadcast_shapes(a.shape, b.shape)
        row = a.node.row if b.node.row is None else b.node.row
        if row is None:
            return a, b, row
        return self._for_rows(a, shape, row), self._for_rows(b, shape, row), row

    def _for_rows(self, a: Traced, shape: tuple[int, ...], row: int) -> Traced:
        if a.node.row is not None or not a.node.noisy:
            return a
        anchor(a.node)
        real, noise = a.node.real, noises.shared(a.node)
        wide = (np.broadcast_to(x, shape) for x in (real.mid, real.rad, *noise))
        mid, rad, bound, spread = wide
        return self._leaf(MidRadArray(mid, rad), Noise(bound, spread), row)

    # ---- structure

    def reshaped(self, a: Traced, *shape: Any) -> Traced:
        """The same entries in another shape."""
        new = a.node.real.mid.reshape(*shape).shape
        row = None if a.node.row is None else _row_in(a.shape, a.node.row, new)
        return self._moved(a, partial(steps.reshaped, new), partial(adjoint.reshaped, a.shape), row)

    def swapped(self, a: Traced, i: int, j: int) -> Traced:
        """With two axes exchanged."""
        i, j = i % len(a.shape), j % len(a.shape)
        row = {i: j, j: i}.get(a.node.row, a.node.row) if a.node.row is not None else None
        return self._moved(a, partial(steps.swapped, i, j), partial(adjoint.swapped, (i, j)), row)

    def _moved(self, a: Traced, function: Callable[[MidRadArray], MidRadArray], pull: Pull, row: int | None) -> Traced:
        node = a.node
        spread = None if node.spread is None else function(midrad(node.spread, np.zeros(node.shape))).mid
        if node.pulls:
            moved = self._record(function, [a], None, partial(steps.one, pull), row, weights=node.weights)
            moved.node.spread = spread
            if node.sums:
                moved.node.sums = Accumulation(*(function(exactly(x)).mid for x in node.sums))
            return moved
        # A leaf stays one, with what is known of it.
        own, bound, size = (function(exactly(x)).mid for x in (node.own, node.noise.bound, node.noise.spread))
        real, tube = function(node.real), function(node.tube)
        return Traced(self, Node(real, tube, own, Noise(bound, size), row, weights=node.weights, spread=spread))

    def concat(self, parts: Sequence[Traced]) -> Traced:
        starts = np.cumsum([0, *(p.shape[0] for p in parts)])
        pulls = [partial(adjoint.sliced, int(s), p.shape[0]) for s, p in zip(starts, parts, strict=False)]
        return self._record(steps.joined, parts, None, partial(steps.these, pulls), None)

    # ---- arithmetic

    def added(self, a: Traced, b: Traced) -> Traced:
        """a + b; adding an exact 0 is exact."""
        return self._added(a, b, self._adding)

    def accumulated(self, a: Traced, b: Traced) -> Traced:
        """a + b, where the products that one is a sum of may be added to the other one by one, as to a bias."""
        a, b, _ = self._broadcast(a, b)
        sums, size = (a.node.sums, b.node.tube.magnitude) if a.node.sums else (b.node.sums, a.node.tube.magnitude)
        if sums is None:
            return self.added(a, b)
        found = self._added(a, b, partial(self._accumulating, sums, size))
        found.node.sums = sums.beside(size)
        settle(found.node)
        return found

    def _added(self, a: Traced, b: Traced, noise: Callable[[MidRadArray, list[MidRadArray]], Noise]) -> Traced:
        a, b, row = self._broadcast(a, b)
        pulls = [partial(adjoint.gathered, x.shape) for x in (a, b)]
        return self._record(steps.plus, [a, b], noise, partial(steps.these, pulls), row)

    def negated(self, a: Traced) -> Traced:
        """-a, which rounds nothing."""
        return self._record(
            steps.minus, [a], None, partial(steps.one, adjoint.negated), a.node.row, weights=a.node.weights
        )

    def multiplied(self, a: Traced, b: Traced) -> Traced:
        """a·b; a product with an exact power of two is exact, unless it underflows."""
        a, b, row = self._broadcast(a, b)
        weights = a.node.weights or b.node.weights
        return self._record(steps.times, [a, b], self._multiplying, steps.multiplied_pulls, row, weights=weights)

    def _adding(self, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        exact = tubes[0].is_zero | tubes[1].is_zero | self._is_float(passed)
        return noises.unless(exact, self.roundings.once(passed.magnitude))

    def _accumulating(
        self, sums: Accumulation, size: np.ndarray, passed: MidRadArray, tubes: list[MidRadArray]
    ) -> Noise:
        return self._adding(passed, tubes) + self.contracting.carried(sums, size)

    def _multiplying(self, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        noise = self.roundings.once(passed.magnitude)
        exact, shifts = self._is_float(passed), np.zeros(passed.shape, dtype=bool)
        for tube in tubes:
            exact = exact | ((tube.rad == 0) & ((tube.mid == 0) | (abs(tube.mid) == 1)))
            shifts = shifts | ((tube.rad == 0) & (abs(np.frexp(tube.mid)[0]) == 0.5))
        lost = np.minimum(noise.bound, self.roundings.absolute)
        return noises.unless(exact, Noise(*(np.where(shifts & np.isfinite(n), lost, n) for n in noise)))

    def _is_float(self, passed: MidRadArray) -> np.ndarray:
        """Which results are exactly numbers of the format."""
        return (passed.rad == 0) & noises.representable(passed.mid, self.roundings)

    def sum(self, a: Traced, axis: int) -> Traced:
        axis %= len(a.shape)
        function, noise = partial(steps.summed, axis), partial(self._summing, axis)
        if self.by_row and axis == a.node.row:
            return self._mixed(function, [a], noise, partial(noises.root_of_squares, axis))
        row = a.node.row if a.node.row is None or a.node.row < axis else a.node.row - 1
        found = self._record(function, [a], noise, partial(steps.one, partial(adjoint.spread_out, a.shape, axis)), row)
        settle(found.node)
        return found

    def _summing(self, axis: int, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        return self.roundings.summed(tubes[0], axis, passed.magnitude)

    def matmul(self, a: Traced, b: Traced) -> Traced:
        a, b = (self._operand(x) for x in (a, b))
        contracted = a.node.row is not None and a.node.row == len(a.shape) - 1
        if self.by_row and (contracted or b.node.row is not None):
            return self._mixed(_REAL.matmul, [a, b], self._contracting, noises.product_of_spreads)
        if self.by_row and b.node.noisy:
            with np.errstate(all="ignore"):  # what is shared may be unbounded
                return self._with_shared(a, b)
        found = self._record(_REAL.matmul, [a, b], self._contracting, steps.matmul_pulls, a.node.row)
        found.node.sums = self._sums(found, a, b)
        narrow(found.node)
        return found

    def _sums(self, found: Traced, a: Traced, b: Traced) -> Accumulation:
        return Accumulation.of(a.node.tube, b.node.tube, found.node.tube.magnitude, found.node.noise)

    def _with_shared(self, a: Traced, b: Traced) -> Traced:
        """A product with a matrix that all rows share and that was rounded: as if for each row anew."""
        anchor(b.node)
        shared, left = noises.shared(b.node), a.node.tube.magnitude
        still = Node(exactly(b.node.real.mid), b.node.tube, np.zeros(b.shape), noises.none(b.shape), None)
        still.noisy = False
        found = self._record(_REAL.matmul, [a, Traced(self, still)], self._contracting, steps.matmul_pulls, a.node.row)
        node, found.node.sums = found.node, self._sums(found, a, b)
        more = Noise(left @ shared.bound, np.sqrt(left**2 @ shared.spread**2))
        node.noise, own = node.noise + more, outward(left @ b.node.real.rad, b.shape[-2] + 2)
        node.own, node.noisy = outward(node.own + own, 1), True
        node.real = midrad(node.real.mid, outward(node.real.rad + own, 1))
        narrow(node)
        return found

    def _contracting(self, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        left, right = tubes
        return self.contracting.product(left, right, passed.magnitude)

    def _operand(self, a: Traced) -> Traced:
        """An operand of a product of matrices, in the format that it is rounded to."""
        to = (a.node.weights and self.arithmetic.weights) or self.arithmetic.operand
        return a if to is None else self.converted(a, to)

    def converted(self, a: Traced, to: Backend) -> Traced:
        """Rounded to another format."""
        noise = partial(noises.converting, Roundings.of(to))
        return self._record(steps.same, [a], noise, partial(steps.one, steps.same), a.node.row, weights=a.node.weights)

    def passed(self, a: Traced) -> MidRadArray:
        """What holds all its values."""
        return a.node.tube

    def also(self, a: Traced, bound: np.ndarray) -> Traced:
        """The same, off by so much more: what other ways of computing it may round besides."""
        noise = partial(noises.given_noise, Noise(bound, bound))
        return self._record(steps.same, [a], noise, partial(steps.one, steps.same), a.node.row, weights=a.node.weights)

    def _mixed(
        self,
        function: Callable[..., MidRadArray],
        operands: Sequence[Traced],
        noise: Callable[[MidRadArray, list[MidRadArray]], Noise],
        spreads: Callable[..., np.ndarray],
    ) -> Traced:
        """A sum over rows, each of which was bounded by itself."""
        for operand in operands:
            anchor(operand.node)
        nodes = [o.node for o in operands]
        real, passed = function(*(n.real for n in nodes)), function(*(n.tube for n in nodes))
        rounding = noise(passed, [n.tube for n in nodes])
        bound = outward(passed.rad + rounding.bound + abs(passed.mid - real.mid), 2)
        spread = outward(np.hypot(spreads(*nodes), rounding.spread), 4)
        tube = midrad(passed.mid, bound)
        return Traced(
            self, Node(real, tube, real.rad, Noise(outward(bound + real.rad, 1), spread), None, spread=spread)
        )

    # ---- functions

    def exp(self, a: Traced) -> Traced:
        return self._function(_REAL.exp, a, float(self.arithmetic.exp_ulps), steps.slope_of_exp)

    def tanh(self, a: Traced) -> Traced:
        return self._function(_REAL.tanh, a, float(self.arithmetic.tanh_ulps), steps.slope_of_tanh)

    def sqrt(self, a: Traced) -> Traced:
        found = self._function(_REAL.sqrt, a, 1, steps.slope_of_sqrt)
        settle(found.node)
        return found

    def inverse(self, a: Traced) -> Traced:
        return self._function(_REAL.inverse, a, 1, steps.slope_of_inverse)

    def positive_part(self, a: Traced) -> Traced:
        return self._function(_REAL.positive_part, a, 0, steps.slope_of_positive_part)

    def _function(
        self, function: Callable[[MidRadArray], MidRadArray], a: Traced, units: float, slope: Callable[..., MidRadArray]
    ) -> Traced:
        return self._record(function, [a], partial(self._once, units), partial(steps.sloped, slope), a.node.row)

    def _once(self, units: float, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        return noises.unless(self._is_float(passed) | (units == 0), self.roundings.once(passed.magnitude, units))

    def keep_if_nonzero(self, value: Traced, witnesses: Traced) -> Traced:
        return self._kept(value, witnesses)

    def where_differentiable(self, value: Traced, var_eps: Traced, axes: int) -> Traced:
        return self._kept(value, var_eps)

    def _kept(self, value: Traced, witnesses: Traced) -> Traced:
        tube = witnesses.node.tube
        if tube.is_zero.any():
            return self.zeros(value.shape)
        if (tube.mignitude == 0).any():
            return self.given(np.full(value.shape, np.nan))
        return value

    # ---- softmax

    def row_max(self, scores: Traced) -> Traced:
        return self._record(_REAL.row_max, [scores], None, steps.max_pulls, scores.node.row)

    def shifted_exp(self, scores: Traced, row_max: Traced) -> Traced:
        again = all(parent is not scores.node for parent, _ in row_max.node.pulls)
        shifted = scores - row_max
        if not again:
            # No score exceeds the maximum of all, but for the rounding of the difference.
            node, largest = shifted.node, steps.largest(scores.node.tube)[1]
            node.noise = noises.unless(largest, node.noise)
            node.tube = steps.between(node.tube, -np.inf, node.noise.bound)
            node.tube = midrad(*(np.where(largest, 0.0, x) for x in (node.tube.mid, node.tube.rad)))
        noise = partial(self._shifting, shifted.node.tube.upper if again else None)
        found = self._record(
            steps.exp_at_most_1, [shifted], noise, partial(steps.sloped, steps.slope_of_exp), shifted.node.row
        )
        found.node.weights = True
        return found

    def _shifting(self, highest: np.ndarray | None, passed: MidRadArray, tubes: list[MidRadArray]) -> Noise:
        """A score that was computed once more may exceed the saved maximum: the minimum with 0 is its own error."""
        # What is computed is the exponential of a number that is not positive.
        noise = self.roundings.once(np.minimum(passed.magnitude, 1.0), float(self.arithmetic.exp_ulps))
        noise = noises.unless(self._is_float(passed), noise)
        if highest is None:
            return noise
        above = np.maximum(highest, 0)
        cut = outward(np.minimum(above * np.exp(above), np.inf), 8)
        return noise + Noise(cut, cut)

    def inv_normaliser(self, shifted: Traced) -> Traced:
        normaliser = self.sum(shifted, -1)[..., None]
        # One of the terms is 1 and none is negative, but for their roundings.
        lost = normaliser.node.own.max(initial=0) + shifted.shape[-1] * shifted.node.noise.bound.max(initial=0)
        if lost + self.roundings.unit * shifted.shape[-1] ** 2 < _HALF:
            normaliser.node.tube = steps.between(normaliser.node.tube, _HALF, np.inf)
        return self.inverse(normaliser)

    # ---- LayerNorm

    def normalise(self, centred: Traced, eps: fmpq) -> Normed[Traced]:
        variance = self.inner(centred, centred)[..., None] * self.constant(fmpq(1, centred.shape[-1]))
        var_eps = variance + self.constant(eps)
        if eps > 0:
            # No sum of squares is negative: not in two passes, and by far less than ε while the mean is updated.
            node, least = var_eps.node, float(eps) / 2
            node.real, node.tube = (steps.between(a, least, np.inf) for a in (node.real, node.tube))
        rstd = self.inverse(self.sqrt(var_eps))
        normalised = centred * rstd
        narrow(normalised.node)
        return Normed(normalised, rstd, var_eps)


def _row_in(shape: tuple[int, ...], row: int, new: tuple[int, ...]) -> int:
    """Where the rows are after a reshape that keeps them together."""
    before = int(np.prod(shape[:row]))
    for k, size in enumerate(new):
        if int(np.prod(new[:k])) == before and size == shape[row]:
            return k
    raise ValueError(f"a reshape of {shape} to {new} mixes the rows of axis {row}")
