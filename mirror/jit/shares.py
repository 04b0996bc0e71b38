"""A device's share of the block: its part of the attention and of the linear maps, and what it asks of the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import jax.numpy as jnp
from jax import lax
from jax.sharding import Mesh

from mirror.arithmetic import Arithmetic, Array
from mirror.dims import Dims
from mirror.jit.arguments import BlockParameters, maps_of
from mirror.jit.attention import How, batch_first, prepared, scheduled, scheduled_pullback, unprepared
from mirror.jit.block import as_given
from mirror.jit.formulas import Attended, Maps, Saved
from mirror.jit.mesh import AXES, HEADS, ROWS, SEQUENCE, Names
from mirror.jit.plan import BiasPlan, Panel, TileLayout

# ---- collectives: none over an axis of size 1, which XLA would carry out


def _gathered(a: Any, name: str, axis: int) -> Any:
    return lax.all_gather(a, name, axis=axis % a.ndim, tiled=True) if lax.axis_size(name) > 1 else a


def _summed_and_scattered(a: Any, name: str, axis: int) -> Any:
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


def _on_own_rows(how: How, mesh: Mesh, function: Callable[..., Any], *arguments: Any) -> Any:
    """A function of `How`, with the layout of the rows that this device has."""
    own = [partial(function, how._replace(layout=share)) for share in _shares(how.layout, mesh)]
    return lax.switch(lax.axis_index(SEQUENCE), own, *arguments)


def _all_keys(how: How, qkv: tuple[Any, Any, Any], strips: Any) -> tuple[Any, Any]:
    q, kt, v = qkv
    return prepared(how, (q, _gathered(kt, SEQUENCE, -1), _gathered(v, SEQUENCE, -2)), strips)


def attended(how: How, mesh: Mesh, qkv: tuple[Any, Any, Any], plan: BiasPlan) -> Attended:
    """A device's queries, of its heads and examples, against everybody's keys."""
    return _on_own_rows(how, mesh, scheduled, *_all_keys(how, qkv, plan.strips))


def attended_pullback(
    how: How, mesh: Mesh, qkv: tuple[Any, Any, Any], plan: BiasPlan, saved: Attended, g: Any
) -> tuple[Any, Any, Any]:
    """The cotangents of a device's queries, keys and values at the cotangent `g` of its heads' output."""
    found = _on_own_rows(how, mesh, scheduled_pullback, *_all_keys(how, qkv, plan.strips), saved, g)
    d_q, d_kt, d_v = found
    d_kt, d_v = _summed_and_scattered(d_kt, SEQUENCE, -1), _summed_and_scattered(d_v, SEQUENCE, -2)
    return unprepared(how._replace(layout=_shares(how.layout, mesh)[0]), (d_q, d_kt, d_v))


def by_example(heads: Any, how: How, mesh: Mesh) -> Any:
    """The heads' output (H·B, n, d) as (B, H, n, d)."""
    return batch_first(heads, how.layout.heads // mesh.shape[HEADS])


# ---- linear maps: from everybody's rows to a share of the features, and back


@dataclass(frozen=True, slots=True)
class _IntoShares:
    """A linear map of a device's share of the inputs: the outputs are summed, and their rows scattered."""

    share: Any

    def apply(self, ar: Arithmetic, x: Array) -> Array:
        return _summed_and_scattered(self.share.apply(ar, x), HEADS, -2)

    def apply_adjoint(self, ar: Arithmetic, g: Array) -> Array:
        return self.share.apply_adjoint(ar, _gathered(g, HEADS, -2))


@dataclass(frozen=True, slots=True)
class _FromRows:
    """A linear map to a device's share of the outputs, from everybody's rows."""

    share: Any

    def apply(self, ar: Arithmetic, x: Array) -> Array:
        return self.share.apply(ar, _gathered(x, HEADS, -2))

    def apply_adjoint(self, ar: Arithmetic, g: Array) -> Array:
        return _summed_and_scattered(self.share.apply_adjoint(ar, g), HEADS, -2)


def own_maps(how: How, mesh: Mesh, dims: Dims, parameters: BlockParameters) -> Maps:
    """The linear maps and biases of a device's share, as the formulas take them."""
    own = replace(
        dims,
        num_heads=dims.num_heads // mesh.shape[HEADS],
        seq_len=dims.seq_len // mesh.shape[SEQUENCE],
        d_ff=dims.d_ff // mesh.shape[HEADS],
    )
    maps = maps_of(parameters, own, lambda a: jnp.asarray(a, how.ar.dtype))
    return replace(maps, merge=_IntoShares(maps.merge), fc1=_FromRows(maps.fc1), fc2=_IntoShares(maps.fc2))


# ---- norms


def decided_by_all(saved: Saved) -> Saved:
    """The spreads as one number an example: 0 where a row of it, on any device, has a spread of 0."""
    if not (names := _split(ROWS)):
        return saved
    norms = (saved.norm1, saved.norm2)
    kept = [jnp.all(norm.spread != 0, axis=(-2, -1), keepdims=True) for norm in norms]
    kept = lax.pmin(jnp.stack(kept).astype(saved.norm1.spread.dtype), names)
    norm1, norm2 = (norm._replace(spread=k) for norm, k in zip(norms, kept, strict=True))
    return saved._replace(norm1=norm1, norm2=norm2)


def over_all(cotangent: Any, vector: Any) -> Any:
    """The cotangents (B, D) of a vector, summed over everybody's rows, and over everybody's examples if shared."""
    names = _split(ROWS if vector.ndim > 1 else AXES)
    own = as_given(cotangent, vector)
    return lax.psum(own, names) if names else own
