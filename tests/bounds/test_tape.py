"""The tape: its derivatives against JAX's, its roundings one by one, and what it says of rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic.rounded import JAX_BFLOAT16
from mirror.bounds.declared import TF32, declared_for
from mirror.bounds.intervals import exactly, midrad
from mirror.bounds.roundings import Noise
from mirror.bounds.tape import anchor, first_order, narrow
from mirror.bounds.traced import Tape, Traced
from mirror.jit.formulas import gelu, gelu_pullback, layer_norm, layer_norm_pullback, transposed

NOISE = 1e-9
EPS = fmpq(1, 1000)
UNIT = 2.0**-24


def tape(dtype: str = "float64", *, by_row: bool = False) -> Tape:
    return Tape(declared_for(dtype), by_row=by_row)


def noisy(ar: Tape, values: np.ndarray, row: int | None = None) -> Traced:
    """An array that is off by far more than float64 rounds; a leaf itself may be taken for another each time."""
    noise = np.full(values.shape, NOISE)
    return ar._leaf(exactly(values), Noise(noise, noise), row) * 1.0


def attention(ar: Any, x: Any) -> Any:
    scores = ar.matmul(x, transposed(x))
    largest = ar.row_max(scores)
    shifted = ar.shifted_exp(scores, largest)
    return ar.matmul(shifted * ar.inv_normaliser(shifted), x)


def normed(ar: Any, x: Any) -> Any:
    y, saved = layer_norm(ar, x, ar.constant(fmpq(3, 2)), ar.constant(fmpq(1, 3)), EPS)
    d_x, d_gamma, d_beta = layer_norm_pullback(ar, saved, y, y)
    return d_x + d_gamma + d_beta


def pieces(ar: Any, x: Any) -> Any:
    folded = ar.positive_part(ar.exp(x) - 1) * ar.sqrt(x * x + 0.25) + ar.inverse(x * x + 1.0)
    return ar.concat([folded.reshape(-1), (2.0 - ar.tanh(x)).reshape(-1)])


PROGRAMS: dict[str, Callable[[Any, Any], Any]] = {
    "attention": attention,
    "norm and its pullback": normed,
    "gelu": gelu,
    "gelu's pullback": lambda ar, x: gelu_pullback(ar, x, x),
    "the other functions": pieces,
}


def differences(run: Callable[[Any, Any], Any], x: np.ndarray) -> np.ndarray:
    """The derivatives of a program's float64 evaluation, by central differences: the last axis is that of x."""
    step = 1e-6

    def value(at: np.ndarray) -> np.ndarray:
        ar = tape()
        return run(ar, ar.given(at)).node.real.mid

    moved = step * np.eye(x.size).reshape(-1, *x.shape)
    return np.stack([(value(x + d) - value(x - d)) / (2 * step) for d in moved], axis=-1)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_bound_is_the_sum_of_the_derivatives_times_the_roundings(name: str) -> None:
    x = np.random.default_rng(7).standard_normal((2, 3))
    run, ar = PROGRAMS[name], tape()
    found = first_order(run(ar, noisy(ar, x)).node)
    jacobian = differences(run, x)
    np.testing.assert_allclose(found.bound, np.sum(abs(jacobian), axis=-1) * NOISE, rtol=1e-4)
    np.testing.assert_allclose(found.spread, np.sqrt(np.sum(jacobian**2, axis=-1)) * NOISE, rtol=1e-4)


THIRD = np.full((2, 3), np.float32(1 / 3))
# What one operation on thirds of float32 is off by, in units of u times what its terms add to.
UNITS: dict[str, tuple[Callable[[Tape, Traced], Traced], float, float]] = {
    "a sum of two": (lambda ar, x: x + x.reshape(2, 3) * 1.0 * THIRD, 1, 1 / 3 + 1 / 9),
    "a product": (lambda ar, x: x * THIRD, 1, 1 / 9),
    "a product with a power of two": (lambda ar, x: x * 0.5, 0, 1),
    "a sum": (lambda ar, x: ar.sum(x, -1), 5 / 3, 1),
    "a product of matrices": (lambda ar, x: ar.matmul(x, transposed(x)), 5 / 3 + 1, 1 / 3),
    "exp": (lambda ar, x: ar.exp(x), 16.4, np.exp(1 / 3)),
    "tanh": (lambda ar, x: ar.tanh(x), 18, np.tanh(1 / 3)),
    "a root": (lambda ar, x: ar.sqrt(x), 1, np.sqrt(1 / 3)),
    "an inverse": (lambda ar, x: ar.inverse(x), 1, 3),
    "a larger one": (lambda ar, x: ar.row_max(x), 0, 1),
    "a positive part": (lambda ar, x: ar.positive_part(x), 0, 1),
    "a change of sign": (lambda ar, x: -x, 0, 1),
}


