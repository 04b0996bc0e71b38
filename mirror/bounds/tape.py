"""What float evaluations of the formulas pass: every operation kept, with its rounding and its derivatives.

A computed value is v_i = f_i(operands) + e_i with |e_i| ≤ β_i. Along the path t·e from the real evaluation to the
computed one each value stays in its tube, so a result is off by at most Σ |∂v/∂e_i|·β_i with the derivatives over the
tubes: first order, and certified. The midpoints are a float64 evaluation, whose own errors are bounded by the same
sweep. A node that is anchored narrows its tube to that bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from mirror.bounds.adjoint import SLACK, Adjoint, added
from mirror.bounds.intervals import TINY, MidRadArray, midrad, outward, quiet
from mirror.bounds.roundings import Accumulation, Noise

Pull = Callable[[Adjoint], Adjoint]

# A tube is narrow whose radius times the number of columns is this much of the largest number of an array.
_NARROW = 2.0**-11
# How many numbers an array of adjoints may have: columns beyond that are swept later.
_LARGEST = 1 << 17


@dataclass(eq=False, slots=True)
class Node:
    """One operation: what it gives over the reals and in floats, and what its rounding does to it.

    `real` holds the real value, `tube` all that is passed on the way from there to what either float evaluation
    arrives at. `own` bounds the rounding of the float64 evaluation, whose value is `real.mid`; `noise` that of the
    kernel. `row` is the axis along which nothing is mixed (None: all entries belong to all rows). `narrowed` says that
    real and tube hold little more than they must, `sums` of a sum of products what it takes to add them to something
    else instead, one after the other.
    """

    real: MidRadArray
    tube: MidRadArray
    own: np.ndarray
    noise: Noise
    row: int | None
    pulls: tuple[tuple[Node, Pull], ...] = ()
    index: int = 0
    weights: bool = False
    spread: np.ndarray | None = None
    sums: Accumulation | None = None
    narrowed: bool = False
    noisy: bool = field(init=False)
    kept: tuple[np.ndarray | None, ...] | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.pulls = tuple((parent, pull) for parent, pull in self.pulls if parent.noisy)
        self.index = 1 + max((parent.index for parent, _ in self.pulls), default=0)
        self.noisy = bool(self.pulls) or bool(self.own.any()) or bool(self.noise.bound.any())

    @property
    def errors(self) -> tuple[np.ndarray | None, ...]:
        """What its own roundings are: of the float64 evaluation, of the kernel, and their squares; None where none."""
        if self.kept is None:
            own, (bound, spread) = self.own, self.noise
            noisy = bound.any()
            self.kept = own if own.any() else None, bound if noisy else None, spread**2 if noisy else None
        return self.kept

    @property
    def shape(self) -> tuple[int, ...]:
        return self.real.shape


class FirstOrder(NamedTuple):
    """How far a node is off: the float64 evaluation and the kernel's, and the root of the sum of its squares."""

    own: np.ndarray
    bound: np.ndarray
    spread: np.ndarray


def anchor(node: Node) -> None:
    """Narrow a node to its first-order bounds, and keep the root of the sum of squares."""
    if node.spread is None:
        found = first_order(node)
        _narrow(node, found)
        node.spread = found.spread


def narrow(node: Node) -> None:
    """Narrow a node by what is done to it since the nodes before it were, in a few steps' work.

    Those are taken to be off independently of one another. A tube need not be as narrow as can be: what is beyond first
    order is as small beside it as it is beside the numbers.
    """
    if not node.narrowed:
        _narrow(node, first_order(node, since_narrowed=True))


def settle(node: Node) -> None:
    """Narrow a node, and anchor it where it is still wide beside its numbers and there are many of them."""
    narrow(node)
    columns = np.prod([n for k, n in enumerate(node.shape) if k != node.row])
    if columns * node.tube.rad.max(initial=0) > _NARROW * abs(node.real.mid).max(initial=0):
        anchor(node)


def _narrow(node: Node, found: FirstOrder) -> None:
    mid = node.real.mid
    node.real = _narrower(node.real, midrad(mid, found.own))
    node.tube = _narrower(node.tube, midrad(mid, found.own + found.bound))
    node.narrowed = True


