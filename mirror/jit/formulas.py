"""The block's formulas, written once: the jitted schedules and the certified enclosure both run them.

Arrays may have leading batch axes. Every pullback recomputes the weights from the scores' maxima and
normalisers, of which one number a row is saved; nothing differentiates with respect to the weights,
the biases, the mask, the scale or ε. The order of the steps is that of Lean's `decoderCoreGraph`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from flint import fmpq

from mirror.arithmetic import Array
from mirror.arithmetic.base import GELU_COEFFICIENT
from mirror.jit.numbers import Numbers

AddBias = Callable[[Array], Array]


def transposed(a: Array) -> Array:
    """The matrices of the last two axes, transposed."""
    return a.swapaxes(-1, -2)


# ---- masked attention: some queries against some keys


class Attended(NamedTuple):
    """The heads' output [.., s, d], and of each query the largest score and one over the sum of the exponentials."""

    heads: Array
    most: Array
    over_total: Array


def attend(ar: Numbers, qs: Array, kt: Array, v: Array, add_bias: AddBias) -> Attended:
    """Queries `qs` [.., s, d], scaled already, against keys [.., d, t] and values [.., t, d]."""
    scores = add_bias(ar.matmul(qs, kt))
    most = ar.largest(scores)
    e = ar.decayed(scores, most)
    over_total = ar.normaliser(e)
    return Attended(ar.matmul(e, v) * over_total, most, over_total)


class Backward(NamedTuple):
    """What the pullback has of each query: its largest score, its cotangent over the sum of exponentials, a mean.

    `most` and `mean` are [.., s, 1]; `mean` is ⟨g, heads⟩. The sum divides `g` [.., s, d], which is s by d, and
    never the weights, which are s by t.
    """

    most: Array
    g: Array
    mean: Array


def backward(ar: Numbers, saved: Attended, g: Array) -> Backward:
    """At a cotangent `g` [.., s, d] of the heads' output."""
    g_total = g * saved.over_total
    return Backward(saved.most, g_total, ar.inner(g_total, saved.heads)[..., None])


def attend_pullback(
    ar: Numbers, qs: Array, kt: Array, v: Array, add_bias: AddBias, back: Backward
) -> tuple[Array, Array, Array]:
    """The cotangents of `qs`, `kt` and `vᵀ` [.., d, t]."""
    e = ar.decayed(add_bias(ar.matmul(qs, kt)), back.most)
    d_scores = e * (ar.matmul(back.g, transposed(v)) - back.mean)
    # vᵀ and kᵀ, not v and k: the products with the long axis last are the fast ones.
    d_vt = ar.matmul(transposed(back.g), e)
    d_kt = ar.matmul(transposed(qs), d_scores)
    return ar.matmul(d_scores, transposed(kt)), d_kt, d_vt


# ---- LayerNorm, GELU and linear maps, row by row


class Normed(NamedTuple):
    """The normalised rows, the inverse roots and the spreads (var + ε) of a LayerNorm."""

    rows: Array
    root: Array
    spread: Array


def layer_norm(ar: Numbers, x: Array, gamma: Array, beta: Array, eps: fmpq) -> tuple[Array, Normed]:
    """Rows of length D, normalised, times γ plus β; β where var + ε is not positive."""
    dev = x - ar.mean(x)
    saved = Normed(*ar.normalise(dev, eps))
    return saved.rows * gamma + beta, saved


def layer_norm_pullback(ar: Numbers, saved: Normed, gamma: Array, g: Array) -> tuple[Array, Array, Array]:
    """The cotangents of x, γ and β; all 0 for an example with a row of length 2 or more where var + ε = 0.

    There the norm is not differentiable, and Lean's `fderiv` of the whole node is 0.
    """
    share, along = ar.constant(fmpq(1, g.shape[-1])), g * saved.rows
    # γ weighs the sums, so that of all products of g only `along` is ever an array.
    mean, slope = (ar.weighted(a, gamma) * share for a in (g, along))
    d_x = (g * gamma - mean - saved.rows * slope) * saved.root
    d_gamma, d_beta = ar.sum(along, -2), ar.sum(g, -2)
    if g.shape[-1] < 2:
        return d_x, d_gamma, d_beta
    keep = lambda value, axes: ar.keep_examples(value, saved.spread, axes)  # noqa: E731 - one word for three lines
    return keep(d_x, 2), keep(d_gamma, 1), keep(d_beta, 1)


