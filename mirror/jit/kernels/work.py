"""One call's operands, filled up to whole blocks, and how a kernel is run on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

import jax
import jax.numpy as jnp
import numpy as np
from jax.experimental import pallas as pl
from jax.experimental.pallas import triton

from mirror.jit.arrays import QKV
from mirror.jit.device import here
from mirror.jit.kernels.sizes import Blocks, KernelSizes, power_of_two, side_of, sizes_for
from mirror.jit.kernels.spans import TileSpans, contents, distinct_places, in_its_place, pool, spans_of
from mirror.jit.numbers import Jitted
from mirror.jit.plan import TileLayout
from mirror.jit.pullback import varying_alike

if TYPE_CHECKING:
    from jax.typing import DTypeLike
    from jaxtyping import Float, Shaped

    from mirror.jit.plan import Strips

# Scores are taken times this: of e a device has no power that is as quick as that of 2.
LOG2_E = float(np.log2(np.e))


class KernelRef(Protocol):
    """An array in a device's memory, as a kernel has it."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> DTypeLike: ...
    def __getitem__(self, key: object, /) -> jax.Array: ...
    def __setitem__(self, key: object, value: object, /) -> None: ...


@dataclass(frozen=True, eq=False)
class KernelWork:
    """One call's operands and what its kernels are made for.

    `values` are the dense tiles, (tiles, #H, side, side), or the whole mask in its place, (#H, n, n); `by_row` and
    `by_column` the runs over keys and over queries; `scale` that of the scores, to the base e and to the base 2.
    """

    n: int
    filled: int
    dim: int
    side: int
    heads: int
    batch: int
    sizes: KernelSizes
    operand: str
    by_row: TileSpans
    by_column: TileSpans
    values: Float[jax.Array, "..."] | None
    scale: Float[jax.Array, "2"]

    @classmethod
    def of(
        cls, ar: Jitted, layout: TileLayout, skip: bool, scale: Float[jax.Array, ""], q: jax.Array, strips: Strips
    ) -> KernelWork:
        """For queries (H·B, n, d)."""
        n, dim = q.shape[-2], power_of_two(q.shape[-1])
        side, found = side_of(layout.tile, n), contents(layout, skip)
        places, filled = distinct_places(found), -(-n // side) * side
        values, known = None, places
        if places and in_its_place(found, layout.tile):
            values, known = _filled(strips[0], filled, filled), None
        elif places:
            values = pool(strips, places, layout.tile, side)
        return cls(
            n=n,
            filled=filled,
            dim=dim,
            side=side,
            heads=layout.heads,
            batch=len(q) // layout.heads,
            sizes=sizes_for(ar.operand, dim, side),
            operand=ar.operand,
            by_row=spans_of(found, known),
            by_column=spans_of(tuple(zip(*found, strict=True)), known),
            values=values,
            scale=jnp.stack([scale, scale * LOG2_E]).astype(jnp.float32),
        )

    def rows(self, a: Float[jax.Array, "HB n d"]) -> Float[jax.Array, "HB filled dim"]:
        """Queries, values or cotangents as operands, filled up."""
        return _filled(a.astype(self.operand), self.filled, self.dim)

    def qkv(self, given: QKV[jax.Array]) -> QKV[jax.Array]:
        """Queries, keys and values as operands, filled up."""
        kt = _filled(given.kt.astype(self.operand), self.dim, self.filled)
        return QKV(self.rows(given.q), kt, self.rows(given.v))

    def run(
        self,
        kernel: Callable[..., None],
        blocks: Blocks,
        block: int,
        spans: TileSpans,
        ins: Sequence[Operand],
        outs: Sequence[Operand],
    ) -> list[jax.Array]:
        """A kernel for each example, each block of rows or columns, and each head.

        The examples are next to each other: so a mask that the batch shares is read once.
        """
        tables = [Operand.whole(self.scale)]
        for runs in spans:
            tables += [Operand.whole(a) for a in (runs.spans, runs.values * np.float32(LOG2_E))]
        if self.values is not None:
            tables.append(_mask(self.values))
        operands = [*tables, *ins]
        arrays = varying_alike([jnp.asarray(o.array) for o in operands])
        varying = jax.typeof(arrays[0]).manual_axis_type  # pyright: ignore
        return pl.pallas_call(
            partial(kernel, self, blocks, len(tables)),
            grid=(self.batch, self.filled // block, self.heads),
            in_specs=[o.spec(self.batch) for o in operands],
            out_specs=[o.spec(self.batch) for o in outs],
            out_shape=[jax.ShapeDtypeStruct(o.array.shape, o.array.dtype, manual_axis_type=varying) for o in outs],
            compiler_params=triton.CompilerParams(num_warps=blocks.warps, num_stages=blocks.stages),
            interpret=interpreted(),
        )(*arrays)


@dataclass(frozen=True)
class Operand:
    """An array, or what it will be, and which part of it a program sees: its block of the last two axes, or this."""

    array: jax.Array | np.ndarray | jax.ShapeDtypeStruct
    block: tuple[int, ...] | pl.BlockSpec

    @classmethod
    def whole(cls, array: jax.Array | np.ndarray) -> Operand:
        """All of it."""

        def first_block(*_: object) -> tuple[int, ...]:
            return (0,) * array.ndim

        return cls(array, pl.BlockSpec(array.shape, first_block))

    def spec(self, batch: int) -> pl.BlockSpec:
        """The block of program (b, i, h): the i-th along the axis that it does not cover."""
        if isinstance(self.block, pl.BlockSpec):
            return self.block
        rows, columns = self.block
        all_rows, all_columns = self.array.shape[-2:]

        def own(b: int, i: int, h: int) -> tuple[int, int, int]:
            return (h * batch + b, i if rows < all_rows else 0, i if columns < all_columns else 0)

        return pl.BlockSpec((None, rows, columns), own)


def _mask(values: Float[jax.Array, "..."]) -> Operand:
    """What is added to the scores of a head."""
    by_head = values.shape[-3] > 1

    def own(b: int, i: int, h: int) -> tuple[int, ...]:
        head = h if by_head else 0
        return (head, 0, 0) if values.ndim == 3 else (0, head, 0, 0)

    tiles = values.shape[:-3]
    return Operand(values, pl.BlockSpec((*tiles, None, *values.shape[-2:]), own))


def interpreted() -> bool:
    """Whether there is no accelerator that a kernel could be compiled for."""
    return here().is_cpu


def _filled(a: Shaped[jax.Array, "*B m n"], rows: int, columns: int) -> Shaped[jax.Array, "*B rows columns"]:
    missing = rows - a.shape[-2], columns - a.shape[-1]
    return a if missing == (0, 0) else jnp.pad(a, (*[(0, 0)] * (a.ndim - 2), (0, missing[0]), (0, missing[1])))