def _narrower(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    keep = a.rad <= b.rad
    return MidRadArray(np.where(keep, a.mid, b.mid), np.where(keep, a.rad, b.rad))


def off_by(node: Node) -> np.ndarray:
    """How far a kernel may be from the real value."""
    return outward(node.tube.rad + abs(node.tube.mid - node.real.mid) + node.real.rad, 3)


@quiet
def first_order(node: Node, *, since_narrowed: bool = False) -> FirstOrder:
    """Of all entries of a node, a column at a time: of all rows at once where the node has rows."""
    columns = tuple(n for k, n in enumerate(node.shape) if k != node.row)
    count = int(np.prod(columns))
    sweep = _Sweep(node, since_narrowed)
    parts = [sweep.totals(seed) for seed in _seeds(columns, count, node, sweep.columns_at_once(count))]
    found = []
    for sums in zip(*parts, strict=True):
        whole = np.concatenate(sums).reshape(*columns, -1)
        placed = whole[..., 0] if node.row is None else np.moveaxis(whole, -1, node.row)
        found.append(np.where(np.isnan(placed), np.inf, placed * SLACK))
    own, bound, squares = found
    return FirstOrder(*(np.where(a > 0, a + TINY, 0.0) for a in (own, bound, np.sqrt(squares) * SLACK)))


def _seeds(columns: tuple[int, ...], count: int, node: Node, step: int) -> Iterator[Adjoint]:
    for start in range(0, count, step):
        size = min(step, count - start)
        one = np.zeros((size, count))
        one[np.arange(size), start + np.arange(size)] = 1
        mid = one.reshape(size, *columns)
        if node.row is not None:
            mid = np.broadcast_to(np.expand_dims(mid, node.row + 1), (size, *node.shape))
        yield Adjoint(mid, np.zeros_like(mid))


class _Sweep:
    """The nodes that a node came of, from the last to the first: all, or back to those that were narrowed."""

    def __init__(self, node: Node, since_narrowed: bool) -> None:
        self.node, self.by_row = node, node.row is not None
        self.nodes, self.left_out = _before(node, since_narrowed)

    def columns_at_once(self, count: int) -> int:
        """How many columns are swept together."""
        return max(1, min(count, _LARGEST // max(n.real.mid.size for n in self.nodes)))

    def totals(self, seed: Adjoint) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Σ |adjoint|·own, Σ |adjoint|·β and Σ adjoint²·spread² of each column, by row where there are rows."""
        rows = self.node.shape[self.node.row] if self.node.row is not None else 1
        totals = tuple(np.zeros((seed.mid.shape[0], rows)) for _ in range(3))
        waiting = {id(self.node): seed}
        for here in self.nodes:
            adjoint = waiting.pop(id(here))
            last = id(here) in self.left_out
            _count(here, self.by_row, adjoint, totals, last)
            if not last:
                for parent, pull in here.pulls:
                    pulled, before = pull(adjoint), waiting.get(id(parent))
                    waiting[id(parent)] = pulled if before is None else added(before, pulled)
        return totals  # type: ignore[return-value]


def _before(node: Node, since_narrowed: bool) -> tuple[list[Node], set[int]]:
    """The nodes that a node came of, each after all that came of it; and those of them beyond which nobody goes."""
    found, last, pending = {id(node): node}, set[int](), [node]
    while pending:
        here = pending.pop()
        if since_narrowed and here.narrowed:
            last.add(id(here))
            continue
        for parent, _ in here.pulls:
            if id(parent) not in found:
                found[id(parent)] = parent
                pending.append(parent)
    return sorted(found.values(), key=attrgetter("index"), reverse=True), last


def _count(node: Node, by_row: bool, adjoint: Adjoint, totals: tuple[np.ndarray, ...], last: bool) -> None:
    """Add what a node's own roundings do; of the last ones all that they are off by."""
    own, bound, squares = (node.real.rad, off_by(node), None) if last else node.errors
    if own is None and bound is None:
        return
    size = adjoint.magnitude
    if own is not None:
        totals[0][...] += _contracted(size, own, node, by_row)
    if bound is not None:
        totals[1][...] += _contracted(size, bound, node, by_row)
    if squares is not None:
        size *= size
        totals[2][...] += _contracted(size, squares, node, by_row)


def _contracted(size: np.ndarray, noise: np.ndarray, node: Node, by_row: bool) -> np.ndarray:
    """The sums of products over all axes but those of the columns and the rows."""
    if not np.isfinite(noise).all():
        # Of what a result does not depend on nothing need be known.
        size, noise = np.where(size == 0, 0.0, size * noise), np.ones(noise.shape)
    letters = "abcdefgh"[: noise.ndim]
    row = letters[node.row] if by_row and node.row is not None else ""
    found = np.einsum(f"z{letters},{letters}->z{row}", size, noise)
    return found if row else found[:, None]
