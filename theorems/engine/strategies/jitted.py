"""Batches of instances for the jitted block: few shapes, named families, many values, in any dtype.

A family says what the mask and what the values are like; every number is rounded to the dtype first and is exact from
then on. Shapes, scale and ε are compiled for, so they come from a short list; the rest is drawn from a seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import jax.numpy as jnp
import numpy as np
from hypothesis import strategies as st

from mirror.dims import Dims
from mirror.jit import BiasPlan, BlockContext, BlockParameters
from theorems.engine.evidence.block_floats import BlockInstances


@dataclass(frozen=True, slots=True)
class Setting:
    """What a program is compiled for: dimensions, scale, both ε, and the side of a tile (None: the default)."""

    name: str
    dims: Dims
    scale: float = 0.7
    eps1: float = 1e-5
    eps2: float = 1e-5
    tile: int | None = None


SETTINGS = (
    Setting("small", Dims(seq_len=4, d_model=4, num_heads=2, head_dim=3, d_ff=5)),
    Setting("odd sizes", Dims(seq_len=5, d_model=7, num_heads=3, head_dim=3, d_ff=3), eps2=1e-3),
    Setting("one of everything", Dims(seq_len=1, d_model=1, num_heads=1, head_dim=1, d_ff=1)),
    Setting("one position", Dims(seq_len=1, d_model=4, num_heads=2, head_dim=2, d_ff=3), eps1=0.0, eps2=0.0),
    Setting(
        "one head, head dimension 1, ε 0",
        Dims(seq_len=3, d_model=4, num_heads=1, head_dim=1, d_ff=1),
        eps1=0.0,
        eps2=0.0,
    ),
    Setting("model dimension 1", Dims(seq_len=3, d_model=1, num_heads=2, head_dim=2, d_ff=3)),
    Setting("tiny ε", Dims(seq_len=3, d_model=4, num_heads=2, head_dim=2, d_ff=2), eps1=1e-30, eps2=1e-12),
    Setting("tiles", Dims(seq_len=6, d_model=4, num_heads=2, head_dim=2, d_ff=3), tile=2),
)

# The mask (H, n, n) of each family.
MaskFamily = Callable[[np.random.Generator, int, int], np.ndarray]


def _from_distance(rule: Callable[[np.ndarray], np.ndarray], gap: float) -> MaskFamily:
    """Open where a rule holds of query minus key, else the gap."""

    def mask(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
        return _for_heads(np.where(rule(np.subtract.outer(np.arange(n), np.arange(n))), 0.0, gap), heads)

    return mask


def _for_heads(values: np.ndarray, heads: int) -> np.ndarray:
    return np.broadcast_to(values, (heads, *values.shape))


def _blocks(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    block = np.arange(n) // 2
    return _for_heads(np.where(np.equal.outer(block, block), 0.0, -1e4), heads)


def _alibi(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    distance = np.subtract.outer(np.arange(n), np.arange(n))
    slopes = 2.0 ** -np.arange(1, heads + 1)
    return np.where(distance >= 0, -slopes[:, None, None] * distance, -1e4)


def _blocked_rows(draw: np.random.Generator, heads: int, n: int) -> np.ndarray:
    rows = np.zeros((n, n))
    rows[draw.integers(n)] = -1e9
    return _for_heads(rows, heads)


MASKS: dict[str, MaskFamily] = {
    "no mask": lambda draw, heads, n: np.zeros((heads, n, n)),
    "causal, gap -1e4": _from_distance(lambda distance: distance >= 0, -1e4),
    "causal, gap -1e9": _from_distance(lambda distance: distance >= 0, -1e9),
    "sliding window": _from_distance(lambda distance: (distance >= 0) & (distance < 2), -1e4),
    "blocks": _blocks,
    "ALiBi-like": _alibi,
    "fully blocked rows": _blocked_rows,
    "random mask": lambda draw, heads, n: 3 * draw.standard_normal((heads, n, n)),
}
# Masks that leave dead tiles, where tiles are small.
TILED = ("causal, gap -1e4", "causal, gap -1e9", "sliding window", "blocks")

# What a family of values makes of ordinary instances.
Values = Callable[[BlockInstances, np.random.Generator], BlockInstances]


def _changed(instances: BlockInstances, **entries: np.ndarray) -> BlockInstances:
    return replace(instances, inputs=instances.inputs._replace(**entries))


def _each(instances: BlockInstances, change: Callable[[np.ndarray], np.ndarray]) -> BlockInstances:
    return _changed(instances, **{name: change(a) for name, a in instances.inputs._asdict().items()})


def _scaled(array: np.ndarray, factor: Any) -> np.ndarray:
    """The array times a factor, rounded to its own dtype."""
    return (array.astype(np.float64) * factor).astype(array.dtype)


def _huge_logits(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    x = instances.inputs
    return _changed(instances, q=_scaled(x.q, 1e3), kt=_scaled(x.kt, 1e3))


def _wide(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    spread = lambda a: _scaled(a, 2.0 ** draw.integers(-10, 5, a.shape))  # noqa: E731
    return replace(_each(instances, spread), cotangent=spread(instances.cotangent))


def _zero_variance(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    """Attention adds nothing, and in every other example one row of the residual stream is constant."""
    p, residual = instances.parameters, instances.inputs.residual.copy()
    residual[::2, 0] = residual[::2, 0, :1]
    nothing = replace(p, merge=np.zeros_like(p.merge), merge_bias=np.zeros_like(p.merge_bias))
    return replace(_changed(instances, residual=residual), parameters=nothing)


def _tiny_rows(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    """The first norm's rows are about 1e-8, their variance far below most ε."""
    p = instances.parameters
    small = {name: _scaled(getattr(p, name), 1e-8) for name in ("merge", "merge_bias")}
    residual = _scaled(instances.inputs.residual, 1e-8)
    return replace(_changed(instances, residual=residual), parameters=replace(p, **small))


