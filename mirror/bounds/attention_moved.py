"""How far rounding moves the weights, the output and the delta of a head, in closed form."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mirror.bounds.attention_point import AttentionHead
from mirror.bounds.attention_scores import Scored, as_operand, count
from mirror.bounds.noise import Worst

if TYPE_CHECKING:
    from jaxtyping import Float

# Float64 is off by less than this at an operation, relative.
_UNIT = 2.0**-52


class Radius(NamedTuple):
    """How far float64 may be off at a point: the output, and each row's delta."""

    y: Float[np.ndarray, "n d"]
    delta: Float[np.ndarray, "n 1"]


class MovedForward(NamedTuple):
    """What rounding does to a head's weights P and to its output.

    A weight may be P·(1 + a)(1 + w), a for all its uses alike and w, up to `apart`, for one of them. `p` are the
    weights that may be other than 0, `common` is P·|a| relative to what moves the row least, `raised` is P + `common`,
    `single` is how far all of that moves a weight, each at most. `spread` bounds the logarithm of what happens to the
    normaliser, `own` is what the normaliser alone has of that. `terms` is the relative error of the terms of the
    weighted sums of values. `y` is how far the output is moved.
    """

    p: Float[np.ndarray, "n n"]
    common: Float[np.ndarray, "n n"]
    raised: Float[np.ndarray, "n n"]
    single: Float[np.ndarray, "n n"]
    spread: Float[np.ndarray, "n 1"]
    own: Float[np.ndarray, "n 1"]
    terms: Float[np.ndarray, "n d"]
    y: Float[np.ndarray, "n d"]

    @property
    def moved(self) -> Float[np.ndarray, "n n"]:
        """How far the normalised weights are moved."""
        return self.single + np.expm1(self.spread) * (self.p + self.single)


def forward(head: AttentionHead, s: Scored, noise: Worst, radius: Radius | None) -> MovedForward:
    """Of a head: the sum of the weighted values and the normaliser have the scores' deviations in common."""
    p, v, y = np.where(s.alive, head.weights, 0.0), abs(head.v), abs(head.y)
    deviation, apart = np.expm1(s.coherent), s.apart.max(-1, keepdims=True)
    single = p * (deviation + s.apart + deviation * s.apart)
    common = _least_moved(p, p * deviation, deviation)
    raised = p + common
    known = (apart < 0.5) & (s.normaliser < 0.5)
    moved = noise.rows(single / np.where(known, 1 - s.apart, 1.0))
    spread = np.where(known, np.log1p(moved) - np.log1p(-s.normaliser), np.inf)
    by_itself = raised * s.apart
    own = noise.rows(by_itself) * (1 + s.normaliser) + s.normaliser * rows(raised)
    terms = noise.dotted(count(s.alive, head.v != 0), 2) + as_operand(head.v, noise)
    if radius is None:
        far = common @ v + rows(common) * y
    else:
        ways = (np.expm1(way) for way in s.ways)
        moved_ways = (noise.from_mean(_least_moved(p, p * way, way), head.v, head.y, radius.y) for way in ways)
        far = reduce(np.maximum, moved_ways)
    sums = raised @ v
    further = noise.product(by_itself, v) * (1 + terms) + terms * sums + own * y + s.through_lost(v)
    # The logarithm of a weighted mean of e^-|a| is no less than the mean of -|a|.
    total = np.exp(rows(common) + 2 * apart + 2 * s.normaliser) * (far + further)
    # However far the weights are off, a weighted mean of the values lies among them.
    among = np.maximum(head.v.max(0) - head.y, head.y - head.v.min(0))
    among = among + (np.expm1(3 * apart + 2 * s.normaliser + terms) + rows(s.lost) * head.normaliser) * v.max(0)
    overflows = (s.keys * sums > float(noise.arithmetic.accumulate.largest) / 4) | ~np.isfinite(rows(s.coherent))
    moved_y = np.where(known & ~overflows, np.fmin(total, among), np.inf) + noise.tiny * (2 * s.keys + 8)
    return MovedForward(p, common, raised, single, spread, own, terms, moved_y)


def rows(a: Float[np.ndarray, "m n"]) -> Float[np.ndarray, "m 1"]:
    """The sums of rows, as columns."""
    return a.sum(-1, keepdims=True)


def _least_moved(
    p: Float[np.ndarray, "n n"], common: Float[np.ndarray, "n n"], deviation: Float[np.ndarray, "n n"]
) -> Float[np.ndarray, "n n"]:
    """How far weights are moved, or relative to the largest weight of a row where that moves the row less.

    What is added to all scores of a row moves nothing; the largest weight of a saturated row is nearly all of it.
    """
    top = p.argmax(-1, keepdims=True)
    relative = common + np.take_along_axis(deviation, top, -1) * (p + common)
    np.put_along_axis(relative, top, 0.0, -1)
    return np.where(rows(relative) < rows(common), relative, common)


class Slopes(NamedTuple):
    """Of the cotangents of the weights: their size less delta, how far they are moved, and how far delta is moved."""

    size: Float[np.ndarray, "n n"]
    moved: Float[np.ndarray, "n n"]
    delta: Float[np.ndarray, "n 1"]


def slopes(head: AttentionHead, s: Scored, f: MovedForward, noise: Worst, radius: Radius | None) -> Slopes:
    """Of a head: delta is that of g and the output, or of the weights and their cotangents."""
    terms, total = head.v.shape[-1], head.size_of_d_weights
    relative = noise.dotted(count(head.g != 0, head.v.T != 0), 2) + noise.operand + as_operand(head.v, noise)
    ends = abs(head.v).sum(-1)[None, :] + abs(head.g).sum(-1)[:, None]
    underflow = s.keys * (noise.tiny * (4 * terms + 4 + ends) + noise.tiny_operand * ends) + 2 * noise.tiny_weight
    moved = relative * total + 2 * noise.weights * abs(head.d_weights) + underflow
    if radius is None:
        size = abs(head.d_weights) + abs(head.delta)
    else:
        size = abs(head.slopes) + radius.delta + _UNIT * (terms + 4) * total
    delta = np.maximum(_by_output(head, s, f, noise, size), _by_weights(head, s, f, noise, moved))
    lost = rows(s.lost * abs(head.d_weights)) + noise.tiny * s.keys * (
        4 * (terms + s.keys) + abs(head.g).sum(-1)[:, None]
    )
    return Slopes(size, moved, delta + lost)


def _by_output(
    head: AttentionHead, s: Scored, f: MovedForward, noise: Worst, size: Float[np.ndarray, "n n"]
) -> Float[np.ndarray, "n 1"]:
    terms = f.terms.max(-1, keepdims=True)
    moved = noise.rows(f.common * size) + noise.rows(f.raised * s.apart * abs(head.d_weights)) * (1 + terms)
    moved = moved + terms * rows(f.raised * head.size_of_d_weights) + f.own * abs(head.delta)
    # The output as it is stored, and its products with g.
    output = rows(abs(head.g) * (abs(head.y) + f.y))
    return np.exp(f.spread) * moved + (noise.dotted(head.v.shape[-1], 3) + noise.stored) * output


def _by_weights(
    head: AttentionHead, s: Scored, f: MovedForward, noise: Worst, moved: Float[np.ndarray, "n n"]
) -> Float[np.ndarray, "n 1"]:
    size, raised = abs(head.d_weights), f.p + f.single
    by_weights = noise.rows(f.single * size) + noise.rows(raised * moved)
    summed = noise.dotted(s.keys, 3) * rows(raised * (size + moved))
    return np.exp(f.spread) * (by_weights + summed) + np.expm1(f.spread) * abs(head.delta)
