"""Balls whose products of large matrices are flint's own: a hundred times the speed of one entry after the other."""

from __future__ import annotations

from math import prod

import numpy as np
from flint import arb, arb_mat

from mirror.arithmetic.base import Array
from mirror.arithmetic.rigorous import Ball

# Below so many multiplications an array of objects is as fast, and keeps rationals exact.
LARGE = 2_000
# What is nothing: float64's smallest number is 2^-1074.
TINY = arb(2) ** -2000


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
    return [arb_mat(rows, columns, _of_like_sizes([arb(x) for x in entries])) for entries in flat]


def _of_like_sizes(entries: list[arb]) -> list[arb]:
    """The entries, those far below every float64 as a ball about 0: flint slows down where sizes differ much."""
    nothing = arb(0, TINY)
    return [nothing if float(x) == 0 and x != 0 and x.abs_upper() < TINY else x for x in entries]


def _objects(rows: list[list[arb]]) -> Array:
    found = np.empty((len(rows), len(rows[0])), dtype=object)
    found[:] = rows
    return found


BALL_MATRICES = BallMatrices()