def _gelu_argument(ar: Numbers, x: Array) -> Array:
    cubic = ar.constant(GELU_COEFFICIENT) * ar.root_of_two_over_pi
    return x * (x * x * cubic + ar.root_of_two_over_pi)


def gelu(ar: Numbers, x: Array) -> Array:
    """GELU in its tanh form, entrywise."""
    halved = x * ar.half
    return halved * ar.tanh(_gelu_argument(ar, x)) + halved


def gelu_pullback(ar: Numbers, x: Array, g: Array) -> Array:
    """The cotangent of x at a cotangent of `gelu(x)`."""
    linear = ar.half * ar.root_of_two_over_pi
    t = ar.tanh_again(_gelu_argument(ar, x))
    slope = x * (x * x * (ar.constant(3 * GELU_COEFFICIENT) * linear) + linear)  # half of the argument's, times x
    return g * ((ar.constant(fmpq(1)) - t * t) * slope + (t * ar.half + ar.half))


# ---- the block


@dataclass(frozen=True, slots=True)
class Maps:
    """The fixed arguments of the block: three linear maps with their adjoints, their biases and both ε.

    `by_row` says that the feed-forward maps and b1 are the same at every position.
    """

    merge: Any
    merge_bias: Array
    fc1: Any
    b1: Array
    fc2: Any
    b2: Array
    eps1: fmpq
    eps2: fmpq
    by_row: bool

    def rows(self, x: Array) -> Array:
        """The rows of all examples as one matrix, if they may be: so GELU is computed in place, and its pullback."""
        return x.reshape(-1, x.shape[-1]) if self.by_row else x


class Saved(NamedTuple):
    """What the pullback of the block needs besides the inputs: linear in the number of positions."""

    norm1: Normed
    hidden: Array
    norm2: Normed


def after_attention(
    ar: Numbers, maps: Maps, heads: Array, residual: Array, norms: tuple[Array, Array, Array, Array]
) -> tuple[Array, Saved]:
    """Merge, residual sum, norm, feed-forward, residual sum, norm: from heads [.., H, n, d] to [.., n, D]."""
    gamma1, beta1, gamma2, beta2 = norms
    merged = maps.merge.apply(ar, heads) + maps.merge_bias
    n1, norm1 = layer_norm(ar, residual + merged, gamma1, beta1, maps.eps1)
    hidden = maps.fc1.apply(ar, maps.rows(n1)) + maps.b1
    projected = maps.fc2.apply(ar, gelu(ar, hidden)).reshape(n1.shape) + maps.b2
    y, norm2 = layer_norm(ar, n1 + projected, gamma2, beta2, maps.eps2)
    return y, Saved(norm1, hidden, norm2)


def after_attention_pullback(
    ar: Numbers, maps: Maps, saved: Saved, gamma1: Array, gamma2: Array, g: Array
) -> tuple[Array, Array, Array, Array, Array, Array]:
    """The cotangents of heads, residual, γ1, β1, γ2 and β2."""
    d_sum2, d_gamma2, d_beta2 = layer_norm_pullback(ar, saved.norm2, gamma2, g)
    d_hidden = gelu_pullback(ar, saved.hidden, maps.fc2.apply_adjoint(ar, maps.rows(d_sum2)))
    d_n1 = d_sum2 + maps.fc1.apply_adjoint(ar, d_hidden).reshape(d_sum2.shape)
    d_sum1, d_gamma1, d_beta1 = layer_norm_pullback(ar, saved.norm1, gamma1, d_n1)
    return maps.merge.apply_adjoint(ar, d_sum1), d_sum1, d_gamma1, d_beta1, d_gamma2, d_beta2
