"""Right flash kernels in NumPy: tiles of keys, of queries or of both, split keys, and one fused pass backwards."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import numpy as np

from benchmarks.calibration.online import OnlineAttention, RunningSoftmax
from benchmarks.calibration.rounding import in_bfloat16
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention, t
from theorems.tools.conformance.declaring import Declared


class TilesOf2(OnlineAttention):
    """Online softmax over tiles of 2 keys."""

    tile = 2


class TilesOf64(OnlineAttention):
    """Online softmax over tiles of 64 keys."""

    tile = 64


class OneKeyATime(OnlineAttention):
    """Online softmax, one key at a time."""

    tile = 1


class TilesReversed(OnlineAttention):
    """Online softmax from the last tile to the first."""

    def tiles(self, n: int) -> Iterator[slice]:
        return reversed(list(super().tiles(n)))


class LargestOfAll(OnlineAttention):
    """Two passes: first the largest score of all tiles, then the sums, without a rescale."""

    def start(self, x: Operands) -> RunningSoftmax:
        return super().start(x)._replace(row_max=self.row_max(self.scores(x)))

    def rescale(self, old: Matrices, new: Matrices) -> Matrices:
        return np.ones_like(new)


class LazyRescale(OnlineAttention):
    """Online softmax that moves its maximum only where the scores grow by more than 8."""

    def next_max(self, now: RunningSoftmax, scores: Matrices) -> Matrices:
        largest = super().next_max(now, scores)
        return np.where(largest - now.row_max > 8, largest, now.row_max)


class KeptNormalised(OnlineAttention):
    """Online softmax whose output is divided by the normaliser at every tile."""

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        row_max = self.next_max(now, scores)
        e = self.exp(scores - row_max)
        kept = now.normaliser * self.rescale(now.row_max, row_max)
        normaliser = kept + self.normaliser(e)
        return RunningSoftmax(row_max, normaliser, now.output * (kept / normaliser) + self.product(e / normaliser, v))

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        end = self.run(x)
        return self.recomputed(x, end), end.output


class SplitKeys(OnlineAttention):
    """Keys in two halves, each by tiles of 16, joined at the end."""

    parts: ClassVar[int] = 2

    def run(self, x: Operands) -> RunningSoftmax:
        n = x.kt.shape[-1]
        ends = [n * k // self.parts for k in range(self.parts + 1)]
        ranges = (slice(a, b) for a, b in pairwise(ends) if a < b)
        return self.joined([super(SplitKeys, self).run(self.part(x, keys)) for keys in ranges])

    def joined(self, found: list[RunningSoftmax]) -> RunningSoftmax:
        row_max = np.max([r.row_max for r in found], axis=0)
        factors = [self.rescale(r.row_max, row_max) for r in found]
        normaliser = sum(f * r.normaliser for f, r in zip(factors, found, strict=True))
        output = sum(f * r.output for f, r in zip(factors, found, strict=True))
        return RunningSoftmax(row_max, np.asarray(normaliser), np.asarray(output))


class SplitInFive(SplitKeys):
    """Keys in five parts, joined by the logarithms of their normalisers."""

    parts = 5

    def joined(self, found: list[RunningSoftmax]) -> RunningSoftmax:
        logarithms = np.array([r.row_max + np.log(r.normaliser) for r in found])
        row_max = logarithms.max(axis=0)
        factors = self.exp(logarithms - row_max)
        output = sum(f * (r.output / r.normaliser) for f, r in zip(factors, found, strict=True))
        return RunningSoftmax(row_max, factors.sum(axis=0), np.asarray(output))


class FlashBackward(OnlineAttention):
    """Tiles of 32 keys in both passes, the logarithm saved, the queries' cotangent added up tile by tile."""

    tile = 32

    def recomputed(self, x: Operands, end: RunningSoftmax) -> Matrices:
        return self.exp(self.scores(x) - (end.row_max + np.log(end.normaliser)))

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        end = self.run(x)
        delta = self.delta(p, p, o, g)
        d_q, found = np.zeros_like(x.q), []
        for keys in self.tiles(x.kt.shape[-1]):
            part = self.part(x, keys)
            weights = self.recomputed(part, end)
            d_scores = self.tile_d_scores(weights, self.product(g, t(part.v)), delta)
            d_q += self.product(d_scores, t(part.kt))
            found.append((self.product(t(part.q), d_scores) * x.scale, self.d_v(weights, g)))
        d_kt, d_v = zip(*found, strict=True)
        return d_q * x.scale, np.concatenate(d_kt, axis=-1), np.concatenate(d_v, axis=-2)

    def tile_d_scores(self, weights: Matrices, d_p: Matrices, delta: Matrices) -> Matrices:
        return weights * (d_p - delta)


class FlashWithBfloat16(FlashBackward):
    """Flash attention whose weights and their cotangents are bfloat16 where they are multiplied, as declared."""

    dtypes = ("float32", "bfloat16")
    declared = Declared(p_dtype="bfloat16")

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        row_max = self.next_max(now, scores)
        e = self.exp(scores - row_max)
        factor = self.rescale(now.row_max, row_max)
        output = now.output * factor + self.product(in_bfloat16(e), v)
        return RunningSoftmax(row_max, now.normaliser * factor + self.normaliser(e), output)

    def tile_d_scores(self, weights: Matrices, d_p: Matrices, delta: Matrices) -> Matrices:
        return in_bfloat16(super().tile_d_scores(weights, d_p, delta))

    def d_v(self, p: Matrices, g: Matrices) -> Matrices:
        return super().d_v(in_bfloat16(p), g)


class ByQueries(StepwiseAttention):
    """Eight queries at a time, the cotangents of keys and values added up."""

    rows: ClassVar[int] = 8

    def attended(self, x: Operands) -> tuple[Matrices, Matrices]:
        p, o = zip(*(super(ByQueries, self).attended(self.some(x, s)) for s in self.blocks(x)), strict=True)
        return np.concatenate(p, axis=-2), np.concatenate(o, axis=-2)

    def pullback(self, x: Operands, p: Matrices, o: Matrices, g: Matrices) -> tuple[Matrices, Matrices, Matrices]:
        d_q, d_kt, d_v = [], np.zeros_like(x.kt), np.zeros_like(x.v)
        for s in self.blocks(x):
            parts = super().pullback(self.some(x, s), p[:, s], o[:, s], g[:, s])
            d_q.append(parts[0])
            d_kt, d_v = d_kt + parts[1], d_v + parts[2]
        return np.concatenate(d_q, axis=-2), d_kt, d_v

    def blocks(self, x: Operands) -> list[slice]:
        return [slice(k, k + self.rows) for k in range(0, x.q.shape[-2], self.rows)]

    def some(self, x: Operands, queries: slice) -> Operands:
        return x._replace(q=x.q[:, queries], bias=x.bias[:, queries])


class DeadTilesSkipped(OnlineAttention):
    """Tiles of 8 keys, those skipped in which every query's bias is 1000 below its largest.

    A weight there would be 0 in float32 as long as scores differ by less than that; otherwise it is not skipped.
    """

    tile = 8

    def run(self, x: Operands) -> RunningSoftmax:
        now, spread = self.start(x), np.ptp(x.scale * self.product(x.q, x.kt), axis=-1, keepdims=True)
        for keys in self.tiles(x.kt.shape[-1]):
            part = self.part(x, keys)
            if np.any(self.row_max(x.bias) - part.bias < spread + 1000):
                now = self.step(now, self.scores(part), part.v)
        return now
