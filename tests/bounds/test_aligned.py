"""Roundings that all have the worst sign reach the attention's bounds, nearly, and never exceed them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from mirror.bounds.attention_moved import MovedForward, Radius, Slopes, forward, slopes
from mirror.bounds.attention_point import AttentionHead
from mirror.bounds.attention_pullback import moved_cotangents
from mirror.bounds.attention_scores import Scored, scored
from mirror.bounds.declared import declared_for
from mirror.bounds.noise import Worst

NOISE = Worst(declared_for("float32"))
N, D = 128, 64
Parts = tuple[AttentionHead, Scored, MovedForward, Slopes]


@pytest.fixture(scope="module")
def parts() -> Parts:
    draw = np.random.default_rng(0)
    q, k, v, g = (draw.standard_normal((N, D)).astype(np.float32).astype(np.float64) for _ in range(4))
    bias = np.where(np.subtract.outer(np.arange(N), np.arange(N)) >= 0, 0.0, -1e4)
    head = AttentionHead(q, k, v, bias, 0.125, g)
    s = scored(head, abs(bias), NOISE)
    s = s._replace(ways=(s.coherent,))  # roundings of all kinds of online softmax at once, as the cotangents have them
    f = forward(head, s, NOISE, exactly(head))
    return head, s, f, slopes(head, s, f, NOISE, exactly(head))


def exactly(head: AttentionHead) -> Radius:
    """As if the point were known without an error."""
    return Radius(np.zeros_like(head.y), np.zeros((N, 1)))


def places() -> Iterator[tuple[int, int]]:
    """Some queries, early and late, and channels."""
    return ((i, c) for i in (3, 17, 40, 90, 127) for c in (0, 31, 63))


def test_they_raise_an_output_by_nearly_its_bound(parts: Parts) -> None:
    head, s, f, _ = parts
    for i, c in places():
        v, y = head.v[:, c], head.y[i, c]
        weights = f.p[i] * np.exp(s.coherent[i] * np.sign(v - y))
        terms = np.broadcast_to(f.terms, head.y.shape)[i, c]
        weighted = (weights * (1 + s.apart[i] * np.sign(v)) * (1 + terms * np.sign(v))) @ v
        normaliser = (weights * (1 - s.apart[i] * np.sign(y))).sum() * (1 - s.normaliser[i, 0] * np.sign(y))
        # In a short row the largest weight is most of it, and the others are bounded relative to that.
        assert (0.7 if i < 10 else 0.9) <= (weighted / normaliser - y) / f.y[i, c] <= 1


def test_they_raise_a_cotangent_of_the_queries_by_nearly_its_bound(parts: Parts) -> None:
    head, s, f, at = parts
    d_q, *_ = moved_cotangents(head, s, f, at, NOISE)
    sizes = abs(head.d_weights) + abs(head.delta) + at.moved + at.delta
    for i, c in places():
        k, total = head.k[:, c], head.values[1][i, c]
        entries = head.slopes[i] + np.sign(k) * (at.moved + NOISE.gamma(5) * sizes)[i]
        weights = f.p[i] * np.exp((s.coherent + s.apart)[i] * np.sign(head.slopes[i] * k))
        delta = -np.sign(weights @ k) * at.delta[i, 0]
        moved = weights * (entries - delta) * k
        summed = (moved + NOISE.dotted(i + 1, 3 + head.scaling) * abs(moved)).sum()
        found = head.scale * summed * np.exp(f.spread[i, 0] * np.sign(total))
        assert 0.9 <= (found - total) / d_q[i, c] <= 1
