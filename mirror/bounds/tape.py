"""What float evaluations of the formulas pass: every operation kept, with its rounding and its derivatives.

A computed value is v_i = f_i(operands) + e_i with |e_i| ≤ β_i. Along the path t·e from the real evaluation to the
computed one each value stays in its tube, so a result is off by at most Σ |∂v/∂e_i|·β_i with the derivatives over the
tubes: first order, and certified. The midpoints are a float64 evaluation, whose own errors are bounded by the same
sweep. A node that is anchored narrows its tube to that bound.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from mirror.bounds.adjoint import SLACK, Adjoint, added
from mirror.bounds.intervals import TINY, MidRadArray, midrad, quiet
from mirror.bounds.roundings import Noise

Pull = Callable[[Adjoint], Adjoint]

# How many numbers an array of adjoints may have: columns beyond that are swept later.
_LARGEST = 1 << 17


@dataclass(eq=False, slots=True)
class Node:
    """One operation: what it gives over the reals and in floats, and what its rounding does to it.

    `real` holds the real value, `tube` all that is passed on the way from there to what either float evaluation
    arrives at. `own` bounds the rounding of the float64 evaluation, whose value is `real.mid`; `noise` that of the
    kernel. `row` is the axis along which nothing is mixed (None: all entries belong to all rows).
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
    noisy: bool = field(init=False)

    def __post_init__(self) -> None:
        self.pulls = tuple((parent, pull) for parent, pull in self.pulls if parent.noisy)
        self.index = 1 + max((parent.index for parent, _ in self.pulls), default=0)
        self.noisy = bool(self.pulls) or bool(self.own.any()) or bool(self.noise.bound.any())

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
    if node.spread is not None:
        return
    found = first_order(node)
    mid = node.real.mid
    node.real = _narrower(node.real, midrad(mid, found.own))
    node.tube = _narrower(node.tube, midrad(mid, found.own + found.bound))
    node.spread = found.spread


def _narrower(a: MidRadArray, b: MidRadArray) -> MidRadArray:
    keep = a.rad <= b.rad
    return MidRadArray(np.where(keep, a.mid, b.mid), np.where(keep, a.rad, b.rad))


@quiet
def first_order(node: Node) -> FirstOrder:
    """Of all entries of a node, a column at a time: of all rows at once where the node has rows."""
    shape = node.shape
    columns = tuple(n for k, n in enumerate(shape) if k != node.row)
    count = int(np.prod(columns))
    parts = [_swept(node, shape, seeds) for seeds in _seeds(columns, count, node, _columns_at_once(node, shape, count))]
    found = []
    for sums in zip(*parts, strict=True):
        whole = np.concatenate(sums).reshape(*columns, -1)
        placed = whole[..., 0] if node.row is None else np.moveaxis(whole, -1, node.row)
        found.append(np.where(np.isnan(placed), np.inf, placed * SLACK))
    own, bound, squares = found
    return FirstOrder(*(np.where(a > 0, a + TINY, 0.0) for a in (own, bound, np.sqrt(squares) * SLACK)))


def _columns_at_once(node: Node, shape: tuple[int, ...], count: int) -> int:
    largest, seen, pending = 1, set(), [node]
    while pending:
        here = pending.pop()
        largest = max(largest, here.real.mid.size)
        fresh = [parent for parent, _ in here.pulls if id(parent) not in seen]
        seen.update(map(id, fresh))
        pending += fresh
    return max(1, min(count, _LARGEST // largest))


def _seeds(columns: tuple[int, ...], count: int, node: Node, step: int) -> Iterator[Adjoint]:
    for start in range(0, count, step):
        size = min(step, count - start)
        one = np.zeros((size, count))
        one[np.arange(size), start + np.arange(size)] = 1
        mid = one.reshape(size, *columns)
        if node.row is not None:
            mid = np.broadcast_to(np.expand_dims(mid, node.row + 1), (size, *node.shape))
        yield Adjoint(mid, np.zeros_like(mid))


def _swept(node: Node, shape: tuple[int, ...], seed: Adjoint) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Σ |adjoint|·own, Σ |adjoint|·β and Σ adjoint²·spread² of each column, by row where there are rows."""
    rows = 1 if node.row is None else shape[node.row]
    own, bound, squares = totals = tuple(np.zeros((seed.mid.shape[0], rows)) for _ in range(3))
    waiting, queue, nodes = {id(node): seed}, [(-node.index, id(node))], {id(node): node}
    while queue:
        _, key = heapq.heappop(queue)
        here, adjoint = nodes[key], waiting.pop(key)
        _count(here, node.row is not None, adjoint, totals)
        for parent, pull in here.pulls:
            pulled = pull(adjoint)
            if id(parent) in waiting:
                waiting[id(parent)] = added(waiting[id(parent)], pulled)
            else:
                waiting[id(parent)], nodes[id(parent)] = pulled, parent
                heapq.heappush(queue, (-parent.index, id(parent)))
    return own, bound, squares


def _count(node: Node, by_row: bool, adjoint: Adjoint, totals: tuple[np.ndarray, ...]) -> None:
    """Add what a node's own roundings do."""
    noisy, own = node.noise.bound.any(), node.own.any()
    if not (noisy or own):
        return
    size = adjoint.magnitude
    if own:
        totals[0][...] += _contracted(size, node.own, node, by_row)
    if noisy:
        totals[1][...] += _contracted(size, node.noise.bound, node, by_row)
        totals[2][...] += _contracted(size * size, node.noise.spread**2, node, by_row)


def _contracted(size: np.ndarray, noise: np.ndarray, node: Node, by_row: bool) -> np.ndarray:
    """The sums of products over all axes but those of the columns and the rows."""
    if not np.isfinite(noise).all():
        # Of what a result does not depend on nothing need be known.
        size, noise = np.where(size == 0, 0.0, size * noise), np.ones(noise.shape)
    letters = "abcdefgh"[: noise.ndim]
    row = letters[node.row] if by_row and node.row is not None else ""
    found = np.einsum(f"z{letters},{letters}->z{row}", size, noise)
    return found if row else found[:, None]
