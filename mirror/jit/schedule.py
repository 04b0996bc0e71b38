"""What a schedule is: an order in which the masked attention is computed, forward and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import jax

from mirror.jit.arrays import QKV
from mirror.jit.formulas import Attended, BackwardRows
from mirror.jit.numbers import Jitted
from mirror.jit.plan import TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float

    from mirror.jit.plan import Strips


class Schedule(Protocol):
    """The masked attention on queries (H·B, n, d), transposed keys (H·B, d, n), values (H·B, n, d) and a plan's strips.

    `skip` says to skip dead tiles: the caller has made sure that it is sound. `mirror.jit.panels` and
    `mirror.jit.tiles` are such.
    """

    def can_skip(self, layout: TileLayout) -> bool:
        """Whether a mask leaves anything to skip."""
        ...

    def forward(
        self,
        ar: Jitted,
        layout: TileLayout,
        skip: bool,
        scale: Float[jax.Array, ""],
        qkv: QKV[jax.Array],
        strips: Strips,
    ) -> Attended[jax.Array]:
        """The heads' output, and what the pullback needs of each query."""
        ...

    def pullback(
        self,
        ar: Jitted,
        layout: TileLayout,
        skip: bool,
        scale: Float[jax.Array, ""],
        qkv: QKV[jax.Array],
        strips: Strips,
        rows: BackwardRows[jax.Array],
    ) -> QKV[jax.Array]:
        """The cotangents of queries, transposed keys and values."""
        ...
