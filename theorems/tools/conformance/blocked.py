"""Queries that see no key: what a function returns there, told apart from everything else.

Under a whole row of −1e9 floats have no digits left for the logits, and under −∞ there is nothing that would be right.
What a function does there is its own convention: it may be declared, and else is named. All other results are judged as
ever, at a cotangent that is 0 where the queries are blocked, so that nothing of these rows is in a gradient.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np

from mirror.bounds.declared import FloatArithmetic
from theorems.engine.evidence.block_floats import AttentionInstances
from theorems.tools.conformance.calling import OUTPUT, Part, Returned
from theorems.tools.conformance.judging import OUTSIDE, Judged, judge
from theorems.tools.conformance.lanes import known_instances
from theorems.tools.conformance.masks import blocked
from theorems.tools.conformance.values import KernelInstances


class BlockedRows(StrEnum):
    """What a function returns for a query that sees no key."""

    EXACT = "exact"  # Lean's function: what the logits say, of which all lost the same
    UNIFORM = "uniform"  # the mean of the values
    ZERO = "zero"
    SKIP = "skip"  # whatever it is
    NAN = "nan"
    OTHER = "other"


# Those of which other values than Lean's can be said.
SHAPED = (BlockedRows.UNIFORM, BlockedRows.ZERO)


def blocked_entries(batch: KernelInstances) -> np.ndarray:
    """The entries of one result that belong to blocked queries: (H, n, d) of an attention, (n, D) of a block."""
    rows = blocked(batch.bias)
    mine = rows if isinstance(batch, AttentionInstances) else np.asarray(rows.any(axis=0))
    return np.broadcast_to(mine[..., None], batch.cotangent.shape[1:])


def unseeded(batch: KernelInstances) -> KernelInstances:
    """The batch with a cotangent that is 0 where queries are blocked."""
    return replace(batch, cotangent=np.where(blocked_entries(batch), 0, batch.cotangent).astype(batch.cotangent.dtype))


def beside(entries: np.ndarray, returned: Returned) -> Returned:
    """What was returned, judged but for these entries of the output, however often that was computed.

    Where NaN came back for them, it may be in every gradient too: 0 times NaN is NaN. Then these are not judged.
    """
    output = _ignoring(returned.output, entries)
    if _convention(entries, returned) is BlockedRows.NAN:
        return replace(returned, output=output, gradients=None)
    parts = returned.gradients
    marked = tuple(_ignoring(p, entries) if p.name.startswith(OUTPUT) else p for p in parts) if parts else parts
    return replace(returned, output=output, gradients=marked)


def as_declared(
    way: BlockedRows, batch: KernelInstances, returned: Sequence[Returned], arithmetic: FloatArithmetic
) -> list[Judged]:
    """The outputs of the blocked queries, judged by the convention that is declared."""
    others = ~blocked_entries(batch)
    alone = [replace(r, output=_ignoring(r.output, others), gradients=None) for r in returned]
    return [output for output, _ in judge(known_instances(_instead(way, batch), arithmetic), alone)]


def named(batch: KernelInstances, returned: Sequence[Returned], arithmetic: FloatArithmetic) -> BlockedRows:
    """What a function that was not exact did with the blocked queries of all instances."""
    entries = blocked_entries(batch)
    if any(_convention(entries, r) is BlockedRows.NAN for r in returned):
        return BlockedRows.NAN
    for way in SHAPED:
        if all(judged.verdict is not OUTSIDE for judged in as_declared(way, batch, returned, arithmetic)):
            return way
    return BlockedRows.OTHER


def _convention(entries: np.ndarray, returned: Returned) -> BlockedRows | None:
    values = returned.output.values
    return BlockedRows.NAN if values is not None and not np.isfinite(values[entries]).all() else None


def _instead(way: BlockedRows, batch: KernelInstances) -> KernelInstances:
    """Instances of which Lean's function has the declared values where queries are blocked."""
    if way is BlockedRows.ZERO:
        if isinstance(batch, AttentionInstances):
            return replace(batch, inputs=batch.inputs._replace(v=np.zeros_like(batch.inputs.v)))
        return replace(batch, parameters=replace(batch.parameters, merge=np.zeros_like(batch.parameters.merge)))
    rows = blocked(batch.bias)[..., None]
    q = np.where(rows, 0, batch.inputs.q).astype(batch.inputs.q.dtype)
    bias = np.where(rows, 0, batch.bias).astype(batch.bias.dtype)
    return replace(batch, inputs=batch.inputs._replace(q=q), bias=bias)


def _ignoring(part: Part, entries: np.ndarray) -> Part:
    return part if part.values is None else replace(part, ignored=entries)