def _denormal(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    """Every fourth number of the context is below the smallest normal one."""
    least = float(jnp.finfo(instances.cotangent.dtype).tiny)

    def some(a: np.ndarray) -> np.ndarray:
        return np.where(draw.random(a.shape) < 0.25, (a.astype(np.float64) * least / 8).astype(a.dtype), a)

    return _each(instances, some)


def _strided(instances: BlockInstances, draw: np.random.Generator) -> BlockInstances:
    """The same numbers in arrays whose entries do not lie one after the other."""
    every_other = lambda a: np.repeat(a, 2, axis=-1)[..., ::2]  # noqa: E731
    fortran = np.asfortranarray(instances.cotangent)
    return replace(_each(instances, every_other), cotangent=fortran)


VALUES: dict[str, Values] = {
    "huge logits": _huge_logits,
    "wide magnitudes": _wide,
    "zero-variance rows": _zero_variance,
    "tiny rows": _tiny_rows,
    "denormals": _denormal,
    "not contiguous": _strided,
}
FAMILIES = (*MASKS, *VALUES)


def families(setting: Setting) -> tuple[str, ...]:
    """The families that a setting is tried with: all, or the masks with dead tiles where tiles are small."""
    return FAMILIES if setting.tile is None else TILED


def instances(setting: Setting, family: str, dtype: str, size: int, draw: np.random.Generator) -> BlockInstances:
    """A batch of a family; the weights are scaled by the root of their fan-in, everything else is about 1."""
    s, dims = setting, setting.dims
    n, model, heads, d, hidden = dims.seq_len, dims.d_model, dims.num_heads, dims.head_dim, dims.d_ff

    def numbers(*shape: int, fan_in: int = 1) -> np.ndarray:
        return (draw.standard_normal(shape) / fan_in**0.5).astype(jnp.dtype(dtype))

    context = BlockContext(
        q=numbers(size, heads, n, d),
        kt=numbers(size, heads, d, n),
        v=numbers(size, heads, n, d),
        residual=numbers(size, n, model),
        gamma1=numbers(size, model),
        beta1=numbers(size, model),
        gamma2=numbers(size, model),
        beta2=numbers(size, model),
    )
    parameters = BlockParameters(
        merge=numbers(heads, d, model, fan_in=heads * d),
        merge_bias=numbers(model),
        fc1=numbers(model, hidden, fan_in=model),
        b1=numbers(hidden),
        fc2=numbers(hidden, model, fan_in=hidden),
        b2=numbers(model),
        scale=s.scale,
        eps1=s.eps1,
        eps2=s.eps2,
    )
    mask = MASKS.get(family, MASKS["causal, gap -1e4"])(draw, heads, n)
    plain = BlockInstances(context, parameters, mask, numbers(size, n, model))
    return VALUES[family](plain, draw) if family in VALUES else plain


def plan(setting: Setting, bias: np.ndarray) -> BiasPlan:
    """The plan of a mask. A single tile goes unnamed and for each head, so that one program serves all masks."""
    found = BiasPlan.of(bias, heads=setting.dims.num_heads, seq_len=setting.dims.seq_len, tile=setting.tile)
    if setting.tile is not None:
        return found
    strips = tuple(np.broadcast_to(s, (setting.dims.num_heads, *s.shape[1:])) for s in found.strips)
    return BiasPlan(found.layout.unnamed, strips)


@st.composite
def jitted_instances(draw: st.DrawFn, setting: Setting, dtype: str, size: int) -> tuple[str, BlockInstances]:
    """A family of a setting and a batch of it: the structure is drawn, the numbers come from a drawn seed."""
    family = draw(st.sampled_from(families(setting)))
    seed = draw(st.integers(0, 2**32 - 1))
    return family, instances(setting, family, dtype, size, np.random.default_rng(seed))
