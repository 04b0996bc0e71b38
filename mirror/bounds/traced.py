"""The jitted block's formulas with everything that a float evaluation may make of them: a tape behind `Numbers`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from flint import fmpq

from mirror.arithmetic.rounded import Backend
from mirror.bounds import adjoint, noises, steps
from mirror.bounds.intervals import MidRadArray, exactly, midrad, outward
from mirror.bounds.midrad import MidRad
from mirror.bounds.recorder import Recorder, Traced
from mirror.bounds.roundings import Accumulation, Noise, Roundings
from mirror.bounds.tape import Node, anchor, narrow, settle
from mirror.jit.numbers import Normed

_REAL = MidRad()
_HALF = 0.5


class Tape(Recorder):
    """An arithmetic that keeps every operation.

    With `by_row` the results of rows depend on that row's roundings only, and are swept together; a product or a sum
    over rows is bounded by the anchored operands. Without it every entry is swept by itself, whatever is mixed.
    """

    name = "tape"

    # ---- sums and products of matrices

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
