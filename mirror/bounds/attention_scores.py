"""What rounding makes of a head's scores and weights, in whatever way a right softmax computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from flint import fmpq

from mirror.arithmetic.rounded import SAFETY
from mirror.bounds.attention_point import AttentionHead
from mirror.bounds.noise import Worst

if TYPE_CHECKING:
    from jaxtyping import Bool, Float, Int


# Up to so many queries one kind of online softmax is told from another: it costs passes over all outputs.
_WAYS_APART = 256
# A logarithm may be off by so many units, relative: in float32 JAX was seen to be off by 2.0, NumPy by 3.6.
LOG_ULPS = float(SAFETY * fmpq(18, 5))


class Scored(NamedTuple):
    """What rounding makes of the scores of a head.

    `coherent` is how far a score may be off for all its uses alike: in the sum of the weighted values and in the
    normaliser; `ways` is that for one kind of online softmax each. `apart` is how far a weight may be off, relative,
    for one of them only, `lost` what a weight loses where it underflows. `alive` says which weights may be other than
    0, `keys` how many of a row. `normaliser` is how far the
    normaliser or its logarithm may be off, relative, by itself.
    """

    alive: Bool[np.ndarray, "n n"]
    keys: Int[np.ndarray, "n 1"]
    coherent: Float[np.ndarray, "n n"]
    ways: tuple[Float[np.ndarray, "n n"], ...]
    apart: Float[np.ndarray, "n n"]
    lost: Float[np.ndarray, "n n"]
    normaliser: Float[np.ndarray, "n 1"]

    def through_lost(self, b: Float[np.ndarray, "n d"]) -> Any:
        """What the lost weights of rows take from sums with factors b."""
        return self.lost @ b if self.lost.any() else 0.0


def scored(head: AttentionHead, as_added: Float[np.ndarray, "n n"], noise: Worst) -> Scored:
    """Of the scores of a head, in an arithmetic; `as_added` are the largest numbers that are added of the mask."""
    u, computed = noise.unit, noise.arithmetic.accumulate
    size, added = abs(head.products), np.where(head.open, as_added, 0.0)
    # Adding the mask, subtracting a maximum, and where exp is a power of two a factor 1/ln 2 on any of them.
    coherent = _of_products(head, noise) + u * (2 * size + 3 * added + 2 * head.gap) + noise.exp
    underflow = np.log(2.0) * (computed.bits - computed.lowest + 1)
    alive = head.open & ~(head.gap - coherent > underflow)
    keys = alive.sum(-1, keepdims=True)
    several, log = keys > 1, np.log(head.normaliser)
    ways = [np.where(alive & several, times, 0) for times in head.rescaled]
    rescaled = np.maximum.reduce(ways)
    # An exponential may be that of a score less the logarithm of the normaliser, or that of a chunk less it.
    apart = np.where(several, noise.exp + u * (2 * (head.gap + log) + rescaled), 0.0) + noise.weights
    of_log = np.where(several, LOG_ULPS * u * log + 2 * u * (_at_top(size + added, head) + log), 0.0)
    lost = np.where(alive, _lost(head, noise), head.weights)
    normaliser = noise.summed(keys) + of_log + head.normaliser * lost.sum(-1, keepdims=True)
    # The ways apart cost as many passes over all outputs.
    apart_ways = ways if len(ways[0]) <= _WAYS_APART else [rescaled]
    coherents = tuple(np.where(alive, coherent + times * noise.exp, 0.0) for times in apart_ways)
    coherent = np.maximum.reduce(coherents)
    return Scored(alive, keys, coherent, coherents, np.where(alive, apart, 0.0), lost, normaliser)


def _lost(head: AttentionHead, noise: Worst) -> Float[np.ndarray, "n n"]:
    """What a weight may lose where it underflows as it is computed, or as an operand."""
    a = noise.arithmetic
    # What is flushed to 0 is lost once. A gradual underflow rounds the exponential, which is as accurate there as at
    # the smallest normal number, its normalisation and a rescaling.
    times = 1.0 if a.accumulate.flushes else float(a.exp_ulps) + 2
    lost = np.zeros_like(head.weights)
    for f, absolute in ((a.accumulate, times * noise.tiny), (a.weights, noise.tiny_weight)):
        lost += 0.0 if f is None else np.where(head.weights <= 4 * 2.0**f.lowest, absolute, 0.0)
    return lost


def count(a: Bool[np.ndarray, "m k"], b: Bool[np.ndarray, "k n"]) -> Any:
    """Of a product of matrices, how many terms of each sum are not 0; of a row or a column where all have as many."""
    if b.all():
        return a.shape[-1] if a.all() else a.sum(-1, keepdims=True)
    if a.all():
        return b.sum(0)
    return (a.astype(np.float32) @ b.astype(np.float32)).astype(np.float64)


def _of_products(head: AttentionHead, noise: Worst) -> Float[np.ndarray, "n n"]:
    """How far the scaled products may be off.

    The factor 1/ln 2 of an exp that is a power of two may be in the queries or in the keys: so none of them is exact,
    be the queries and the keys as short as they may, and either of them is rounded as an operand.
    """
    size, scale, computed = head.size_of_products, abs(head.scale), noise.arithmetic.accumulate
    operands = sum(as_operand(a, noise, head.plain_scale) for a in (head.q, head.k))
    operands = min(operands + noise.operand, 2 * noise.operand)
    terms = count(head.q != 0, head.k.T != 0)
    relative = noise.dotted(terms, max(head.scaling, 1)) + operands
    ends = abs(head.q).sum(-1)[:, None] + abs(head.k).sum(-1)[None, :]
    tiny = noise.tiny + (noise.tiny_operand if operands else 0.0)
    found = relative * scale * size + max(scale, 1.0) * (tiny * ends + 4 * noise.tiny * head.q.shape[-1])
    largest = np.maximum(size, scale * size) > float(computed.largest) / 2
    return np.where(largest, np.inf, found)


def as_operand(a: Float[np.ndarray, "m d"], noise: Worst, plain: bool = True) -> float:
    """The relative error of the entries as operands of a product of matrices, unscaled (`plain`) or scaled."""
    operand = noise.arithmetic.operand
    if operand is None:
        return 0.0
    mantissas = np.ldexp(np.frexp(a)[0], operand.bits)
    held = (mantissas == np.rint(mantissas)) & ((a == 0) | (abs(a) >= 2.0**operand.lowest))
    return 0.0 if plain and held.all() else noise.operand


def _at_top(a: Float[np.ndarray, "n n"], head: AttentionHead) -> Float[np.ndarray, "n 1"]:
    """The entries at the largest score of each row."""
    return np.take_along_axis(a, head.gap.argmin(-1, keepdims=True), -1)
