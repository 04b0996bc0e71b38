"""Right attentions in NumPy's float32, with pullbacks of their own."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np

F = np.float32


class Given(NamedTuple):
    """One head's inputs, in float32."""

    q: np.ndarray
    kt: np.ndarray
    v: np.ndarray
    bias: np.ndarray
    scale: float
    g: np.ndarray


Results = tuple[np.ndarray, ...]


def pulled_back(x: Given, weights: np.ndarray, y: np.ndarray, delta: np.ndarray | None = None) -> Results:
    """The output and the cotangents, by delta from g and the output or as it is given."""
    d_weights = x.g @ x.v.T
    delta = (x.g * y).sum(-1, keepdims=True) if delta is None else delta
    d_scores = weights * (d_weights - delta)
    return y, F(x.scale) * (d_scores @ x.kt.T), F(x.scale) * (x.q.T @ d_scores), weights.T @ x.g


def plain(x: Given) -> Results:
    """Weights first, delta from the weights' cotangents."""
    scores = F(x.scale) * (x.q @ x.kt) + x.bias
    shifted = np.exp(scores - scores.max(-1, keepdims=True))
    weights = shifted / shifted.sum(-1, keepdims=True)
    return pulled_back(x, weights, weights @ x.v, (weights * (x.g @ x.v.T)).sum(-1, keepdims=True))


def both_scaled(x: Given) -> Results:
    """The root of the scale on either side, the normaliser after the values, weights from the logarithm."""
    root = F(x.scale**0.5)
    scores = (x.q * root) @ (x.kt * root) + x.bias
    top = scores.max(-1, keepdims=True)
    shifted = np.exp(scores - top)
    normaliser = shifted.sum(-1, keepdims=True)
    weights = np.exp(scores - (top + np.log(normaliser)))
    return pulled_back(x, weights, (shifted @ x.v) / normaliser)


def powers_of_two(x: Given) -> Results:
    """exp as a power of two, its factor in the scale, and the normaliser's inverse on g."""
    factor = F(1.4426950408889634)
    scores = (x.q @ x.kt) * F(F(x.scale) * factor) + x.bias * factor
    shifted = np.exp2(scores - scores.max(-1, keepdims=True))
    inverse = 1 / shifted.sum(-1, keepdims=True)
    y = (shifted @ x.v) * inverse
    g = x.g * inverse
    d_scores = shifted * (g @ x.v.T - (g * y).sum(-1, keepdims=True))
    return y, (d_scores @ x.kt.T) * F(x.scale), ((x.q * F(x.scale)).T @ d_scores), shifted.T @ g


def online(tile: int, upwards: bool = True) -> Callable[[Given], Results]:
    """An online softmax over tiles of keys, in either direction; the pullback has the weights from the logarithm."""

    def attention(x: Given) -> Results:
        scores = F(x.scale) * (x.q @ x.kt) + x.bias
        ends = [*range(0, scores.shape[-1], tile), scores.shape[-1]]
        tiles = list(pairwise(ends))
        y, log = _over(scores, x.v, tiles if upwards else tiles[::-1])
        return pulled_back(x, np.exp(scores - log), y)

    return attention


def split(chunks: int) -> Callable[[Given], Results]:
    """Chunks of keys, each an online softmax over pairs of keys, merged by their logarithms."""

    def attention(x: Given) -> Results:
        scores = F(x.scale) * (x.q @ x.kt) + x.bias
        ends = np.linspace(0, scores.shape[-1], chunks + 1).astype(int)
        parts = [_over(scores, x.v, [(j, min(j + 2, b)) for j in range(a, b, 2)]) for a, b in pairwise(ends) if a < b]
        logs = np.stack([log for _, log in parts])
        top = logs.max(0)
        log = top + np.log(np.exp(logs - top).sum(0))
        y = sum(np.exp(part - log) * of_part for of_part, part in parts)
        return pulled_back(x, np.exp(scores - log), np.asarray(y))

    return attention


def _over(scores: np.ndarray, v: np.ndarray, tiles: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    """The output over tiles of keys, and the logarithm of the normaliser."""
    top = np.full((len(scores), 1), -np.inf, F)
    total, normaliser = np.zeros((len(scores), v.shape[-1]), F), np.zeros_like(top)
    for a, b in tiles:
        higher = np.maximum(top, scores[:, a:b].max(-1, keepdims=True))
        shifted, again = np.exp(scores[:, a:b] - higher), np.exp(top - higher)
        total = total * again + shifted @ v[a:b]
        normaliser, top = normaliser * again + shifted.sum(-1, keepdims=True), higher
    return total / normaliser, top + np.log(normaliser)


RIGHT = {
    "plain": plain,
    "both scaled": both_scaled,
    "powers of two": powers_of_two,
    "online, tiles of 2": online(2),
    "online, tiles of 5, downwards": online(5, upwards=False),
    "split in 3": split(3),
}
