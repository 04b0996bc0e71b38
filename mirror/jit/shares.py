"""A device's share of the block: its part of the attention and of the linear maps, and what it asks of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import jax
import jax.numpy as jnp
from jax import lax
from jax.sharding import Mesh

from mirror.dims import Dims
from mirror.jit.arguments import BlockParameters
from mirror.jit.arrays import QKV
from mirror.jit.attention import (
    StaticArguments,
    batch_first,
    prepared,
    scheduled,
    scheduled_pullback,
    unprepared,
)
from mirror.jit.block import as_given, computed_maps
from mirror.jit.formulas import Attended, Map, Maps, Saved
from mirror.jit.mesh import AXES, HEADS, ROWS, SEQUENCE, Names
from mirror.jit.numbers import Numbers
from mirror.jit.plan import BiasPlan, Panel, TileLayout

if TYPE_CHECKING:
    from jaxtyping import Float

    from mirror.jit.plan import GivenStrips, Strips

T = TypeVar("T")

# ---- collectives: none over an axis of size 1, which XLA would carry out


def _gathered(a: Float[jax.Array, "..."], name: str, axis: int) -> Float[jax.Array, "..."]:
    return lax.all_gather(a, name, axis=axis % a.ndim, tiled=True) if lax.axis_size(name) > 1 else a


def _summed_and_scattered(a: Float[jax.Array, "..."], name: str, axis: int) -> Float[jax.Array, "..."]:
    if lax.axis_size(name) == 1:
        return a
    return lax.psum_scatter(a, name, scatter_dimension=axis % a.ndim, tiled=True)


def _split(names: Names) -> Names:
    return tuple(name for name in names if lax.axis_size(name) > 1)


# ---- masked attention: a device's queries against all keys


def _shares(layout: TileLayout, mesh: Mesh) -> tuple[TileLayout, ...]:
    """What each device along the sequence knows of the mask: its own rows, counted from 0."""
    count = mesh.shape[SEQUENCE]
    each, rows = len(layout.whole) // count, layout.seq_len // count

    def share(i: int) -> TileLayout:
        own = slice(i * each, (i + 1) * each)
        live, whole = (_moved(panels[own], i * rows) for panels in (layout.live, layout.whole))
        return layout._replace(
            heads=layout.heads // mesh.shape[HEADS],
            kinds=layout.kinds[own],
            live=live,
            whole=whole,
        )

    return tuple(share(i) for i in range(count))


def _moved(panels: tuple[Panel, ...], by: int) -> tuple[Panel, ...]:
    return tuple(p._replace(start=p.start - by, stop=p.stop - by) for p in panels)


def _on_own_rows(static: StaticArguments, mesh: Mesh, function: Callable[..., T], *arguments: object) -> T:
    """A function of the static arguments, with the layout of the rows that this device has."""
    own = [partial(function, static._replace(layout=share)) for share in _shares(static.layout, mesh)]
    return lax.switch(lax.axis_index(SEQUENCE), own, *arguments)


def _all_keys(static: StaticArguments, qkv: QKV[jax.Array], strips: GivenStrips) -> tuple[QKV[jax.Array], Strips]:
    q, kt, v = qkv
    return prepared(static, QKV(q, _gathered(kt, SEQUENCE, -1), _gathered(v, SEQUENCE, -2)), strips)


def attended(static: StaticArguments, mesh: Mesh, qkv: QKV[jax.Array], plan: BiasPlan) -> Attended[jax.Array]:
    """A device's queries, of its heads and examples, against everybody's keys."""
    return _on_own_rows(static, mesh, scheduled, *_all_keys(static, qkv, plan.strips))


def attended_pullback(
    static: StaticArguments,
    mesh: Mesh,
    qkv: QKV[jax.Array],
    plan: BiasPlan,
    saved: Attended[jax.Array],
    g: Float[jax.Array, "HB n d"],
) -> QKV[jax.Array]:
    """The cotangents of a device's queries, keys and values at the cotangent `g` of its heads' output."""
    everybodys = _all_keys(static, qkv, plan.strips)
    d_q, d_kt, d_v = _on_own_rows(static, mesh, scheduled_pullback, *everybodys, saved, g)
    d_qkv = QKV(d_q, _summed_and_scattered(d_kt, SEQUENCE, -1), _summed_and_scattered(d_v, SEQUENCE, -2))
    return unprepared(static._replace(layout=_shares(static.layout, mesh)[0]), d_qkv)


def by_example(heads: Float[jax.Array, "HB n d"], static: StaticArguments, mesh: Mesh) -> Float[jax.Array, "B H n d"]:
    """The heads' output by example."""
    return batch_first(heads, static.layout.heads // mesh.shape[HEADS])


# ---- linear maps: from everybody's rows to a share of the features, and back


@dataclass(frozen=True, slots=True)
class _IntoShares:
    """A linear map of a device's share of the inputs: the outputs are summed, and their rows scattered."""

    share: Map[jax.Array]

    def apply(self, ar: Numbers[jax.Array], x: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
        return _summed_and_scattered(self.share.apply(ar, x), HEADS, -2)

    def apply_adjoint(self, ar: Numbers[jax.Array], g: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
        return self.share.apply_adjoint(ar, _gathered(g, HEADS, -2))


@dataclass(frozen=True, slots=True)
class _FromRows:
    """A linear map to a device's share of the outputs, from everybody's rows."""

    share: Map[jax.Array]

    def apply(self, ar: Numbers[jax.Array], x: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
        return self.share.apply(ar, _gathered(x, HEADS, -2))

    def apply_adjoint(self, ar: Numbers[jax.Array], g: Float[jax.Array, "..."]) -> Float[jax.Array, "..."]:
        return _summed_and_scattered(self.share.apply_adjoint(ar, g), HEADS, -2)


def own_maps(static: StaticArguments, mesh: Mesh, dims: Dims, parameters: BlockParameters) -> Maps[jax.Array]:
    """The linear maps and biases of a device's share, as the formulas take them."""
    own = replace(
        dims,
        num_heads=dims.num_heads // mesh.shape[HEADS],
        seq_len=dims.seq_len // mesh.shape[SEQUENCE],
        d_ff=dims.d_ff // mesh.shape[HEADS],
    )
    maps = computed_maps(static, own, parameters)
    return replace(maps, merge=_IntoShares(maps.merge), fc1=_FromRows(maps.fc1), fc2=_IntoShares(maps.fc2))


# ---- norms


def decided_by_all(saved: Saved[jax.Array]) -> Saved[jax.Array]:
    """Of var + ε one number an example: 0 where that of a row of it, on any device, is 0."""
    if not (names := _split(ROWS)):
        return saved
    norms = (saved.norm1, saved.norm2)
    each = [jnp.all(norm.var_eps != 0, axis=(-2, -1), keepdims=True) for norm in norms]
    differentiable = lax.pmin(jnp.stack(each).astype(saved.norm1.var_eps.dtype), names)
    norm1, norm2 = (norm._replace(var_eps=d) for norm, d in zip(norms, differentiable, strict=True))
    return saved._replace(norm1=norm1, norm2=norm2)


def over_all(cotangent: Float[jax.Array, "B D"], vector: Float[jax.Array, "... D"]) -> Float[jax.Array, "... D"]:
    """The cotangents of a γ or β, summed over everybody's rows, and over everybody's examples if they share it."""
    names = _split(ROWS if vector.ndim > 1 else AXES)
    own = as_given(cotangent, vector)
    return lax.psum(own, names) if names else own
