"""How far rounding moves the cotangents of a head, in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mirror.bounds.attention_moved import MovedForward, Slopes, rows
from mirror.bounds.attention_point import AttentionHead
from mirror.bounds.attention_scores import Scored, as_operand, count
from mirror.bounds.noise import Worst

if TYPE_CHECKING:
    from jaxtyping import Float

    Moved = tuple[Float[np.ndarray, "..."], ...]


class _Rows(NamedTuple):
    """Of the scores' cotangents: their size at most, how far each is moved, and of that what a key has for itself."""

    size: Float[np.ndarray, "n n"]
    moved: Float[np.ndarray, "n n"]
    at_keys: Float[np.ndarray, "n n"]


def moved_cotangents(head: AttentionHead, s: Scored, f: MovedForward, at: Slopes, noise: Worst) -> Moved:
    """Of the queries, of the transposed keys and of the values."""
    found = _scores(head, s, f, at, noise)
    moved = (
        _queries(head, s, f, at, found, noise),
        _keys(head, s, found, noise),
        _values(head, s, f, noise),
    )
    overflows = (
        s.keys * (head.size_of_d_weights.max(-1, keepdims=True)) > float(noise.arithmetic.accumulate.largest) / 4
    )
    return (np.where(overflows, np.inf, moved[0]), *(np.where(overflows.any(), np.inf, m) for m in moved[1:]))


def _scores(head: AttentionHead, s: Scored, f: MovedForward, at: Slopes, noise: Worst) -> _Rows:
    weight = f.moved
    reached, sizes = f.p + weight, abs(head.d_weights) + abs(head.delta)
    # The difference and the product are rounded, in either order, and weights and products as operands.
    rounded = (noise.gamma(5) + 2 * noise.weights) * (sizes + at.moved + at.delta)
    by_key = reached * (at.moved + rounded) + s.lost * (at.size + at.moved + at.delta) + noise.tiny + noise.tiny_weight
    moved = weight * at.size + reached * at.delta + by_key
    return _Rows(f.p * at.size + moved, moved, f.single * (at.size + at.delta) + by_key)


def _queries(
    head: AttentionHead, s: Scored, f: MovedForward, at: Slopes, found: _Rows, noise: Worst
) -> Float[np.ndarray, "n d"]:
    keys, scale = abs(head.k), abs(head.scale)
    # All keys of a row have its normaliser and its delta, which move the result by itself and by the mean key.
    moved = np.exp(f.spread) * (noise.product(found.at_keys, keys) + at.delta * head.mean_key)
    relative = noise.dotted(count(s.alive, head.k != 0), 3 + head.scaling) + as_operand(head.k, noise, head.plain_scale)
    moved = moved + relative * (found.size @ keys)
    underflow = noise.tiny * ((2 * s.keys + 8) * (1 + scale) + rows(found.size) + keys.sum(0))
    return scale * moved + np.expm1(f.spread) * abs(head.values[1]) + underflow


def _keys(head: AttentionHead, s: Scored, found: _Rows, noise: Worst) -> Float[np.ndarray, "d n"]:
    queries, scale = abs(head.q).T, abs(head.scale)
    moved = noise.product(queries, found.moved)
    terms = count(head.q.T != 0, s.alive)
    relative = noise.dotted(terms, 3 + head.scaling) + as_operand(head.q, noise, head.plain_scale)
    underflow = noise.tiny * ((2 * len(head.q) + 8) * (1 + scale) + found.size.sum(0) + queries.sum(-1, keepdims=True))
    return scale * (moved + relative * (queries @ found.size)) + underflow


def _values(head: AttentionHead, s: Scored, f: MovedForward, noise: Worst) -> Float[np.ndarray, "n d"]:
    moved, g = f.moved, abs(head.g)
    terms = count(s.alive.T, head.g != 0)
    relative = noise.dotted(terms, 4) + noise.operand
    found = noise.product(moved.T, g) + relative * ((f.p + moved).T @ g) + s._replace(lost=s.lost.T).through_lost(g)
    return found + noise.tiny * (2 * len(g) + 8 + (f.p.T @ s.keys))
