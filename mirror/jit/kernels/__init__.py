"""Masked attention in Pallas kernels for accelerators: all heads and examples at once, no array of all scores.

On a CPU they are interpreted, which is slow and serves tests. Dead tiles are skipped, those between live ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jax

from mirror.jit.arrays import QKV
from mirror.jit.formulas import Attended, BackwardRows
from mirror.jit.kernels.attend import attended
from mirror.jit.kernels.attend_pullback import attended_pullback
from mirror.jit.kernels.work import KernelWork
from mirror.jit.numbers import Jitted
from mirror.jit.plan import TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float

    from mirror.jit.plan import Strips

__all__ = ["can_skip", "forward", "pullback"]


def can_skip(layout: TileLayout) -> bool:
    """Whether a tile is dead."""
    return layout.gap is not None


def forward(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Float[jax.Array, ""], qkv: QKV[jax.Array], strips: Strips
) -> Attended[jax.Array]:
    """As `Schedule.forward`, in the operands' format."""
    return attended(KernelWork.of(ar, layout, skip, scale, qkv.q, strips), qkv)


def pullback(
    ar: Jitted,
    layout: TileLayout,
    skip: bool,
    scale: Float[jax.Array, ""],
    qkv: QKV[jax.Array],
    strips: Strips,
    rows: BackwardRows[jax.Array],
) -> QKV[jax.Array]:
    """As `Schedule.pullback`, in the operands' format."""
    return attended_pullback(KernelWork.of(ar, layout, skip, scale, qkv.q, strips), qkv, rows)
