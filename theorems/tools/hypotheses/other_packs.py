"""Packs with a derivative that is not theirs, and packs that stay in ℚ."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.linear_map import PositionWise
from theorems.engine.case import Case
from theorems.engine.maps import Differential, SmoothMap

# What the wrong entry of a derivative is off by: plainly, or by little.
ERRORS = (fmpq(1), fmpq(-1), fmpq(1, 2**40))


def with_another_derivative(draw: st.DrawFn, case: Case, name: str) -> Case:
    """The pack of that name with a derivative that is wrong in one entry of its matrix, if it has one."""
    smooth: SmoothMap = case[name]
    weight = list(smooth.linear.weight)
    if not weight:
        return case
    weight[draw(st.integers(0, len(weight) - 1))] += draw(st.sampled_from(ERRORS))
    return {**case, f"d_{name}": Differential(replace(smooth, linear=_matrix(smooth.linear, weight)))}


def affine(smooth: SmoothMap) -> SmoothMap:
    """The affine part of a map, which stays in ℚ."""
    return SmoothMap("affine", smooth.linear, smooth.shift)


def with_equal_rows(smooth: SmoothMap, rows: int, width: int) -> SmoothMap:
    """The affine part of a map whose first results are a matrix, with each row of that the same as the first."""
    weight = np.array(smooth.linear.weight, dtype=object).reshape(smooth.codomain, smooth.domain)
    shift = smooth.shift.copy()
    for i in range(1, rows):
        weight[i * width : (i + 1) * width] = weight[:width]
        shift[i * width : (i + 1) * width] = shift[:width]
    return SmoothMap("affine", _matrix(smooth.linear, list(weight.reshape(-1))), shift)


def _matrix(like: PositionWise, weight: list[fmpq]) -> PositionWise:
    return replace(like, weight=tuple(weight))
