"""Bounds of the block: they hold the real values, and every evaluation whose roundings the model allows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from flint import arb

from mirror.arithmetic import precision
from mirror.bounds.block import block_bounds, traced_block
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import declared_for
from mirror.dims import Dims
from mirror.jit import BlockContext
from tests.bounds.perturbed import Perturbed
from theorems.engine.evidence.block_floats import BlockInstances
from theorems.engine.evidence.floats import BITS
from theorems.engine.strategies.jitted import Setting, instances

FLOAT32 = declared_for("float32")
SMALL = Setting("small", Dims(seq_len=4, d_model=8, num_heads=2, head_dim=4, d_ff=16), scale=0.5)


def one(setting: Setting, family: str, seed: int = 0, dtype: str = "float32") -> BlockInstances:
    return instances(setting, family, dtype, 1, np.random.default_rng(seed))


def arguments(b: BlockInstances) -> tuple[Any, ...]:
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

        values = flat(a.values for a in traced_block(Perturbed(FLOAT32, signs), *arguments(b)))
        assert (abs(values - found.real) <= found.certified).all()