@pytest.mark.parametrize("name", UNITS)
def test_an_operation_is_off_by_its_units(name: str) -> None:
    operation, units, size = UNITS[name]
    ar = tape("float32")
    found = operation(ar, ar.given(THIRD)).node.noise.bound
    np.testing.assert_allclose(found, units * UNIT * size, rtol=1e-5, atol=1e-37)


def test_adding_an_exact_0_and_exact_sums_round_nothing() -> None:
    ar = tape("float32")
    third, dyadic = ar.given(THIRD), ar.given([[0.5, -1.25, 3.0]])
    for exact in (
        third + 0.0,
        dyadic + dyadic,
        dyadic * dyadic,
        ar.sum(dyadic, -1),
        dyadic * 1.0,
        ar.exp(dyadic * 0.0),
    ):
        assert not exact.node.noise.bound.any()
        assert not exact.node.tube.rad.any() or exact.shape == (2, 3)


def test_constants_are_rounded_where_the_format_does_not_hold_them() -> None:
    ar = tape("float32")
    assert ar.constant(fmpq(3, 2)).node.noise.bound == 0
    assert ar.constant(fmpq(1, 3)).node.noise.bound == pytest.approx(UNIT / 3, rel=1e-5)
    assert ar.root_of_two_over_pi.node.noise.bound == pytest.approx(3 * UNIT * np.sqrt(2 / np.pi), rel=1e-5)
    assert ar.pi.node.noise.bound == pytest.approx(np.pi * UNIT, rel=1e-5)
    assert ar.given([2.0**-140, 1.0]).node.noise.bound.tolist() == [2.0**-140, 0.0]


def test_operands_of_products_of_matrices_are_rounded_to_their_own_format() -> None:
    tf32, mixed = (
        Tape(replace(declared_for("float32"), operand=TF32, weights=w), by_row=False) for w in (None, JAX_BFLOAT16)
    )
    for ar, bits in ((tf32, 11), (mixed, 8)):
        scores = ar.given(np.zeros((1, 3)))
        weights = ar.shifted_exp(scores + np.array([[0.0, -0.3, -0.7]]), ar.given([[0.0]]))
        found = ar.matmul(weights, ar.given(np.ones((3, 1)))).node
        ((operand, _),) = found.pulls
        assert operand.noise.bound[0, 1] == pytest.approx(2.0**-bits * np.exp(-0.3), rel=1e-4)
        # A sum of exact products may be truncated.
        assert found.noise.bound == pytest.approx(2 * UNIT * (2 + 2 * np.exp(-0.3) + np.exp(-0.7)), rel=2e-2)
    held = tf32.matmul(tf32.given([[1.0, 2.0]]), tf32.given([[1.0], [0.5]]))
    assert not held.node.tube.rad.any()


def test_a_score_that_is_computed_once_more_may_exceed_the_saved_maximum() -> None:
    ar = tape("float32")
    first, again = (ar.given([[0.0, -1.0]]) + noisy(ar, np.zeros((1, 2))) for _ in range(2))
    largest = ar.row_max(first)
    forward, backward = (ar.shifted_exp(s, largest).node for s in (first, again))
    # The largest less itself is exactly 0, but not what was computed once more.
    assert forward.tube.mid[0, 0] == 1
    assert forward.tube.rad[0, 0] == forward.noise.bound[0, 0] == 0
    assert backward.noise.bound[0, 0] - 16.4 * UNIT == pytest.approx(2 * NOISE, rel=1e-2)
    assert backward.noise.bound[0, 1] == pytest.approx(forward.noise.bound[0, 1])


def test_each_entry_that_may_be_the_largest_has_its_share() -> None:
    ar = tape()
    x = ar.given([[1.0, 1.0, 0.0]]) + noisy(ar, np.zeros((1, 3)))
    assert first_order(ar.row_max(x).node).bound == pytest.approx(2 * NOISE, rel=1e-5)


def test_rows_are_swept_together_and_what_mixes_them_is_bounded_by_the_anchored_operands() -> None:
    x = np.random.default_rng(8).standard_normal((4, 3))

    def program(ar: Tape) -> list[Any]:
        rows = noisy(ar, x, 0 if ar.by_row else None)
        y = ar.tanh(rows * rows) * ar.sum(rows, -1)[..., None]
        return [y, ar.sum(y, 0), ar.matmul(transposed(y), y)]

    together, alone = (program(tape(by_row=by_row)) for by_row in (True, False))
    for a, b in zip(together, alone, strict=True):
        for node in (a.node, b.node):
            anchor(node)
        assert (a.node.tube.rad >= b.node.tube.rad * (1 - 1e-6)).all()
        np.testing.assert_array_equal(a.node.real.mid, b.node.real.mid)
        # The operands of the last are one: by rows that is forgotten.
        assert (a.node.tube.rad <= 1.001 * b.node.tube.rad).all() or a is together[2]


