"""What each family of values is like, in the attention and in the block."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from theorems.engine.evidence.block_floats import BlockInstances
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, KINDS, Kind, drawn
from theorems.tools.conformance.shapes import usual
from theorems.tools.conformance.values import VALUES, KernelInstances

SHAPE = usual("any", heads=2, n=6, d=4, model=5, hidden=3)
BOTH = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


def batch(kind: Kind, values: str, dtype: str = "float32") -> KernelInstances:
    return drawn(kind, SHAPE, "no mask", dtype, 3, 0, values)


def scores(found: KernelInstances) -> np.ndarray:
    q, kt = (a.astype(np.float64) for a in found.inputs[:2])
    return SHAPE.scale * q @ kt


def rows(found: Any) -> np.ndarray:
    return found.inputs.residual if hasattr(found.inputs, "residual") else found.inputs.v


@BOTH
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_all_values_are_finite_of_their_dtype_and_of_the_same_shape(kind: Kind, values: str, dtype: str) -> None:
    found, plain = batch(kind, values, dtype), batch(kind, "ordinary", dtype)
    for a, b in zip((*found.inputs, found.cotangent), (*plain.inputs, plain.cotangent), strict=True):
        assert (a.shape, a.dtype) == (b.shape, jnp.dtype(dtype))
        assert np.isfinite(a.astype(np.float64)).all()


@BOTH
@pytest.mark.parametrize("values", [v for v in VALUES if v != "ordinary"])
def test_values_change_something_that_shows(kind: Kind, values: str) -> None:
    found, plain = batch(kind, values), batch(kind, "ordinary")
    assert any((a != b).any() for a, b in zip(found.inputs, plain.inputs, strict=True))


@BOTH
def test_dyadic_scores_are_exact_in_every_dtype(kind: Kind) -> None:
    for dtype in ("float32", "bfloat16"):
        found = batch(kind, "dyadic", dtype)
        assert set(np.unique(found.inputs.q.astype(np.float64) * 2) % 1) == {0}
        assert (scores(found).astype("float32") == scores(found)).all()
        assert np.ptp(scores(found)) > 4


@BOTH
@pytest.mark.parametrize(("values", "size"), [("logits up to 200", 200), ("logits up to 1e4", 1e4)])
def test_the_largest_logit_of_each_instance(kind: Kind, values: str, size: float) -> None:
    assert abs(scores(batch(kind, values))).max(axis=(1, 2, 3)) == pytest.approx(size, rel=1e-4)


@BOTH
def test_rows_have_a_large_mean_and_a_small_spread(kind: Kind) -> None:
    found = batch(kind, "rows around 1e3")
    for a in (rows(found), found.cotangent):
        assert abs(a.mean(axis=-1) - 1e3).max() < 3
        assert 0.1 < a.std() < 3


def test_the_rows_of_the_second_norm_have_a_large_mean_too() -> None:
    found = batch(BLOCK, "rows around 1e3")
    assert isinstance(found, BlockInstances)
    assert abs(found.parameters.b2 - 1e3).max() < 10  # the first norm's output is centred, so this alone moves it


@BOTH
def test_magnitudes_are_mixed(kind: Kind) -> None:
    found = batch(kind, "mixed magnitudes")
    for a in (found.inputs.q, rows(found), found.cotangent):
        assert abs(a).max() > 50 * np.median(abs(a))


@BOTH
def test_keys_and_cotangents_are_unit_vectors(kind: Kind) -> None:
    found = batch(kind, "one-hot keys")
    assert (found.inputs.kt[:, :, :, :4] == np.eye(4)).all()
    assert (found.inputs.kt[:, :, :, 5] == np.eye(4)[1]).all()
    assert (found.cotangent.sum(axis=-1) == 1).all()
    assert (found.cotangent.max(axis=-1) == 1).all()


@BOTH
def test_equal_rows_are_equal_and_instances_are_not(kind: Kind) -> None:
    found = batch(kind, "equal rows")
    for a in (found.inputs.q, found.inputs.kt.swapaxes(-1, -2), found.inputs.v, rows(found), found.cotangent):
        assert (a == a[..., :1, :]).all()
        assert (a[0] != a[1]).any()


@BOTH
def test_tiny_is_far_below_epsilon(kind: Kind) -> None:
    found = batch(kind, "tiny")
    assert all(0 < abs(a).max() < 1e-8 for a in (found.inputs.q, found.inputs.kt, found.inputs.v, rows(found)))


def test_a_tiny_block_adds_nothing_large() -> None:
    assert 0 < abs(batch(BLOCK, "tiny").parameters.merge_bias).max() < 1e-8  # type: ignore[union-attr]
    assert 0 < abs(batch(ATTENTION, "tiny").cotangent).max() < 1e-8


@BOTH
@pytest.mark.parametrize("dtype", ["float64", "float32", "bfloat16"])
def test_some_numbers_are_on_either_side_of_the_smallest_normal_one(kind: Kind, dtype: str) -> None:
    least = float(jnp.finfo(dtype).smallest_normal)
    found = batch(kind, "denormal neighbours", dtype)
    for a in (found.inputs.q, found.cotangent):
        sizes = abs(a.astype(np.float64))
        assert set(np.unique(sizes[sizes < 3 * least]) / least) == {0.125, 0.75, 1.0, 2.0}
        assert 0.1 < (sizes < 3 * least).mean() < 0.4


@BOTH
def test_one_value_is_huge(kind: Kind) -> None:
    found = batch(kind, "one huge entry")
    assert (found.inputs.v == 1e6).sum() == 3 * 2
    assert ((found.cotangent == 1e6).sum(axis=(-1, -2)) == 1).all()


@pytest.mark.parametrize("eps", [1e-5, 1e-30, 0.0])
def test_near_epsilon_a_norm_that_has_it_outside_the_root_is_another(eps: float) -> None:
    """Of both norms: the first sees the residual stream and the heads, the second what follows γ1 and β1."""
    found = drawn(BLOCK, replace(SHAPE, eps1=eps, eps2=eps), "no mask", "float32", 3, 0, "variance near ε")
    assert isinstance(found, BlockInstances)
    second = np.asarray(found.inputs.gamma1, np.float64) + found.inputs.beta1
    for variance in (found.inputs.residual.var(axis=-1), np.var(second, axis=-1)):
        assert ((variance > 0.01 * (eps or 1)) & (variance < 100 * (eps or 1))).all()
