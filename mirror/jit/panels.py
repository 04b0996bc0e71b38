"""Masked attention by panels of queries against their live keys, a few heads at a time.

The panels are unrolled, so the compiler sees each span's length; heads are taken in groups whose scores stay
in cache, so no array grows with the square of the number of positions. What is skipped, and when that is
sound, is the business of `mirror.jit.rule`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from mirror.jit.formulas import AddBias, Attended, attend, attend_pullback
from mirror.jit.numbers import Jitted
from mirror.jit.plan import Layout, Panel

# Bytes of scores that are worked on together: about what a core's cache holds. Measured, see benchmarks.
GROUP_BYTES = 2 << 20

Strips = tuple[jax.Array, ...]


def forward(ar: Jitted, layout: Layout, skip: bool, q: Any, kt: Any, v: Any, strips: Strips) -> Attended:
    """Scaled queries (H, B, n, d), keys (H, B, d, n), values (H, B, n, d) and strips (H or 1, 1, rows, keys)."""
    panels = layout.live if skip else layout.whole

    def one_group(q: Any, kt: Any, v: Any, strips: Strips) -> Attended:
        parts = [
            attend(
                ar, q[..., p.start : p.stop, :], kt[..., p.low : p.high], v[..., p.low : p.high, :], bias_of(p, strips)
            )
            for p in panels
        ]
        return Attended(*(jnp.concatenate(column, -2) for column in zip(*parts, strict=True)))

    return _by_groups(one_group, _group(panels, q), strips, q, kt, v)


def pullback(
    ar: Jitted, layout: Layout, skip: bool, q: Any, kt: Any, v: Any, strips: Strips, saved: Attended, g: Any
) -> tuple[Any, Any, Any]:
    """The cotangents of the scaled queries, of the keys (H, B, d, n) and of the values (H, B, n, d)."""
    panels = layout.live if skip else layout.whole

    def one_group(
        q: Any, kt: Any, v: Any, heads: Any, most: Any, over_total: Any, g: Any, strips: Strips
    ) -> tuple[Any, Any, Any]:
        d_q, d_kt, d_vt = [], jnp.zeros_like(kt), jnp.zeros_like(kt)
        for p in panels:
            rows, keys = slice(p.start, p.stop), slice(p.low, p.high)
            part = Attended(heads[..., rows, :], most[..., rows, :], over_total[..., rows, :])
            found = attend_pullback(
                ar, q[..., rows, :], kt[..., keys], v[..., keys, :], bias_of(p, strips), part, g[..., rows, :]
            )
            d_q.append(found[0])
            d_kt, d_vt = _added(d_kt, found[1], p.low), _added(d_vt, found[2], p.low)
        return jnp.concatenate(d_q, -2), d_kt, d_vt.swapaxes(-1, -2)

    return _by_groups(one_group, _group(panels, q), strips, q, kt, v, *saved, g)


def bias_of(panel: Panel, strips: Strips) -> AddBias:
    def add(scores: Any) -> Any:
        for term in panel.terms:
            low, high = max(term.low, panel.low), min(term.high, panel.high)
            extra = term.value if term.strip is None else strips[term.strip][..., low - term.low : high - term.low]
            scores = _added(scores, extra, low - panel.low, high - low)
        return scores

    return add


def _added(total: Any, extra: Any, low: int, width: int | None = None) -> Any:
    """`total` with `extra` added to its columns from `low`: in place, which `.at[].add` is not."""
    width = extra.shape[-1] if width is None else width
    if width == total.shape[-1]:
        return total + extra
    sum_ = total[..., low : low + width] + extra
    return lax.dynamic_update_slice(total, sum_, (0,) * (total.ndim - 1) + (low,))


def _group(panels: tuple[Panel, ...], q: Any) -> int:
    """How many heads to take together: the most that divide them and keep a panel's scores in the cache."""
    heads, batch = q.shape[:2]
    largest = max((p.stop - p.start) * (p.high - p.low) for p in panels)
    fitting = GROUP_BYTES // max(batch * largest * q.dtype.itemsize, 1)
    return max(g for g in range(1, heads + 1) if heads % g == 0 and g <= max(fitting, 1))


def _by_groups(function: Callable[..., Any], group: int, strips: Strips, *arrays: Any) -> Any:
    """Run a function on groups of heads one after the other; strips that differ by head go along."""
    heads = arrays[0].shape[0]
    if group == heads:
        return function(*arrays, strips)
    cut = lambda a: a.reshape(heads // group, group, *a.shape[1:])  # noqa: E731
    own = [s.shape[0] > 1 for s in strips]

    def step(parts: Any) -> Any:
        mine = iter(parts[-1])
        return function(*parts[:-1], tuple(next(mine) if o else s for o, s in zip(own, strips, strict=True)))

    split = tuple(cut(s) for o, s in zip(own, strips, strict=True) if o)
    found = lax.map(step, (*(cut(a) for a in arrays), split))
    return jax.tree.map(lambda a: a.reshape(heads, *a.shape[2:]), found)
