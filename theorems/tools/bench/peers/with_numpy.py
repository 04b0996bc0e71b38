"""NumPy with a hand-written VJP: head by head, in place, the exponentials of the forward pass kept for the reverse."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from theorems.tools.bench.candidate import Candidate
from theorems.tools.bench.problem import Problem

ROOT = np.float32((2 / np.pi) ** 0.5)
CUBIC = np.float32(0.044715)


def build(p: Problem, device: str = "cpu") -> Candidate:
    """NumPy on one problem, with the peak of what it allocates."""

    # BLAS may compute on what lies beside a short row, and then NumPy warns of it; a NaN in a result fails the gate.
    @np.errstate(invalid="ignore")
    def forward() -> np.ndarray:
        return _forward(p, save=False)[0]

    @np.errstate(invalid="ignore")
    def vjp() -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
        return _vjp(p)

    return Candidate(forward, vjp, temp_bytes=(_peak(forward), _peak(vjp)))


def _peak(run: Callable[[], Any]) -> int:
    """The most bytes that a call holds at a time, besides what it returns."""
    tracemalloc.start()
    result = run()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return peak - held


def _forward(p: Problem, *, save: bool) -> tuple[np.ndarray, Any]:
    q, kt, v, residual, gamma1, beta1, gamma2, beta2 = p.context
    w = p.weights
    B, H, S, d = q.shape
    heads, saved = np.empty((B, S, H, d), np.float32), []
    for b, h in _each_head(p):
        e, r = _exponentials(q[b, h], kt[b, h], p.bias[h], w.scale)
        np.multiply(e @ v[b, h], r, out=heads[b, :, h])
        if save:
            saved.append((e, r))
    x = heads.reshape(B, S, H * d) @ w.merge
    x += w.merge_bias
    x += residual
    norm1, hat1, inv1 = _norm(x, gamma1, beta1, w.eps)
    pre = norm1 @ w.fc1
    pre += w.b1
    act, tanh = _gelu(pre)
    y = act @ w.fc2
    y += w.b2
    y += norm1
    out, hat2, inv2 = _norm(y, gamma2, beta2, w.eps)
    return out, (heads, saved, hat1, inv1, pre, tanh, hat2, inv2)


def _each_head(p: Problem) -> Iterator[tuple[int, int]]:
    return ((b, h) for b in range(p.size.batch) for h in range(p.size.dims.num_heads))


def _exponentials(q: np.ndarray, kt: np.ndarray, bias: np.ndarray, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """exp(s - max s) of the scores, and the inverse of its row sums: the softmax, not yet multiplied."""
    s = (q * np.float32(scale)) @ kt
    s += bias
    s -= s.max(-1, keepdims=True)
    np.exp(s, out=s)
    return s, 1 / s.sum(-1, keepdims=True)


def _norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    x -= x.mean(-1, keepdims=True)
    inverse = 1 / np.sqrt(np.einsum("...i,...i->...", x, x)[..., None] / np.float32(x.shape[-1]) + np.float32(eps))
    x *= inverse
    out = x * gamma
    out += beta
    return out, x, inverse


def _norm_vjp(
    dy: np.ndarray, hat: np.ndarray, inverse: np.ndarray, gamma: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    weighted = dy * hat
    d_gamma, d_beta = weighted.reshape(-1, len(gamma)).sum(0), dy.reshape(-1, len(gamma)).sum(0)
    dx = dy * gamma
    mean_product = (weighted @ gamma)[..., None] / np.float32(len(gamma))
    dx -= dx.mean(-1, keepdims=True)
    dx -= hat * mean_product
    dx *= inverse
    return dx, d_gamma, d_beta


def _gelu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    t = x * x
    t *= CUBIC * ROOT
    t += ROOT
    t *= x
    np.tanh(t, out=t)
    out = t + 1
    out *= x
    out *= np.float32(0.5)
    return out, t


def _gelu_slope(x: np.ndarray, t: np.ndarray) -> np.ndarray:
    slope = x * x
    slope *= 3 * CUBIC * ROOT
    slope += ROOT
    slope *= x
    slope *= 1 - t * t
    slope += t
    slope += 1
    slope *= np.float32(0.5)
    return slope


def _vjp(p: Problem) -> tuple[np.ndarray, tuple[np.ndarray, ...]]:
    q, kt, v, _, gamma1, _, gamma2, _ = p.context
    w = p.weights
    out, (heads, saved, hat1, inv1, pre, tanh, hat2, inv2) = _forward(p, save=True)
    dy, d_gamma2, d_beta2 = _norm_vjp(p.cotangent, hat2, inv2, gamma2)
    d_pre = dy @ w.fc2.T
    d_pre *= _gelu_slope(pre, tanh)
    dy += d_pre @ w.fc1.T
    dx, d_gamma1, d_beta1 = _norm_vjp(dy, hat1, inv1, gamma1)
    d_heads = (dx @ w.merge.T).reshape(heads.shape)
    dq, dkt, dv = np.empty_like(q), np.empty_like(kt), np.empty_like(v)
    for (b, h), (e, r) in zip(_each_head(p), saved, strict=True):
        do = d_heads[b, :, h] * r
        np.matmul(e.T, do, out=dv[b, h])
        ds = do @ v[b, h].T
        ds -= np.einsum("sd,sd->s", do, heads[b, :, h])[:, None]
        ds *= e
        np.matmul(ds, kt[b, h].T, out=dq[b, h])
        np.matmul(q[b, h].T, ds, out=dkt[b, h])
    dq *= np.float32(w.scale)
    dkt *= np.float32(w.scale)
    return out, (dq, dkt, dv, dx, d_gamma1, d_beta1, d_gamma2, d_beta2)
