"""The numbers that are tried, by name: what makes attention and norms go wrong in practice.

A family changes an instance of ordinary numbers, about 1 in size, and its cotangent likewise. Every number is rounded
to the dtype and is exact from then on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np

from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances

ORDINARY, HUGE_LOGITS = "ordinary", "logits up to 1e4"

KernelInstances = AttentionInstances | BlockInstances
ValueFamily = Callable[[KernelInstances, np.random.Generator], KernelInstances]


def _as(like: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.broadcast_to(values, like.shape)).astype(like.dtype)


def _scaled(a: np.ndarray, factor: Any) -> np.ndarray:
    return _as(a, a.astype(np.float64) * factor)


def _with(batch: KernelInstances, **entries: np.ndarray) -> KernelInstances:
    return replace(batch, inputs=batch.inputs._replace(**entries))


def _scale(batch: KernelInstances) -> float:
    return batch.scale if isinstance(batch, AttentionInstances) else batch.parameters.scale


def _rows(batch: KernelInstances) -> str:
    """The input whose rows the result is made of: the values of an attention, the residual stream of a block."""
    return "v" if isinstance(batch, AttentionInstances) else "residual"


def _dyadic(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """Queries and keys are halves: with a scale that is a power of two no score is rounded."""

    def halves(a: np.ndarray) -> np.ndarray:
        return _as(a, draw.integers(-4, 5, a.shape) / 2)

    return _with(batch, q=halves(batch.inputs.q), kt=halves(batch.inputs.kt))


def _logits(largest: float) -> ValueFamily:
    """The largest score of each instance is about this, in size."""

    def change(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
        q, kt = batch.inputs.q, batch.inputs.kt
        scores = _scale(batch) * np.matmul(q.astype(np.float64), kt.astype(np.float64))
        factor = np.sqrt(largest / abs(scores).max(axis=(1, 2, 3), keepdims=True))
        return _with(batch, q=_scaled(q, factor), kt=_scaled(kt, factor))

    return change


def _around_a_thousand(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """Rows have the mean 1e3 and the spread 1; those of both norms of a block."""
    name = _rows(batch)
    found = replace(_with(batch, **{name: _shifted(getattr(batch.inputs, name))}), cotangent=_shifted(batch.cotangent))
    if isinstance(found, BlockInstances):  # the first norm's output is around β1, whatever its input is around
        return replace(found, parameters=replace(found.parameters, b2=_shifted(np.asarray(found.parameters.b2))))
    return found


def _shifted(a: np.ndarray) -> np.ndarray:
    return _as(a, a.astype(np.float64) + 1e3)


def _mixed(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """Magnitudes from 2^-10 to 2^4 side by side."""

    def spread(a: np.ndarray) -> np.ndarray:
        return _scaled(a, 2.0 ** draw.integers(-10, 5, a.shape))

    return replace(_with(batch, **_each(batch, spread)), cotangent=spread(batch.cotangent))


def _each(batch: KernelInstances, change: Callable[[np.ndarray], np.ndarray]) -> dict[str, np.ndarray]:
    return {name: change(a) for name, a in batch.inputs._asdict().items()}


def _one_hot(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """Each key, and each row of the cotangent, is one of the unit vectors."""
    rows, width = batch.cotangent.shape[-2:]
    kt = batch.inputs.kt
    keys = np.eye(kt.shape[-2])[:, np.arange(kt.shape[-1]) % kt.shape[-2]]
    cotangent = np.eye(width)[np.arange(rows) % width]
    return replace(_with(batch, kt=_as(kt, keys)), cotangent=_as(batch.cotangent, cotangent))


def _equal_rows(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """All positions are the first one, so that all roundings of a sum go the same way."""
    q, kt = batch.inputs.q, batch.inputs.kt
    found = {"q": _as(q, q[..., :1, :]), "kt": _as(kt, kt[..., :1]), "v": _as(q, batch.inputs.v[..., :1, :])}
    if isinstance(batch, BlockInstances):
        found["residual"] = _as(batch.inputs.residual, batch.inputs.residual[..., :1, :])
    return replace(_with(batch, **found), cotangent=_as(batch.cotangent, batch.cotangent[..., :1, :]))


def _tiny(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """About 1e-9; so a variance is far below the usual ε."""
    small = 2.0**-30
    names = {"q", "kt", "v", _rows(batch)}
    found = _with(batch, **{name: _scaled(getattr(batch.inputs, name), small) for name in names})
    if isinstance(found, BlockInstances):
        bias = _scaled(np.asarray(found.parameters.merge_bias), small)
        return replace(found, parameters=replace(found.parameters, merge_bias=bias))
    return replace(found, cotangent=_scaled(found.cotangent, small))


def _denormal(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """Every fourth number is beside the smallest normal one, on either side of it."""
    least = float(jnp.finfo(batch.cotangent.dtype).smallest_normal)

    def some(a: np.ndarray) -> np.ndarray:
        near = np.sign(a.astype(np.float64)) * least * draw.choice([0.125, 0.75, 1.0, 2.0], a.shape)
        return np.where(draw.random(a.shape) < 0.25, near.astype(a.dtype), a)

    return replace(_with(batch, **_each(batch, some)), cotangent=some(batch.cotangent))


def _one_huge(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """One entry of the values of each head, and one of the cotangent, is a million."""

    def huge(a: np.ndarray) -> np.ndarray:
        found = a.copy()
        found[..., draw.integers(a.shape[-2]), draw.integers(a.shape[-1])] = 1e6
        return found

    return replace(_with(batch, v=huge(batch.inputs.v)), cotangent=huge(batch.cotangent))


def _near_epsilon(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    """What either norm of a block gets has a variance about as large as its ε: where ε stands shows there."""
    assert isinstance(batch, BlockInstances), "an attention has no ε"
    p = batch.parameters
    first, second = (eps**0.5 or 1.0 for eps in (p.eps1, p.eps2))
    # The first norm's input is the residual stream plus the merged heads, the second's follows its γ and β.
    inputs = {"v": first, "residual": first, "gamma1": second, "beta1": second}
    fixed = {"merge_bias": first, "b1": second, "b2": second}
    found = _with(batch, **{name: _scaled(getattr(batch.inputs, name), factor) for name, factor in inputs.items()})
    scaled = {name: _scaled(np.asarray(getattr(p, name)), factor) for name, factor in fixed.items()}
    return replace(found, parameters=replace(p, **scaled))


def _as_they_are(batch: KernelInstances, draw: np.random.Generator) -> KernelInstances:
    return batch


VALUES: dict[str, ValueFamily] = {
    ORDINARY: _as_they_are,
    "dyadic": _dyadic,
    "logits up to 200": _logits(200.0),
    HUGE_LOGITS: _logits(1e4),
    "rows around 1e3": _around_a_thousand,
    "mixed magnitudes": _mixed,
    "one-hot keys": _one_hot,
    "equal rows": _equal_rows,
    "tiny": _tiny,
    "denormal neighbours": _denormal,
    "one huge entry": _one_huge,
}
# What only norms tell from other numbers.
OF_NORMS: dict[str, ValueFamily] = {"variance near ε": _near_epsilon}
FAMILIES = {**VALUES, **OF_NORMS}
