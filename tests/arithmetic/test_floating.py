"""float64 and JAX follow Lean's total functions, and never form a NaN on the way."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import FLOAT64, Arithmetic
from mirror.arithmetic.floating import nearest_float
from tests.plain import vector


def arithmetic(name: str) -> Arithmetic:
    if name == "float64":
        return FLOAT64
    from mirror.arithmetic.jax import Jax  # only where it is asked for: importing JAX takes a second

    return Jax(name.removeprefix("jax "))


@pytest.fixture(params=["float64", "jax float64", "jax float32"])
def ar(request: pytest.FixtureRequest) -> Arithmetic:
    return arithmetic(request.param)


def plain(array: object) -> list[float]:
    return np.asarray(array).reshape(-1).tolist()


def test_the_inverse_of_zero_is_zero(ar: Arithmetic) -> None:
    with np.errstate(all="raise"):
        assert plain(ar.inverse(ar.embed(vector([0, 4, -2, 1, -1])))) == [0.0, 0.25, -0.5, 1.0, -1.0]


def test_the_root_of_a_negative_number_is_zero(ar: Arithmetic) -> None:
    with np.errstate(all="raise"):
        assert plain(ar.sqrt(ar.embed(vector([-1, 0, 9])))) == [0.0, 0.0, 3.0]


def test_the_positive_part(ar: Arithmetic) -> None:
    assert plain(ar.positive_part(ar.embed(vector([-1, 0, 2])))) == [0.0, 0.0, 2.0]


def test_sums_over_nothing_are_zero(ar: Arithmetic) -> None:
    assert plain(ar.sum(ar.zeros((2, 0)), axis=1)) == [0.0, 0.0]
    assert plain(ar.sum(ar.zeros(0), axis=0)) == [0.0]
    product = ar.matmul(ar.zeros((2, 0)), ar.zeros((0, 3)))
    assert (product.shape, plain(product)) == ((2, 3), [0.0] * 6)


def test_small_integers_are_exact(ar: Arithmetic) -> None:
    a, b = ar.embed(vector(range(6)).reshape(2, 3)), ar.embed(vector(range(6)).reshape(3, 2))
    assert plain(ar.matmul(a, b)) == [10.0, 13.0, 28.0, 40.0]
    assert plain(ar.sum(a, axis=0)) == [3.0, 5.0, 7.0]
    assert plain(ar.sum(a, axis=1)) == [3.0, 12.0]
    assert plain(ar.concat([a[0], ar.zeros(1)])) == [0.0, 1.0, 2.0, 0.0]
    assert [float(ar.half), float(ar.constant(fmpq(-3, 4)))] == [0.5, -0.75]


def test_exp_and_tanh_at_zero(ar: Arithmetic) -> None:
    zero = ar.zeros(1)
    assert (plain(ar.exp(zero)), plain(ar.tanh(zero))) == ([1.0], [0.0])


def test_the_constants_are_the_nearest_numbers(ar: Arithmetic) -> None:
    dtype = ar.zeros(1).dtype
    assert ar.pi == dtype.type(np.pi)
    # √(2/π), from the first digits of its decimal expansion, correctly rounded to either format.
    assert ar.root_of_two_over_pi == dtype.type(0.79788456080286535587989211986876)


def test_a_value_is_kept_where_no_witness_is_zero(ar: Arithmetic) -> None:
    value = ar.embed(vector([5, 6]))
    assert plain(ar.keep_if_nonzero(value, ar.embed(vector([1, -1])))) == [5.0, 6.0]
    assert plain(ar.keep_if_nonzero(value, ar.embed(vector([1, 0])))) == [0.0, 0.0]
    assert plain(ar.keep_if_nonzero(value, ar.zeros(0))) == [5.0, 6.0]


def test_every_operation_stays_in_its_own_format(ar: Arithmetic) -> None:
    x = ar.embed(vector([Fraction(1, 3), -2]))
    results = [ar.exp(x), ar.tanh(x), ar.sqrt(x), ar.inverse(x), ar.positive_part(x), ar.sum(x, axis=0)]
    results += [x * ar.constant(fmpq(1, 3)), x * ar.pi, x * ar.root_of_two_over_pi, x * ar.half, ar.concat([x, x])]
    assert {r.dtype for r in results} == {x.dtype}
    assert not any(np.isnan(np.asarray(r)).any() for r in results)


@pytest.mark.parametrize("q", [Fraction(1, 3), Fraction(-(10**40), 7), Fraction(2**60 + 1), Fraction(0)])
def test_the_nearest_float_is_correctly_rounded(q: Fraction) -> None:
    # Python's own conversion of a fraction rounds to nearest.
    assert nearest_float(fmpq(q.numerator, q.denominator)) == float(q)


def test_jax_in_float64_needs_64_bit_mode() -> None:
    import jax

    from mirror.arithmetic.jax import Jax

    message = r"the jax arithmetic in float64 needs 64-bit mode: call jax\.config\.update\('jax_enable_x64', True\)"
    with jax.enable_x64(False):
        with pytest.raises(ValueError, match=message):
            Jax("float64")
        assert Jax("float32").zeros(1).dtype == np.float32


def test_jax_arithmetic_is_traceable() -> None:
    import jax

    jax_float = arithmetic("jax float64")

    def total(x):
        # Both choices depend on values that are not known while tracing.
        return jax_float.keep_if_nonzero(jax_float.inverse(jax_float.sqrt(x)), x)

    run = jax.jit(total)
    assert plain(run(jax_float.embed(vector([4, -1])))) == [0.5, 0.0]
    assert plain(run(jax_float.embed(vector([4, 0])))) == [0.0, 0.0]
