"""The tape: its derivatives against JAX's, its roundings one by one, and what it says of rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.bounds.declared import declared_for
from mirror.bounds.intervals import exactly
from mirror.bounds.roundings import Noise
from mirror.bounds.tape import first_order
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
