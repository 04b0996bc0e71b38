"""The block and its VJP in float64, formula by formula: the yardstick where balls are too slow.

The gate holds it to the mirror's own enclosure at a small shape, so it is no second opinion about what is right.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from theorems.tools.bench.problem import Problem


def reference(p: Problem) -> list[np.ndarray]:
    """`Candidate.results` at the values that the candidates are given: the output twice, and eight cotangents."""
    p = p.astype(np.float64)
    q, kt, v, residual, gamma1, beta1, gamma2, beta2 = p.context
    w, (B, H, S, d) = p.weights, q.shape
    heads = np.stack([_attended(*each) for each in _each_head(p)]).reshape(B, H, S, d)
    heads = heads.swapaxes(1, 2).reshape(B, S, H * d)
    hat1, root1 = _normalised(heads @ w.merge + w.merge_bias + residual, w.eps)
    x = hat1 * gamma1 + beta1
    pre = x @ w.fc1 + w.b1
    activated, slope = _gelu(pre)
    hat2, root2 = _normalised(x + activated @ w.fc2 + w.b2, w.eps)

    dy = _norm_vjp(p.cotangent * gamma2, hat2, root2)
    dx = dy + (dy @ w.fc2.T * slope) @ w.fc1.T
    d_residual = _norm_vjp(dx * gamma1, hat1, root1)
    d_heads = (d_residual @ w.merge.T).reshape(B, S, H, d).swapaxes(1, 2)
    each = zip(_each_head(p), d_heads.reshape(B * H, S, d), strict=True)
    dq, dkt, dv = zip(*(_attended_vjp(*head, do) for head, do in each), strict=True)
    out, rows = hat2 * gamma2 + beta2, (0, 1)
    return [
        out,
        out,
        np.stack(dq).reshape(q.shape),
        np.stack(dkt).reshape(kt.shape),
        np.stack(dv).reshape(v.shape),
        d_residual,
        (dx * hat1).sum(rows),
        dx.sum(rows),
        (p.cotangent * hat2).sum(rows),
        p.cotangent.sum(rows),
    ]


def _each_head(p: Problem) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, float]]:
    """Q, Kᵀ, V, bias and scale, head by head: all scores at a time would not fit where the candidates do."""
    q, kt, v = p.context[:3]
    pairs = ((b, h) for b in range(p.size.batch) for h in range(p.size.dims.num_heads))
    return ((q[b, h], kt[b, h], v[b, h], p.bias[h], p.weights.scale) for b, h in pairs)


def _softmax(q: np.ndarray, kt: np.ndarray, bias: np.ndarray, scale: float) -> np.ndarray:
    scores = q @ kt * scale + bias
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    return exponentials / exponentials.sum(-1, keepdims=True)


def _attended(q: np.ndarray, kt: np.ndarray, v: np.ndarray, bias: np.ndarray, scale: float) -> np.ndarray:
    return _softmax(q, kt, bias, scale) @ v


def _attended_vjp(
    q: np.ndarray, kt: np.ndarray, v: np.ndarray, bias: np.ndarray, scale: float, d_out: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    attention, d_attention = _softmax(q, kt, bias, scale), d_out @ v.T
    ds = attention * (d_attention - (attention * d_attention).sum(-1, keepdims=True)) * scale
    return ds @ kt.T, q.T @ ds, attention.T @ d_out


def _normalised(x: np.ndarray, eps: float) -> tuple[np.ndarray, np.ndarray]:
    root = np.sqrt(x.var(-1, keepdims=True) + eps)
    return (x - x.mean(-1, keepdims=True)) / root, root


def _norm_vjp(dy: np.ndarray, hat: np.ndarray, root: np.ndarray) -> np.ndarray:
    return (dy - dy.mean(-1, keepdims=True) - hat * (dy * hat).mean(-1, keepdims=True)) / root


def _gelu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """GELU in its tanh form, and its derivative."""
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (x + 0.044715 * x**3))
    return x * (1 + t) / 2, (1 + t) / 2 + x * (1 - t * t) / 2 * c * (1 + 3 * 0.044715 * x * x)