def test_the_axis_of_rows_is_followed() -> None:
    ar = tape(by_row=True)
    x = noisy(ar, np.ones((2, 4, 3)), 1)
    assert (ar.sum(x, 0).node.row, ar.sum(x, 2).node.row, x.swapaxes(0, 1).node.row) == (0, 1, 0)
    assert x.swapaxes(0, 1).reshape(4, 6).node.row == 0
    assert x[..., None].node.row == 1
    with pytest.raises(ValueError, match="mixes the rows of axis 1"):
        x.reshape(3, 8)


def test_what_all_rows_share_is_counted_for_each() -> None:
    ar = tape(by_row=True)
    shared = noisy(ar, np.ones(3))
    x = ar.given(np.ones((4, 3)), 0) * shared
    assert first_order(ar.sum(x, -1).node).bound == pytest.approx(np.full(4, 3 * NOISE), rel=1e-5)
    matrix = noisy(ar, np.ones((3, 2)))
    assert first_order(ar.matmul(x, matrix).node).bound == pytest.approx(np.full((4, 2), 6 * NOISE), rel=1e-5)


def test_a_kink_is_told_where_it_is_and_left_open_where_it_may_be() -> None:
    ar = tape()
    value = ar.given(np.ones((2, 2)))
    kept = [
        ar.where_differentiable(value, ar._leaf(midrad(w, np.zeros((2, 1))), Noise(n, n), None), 2).node.tube
        for w, n in (
            (np.ones((2, 1)), np.zeros((2, 1))),
            (np.zeros((2, 1)), np.zeros((2, 1))),
            (np.ones((2, 1)), np.full((2, 1), 2.0)),
        )
    ]
    assert [k.mid.sum() for k in kept] == [4, 0, 0]
    assert [bool(k.rad.max() == np.inf) for k in kept] == [False, False, True]
    assert ar.keep_if_nonzero(value, value) is value


def test_a_root_that_may_reach_0_is_unbounded() -> None:
    ar = tape()
    root = ar.sqrt(ar.given([1e-10, 1.0]) + noisy(ar, np.zeros(2)))
    assert np.isinf(first_order(root.node).bound).tolist() == [True, False]


def test_many_columns_are_swept_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    x = np.random.default_rng(9).standard_normal((5, 4))
    found = []
    for largest in (1, 1 << 17):
        monkeypatch.setattr("mirror.bounds.tape._LARGEST", largest)
        ar = tape(by_row=True)
        found.append(first_order(gelu(ar, noisy(ar, x, 0)).node).bound)
    np.testing.assert_allclose(*found, rtol=1e-12)


def test_a_normaliser_stays_away_from_0_however_wide_the_scores_are() -> None:
    ar = tape("float32")
    wide = np.full((1, 3), 3.0)
    scores = ar._leaf(exactly([[0.0, -1.0, -1e5]]), Noise(wide, wide), None) * 1.0
    shifted = ar.shifted_exp(scores, ar.row_max(scores))
    assert (shifted.node.tube.upper <= 1.1).all()
    tube = ar.inv_normaliser(shifted).node.tube
    assert (tube.lower > -1).all()
    assert (tube.upper < 2.1).all()


def test_a_long_sum_in_few_digits_may_end_anywhere() -> None:
    few = replace(declared_for("float32"), accumulate=JAX_BFLOAT16)
    ar = Tape(few, by_row=False)
    scores = ar.given(np.linspace(0, -1, 12)[None])
    shifted = ar.shifted_exp(scores, ar.row_max(scores))
    assert ar.inv_normaliser(shifted).node.tube.rad.max() > 0


def test_a_node_is_narrowed_once() -> None:
    node = noisy(tape(), np.ones((2, 2))).node
    wide = node.tube
    narrow(node)
    narrowed = node.tube
    narrow(node)
    assert node.tube is narrowed is not wide


@pytest.mark.parametrize(("eps", "bounded"), [(EPS, True), (fmpq(0), False)])
def test_a_row_without_variance_is_bounded_where_epsilon_is_not_0(eps: fmpq, bounded: bool) -> None:
    ar = tape("float32")
    normed = ar.normalise(noisy(ar, np.zeros((2, 4))), eps)
    assert np.isfinite(normed.rstd.node.tube.rad).all() == bounded
    assert (normed.var_eps.node.tube.lower >= float(eps) / 2).all() == bounded
