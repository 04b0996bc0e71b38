"""How large the pieces are that a kernel works on, by format and head dimension."""

from __future__ import annotations

from typing import NamedTuple


class Blocks(NamedTuple):
    """Queries and keys that meet at a time, the warps of a program, and how many loads are under way at a time."""

    queries: int
    keys: int
    warps: int
    stages: int


class KernelSizes(NamedTuple):
    """The blocks of the forward kernel and of both that go back."""

    forward: Blocks
    d_q: Blocks
    d_kv: Blocks


HALF = {
    64: KernelSizes(Blocks(128, 64, 4, 3), Blocks(128, 64, 8, 3), Blocks(64, 128, 8, 3)),
    128: KernelSizes(Blocks(128, 64, 8, 3), Blocks(128, 64, 8, 3), Blocks(64, 128, 8, 3)),
    256: KernelSizes(Blocks(64, 64, 8, 2), Blocks(64, 32, 8, 2), Blocks(32, 64, 8, 2)),
}
SINGLE = {
    64: KernelSizes(Blocks(64, 32, 4, 2), Blocks(64, 32, 4, 2), Blocks(32, 64, 4, 2)),
    128: KernelSizes(Blocks(64, 32, 8, 2), Blocks(32, 32, 4, 2), Blocks(32, 32, 4, 2)),
    256: KernelSizes(Blocks(32, 32, 8, 1), Blocks(32, 16, 4, 1), Blocks(16, 32, 4, 1)),
}
# A dot of the kernels wants at least so many rows, columns and terms.
LEAST = 16
LARGEST_HEAD = 256


def sizes_for(operand: str, dim: int, side: int) -> KernelSizes:
    """The blocks for a head dimension, none larger than what divides a tile of `side`."""
    table = SINGLE if operand == "float32" else HALF
    found = table[next(d for d in table if dim <= d)]
    largest = side & -side
    return KernelSizes(*(b._replace(queries=min(b.queries, largest), keys=min(b.keys, largest)) for b in found))


def power_of_two(least: int) -> int:
    """The smallest power of two that is not below `least`, nor below what a dot wants."""
    return max(LEAST, 1 << (least - 1).bit_length())


def side_of(tile: int, n: int) -> int:
    """Rows and keys of a tile as the kernels see it: one tile is filled up, of several each is as it is."""
    return tile if n > tile else power_of_two(n)
