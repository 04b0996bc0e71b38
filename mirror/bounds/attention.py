"""Bounds of a masked attention and its pullback in closed form: softmax's Jacobian is diagonal plus rank one.

They hold for every algorithm made of these steps: the scores or the queries scaled, weights normalised before or after
they meet the values, an online softmax with its rescalings (`mirror.bounds.rescaled`), weights kept or recomputed from
a saved logarithm, delta from g·o or from the weights. A deviation of a score by η moves an output by `P·η·(v - y)`, and
what moves a whole row alike moves nothing. Nothing is dropped: what is of second order stands beside it as a factor
e^Λ, where Λ bounds the logarithm of what happens to a normaliser.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from mirror.arithmetic.rounded import NUMPY_FLOAT64, SAFETY
from mirror.bounds.attention_moved import Radius, Slopes, forward, slopes
from mirror.bounds.attention_point import AttentionHead
from mirror.bounds.attention_pullback import moved_cotangents
from mirror.bounds.attention_scores import scored
from mirror.bounds.bounded import LAMBDA, Bounded
from mirror.bounds.declared import FloatArithmetic, SumOrder
from mirror.bounds.noise import Likely, Worst

if TYPE_CHECKING:
    from jaxtyping import Float
    from numpy.typing import ArrayLike

    Moved = tuple[Float[np.ndarray, "..."], ...]

# What the points are computed in.
_POINT = Worst(
    FloatArithmetic(
        NUMPY_FLOAT64, NUMPY_FLOAT64, None, None, SumOrder.ANY, SAFETY * NUMPY_FLOAT64.exp, SAFETY * NUMPY_FLOAT64.tanh
    )
)
# A bound is made of factors that float64 is off by so much at most, or else nothing is known; and of how many of them.
_LOST, _FACTORS = 1e-3, 10


def attention_bounds(
    q: Float[ArrayLike, "H n d"],
    kt: Float[ArrayLike, "H d n"],
    v: Float[ArrayLike, "H n d"],
    bias: Float[ArrayLike, "#H n n"] | None,
    scale: float,
    cotangent: Float[ArrayLike, "H n d"],
    arithmetic: FloatArithmetic,
    *,
    relative_mask: bool = False,
) -> tuple[Bounded, Bounded, Bounded, Bounded]:
    """What a masked attention and its pullback at a cotangent may arrive at: y, dq, dkt and dv of one instance.

    All arrays are the numbers that the kernel is given, of any float dtype; an entry of the mask may be -inf. A kernel
    may add the mask as it is, which loses logits under a row that has large entries only; `relative_mask` says that it
    subtracts each row's largest entry first. Gradients do not go through the row maximum, where they would cancel but
    for roundings. A row that is -inf throughout is infinite in what it touches.
    """
    exact = [np.asarray(a).astype(np.float64) for a in (q, kt, v, cotangent)]
    heads, n, _ = exact[0].shape
    masks = np.broadcast_to(np.asarray(0.0 if bias is None else bias).astype(np.float64), (heads, n, n))
    with np.errstate(all="ignore"):  # What overflows becomes a bound that says nothing.
        found = []
        for q_h, kt_h, v_h, g_h, mask in zip(*exact, masks, strict=True):
            head, as_added = _head(q_h, kt_h, v_h, g_h, mask, float(scale), relative_mask)
            found.append(_bounded(head, as_added, arithmetic))
    y, d_q, d_kt, d_v = (_stacked(parts) for parts in zip(*found, strict=True))
    return y, d_q, d_kt, d_v


def _stacked(heads: Iterable[Bounded]) -> Bounded:
    real, radius, certified, likely = (np.stack(parts) for parts in zip(*heads, strict=True))
    return Bounded(real, radius, certified, likely)


def _head(
    q: Float[np.ndarray, "n d"],
    kt: Float[np.ndarray, "d n"],
    v: Float[np.ndarray, "n d"],
    g: Float[np.ndarray, "n d"],
    mask: Float[np.ndarray, "n n"],
    scale: float,
    relative_mask: bool,
) -> tuple[AttentionHead, Float[np.ndarray, "n n"]]:
    """The head, and the largest number that a kernel adds of the mask."""
    top = mask.max(-1, keepdims=True, initial=-np.inf)
    relative = mask - np.where(np.isneginf(top), 0.0, top)
    as_added = abs(relative) if relative_mask else np.maximum(abs(relative), abs(mask))
    return AttentionHead(q, np.ascontiguousarray(kt.T), v, relative, scale, g), as_added


def _bounded(head: AttentionHead, as_added: Float[np.ndarray, "n n"], arithmetic: FloatArithmetic) -> list[Bounded]:
    """The output and the cotangents of one head."""
    point, radii, lost = _moved(head, abs(head.bias), _POINT, None)
    slack = 1 + _FACTORS * lost if lost < _LOST else np.inf
    known = Radius(radii[0] * slack, point.delta * slack)
    worst, likely = (_moved(head, as_added, noise, known)[1] for noise in (Worst(arithmetic), Likely(arithmetic)))
    found = []
    for real, *moved in zip(head.values, radii, worst, likely, strict=True):
        radius, certified, probable = (np.where(np.isnan(m * slack), np.inf, m * slack) for m in moved)
        certified, probable = radius + certified, radius + LAMBDA * probable
        found.append(Bounded(np.where(np.isnan(real), 0.0, real), radius, certified, np.minimum(certified, probable)))
    return found


def _moved(
    head: AttentionHead, as_added: Float[np.ndarray, "n n"], noise: Worst, radius: Radius | None
) -> tuple[Slopes, Moved, float]:
    """How far delta, the output and the cotangents are moved, these as they are returned; and a weight, relative."""
    s = scored(head, as_added, noise)
    f = forward(head, s, noise, radius)
    at = slopes(head, s, f, noise, radius)
    moved = (f.y, *moved_cotangents(head, s, f, at, noise))
    stored = tuple(
        m + noise.stored * (abs(real) + m) + float(noise.arithmetic.stored.absolute)
        for real, m in zip(head.values, moved, strict=True)
    )
    return at, stored, float(np.max(s.coherent + s.apart + f.spread))
