"""The certified enclosures: what they must hold, what leaves them unbounded, and where they refuse."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flint import arb, fmpq

from mirror.arithmetic import Undecided, precision, rational_vector
from mirror.arithmetic.rounded import (
    JAX_BFLOAT16,
    JAX_FLOAT32,
    JAX_FLOAT64,
    NUMPY_FLOAT32,
    NUMPY_FLOAT64,
    SAFETY,
    TORCH_FLOAT32,
    TORCH_FLOAT64,
    Backend,
    Rounded,
    RoundedArray,
    representable,
)
from theorems.engine.evidence.ulps import sample, worst_error

BACKENDS = (NUMPY_FLOAT64, NUMPY_FLOAT32, JAX_FLOAT64, JAX_FLOAT32, JAX_BFLOAT16)
AR = Rounded(NUMPY_FLOAT64)


def holds(ball: Any, value: float | Fraction) -> bool:
    exact = Fraction(value)
    return arb(ball).contains(arb(fmpq(exact.numerator, exact.denominator)))


def floats(n: int, seed: int) -> list[float]:
    """Floats of mixed sign and magnitude: the hard case of a sum."""
    draw = random.Random(seed)
    return [draw.uniform(-1, 1) * 2.0 ** draw.randint(-40, 40) for _ in range(n)]


def column(values: list[float]) -> RoundedArray:
    return AR.embed(rational_vector(values))


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.name)
def test_a_format_is_what_its_library_says(backend: Backend) -> None:
    dtype = {53: np.float64, 24: np.float32, 8: jnp.bfloat16}[backend.bits]
    info = jnp.finfo(dtype)
    assert backend.unit == fmpq(1, 2) * fmpq(2) ** (-int(info.nmant))
    assert fmpq(2) ** backend.lowest == fmpq(*float(info.tiny).as_integer_ratio())
    assert backend.largest == fmpq(*float(info.max).as_integer_ratio())
    assert representable(backend.largest, backend)
    assert not representable(backend.largest * 2, backend)
    assert not representable(1 + backend.unit, backend)
    assert representable(1 + 2 * backend.unit, backend)
    assert representable(fmpq(2) ** backend.lowest, backend)
    assert not representable(fmpq(2) ** (backend.lowest - 1), backend)
    assert not representable(fmpq(1, 3), backend)
    assert f"u = 2^-{backend.bits}" in backend.assumes
    assert ("flushed" in backend.assumes) == backend.flushes


def test_inputs_are_exact_where_the_format_holds_them() -> None:
    ar = Rounded(JAX_FLOAT32)
    embedded = ar.embed(rational_vector(["3/8", "1/3", 0, "1/16777217"])).balls
    assert embedded[0] == fmpq(3, 8)
    assert embedded[2] == 0
    for ball, value in ((embedded[1], Fraction(1, 3)), (embedded[3], Fraction(1, 16777217))):
        assert holds(ball, value)
        assert holds(ball, float(np.float32(float(value))))
        assert not holds(ball, value * (1 + Fraction(1, 2**23)))


@pytest.mark.parametrize("seed", range(4))
def test_single_operations_hold_what_numpy_computes(seed: int) -> None:
    xs, ys = floats(50, seed), floats(50, seed + 100)
    a, b = column(xs), column(ys)
    x, y = np.array(xs), np.array(ys)
    results = [
        (a + b, x + y),
        (a - b, x - y),
        (a * b, x * y),
        (2 - a, 2 - x),
        (3 * a, 3 * x),
        (1 + a, 1 + x),
        (-a, -x),
        (AR.inverse(a), 1 / x),
        (AR.sqrt(AR.positive_part(a)), np.sqrt(np.maximum(x, 0))),
        (AR.exp(a * fmpq(1, 2**40)), np.exp(x / 2**40)),
        (AR.tanh(a), np.tanh(x)),
    ]
    for found, computed in results:
        assert all(holds(ball, v) for ball, v in zip(found.balls, computed.tolist(), strict=True))


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.name)
def test_an_operation_is_widened_by_its_own_error_and_by_no_more(backend: Backend) -> None:
    ar, u, third = Rounded(backend), backend.unit, fmpq(1, 3)
    conversion = 1 if backend.bits == 53 else 1 + fmpq(2) ** (backend.bits - 52)
    one = ar.embed(rational_vector([1]))
    with precision(256):
        found = {
            "rounding": (ar.rounded(third), third * u),
            "two roundings": (ar.rounded(third, 2), 2 * third * u),
            "constant": (ar.constant(third), third * u * conversion),
            "exp": (ar.exp(one).balls[0], arb(1).exp() * SAFETY * backend.exp * u),
            "tanh": (ar.tanh(one).balls[0], arb(1).tanh() * SAFETY * backend.tanh * u),
            "pi": (ar.pi, arb.pi() * 2 * u),
            "root": (ar.root_of_two_over_pi, (2 / arb.pi()).sqrt() * 3 * u),
        }
        for name, (ball, error) in found.items():
            assert error + backend.absolute <= ball.rad() < (error + backend.absolute) * (1 + fmpq(1, 2**16)), name


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.name)
@pytest.mark.parametrize("size", ["ordinary", "smallest"])
def test_a_sum_is_widened_by_each_rounding_of_each_term(backend: Backend, size: str) -> None:
    # γ_k·Σ|x| for k roundings, and for each what two operations may lose to underflow.
    ar, u, eta = Rounded(backend), backend.unit, backend.absolute
    term = fmpq(2) ** (backend.lowest if size == "smallest" else 0)
    terms, ones = ar.embed(rational_vector([term, -term, term, term])), ar.embed(rational_vector([1] * 4))
    for ball, k in ((ar.sum(terms, 0), 3), (ar.matmul(ones.reshape(1, 4), terms.reshape(4, 1)), 4)):
        expected = k * u / (1 - k * u) * 4 * term + 2 * k / (1 - k * u) * eta
        assert abs(ball.balls.item().rad() / arb(expected) - 1) < 2**-16


@pytest.mark.parametrize("seed", range(4))
def test_sums_and_products_hold_every_order(seed: int) -> None:
    xs, ys = floats(30, seed), floats(30, seed + 100)
    total = AR.sum(column(xs), axis=0).balls.item()
    product = AR.matmul(column(xs).reshape(1, 30), column(ys).reshape(30, 1)).balls.item()
    pairs = list(zip(xs, ys, strict=True))
    draw = random.Random(seed)
    for _ in range(20):
        draw.shuffle(pairs)
        assert holds(total, sum_in_turn(x for x, _ in pairs))
        assert holds(product, sum_in_turn(x * y for x, y in pairs))
    assert holds(total, math.fsum(xs))
    assert holds(total, sum(map(Fraction, xs), Fraction(0)))


def sum_in_turn(terms: Iterable[float]) -> float:
    """One after the other (Python's own `sum` compensates since 3.12)."""
    total = 0.0
    for t in terms:
        total += t
    return total


def test_a_long_sum_loses_almost_what_the_bound_allows() -> None:
    # Each term of just over u/2 relative to 1 is rounded up to a whole u: the worst case of a sum.
    terms = [1.0] + [2.0**-53 * 1.0001] * 1000
    worst = sum_in_turn(terms)
    assert holds(AR.sum(column(terms), axis=0).balls.item(), worst)
    careless = Rounded(replace(NUMPY_FLOAT64, bits=64))
    exact_terms = RoundedArray(careless, column(terms).balls)
    assert not holds(careless.sum(exact_terms, axis=0).balls.item(), worst)


@pytest.mark.parametrize("radius", [2, 50, 800])
def test_tanh_of_a_wide_enclosure_stays_between_its_ends(radius: int) -> None:
    (found,) = AR.tanh(RoundedArray(AR, np.array([arb(0, radius)], dtype=object))).balls
    assert abs(found) < 1.05
    assert arb(found).contains(arb(radius).tanh())


def test_zeros_cost_nothing() -> None:
    third = AR.embed(rational_vector(["1/3", 0]))
    zero = AR.zeros(2)
    assert (third + zero).balls[0].rad() == third.balls[0].rad()
    assert (zero + third).balls[0].rad() == third.balls[0].rad()
    assert list((third * zero).balls) == [0, 0]
    assert AR.sum(AR.zeros((0, 3)), axis=0).shape == (3,)
    assert AR.matmul(AR.zeros((2, 0)), AR.zeros((0, 3))).shape == (2, 3)
    assert list(AR.matmul(AR.zeros((1, 2)), third.reshape(2, 1)).balls.reshape(-1)) == [0]
    assert AR.sum(third[:1], axis=0).balls.item().rad() == third.balls[0].rad()
    half = AR.embed(rational_vector(["1/2"]))
    assert isinstance(AR.sum(half, axis=0).balls.item(), fmpq)
    assert AR.concat([zero, third]).swapaxes(0, 0).shape == (4,)
    assert third.reshape(2, 1).swapaxes(0, 1).shape == (1, 2)


def unbounded(a: RoundedArray) -> bool:
    return not any(arb(b).is_finite() for b in a.balls.reshape(-1))


def test_an_overflow_is_unbounded_and_stays_so() -> None:
    huge = column([2.0**1023])
    assert unbounded(huge * 2)
    assert unbounded(AR.exp(column([710.0])))
    assert unbounded(huge * 2 * AR.zeros(1))
    assert unbounded(AR.zeros(1) * (huge * 2))
    assert unbounded(AR.matmul(huge.reshape(1, 1), huge.reshape(1, 1)))
    assert unbounded(AR.inverse(column([2.0**-1030])))
    # Exactly 2^1023, but some order of the additions passes through infinity.
    assert unbounded(AR.sum(column([2.0**1023, 2.0**1023, -(2.0**1023)]), axis=0).reshape(1))
    with pytest.raises(Undecided, match="sign of nan"):
        AR.inverse(huge * 2)


def test_a_sum_too_long_for_its_format_is_unbounded() -> None:
    ar = Rounded(JAX_BFLOAT16)
    ones = ar.embed(rational_vector([1] * 300))
    assert unbounded(ar.sum(ones, axis=0).reshape(1))
    assert not unbounded(ar.sum(ones[:200], axis=0).reshape(1))


STRADDLES = RoundedArray(AR, np.array([arb(0, 1)], dtype=object))


@pytest.mark.parametrize(
    "jump", [AR.inverse, AR.sqrt, AR.positive_part, lambda a: AR.keep_if_nonzero(a, a)], ids=range(4)
)
def test_a_jump_is_undecided(jump: Callable[[RoundedArray], RoundedArray]) -> None:
    with pytest.raises(Undecided, match="sign of"):
        jump(STRADDLES)


def test_off_their_jumps_the_functions_are_total() -> None:
    a = AR.embed(rational_vector([0, -2, "9/4"]))
    assert AR.inverse(a).balls[0] == 0
    assert list(AR.sqrt(a).balls[:2]) == [0, 0]
    assert holds(AR.sqrt(a).balls[2], Fraction(3, 2))
    assert list(AR.positive_part(a).balls) == [0, 0, fmpq(9, 4)]
    assert list(AR.keep_if_nonzero(a, a[1:]).balls) == list(a.balls)
    assert list(AR.keep_if_nonzero(a, a).balls) == [0, 0, 0]


def test_what_may_be_flushed_has_no_sign() -> None:
    tiny = arb(2) ** -1030
    ar = Rounded(JAX_FLOAT64)
    with pytest.raises(Undecided, match="may be flushed to 0 in jax float64"):
        ar.inverse(RoundedArray(ar, np.array([tiny], dtype=object)))
    assert holds(AR.sqrt(RoundedArray(AR, np.array([tiny], dtype=object))).balls[0], 2.0**-515)


def test_constants_hold_what_the_backends_use() -> None:
    root = np.sqrt(2 / np.pi)
    assert holds(AR.pi, np.pi)
    assert holds(AR.root_of_two_over_pi, root)
    assert holds(AR.half, 0.5)
    single = Rounded(JAX_FLOAT32)
    assert holds(single.pi, float(np.float32(np.pi)))
    assert holds(single.root_of_two_over_pi, float(np.float32(root)))
    with precision(200):
        assert arb(AR.pi).contains(arb.pi())
        assert arb(AR.root_of_two_over_pi).contains((2 / arb.pi()).sqrt())


LIBRARIES = {
    NUMPY_FLOAT64: (np, np.float64),
    NUMPY_FLOAT32: (np, np.float32),
    JAX_FLOAT64: (jnp, np.float64),
    JAX_FLOAT32: (jnp, np.float32),
    JAX_BFLOAT16: (jnp, jnp.bfloat16),
}


@pytest.mark.parametrize("name", ["exp", "tanh"])
@pytest.mark.parametrize("backend", BACKENDS, ids=lambda b: b.name)
def test_elementary_functions_are_as_accurate_as_the_table_says(backend: Backend, name: str) -> None:
    library, dtype = LIBRARIES[backend]
    with jax.enable_x64(True):
        function = getattr(library, name)
        points = sample(name, backend, 1500, seed=7).astype(dtype)
        values = np.asarray(jax.jit(function)(points) if library is jnp else function(points))
        # A vector and a single number may take two roads through a library.
        alone = np.concatenate([np.atleast_1d(np.asarray(function(points[k : k + 1]))) for k in range(0, 6000, 300)])
    measured = worst_error(name, backend, points.tolist(), values.tolist())
    single = worst_error(name, backend, points[::300].tolist(), alone.tolist())
    bound = getattr(backend, name) * SAFETY
    assert 0.9 < max(measured, single) <= float(int(bound.p) / int(bound.q))


@pytest.mark.parametrize("name", ["exp", "tanh"])
@pytest.mark.parametrize("backend", [TORCH_FLOAT32, TORCH_FLOAT64], ids=lambda b: b.name)
def test_torch_is_as_accurate_as_the_table_says(backend: Backend, name: str) -> None:
    torch = pytest.importorskip("torch")
    points = sample(name, backend, 1500, seed=7).astype(backend.name.split()[1])
    values = getattr(torch, name)(torch.from_numpy(points)).numpy()
    assert 0.9 < worst_error(name, backend, points.tolist(), values.tolist()) <= SAFETY * float(getattr(backend, name))


def test_the_table_holds_what_was_measured() -> None:
    # Over 128,000 points a function, rounded up: a smaller number here would need another measurement.
    assert {b.name: (str(b.exp), str(b.tanh)) for b in BACKENDS} == {
        "numpy float64": ("6/5", "17/10"),
        "numpy float32": ("33/10", "19/10"),
        "jax float64 on CPU": ("21/10", "7"),
        "jax float32 on CPU": ("41/10", "9/2"),
        "jax bfloat16 on CPU": ("1", "1"),
    }


def test_an_error_is_measured_in_units_of_the_true_value() -> None:
    # exp(0) = 1, so 1 + 3u is off by three units; a value that underflows is not measured.
    assert worst_error("exp", NUMPY_FLOAT64, [0.0], [1 + 4 * 2.0**-53]) == 4.0
    assert worst_error("exp", NUMPY_FLOAT64, [-740.0], [0.0]) == 0.0


def test_flushing_is_as_the_table_says() -> None:
    smallest = np.float64(2.0**-1022)
    assert smallest * 0.5 != 0
    with jax.enable_x64(True):
        flushed = jax.jit(lambda a: a * 0.5)(smallest)
    assert float(flushed) == 0.0
    assert float(jax.jit(lambda a: a * jnp.float32(0.5))(np.float32(2.0**-126))) == 0.0
    assert [b.flushes for b in BACKENDS] == [False, False, True, True, True]
    assert NUMPY_FLOAT64.absolute < JAX_FLOAT64.absolute == fmpq(2) ** -1022
