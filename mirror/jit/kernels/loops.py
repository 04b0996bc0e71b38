"""What the kernels share: the loops over runs of tiles, the scores of a block, products and exponentials."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.experimental import pallas as pl

from mirror.jit.kernels.sizes import Blocks
from mirror.jit.kernels.spans import TileRuns, TileSpans
from mirror.jit.kernels.work import LOG2_E, KernelRef, KernelWork

C = TypeVar("C")
Position = jax.Array | int
# What is added to the scores of a run: nothing, one number, or the dense tile of this number.
Added = tuple[bool, jax.Array | None]
# A block of the other axis, what is added to its scores, and what was found so far.
BlockStep = Callable[[jax.Array, Added, C], C]

# What the score of a key is that is there only to fill a block: less than any.
NOWHERE = -0.7 * float(jnp.finfo(jnp.float32).max)


class Tables:
    """The first operands of a kernel: the scale, the runs, and the values of dense tiles."""

    def __init__(self, work: KernelWork, refs: Sequence[KernelRef]) -> None:
        self.work, self.scale, self._scale2 = work, refs[0][0], refs[0][1]
        self._runs, self._values = (refs[1:3], refs[3:5]), refs[5:]

    def over(self, spans: TileSpans, line: Position, block: int, step: BlockStep[C], carry: C) -> C:
        """`step(k, added, carry)` for each block k of the runs of a line of tiles."""
        per = self.work.side // block
        for runs, refs, dense in zip(spans, self._runs, (False, True), strict=True):
            run = partial(self._run, runs, refs, dense, line, per, step)
            if runs.most == 1:
                carry = run(0, carry)
            elif runs.most:
                carry = lax.fori_loop(np.int32(0), np.int32(runs.most), run, carry)
        return carry

    def _run(
        self,
        runs: TileRuns,
        refs: Sequence[KernelRef],
        dense: bool,
        line: Position,
        per: int,
        step: BlockStep[C],
        r: Position,
        carry: C,
    ) -> C:
        spans, values = refs
        added = values[line, r] if not dense and runs.values.any() else None
        number = spans[line, r, 2] if dense else added
        first, last = spans[line, r, 0] * per, spans[line, r, 1] * per

        def next_block(k: jax.Array, found: C) -> C:
            return step(k, (dense, number), found)

        return lax.fori_loop(first, last, next_block, carry)

    def scores(
        self, products: jax.Array, added: Added, query: Position, key: Position, blocks: Blocks, *, keys_first: bool
    ) -> jax.Array:
        """The scores to the base 2 of a block that begins with a query and a key, from its products."""
        scores = products * self._scale2
        dense, what = added
        if dense:
            mask = self._mask(what, query, key, blocks) * LOG2_E
            scores += mask.T if keys_first else mask
        elif what is not None:
            scores += what
        if self.work.n == self.work.filled:
            return scores
        keys = key + lax.broadcasted_iota(jnp.int32, scores.shape, 0 if keys_first else 1)
        return jnp.where(keys < self.work.n, scores, NOWHERE)

    def _mask(self, number: Position | None, query: Position, key: Position, blocks: Blocks) -> jax.Array:
        """A dense block of the mask: of the tile of a number, or of the whole mask."""
        (values,) = self._values
        if len(values.shape) == 2:
            return values[pl.ds(query, blocks.queries), pl.ds(key, blocks.keys)].astype(jnp.float32)
        side = np.int32(self.work.side)
        rows, keys = pl.ds(lax.rem(query, side), blocks.queries), pl.ds(lax.rem(key, side), blocks.keys)
        return values[number, rows, keys].astype(jnp.float32)


def dot(a: jax.Array, b: jax.Array) -> jax.Array:
    """A product with float32 sums: float32 operands in float32 throughout."""
    exact = lax.Precision.HIGHEST if a.dtype == jnp.float32 else None
    return lax.dot(a, b, precision=exact, preferred_element_type=jnp.float32)


def clamped_exp2(scores: jax.Array, row_max: jax.Array) -> jax.Array:
    """`2^min(scores - row_max, 0)`; a NaN stays one."""
    shifted = scores - row_max
    return jnp.exp2(jnp.where(shifted > 0, 0.0, shifted))
