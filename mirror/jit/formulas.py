"""The block's formulas, written once: the jitted schedules and the certified enclosure both run them.

Arrays may have leading batch axes. Every pullback recomputes the weights from the row max and the inverse normaliser,
of which one number a row is saved; nothing differentiates with respect to the weights, the biases, the mask, the scale
or ε. The order of the steps is that of Lean's `decoderCoreGraph`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol

from flint import fmpq

from mirror.arithmetic.base import GELU_COEFFICIENT
from mirror.jit.arrays import QKV, A, AddBias, NormWeights, aligned
from mirror.jit.numbers import Normed, Numbers

if TYPE_CHECKING:
    from jaxtyping import Shaped


def transposed(a: Shaped[A, "*B m n"]) -> Shaped[A, "*B n m"]:
    """The matrices of the last two axes, transposed."""
    return a.swapaxes(-1, -2)


# ---- masked attention: some queries against some keys


class Attended(NamedTuple, Generic[A]):
    """The heads' output, and of each query the row max of its scores and the inverse normaliser."""

    heads: Shaped[A, "*B s d"]
    row_max: Shaped[A, "*B s 1"]
    inv_normaliser: Shaped[A, "*B s 1"]


def attend(ar: Numbers[A], qkv: QKV[A], add_bias: AddBias[A]) -> Attended[A]:
    """Queries, scaled already, against keys and values."""
    scores = add_bias(ar.matmul(qkv.q, qkv.kt))
    row_max = ar.row_max(scores)
    shifted = ar.shifted_exp(scores, row_max)
    inv_normaliser = ar.inv_normaliser(shifted)
    return Attended(ar.matmul(shifted, qkv.v) * inv_normaliser, row_max, inv_normaliser)


class BackwardRows(NamedTuple, Generic[A]):
    """What the pullback has of each query: the row max, its cotangent g over the normaliser, and delta.

    delta is ⟨g, o⟩ with that g and the heads' output o. The normaliser divides `g`, which is s by d, and never the
    weights, which are s by t.
    """

    row_max: Shaped[A, "*B s 1"]
    g: Shaped[A, "*B s d"]
    delta: Shaped[A, "*B s 1"]


def backward_rows(ar: Numbers[A], saved: Attended[A], g: Shaped[A, "*B s d"]) -> BackwardRows[A]:
    """At a cotangent `g` of the heads' output."""
    g = g * saved.inv_normaliser
    return BackwardRows(saved.row_max, g, ar.inner(g, saved.heads)[..., None])


def attend_pullback(
    ar: Numbers[A], qkv: QKV[A], add_bias: AddBias[A], rows: BackwardRows[A]
) -> tuple[Shaped[A, "*B s d"], Shaped[A, "*B d t"], Shaped[A, "*B d t"]]:
    """The cotangents of the scaled queries, of the transposed keys and of the values, these transposed too."""
    qs, kt, v = qkv
    shifted = ar.shifted_exp(add_bias(ar.matmul(qs, kt)), rows.row_max)
    d_scores = shifted * (ar.matmul(rows.g, transposed(v)) - rows.delta)
    # vᵀ and kᵀ, not v and k: the products with the long axis last are the fast ones.
    d_vt = ar.matmul(transposed(rows.g), shifted)
    d_kt = ar.matmul(transposed(qs), d_scores)
    return ar.matmul(d_scores, transposed(kt)), d_kt, d_vt


# ---- LayerNorm, GELU and linear maps, row by row


def layer_norm(
    ar: Numbers[A], x: Shaped[A, "*N D"], gamma: Shaped[A, "*#N D"], beta: Shaped[A, "*#N D"], eps: fmpq
) -> tuple[Shaped[A, "*N D"], Normed[A]]:
    """Rows of length D, normalised, times γ plus β; β where the variance plus ε is not positive."""
    saved = ar.normalise(x - ar.mean(x), eps)
    return saved.normalised * aligned(gamma, x) + aligned(beta, x), saved


def layer_norm_pullback(
    ar: Numbers[A], saved: Normed[A], gamma: Shaped[A, "... D"], g: Shaped[A, "*B n D"]
) -> tuple[Shaped[A, "*B n D"], Shaped[A, "*B D"], Shaped[A, "*B D"]]:
    """The cotangents of x, γ and β; all 0 for an example with a row of length 2 or more where var + ε = 0.

    There the norm is not differentiable, and Lean's `fderiv` of the whole node is 0.
    """
    share, g_normalised = ar.constant(fmpq(1, g.shape[-1])), g * saved.normalised
    # γ weighs the sums, so that of all products of g only `g_normalised` is ever an array.
    mean_g, mean_g_normalised = (ar.weighted(a, gamma) * share for a in (g, g_normalised))
    d_x = (g * aligned(gamma, g) - mean_g - saved.normalised * mean_g_normalised) * saved.rstd
    d_gamma, d_beta = ar.sum(g_normalised, -2), ar.sum(g, -2)
    if g.shape[-1] < 2:
        return d_x, d_gamma, d_beta
    d_x = ar.where_differentiable(d_x, saved.var_eps, 2)
    d_gamma, d_beta = (ar.where_differentiable(d, saved.var_eps, 1) for d in (d_gamma, d_beta))
    return d_x, d_gamma, d_beta


