"""What other right ways of computing the attention inside a block may be off by beyond its formulas here.

A mask may be added as it is, an online softmax rescales its sums, the pullback may take its weights from a saved
logarithm and delta from the weights. Each is a further noise of the scores or of delta, where the formulas have one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mirror.bounds.attention_scores import LOG_ULPS
from mirror.bounds.declared import FloatArithmetic
from mirror.bounds.intervals import MidRadArray, exact_products, quiet
from mirror.bounds.rescaled import rescalings
from mirror.jit.arrays import QKV

# Roundings of one number.
_FEW = 4
# The sizes are those of a float64 evaluation, which a float32 one leaves by far less than this.
_SLACK = 1.01


class Variants(NamedTuple):
    """Noises of the scores, (H, n, t), where the heads are computed and where their pullback is; the weights; how
    far a weight as a factor in a sum for delta may be off, relative.
    """

    unit: float
    forward: np.ndarray
    backward: np.ndarray
    weights: np.ndarray
    off: np.ndarray


@quiet
def variants(
    qkv: QKV[np.ndarray], scale: float, bias: np.ndarray, arithmetic: FloatArithmetic, *, relative_mask: bool
) -> Variants:
    """Of float64 queries, keys and values and the mask as it is given."""
    unit, exp = _SLACK * float(arithmetic.accumulate.unit), float(arithmetic.exp_ulps)
    bias = bias - bias.max(axis=-1, keepdims=True) if relative_mask else bias
    scores = scale * (qkv.q @ qkv.kt) + bias
    top = scores.max(axis=-1, keepdims=True)
    gap = top - scores
    normaliser = np.exp(-gap).sum(axis=-1, keepdims=True)
    alive = gap < -np.log(float(arithmetic.accumulate.absolute))
    added = np.where(alive, abs(bias.max(axis=-1, keepdims=True)), 0.0)
    rescaled = np.stack([_most(np.where(a, s, -np.inf)) for a, s in zip(alive, scores, strict=True)])
    folded = np.where(alive, unit * _folded(qkv, scale, arithmetic), 0.0)
    forward = unit * (2 * added + rescaled * (exp + 1)) + folded
    log = np.log(normaliser)
    # Weights of a saved logarithm: its own rounding, and one of the exponent by 1/ln 2. What rescaling does to the
    # normaliser is in the saved one.
    saved = unit * (gap + (_FEW + LOG_ULPS) * log + abs(top)) * (log > 0)
    backward = unit * 2 * added + np.where(alive, saved, 0.0) + folded
    products = unit * abs(scale) * (qkv.q.shape[-1] + 1) * (abs(qkv.q) @ abs(qkv.kt)) + 2 * unit * abs(scores)
    off = unit * (scores.shape[-1] + _FEW + exp) + backward + np.where(alive, products, 0.0)
    return Variants(unit, forward, backward, np.exp(-gap) / normaliser, off)


def _folded(qkv: QKV[np.ndarray], scale: float, arithmetic: FloatArithmetic) -> np.ndarray:
    """By how many units a factor 1/ln 2 in the queries or keys moves the scores: where they would be exact by all."""
    computed, size = arithmetic.accumulate, abs(qkv.q) @ abs(qkv.kt)
    exact = exact_products(qkv.q * scale, qkv.kt, abs(scale) * size, computed.bits, 2.0**computed.lowest)
    return abs(scale) * size * np.where(exact, qkv.q.shape[-1] + 1, 1)


def _most(scores: np.ndarray) -> np.ndarray:
    """How often each key is rescaled, whichever way an online softmax goes."""
    return np.maximum.reduce(rescalings(scores))


@quiet
def of_delta(found: Variants, v: np.ndarray, g: MidRadArray) -> np.ndarray:
    """Of delta (H, n, 1) as the sum of weights times their cotangents, from cotangents g over normalisers."""
    keys = v.swapaxes(-1, -2)
    sizes = abs(g.mid @ keys) + g.rad @ abs(keys)
    products = found.unit * (v.shape[-1] + 1) * (g.magnitude @ abs(keys))
    return np.sum(found.weights * (products + found.off * sizes), axis=-1, keepdims=True)
