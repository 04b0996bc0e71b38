"""Bounds of the block: they hold the real values, and every evaluation whose roundings the model allows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from flint import arb

from benchmarks.calibration.block import Passed, StepwiseBlock
from benchmarks.calibration.stepwise import Matrices, Operands, StepwiseAttention
from mirror.arithmetic import precision
from mirror.bounds.block import block_bounds, traced_block
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import SumOrder, declared_for
from mirror.dims import Dims
from mirror.jit import BlockContext, Dense
from tests.bounds.perturbed import Perturbed
from theorems.engine.evidence.block_floats import BlockInstances
from theorems.engine.evidence.floats import BITS
from theorems.engine.strategies.jitted import Setting, instances

FLOAT32 = declared_for("float32")
SMALL = Setting("small", Dims(seq_len=4, d_model=8, num_heads=2, head_dim=4, d_ff=16), scale=0.5)


def one(setting: Setting, family: str, seed: int = 0, dtype: str = "float32") -> BlockInstances:
    return instances(setting, family, dtype, 1, np.random.default_rng(seed))


def arguments(b: BlockInstances) -> tuple[Any, Any, Any, Any]:
    """The first instance of a batch, without the batch's axis."""
    return BlockContext(*(a[0] for a in b.inputs)), b.parameters, b.bias, b.cotangent[0]


def flat(arrays: Any) -> np.ndarray:
    return np.concatenate([np.asarray(a).reshape(-1) for a in arrays])


def together(bounds: tuple[Bounded, ...]) -> Bounded:
    return Bounded(*(flat(a) for a in zip(*bounds, strict=True)))


FAMILIES = ["causal, gap -1e4", "no mask", "random mask", "fully blocked rows", "wide magnitudes", "denormals"]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_real_values_are_within_the_radius(family: str) -> None:
    b = one(SMALL, family)
    found = together(block_bounds(*arguments(b), FLOAT32))
    with precision(BITS):
        real = np.array([float(arb(x).mid()) for x in b.real(0)])
    assert (abs(real - found.real) <= found.radius + 2.0**-52 * abs(real)).all()
    assert (found.radius <= 1e-4 * found.certified).all()


@pytest.mark.parametrize("family", ["causal, gap -1e4", "random mask", "huge logits"])
def test_no_evaluation_that_the_model_allows_is_outside(family: str) -> None:
    b, draw = one(SMALL, family), np.random.default_rng(1)
    found = together(block_bounds(*arguments(b), FLOAT32))
    for k in range(12):
        share = k / 11  # From signs at random to all alike.

        def signs(shape: tuple[int, ...], share: float = share) -> np.ndarray:
            return np.where(draw.random(shape) < share, 1.0, draw.choice([-1.0, 1.0], shape))

        perturbed: Any = Perturbed(FLOAT32, signs)
        results: Any = traced_block(perturbed, *arguments(b))
        values = flat(a.values for a in results)
        assert (abs(values - found.real) <= found.certified).all()


class FactorInQueries(StepwiseAttention):
    """exp as a power of two, its factor in the queries."""

    def scores(self, x: Operands) -> Matrices:
        factor = np.float32(np.log2(np.e))
        return (x.q * (np.float32(x.scale) * factor)) @ x.kt + x.bias * factor

    def exp(self, shifted: Matrices) -> Matrices:
        return np.exp2(shifted)


class PowersOfTwo(StepwiseBlock):
    """A block with this attention."""

    attention = FactorInQueries()


def test_the_factor_of_an_exp_that_is_a_power_of_two_in_short_queries() -> None:
    setting = Setting("short", Dims(seq_len=6, d_model=8, num_heads=1, head_dim=16, d_ff=4), scale=2.0**-8)
    b, draw = one(setting, "no mask"), np.random.default_rng(0)
    large, small, k = (draw.integers(-most, most + 1, (1, 1, 6, 8)) for most in (4000, 1, 400))
    # Sums that cancel, and no score by itself would be rounded.
    q, kt = np.concatenate([large, large + small], -1), np.concatenate([k, -k], -1).swapaxes(-1, -2)
    b = replace(b, inputs=b.inputs._replace(q=q.astype(np.float32), kt=kt.astype(np.float32)))
    context, parameters, bias, cotangent = arguments(b)
    found = together(block_bounds(*arguments(b), declared_for("float32", "numpy")))
    kernel = PowersOfTwo()
    results = kernel(context, parameters, bias), *kernel.vjp(context, parameters, bias, cotangent)
    assert (abs(flat(results) - found.real) <= found.certified).all()


class BiasFirst(StepwiseBlock):
    """The feed-forward products are added one by one to their bias, and the last ones to the residual rows too."""

    def passed(self, c: Any, p: Any, bias: Matrices) -> Passed:
        x = Operands(c.q, c.kt, c.v, bias, p.scale)
        weights, heads = self.attention.attended(x)
        n1, norm1 = self.norm1(c.residual + self.merged(heads, p), c, p)
        hidden = added_to(p.b1, n1, p.fc1)
        y, norm2 = self.norm2(added_to(n1 + p.b2, self.gelu(hidden), p.fc2), c, p)
        return Passed(x, weights, heads, norm1, n1, hidden, norm2, y)


