"""A tape that is written: a node for each operation, with what it may round and how it is pulled back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq

from mirror.bounds import adjoint, noises, steps
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import MidRadArray, exactly, midrad, outward
from mirror.bounds.midrad import MidRad
from mirror.bounds.roundings import Accumulation, Noise, Roundings
from mirror.bounds.tape import Node, Pull, anchor, settle
from mirror.jit.numbers import Numbers

_REAL = MidRad()


@dataclass(frozen=True, slots=True, eq=False)
class Traced:
    """A node of a tape, with the arithmetic that records what is done to it."""

    tape: Recorder
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


class Recorder(Numbers[Traced]):
    """What goes in, how a node is recorded, and what the operators of `Traced` do; see `mirror.bounds.traced.Tape`."""

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


def _row_in(shape: tuple[int, ...], row: int, new: tuple[int, ...]) -> int:
    """Where the rows are after a reshape that keeps them together."""
    before = int(np.prod(shape[:row]))
    for k, size in enumerate(new):
        if int(np.prod(new[:k])) == before and size == shape[row]:
            return k
    raise ValueError(f"a reshape of {shape} to {new} mixes the rows of axis {row}")