def _gelu_argument(ar: Numbers[A], x: Shaped[A, "..."]) -> Shaped[A, "..."]:
    cubic = ar.constant(GELU_COEFFICIENT) * ar.root_of_two_over_pi
    return x * (x * x * cubic + ar.root_of_two_over_pi)


def gelu(ar: Numbers[A], x: Shaped[A, "..."]) -> Shaped[A, "..."]:
    """GELU in its tanh form, entrywise."""
    halved = x * ar.half
    return halved * ar.tanh(_gelu_argument(ar, x)) + halved


def gelu_pullback(ar: Numbers[A], x: Shaped[A, "..."], g: Shaped[A, "..."]) -> Shaped[A, "..."]:
    """The cotangent of x at a cotangent of `gelu(x)`."""
    linear = ar.half * ar.root_of_two_over_pi
    t = ar.tanh_recomputed(_gelu_argument(ar, x))
    slope = x * (x * x * (ar.constant(3 * GELU_COEFFICIENT) * linear) + linear)  # half of the argument's, times x
    return g * ((ar.constant(fmpq(1)) - t * t) * slope + (t * ar.half + ar.half))


# ---- the block


class Map(Protocol[A]):
    """A linear map with its adjoint, on arrays with any batch axes."""

    def apply(self, ar: Numbers[A], x: Shaped[A, "..."], /) -> Shaped[A, "..."]: ...
    def apply_adjoint(self, ar: Numbers[A], g: Shaped[A, "..."], /) -> Shaped[A, "..."]: ...


@dataclass(frozen=True, slots=True)
class Maps(Generic[A]):
    """The fixed arguments of the block: three linear maps with their adjoints, their biases and both ε.

    `by_row` says that the feed-forward maps and b1 are the same at every position.
    """

    merge: Map[A]
    merge_bias: Shaped[A, "D"] | Shaped[A, "n D"]
    fc1: Map[A]
    b1: Shaped[A, "F"] | Shaped[A, "n F"]
    fc2: Map[A]
    b2: Shaped[A, "D"] | Shaped[A, "n D"]
    eps1: fmpq
    eps2: fmpq
    by_row: bool

    def rows(self, x: Shaped[A, "*B n m"]) -> Shaped[A, "..."]:
        """The rows of all examples as one matrix, if they may be: so GELU is computed in place, and its pullback."""
        return x.reshape(-1, x.shape[-1]) if self.by_row else x


class Saved(NamedTuple, Generic[A]):
    """What the pullback of the block needs besides the inputs: linear in the number of positions."""

    norm1: Normed[A]
    hidden: Shaped[A, "..."]
    norm2: Normed[A]


def plus(x: Shaped[A, "..."], bias: Shaped[A, "..."]) -> Shaped[A, "..."]:
    """`x` with a bias added to all of its rows, or with one for each position."""
    return x + aligned(bias, x)


def after_attention(
    ar: Numbers[A], maps: Maps[A], heads: Shaped[A, "*B H n d"], residual: Shaped[A, "*B n D"], w: NormWeights[A]
) -> tuple[Shaped[A, "*B n D"], Saved[A]]:
    """Merge, residual sum, norm, feed-forward, residual sum, norm."""
    merged = plus(maps.merge.apply(ar, heads), maps.merge_bias)
    n1, norm1 = layer_norm(ar, residual + merged, w.gamma1, w.beta1, maps.eps1)
    hidden = plus(maps.fc1.apply(ar, maps.rows(n1)), maps.b1)
    projected = plus(maps.fc2.apply(ar, gelu(ar, hidden)).reshape(n1.shape), maps.b2)
    y, norm2 = layer_norm(ar, n1 + projected, w.gamma2, w.beta2, maps.eps2)
    return y, Saved(norm1, hidden, norm2)


def after_attention_pullback(
    ar: Numbers[A], maps: Maps[A], saved: Saved[A], w: NormWeights[A], g: Shaped[A, "*B n D"]
) -> tuple[Shaped[A, "*B H n d"], Shaped[A, "*B n D"], NormWeights[A]]:
    """The cotangents of heads, residual and both norms' weights, these of each example, (.., D)."""
    d_sum2, d_gamma2, d_beta2 = layer_norm_pullback(ar, saved.norm2, w.gamma2, g)
    d_hidden = gelu_pullback(ar, saved.hidden, maps.fc2.apply_adjoint(ar, maps.rows(d_sum2)))
    d_n1 = d_sum2 + maps.fc1.apply_adjoint(ar, d_hidden).reshape(d_sum2.shape)
    d_sum1, d_gamma1, d_beta1 = layer_norm_pullback(ar, saved.norm1, w.gamma1, d_n1)
    return maps.merge.apply_adjoint(ar, d_sum1), d_sum1, NormWeights(d_gamma1, d_beta1, d_gamma2, d_beta2)
