"""What is said of a kernel's arithmetic, what it makes of the bounds, and the line that says what was assumed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import precision
from mirror.bounds.balls import enclosing_for
from mirror.bounds.declared import BFLOAT16, TF32, SumOrder, declared_for
from tests.tools.conformance import kernels
from tests.tools.conformance.test_run import conformed
from theorems.engine.evidence.floats import BITS
from theorems.tools.conformance.declaring import Declared
from theorems.tools.conformance.target import WrongCall


def test_nothing_said_is_what_is_assumed_anyway() -> None:
    for dtype in ("float64", "float32", "bfloat16"):
        for library in ("jax", "numpy", "torch"):
            assert Declared().arithmetic(dtype, library) == declared_for(dtype, library)
    assert list(Declared().words()) == []


@pytest.mark.parametrize(
    ("said", "assumes"),
    [
        ({}, "jax float32 on CPU: + - * / and sqrt are off by at most u = 2^-24, sums and products of n terms by n·u"),
        ({"accumulate": "bfloat16"}, "bfloat16: + - * / and sqrt are off by at most u = 2^-8, "),
        ({"accumulate": "bfloat16"}, "; results are stored in float32"),
        ({"accumulate": "tf32"}, "jax float32 on CPU: "),
        ({"accumulate": "tf32"}, "; the operands of products of matrices are rounded to tf32 (u = 2^-11)"),
        ({"operand_dtype": "bfloat16"}, "; the operands of products of matrices are rounded to bfloat16 (u = 2^-8)"),
        ({"p_dtype": "float16"}, "; softmax's weights and their cotangents are rounded to float16 (u = 2^-11)"),
        ({"order": "tree"}, "sums and products of n terms by (ceil(log2 n) + 1)·u, added in a tree, exp by "),
        ({"order": "sequential"}, ", added one after the other, "),
        ({"exp_ulps": 2.0}, "exp by 4·u (as declared) and tanh by 18·u (4 times the largest error measured)"),
        ({"tanh_ulps": 0.5}, "exp by 82/5·u (4 times the largest error measured) and tanh by 1·u (as declared)"),
    ],
)
def test_the_line_says_what_was_declared(said: dict[str, Any], assumes: str) -> None:
    assert assumes in Declared(**said).arithmetic("float32", "jax").assumes


@pytest.mark.parametrize(
    ("library", "named", "underflow"),
    [
        ("numpy", "numpy float32: ", "gradual"),
        ("torch", "torch float32 on CPU: ", "gradual"),
        ("jax", "jax float32", "flushed to 0"),
    ],
)
def test_the_line_is_that_of_the_library(library: str, named: str, underflow: str) -> None:
    assumes = Declared().arithmetic("float32", library).assumes
    assert assumes.startswith(named)
    assert assumes.endswith(f"underflow is {underflow}")
    assert Declared().arithmetic("bfloat16", library).assumes == f"{assumes}; results are stored in bfloat16"


def test_what_is_said_goes_over_what_a_preset_says() -> None:
    preset = Declared(order="tree", exp_ulps=2.0)
    assert Declared(exp_ulps=1.0).over(preset) == Declared(order="tree", exp_ulps=1.0)
    assert list(preset.words()) == ["--order", "tree", "--exp-ulps", "2.0"]


def test_units_are_taken_as_they_are_written() -> None:
    found = Declared(exp_ulps=0.1, order="tree").arithmetic("float64", "numpy")
    assert (found.exp_ulps, found.order) == (fmpq(1, 5), SumOrder.TREE)


def test_what_contradicts_itself_or_is_no_number_is_refused() -> None:
    with pytest.raises(WrongCall, match=r"^--accumulate tf32 has operands in tf32, and --operand-dtype is bfloat16$"):
        Declared(accumulate="tf32", operand_dtype="bfloat16").arithmetic("float32", "jax")
    with pytest.raises(WrongCall, match=r"^an error in units in the last place is nan, expected a positive number$"):
        Declared(exp_ulps=math.nan).arithmetic("float32", "jax")


# ---- the balls of a declared arithmetic


def test_weights_are_operands_too() -> None:
    """So that a kernel with its operands in tf32 may round normalised weights, which are not powers of two."""
    found = Declared(accumulate="tf32").arithmetic("float32", "jax")
    assert found.weights == found.operand == TF32
    assert Declared(operand_dtype="tf32", p_dtype="bfloat16").arithmetic("float32", "jax").weights == BFLOAT16


def test_weights_rounded_alone_are_not_for_the_balls() -> None:
    assert enclosing_for(Declared(p_dtype="bfloat16").arithmetic("float32", "jax")) is None
    assert enclosing_for(Declared(p_dtype="tf32", accumulate="tf32").arithmetic("float32", "jax"))


def test_what_has_more_digits_than_are_computed_with_is_rounded() -> None:
    ar = enclosing_for(Declared(accumulate="bfloat16").arithmetic("float32", "jax"))
    assert ar
    with precision(BITS):
        exact, rounded, overflow = ar.floats(np.array([1.5, 1.0 + 2.0**-10, 3.4e38])).balls
    assert exact == 1.5
    assert rounded.contains(1)
    assert not overflow.is_finite()


def test_a_kernel_in_bfloat16_conforms_where_that_is_declared() -> None:
    assert conformed(kernels.in_bfloat16).exit_code == 1
    found = conformed(kernels.in_bfloat16, declared=Declared(operand_dtype="bfloat16"))
    assert (found.exit_code, found.total("inside")) == (0, 2)
    assert "rounded to bfloat16" in found.assumes
