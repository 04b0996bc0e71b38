"""A mesh of devices for the block: who has what, and which sizes go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import prod
from typing import TYPE_CHECKING

import jax
import numpy as np
from jax.sharding import AxisType, Mesh, NamedSharding, PartitionSpec

from mirror.dims import Dims
from mirror.jit.arguments import BlockContext, BlockParameters, Dense
from mirror.jit.arrays import QKV, Given
from mirror.jit.plan import BiasPlan

if TYPE_CHECKING:
    from jaxtyping import PyTree, Shaped

BATCH, HEADS, SEQUENCE = AXES = ("batch", "heads", "sequence")
# Outside attention and the feed-forward map the rows of a share of the sequence are split once more, over the heads.
ROWS = (SEQUENCE, HEADS)

Names = tuple[str, ...]
Specs = tuple[BlockContext[PartitionSpec], BlockParameters, BiasPlan]


def mesh_of(
    *,
    batch: int = 1,
    heads: int = 1,
    sequence: int = 1,
    devices: Sequence[jax.Device] | None = None,  # type: ignore[valid-type] - to a type checker it is a variable
) -> Mesh:
    """A mesh of batch·heads·sequence devices, the first of `devices` or of `jax.devices()`, arranged by JAX.

    Raises `ValueError` for sizes below 1 and for too few devices.
    """
    sizes = (batch, heads, sequence)
    for name, size in zip(AXES, sizes, strict=True):
        if size < 1:
            raise ValueError(f"{name} is {size}, expected a whole number of at least 1")
    present = list(jax.devices() if devices is None else devices)
    if (needed := prod(sizes)) > len(present):
        raise ValueError(
            f"batch·heads·sequence = {batch}·{heads}·{sequence} needs {needed} devices, {len(present)} are present; a "
            f"CPU counts as {needed} with XLA_FLAGS=--xla_force_host_platform_device_count={needed} before JAX starts"
        )
    return jax.make_mesh(sizes, AXES, axis_types=(AxisType.Auto,) * 3, devices=present[:needed])


def check_mesh(mesh: object) -> None:
    """Raise `TypeError` for anything but a mesh, `ValueError` for one with other axes."""
    if not isinstance(mesh, Mesh):
        raise TypeError(f"the mesh is a {type(mesh).__name__}, expected a jax.sharding.Mesh: mesh_of(batch=…, heads=…)")
    if mesh.axis_names != AXES:
        raise ValueError(f"the mesh has the axes {mesh.axis_names}, expected {AXES}: mesh_of makes it")


def check_shares(mesh: Mesh, batch: tuple[int, ...], heads: int, n: int, plan: BiasPlan) -> None:
    """Raise `ValueError` unless the mesh divides what the attention has, and the sequence between two tiles."""
    _divides(mesh, (BATCH,), "the first batch axis", batch[0] if batch else 1)
    _divides(mesh, (HEADS,), "H", heads)
    _divides(mesh, (SEQUENCE,), "n", n)
    share, tile = n // mesh.shape[SEQUENCE], plan.layout.tile
    if share < n and share % tile:
        raise ValueError(
            f"a device has {share} of n = {n} rows, which the plan's tiles of {tile} do not divide: "
            f"BiasPlan.of(…, tile={np.gcd(share, tile)})"
        )


def check_row_shares(mesh: Mesh, dims: Dims, parameters: BlockParameters) -> None:
    """Raise `ValueError` unless the mesh divides what comes after the attention, and may."""
    _divides(mesh, ROWS, "n", dims.seq_len)
    _divides(mesh, (HEADS,), "F", dims.d_ff)
    for name in ("merge", "fc1", "fc2"):
        if isinstance(getattr(parameters, name), Dense) and pieces(mesh, ROWS) > 1:
            raise ValueError(
                f"{name} is Dense and may mix positions and heads, the mesh splits them: give the weights of "
                "one position, or split the batch alone, mesh_of(batch=…)"
            )


def pieces(mesh: Mesh, names: Names) -> int:
    """Into how many parts some axes of the mesh split an axis of an array."""
    return prod(mesh.shape[name] for name in names)


def _divides(mesh: Mesh, names: Names, what: str, size: int) -> None:
    if size % (count := pieces(mesh, names)):
        raise ValueError(f"{what} = {size} cannot be split over {'·'.join(names)} = {count}: expected a multiple of it")


# ---- what lies where


def shardings(
    mesh: Mesh, context: BlockContext[Given], parameters: BlockParameters, plan: BiasPlan
) -> tuple[BlockContext[NamedSharding], BlockParameters, BiasPlan]:
    """Where each array of a call belongs, as `NamedSharding`: for `jax.device_put`, and to make global arrays.

    The context's first batch axis lies over the batch. The weights of merge and feed-forward map lie over the heads, by
    the heads and by the hidden features. A mask that differs by head lies over the heads; any other is everywhere.
    """
    return named(mesh, specs(mesh, BlockContext(*context), parameters, plan))


def specs(mesh: Mesh, context: BlockContext[Given], parameters: BlockParameters, plan: BiasPlan) -> Specs:
    """What the axes of each array lie over, in the place of the array."""
    return context_specs(mesh, context), parameter_specs(mesh, parameters), plan_specs(mesh, plan)


def named(mesh: Mesh, specs: PyTree[PartitionSpec]) -> PyTree[NamedSharding]:
    """Specs as shardings on the mesh."""
    return jax.tree.map(partial(NamedSharding, mesh), specs, is_leaf=_is_spec)


def _is_spec(leaf: object) -> bool:
    return isinstance(leaf, PartitionSpec)


def spec(mesh: Mesh, *axes: Names) -> PartitionSpec:
    """Array axes over mesh axes; those of size 1 are left out, so that nothing asks for a collective over them."""
    return PartitionSpec(*(tuple(name for name in names if mesh.shape[name] > 1) or None for names in axes))


def attention_specs(mesh: Mesh, batch_axes: int) -> QKV[PartitionSpec]:
    """Of q, kt and v with some batch axes."""
    rows = _batched(mesh, batch_axes, (HEADS,), (SEQUENCE,), ())
    return QKV(rows, _batched(mesh, batch_axes, (HEADS,), (), (SEQUENCE,)), rows)


def context_specs(mesh: Mesh, context: BlockContext[Given]) -> BlockContext[PartitionSpec]:
    """Of a context with any number of batch axes; a γ or β that the batch shares is everywhere."""
    batch_axes = np.ndim(context.q) - 3
    vectors = (_batched(mesh, np.ndim(a) - 1, ()) for a in context.norms)
    return BlockContext(*attention_specs(mesh, batch_axes), _batched(mesh, batch_axes, ROWS, ()), *vectors)


def _batched(mesh: Mesh, batch_axes: int, *own: Names) -> PartitionSpec:
    lead = [(BATCH,), *[()] * (batch_axes - 1)] if batch_axes else []
    return spec(mesh, *lead, *own)


def parameter_specs(mesh: Mesh, p: BlockParameters) -> BlockParameters:
    """Of the fixed arguments; a bias that is the same at every position has no rows to split."""

    def weight(value: Given | Dense, *axes: Names) -> PyTree[PartitionSpec]:
        return jax.tree.map(partial(_same, spec(mesh, *axes)), value)

    def bias(value: Shaped[Given, "m"] | Shaped[Given, "n m"], *axes: Names) -> PartitionSpec:
        return spec(mesh, *axes[-np.ndim(value) :])

    return replace(
        p,
        merge=weight(p.merge, (HEADS,)),
        merge_bias=bias(p.merge_bias, ROWS, ()),
        fc1=weight(p.fc1, (), (HEADS,)),
        b1=bias(p.b1, (SEQUENCE,), (HEADS,)),
        fc2=weight(p.fc2, (HEADS,)),
        b2=bias(p.b2, ROWS, ()),
    )


def _same(found: PartitionSpec, array: Given) -> PartitionSpec:
    return found


def plan_specs(mesh: Mesh, plan: BiasPlan) -> BiasPlan:
    """Of the plan's strips."""
    return jax.tree.map(partial(_strip_spec, mesh), plan)


def _strip_spec(mesh: Mesh, strip: Shaped[Given, "#H rows keys"]) -> PartitionSpec:
    return spec(mesh, (HEADS,) if np.shape(strip)[0] > 1 else ())
