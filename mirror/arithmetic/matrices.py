"""Balls whose products of large matrices are flint's own: a hundred times the speed of one entry after the other."""

from __future__ import annotations

from math import prod

import numpy as np
from flint import arb, arb_mat

from mirror.arithmetic.base import Array
from mirror.arithmetic.rigorous import Ball

# Below so many multiplications an array of objects is as fast, and keeps rationals exact.
LARGE = 2_000
# What is nothing beside the largest entry of a matrix.
TINY = 2.0**-300


class BallMatrices(Ball):
    """The ball arithmetic for large matrices. Their products are balls, also where all entries are rational."""

    name = "ball matrices"

    def matmul(self, a: Array, b: Array) -> Array:
        if a.size * b.shape[-1] < LARGE or min(a.ndim, b.ndim) < 2:
            return super().matmul(a, b)
        batch = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        left, right = (_matrices(x, batch) for x in (a, b))
        products = [(x * y).entries() for x, y in zip(left, right, strict=True)]
        return _objects(products).reshape(*batch, a.shape[-2], b.shape[-1])


def _matrices(a: Array, batch: tuple[int, ...]) -> list[arb_mat]:
    rows, columns = a.shape[-2:]
    flat = np.broadcast_to(a, (*batch, rows, columns)).reshape(prod(batch), -1).tolist()
    return [arb_mat(rows, columns, _of_one_size([arb(x) for x in entries])) for entries in flat]


def _of_one_size(entries: list[arb]) -> list[arb]:
    """The entries, those that are nothing beside the largest as a ball about 0: flint slows down where sizes differ."""
    sizes = np.abs([float(x) for x in entries])
    least = TINY * sizes.max()
    if not 0 < least < np.inf or (sizes >= least).all():
        return entries
    nothing = arb(0, 2 * least)

    def sized(x: arb, size: float) -> arb:
        return nothing if size < least and x != 0 and x.abs_upper() < 2 * least else x

    return [sized(x, size) for x, size in zip(entries, sizes, strict=True)]


def _objects(rows: list[list[arb]]) -> Array:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    found[:] = rows
    return found


BALL_MATRICES = BallMatrices()