def added_to(start: Matrices, x: Matrices, matrix: Matrices) -> Matrices:
    for k, row in enumerate(matrix):
        start = start + x[:, k : k + 1] * row
    return start


def test_the_products_may_be_added_one_by_one_to_a_large_bias() -> None:
    wide = Setting("wide", Dims(seq_len=2, d_model=3, num_heads=1, head_dim=2, d_ff=128), scale=0.5)
    b = one(wide, "no mask")
    # Each product is a little more than half the spacing of floats above 1024, so that all additions round upwards.
    p, column = b.parameters, np.array([1.1 * 2.0**-14 / 4, 0, 0], np.float32)
    numbers = {"fc1": 0, "b1": 4, "fc2": column, "b2": 1024}
    constant = replace(p, **{name: np.float32(0) * getattr(p, name) + np.float32(x) for name, x in numbers.items()})
    b = replace(b, parameters=constant, bias=b.bias.astype(np.float32))
    context, parameters, bias, cotangent = arguments(b)
    found = block_bounds(context, parameters, bias, cotangent, declared_for("float32", "numpy"))[0]
    off = abs(BiasFirst()(context, parameters, bias) - found.real)
    ordinary = abs(StepwiseBlock()(context, parameters, bias) - found.real)
    assert (off <= found.certified).all()
    assert off.max() > 10 * ordinary.max()


def test_any_matrix_may_mix_positions_and_says_the_same_of_one_that_does_not() -> None:
    setting = Setting("tiny", Dims(seq_len=2, d_model=3, num_heads=1, head_dim=2, d_ff=3))
    b = one(setting, "no mask")
    p = b.parameters
    mixing = replace(p, fc1=Dense(np.kron(np.eye(2), np.asarray(p.fc1).T).astype(np.float32)))
    context, _, bias, cotangent = arguments(b)
    by_row, by_entry = (
        together(block_bounds(context, parameters, bias, cotangent, FLOAT32)) for parameters in (p, mixing)
    )
    assert (abs(by_row.real - by_entry.real) <= by_row.radius + by_entry.radius).all()
    assert (by_entry.certified <= 1.5 * by_row.certified).all()
    assert (by_row.certified <= 4 * by_entry.certified).all()


def test_storing_in_bfloat16_costs_its_unit() -> None:
    b = one(SMALL, "no mask")
    context, parameters, bias, cotangent = arguments(b)
    stored = block_bounds(context, parameters, bias, cotangent, declared_for("bfloat16"))[0]
    plain = block_bounds(context, parameters, bias, cotangent, FLOAT32)[0]
    extra = stored.certified - plain.certified
    np.testing.assert_allclose(extra, 2.0**-8 * abs(plain.real), rtol=1e-2, atol=1e-7)


def test_a_tree_is_tighter_and_likely_is_no_wider_than_certified() -> None:
    b = one(SMALL, "no mask")
    tree = together(block_bounds(*arguments(b), replace(FLOAT32, order=SumOrder.TREE)))
    found = together(block_bounds(*arguments(b), FLOAT32))
    assert np.median(found.certified / tree.certified) > 1.2
    assert (found.likely <= found.certified).all()
    assert (found.radius < found.likely).all()


def test_a_kernel_that_adds_the_mask_as_it_is_loses_logits_under_a_large_one() -> None:
    b = one(SMALL, "fully blocked rows")
    as_it_is, relative = (block_bounds(*arguments(b), FLOAT32, relative_mask=r)[0].certified for r in (False, True))
    blocked = (b.bias[0] < -1e8).all(axis=-1)
    assert (as_it_is[blocked] > 1e3 * relative[blocked]).all()
    # Where one row is wide all are anchored, which narrows the others by a little.
    np.testing.assert_allclose(as_it_is[~blocked], relative[~blocked], rtol=1e-2)


def test_more_than_one_instance_is_refused() -> None:
    b = one(SMALL, "no mask")
    with pytest.raises(ValueError, match=r"the context has batch axes \(1,\), expected one instance"):
        block_bounds(b.inputs, b.parameters, b.bias, b.cotangent, FLOAT32)


def test_minus_inf_says_what_a_large_gap_says_and_nothing_is_known_of_a_row_of_it() -> None:
    b = one(SMALL, "causal, gap -1e4")
    context, parameters, bias, cotangent = arguments(b)
    infinite = np.where(bias < 0, -np.inf, 0.0)
    gap, open_ = (together(block_bounds(context, parameters, m, cotangent, FLOAT32)) for m in (bias, infinite))
    assert (abs(gap.real - open_.real) <= gap.radius + open_.radius).all()
    np.testing.assert_allclose(gap.certified, open_.certified, rtol=1e-3)
    infinite[:, 0] = -np.inf
    y = block_bounds(context, parameters, infinite, cotangent, FLOAT32)[0].certified
    assert np.isinf(y).all(axis=-1).tolist() == [True, False, False, False]
