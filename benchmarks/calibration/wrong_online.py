"""Wrong flash kernels: a tile, a rescale or what joins them is not what it should be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.calibration.kernel import RejectedIn
from benchmarks.calibration.online import OnlineAttention, RunningSoftmax
from benchmarks.calibration.right_online import DeadTilesSkipped, SplitKeys
from benchmarks.calibration.rounding import in_bfloat16
from benchmarks.calibration.stepwise import Matrices, Operands


class RescaledBackwards(OnlineAttention):
    """A rescale by exp(new maximum - old)."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def rescale(self, old: Matrices, new: Matrices) -> Matrices:
        return np.where(np.isfinite(old), self.exp(new - old), new.dtype.type(0))


class OutputNotRescaled(OnlineAttention):
    """The normaliser rescaled, the output not."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        following = super().step(now, scores, v)
        return following._replace(output=now.output + self.product(self.exp(scores - following.row_max), v))


class NormaliserNotRescaled(OnlineAttention):
    """The output rescaled, the normaliser not."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        following = super().step(now, scores, v)
        return following._replace(normaliser=now.normaliser + self.normaliser(self.exp(scores - following.row_max)))


class LastTileNotRescaled(OnlineAttention):
    """No rescale before a last tile that is not whole."""

    tile = 64
    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        following = super().step(now, scores, v)
        if scores.shape[-1] == self.tile or not np.isfinite(now.row_max).all():
            return following
        e = self.exp(scores - following.row_max)
        return following._replace(
            normaliser=now.normaliser + self.normaliser(e), output=now.output + self.product(e, v)
        )


class ThirdTileNotRescaled(OnlineAttention):
    """No rescale before the third tile of 16 keys."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def run(self, x: Operands) -> RunningSoftmax:
        now = self.start(x)
        for k, keys in enumerate(self.tiles(x.kt.shape[-1])):
            scores = self.scores(self.part(x, keys))
            if k == 2:
                now = now._replace(row_max=self.next_max(now, scores))
            now = self.step(now, scores, x.v[:, keys])
        return now


class RemainderDropped(OnlineAttention):
    """A last tile that is not whole left out."""

    tile = 64
    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def tiles(self, n: int) -> Iterator[slice]:
        return (keys for keys in super().tiles(n) if keys.stop - keys.start == self.tile or not keys.start)


class OverlappingTiles(OnlineAttention):
    """Tiles that have one key in common."""

    shows = RejectedIn("96 positions", "no mask")
    dtypes = ("float32",)  # in which large shapes are tried

    def tiles(self, n: int) -> Iterator[slice]:
        return (slice(max(keys.start - 1, 0), keys.stop) for keys in super().tiles(n))


class TileSkipped(DeadTilesSkipped):
    """A tile skipped where the first query has no use for it."""

    shows = RejectedIn("eight heads", "causal, gap -1e4")

    def run(self, x: Operands) -> RunningSoftmax:
        now = self.start(x)
        for keys in self.tiles(x.kt.shape[-1]):
            part = self.part(x, keys)
            if np.any(self.row_max(x.bias)[:, :1] - part.bias[:, :1] < 1000):
                now = self.step(now, self.scores(part), part.v)
        return now


class OutputInBfloat16(OnlineAttention):
    """The output kept in bfloat16 between tiles."""

    shows = RejectedIn("small", "no mask")
    dtypes = ("float32", "float64")

    def step(self, now: RunningSoftmax, scores: Matrices, v: Matrices) -> RunningSoftmax:
        following = super().step(now, scores, v)
        return following._replace(output=in_bfloat16(following.output))


class HalvesNotRescaled(SplitKeys):
    """Two halves of the keys joined without their maxima."""

    shows = RejectedIn("small", "no mask")

    def joined(self, found: list[RunningSoftmax]) -> RunningSoftmax:
        return RunningSoftmax(found[0].row_max, *(np.sum([r[k] for r in found], axis=0) for k in (1, 2)))


class HalvesAveraged(SplitKeys):
    """Two halves of the keys averaged, whatever their normalisers."""

    shows = RejectedIn("small", "no mask")

    def joined(self, found: list[RunningSoftmax]) -> RunningSoftmax:
        whole = super().joined(found)
        return whole._replace(output=whole.normaliser * np.mean([r.output / r.normaliser for r in found], axis=0))


class StartAtMinusHundred(OnlineAttention):
    """A running maximum that starts at -100."""

    shows = RejectedIn("small", "random mask", "logits up to 1e4")

    def start(self, x: Operands) -> RunningSoftmax:
        now = super().start(x)
        return now._replace(row_max=np.full_like(now.row_max, -100))
