"""Reading numbers exactly, and refusing what is none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from mirror.arithmetic import GELU_COEFFICIENT, rational, rational_vector
from tests.plain import numbers


@given(st.fractions())
def test_a_rational_is_read_exactly_in_every_spelling(q: Fraction) -> None:
    expected = fmpq(q.numerator, q.denominator)
    assert [rational(v) for v in (q, expected, str(q))] == [expected] * 3


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_the_dyadic_rational_that_it_stores(x: float) -> None:
    assert numbers([rational(x), rational(np.float64(x))]) == [Fraction(x)] * 2


def test_integers_and_narrow_floats_are_read_exactly() -> None:
    found = [rational(v) for v in (7, np.int64(-7), np.float32(0.1), True)]
    assert numbers(found) == [7, -7, Fraction(float(np.float32(0.1))), 1]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, np.float32("nan"), np.float64("-inf")], ids=repr)
def test_nan_and_infinities_are_not_real_numbers(value: float) -> None:
    with pytest.raises(ValueError, match=rf"{value} is not a real number .* for a mask use a finite gap such as -1e4"):
        rational(value)
    with pytest.raises(ValueError, match="is not a real number"):
        rational_vector([0, value])


@pytest.mark.parametrize("value", [None, 1j, [1], object()], ids=["None", "complex", "list", "object"])
def test_other_values_are_no_numbers(value: object) -> None:
    with pytest.raises(TypeError, match=rf"expected a rational number, got {type(value).__name__}: "):
        rational(value)  # type: ignore[arg-type]


def test_a_vector_names_the_entry_that_is_no_number() -> None:
    with pytest.raises(TypeError, match="expected a rational number, got NoneType: None"):
        rational_vector([1, None])


@pytest.mark.parametrize("text", ["", "one", "1/2/3", "1/0", "nan", "inf"])
def test_text_that_spells_no_rational_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"'{text}' does not spell a rational number such as -3/4 or 0\.25"):
        rational(text)


def test_a_vector_is_read_row_major_from_any_nesting() -> None:
    assert numbers(rational_vector([[1, "1/2"], [0.25, fmpq(3)]])) == [1, Fraction(1, 2), Fraction(1, 4), 3]
    assert numbers(rational_vector(np.arange(6).reshape(2, 3))) == [0, 1, 2, 3, 4, 5]
    assert rational_vector([]).shape == (0,)


def test_gelus_coefficient() -> None:
    assert numbers([GELU_COEFFICIENT]) == [Fraction("0.044715")]
