"""What is assumed of a kernel's arithmetic where nothing is declared."""

from __future__ import annotations

import pytest

from mirror.arithmetic.rounded import JAX_FLOAT32, SAFETY
from mirror.bounds.declared import TF32, SumOrder, declared_for


@pytest.mark.parametrize(
    ("dtype", "stored", "computed"), [("float64", 53, 53), ("float32", 24, 24), ("bfloat16", 8, 24)]
)
def test_a_dtype_is_computed_in_itself_and_bfloat16_in_float32(dtype: str, stored: int, computed: int) -> None:
    found = declared_for(dtype)
    assert (found.stored.bits, found.accumulate.bits) == (stored, computed)
    assert (found.operand, found.weights, found.order) == (None, None, SumOrder.ANY)
    assert found.exp_ulps == SAFETY * found.accumulate.exp


def test_tf32_has_the_range_of_float32_and_its_own_significand() -> None:
    assert (TF32.bits, TF32.lowest, TF32.highest) == (11, JAX_FLOAT32.lowest, JAX_FLOAT32.highest)
