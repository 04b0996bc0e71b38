"""Attention by tiles of keys with a running maximum, as flash kernels compute it, and its pullback tile by tile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, NamedTuple

import numpy as np

from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention


class RunningSoftmax(NamedTuple):
    """Of each query the maximum so far, the sum of the exponentials, and the weighted sum of the values."""

    row_max: Matrices
    normaliser: Matrices
    output: Matrices


class OnlineAttention(StepwiseAttention):
    """Online softmax over tiles of 16 keys."""

    tile: ClassVar[int] = 16

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        """The weights, as a pullback recomputes them, and the output."""
        end = self.run(x)
        return self.recomputed(x, end), end.output / end.normaliser

    def run(self, x: Operands) -> RunningSoftmax:
        now = self.start(x)
        for keys in self.tiles(x.kt.shape[-1]):
            now = self.step(now, self.scores(self.part(x, keys)), x.v[:, keys])
        return now

    def start(self, x: Operands) -> RunningSoftmax:
        rows, width, dtype = x.q.shape[:-1], x.v.shape[-1], x.q.dtype
        row_max = np.full((*rows, 1), -np.inf, dtype)
        return RunningSoftmax(row_max, np.zeros((*rows, 1), dtype), np.zeros((*rows, width), dtype))

    def tiles(self, n: int) -> Iterator[slice]:
        return (slice(k, min(k + self.tile, n)) for k in range(0, n, self.tile))

    def part(self, x: Operands, keys: slice) -> Operands:
        return x._replace(kt=x.kt[..., keys], v=x.v[:, keys], bias=x.bias[..., keys])

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        row_max = self.next_max(now, scores)
        e = self.exp(scores - row_max)
        factor = self.rescale(now.row_max, row_max)
        normaliser = now.normaliser * factor + self.normaliser(e)
        return RunningSoftmax(row_max, normaliser, now.output * factor + self.product(e, v))

    def next_max(self, now: RunningSoftmax, scores: Matrices) -> Matrices:
        return np.maximum(now.row_max, self.row_max(scores))

    def rescale(self, old: Matrices, new: Matrices) -> Matrices:
        return self.exp(old - new)

    def recomputed(self, x: Operands, end: RunningSoftmax) -> Matrices:
        """From the scores once more, the saved maximum and the saved normaliser."""
        return self.exp(self.scores(x) - end.row_max) / end.normaliser
