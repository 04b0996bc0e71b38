"""Masked attention by panels of queries against their live keys, a few heads at a time.

The panels are unrolled, so the compiler sees each span's length; heads are taken in groups whose scores stay
in cache, so no array grows with the square of the number of positions. What is skipped, and when that is
sound, is the business of `mirror.jit.rule`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce
from typing import Any

import jax
import jax.numpy as jnp
from jax import lax

from mirror.jit.formulas import AddBias, Attended, Backward, attend, attend_pullback
from mirror.jit.numbers import CACHE_BYTES, Jitted, as_written
from mirror.jit.plan import Panel, TileLayout

# Up to so many panels the compiler may compute in any order, which is faster; more of them wait for each other.
TOGETHER = 8

Strips = tuple[jax.Array, ...]


def can_skip(layout: TileLayout) -> bool:
    """Whether a panel has dead tiles at its ends; those between live ones it computes."""
    return layout.live != layout.whole


def forward(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Any, q: Any, kt: Any, v: Any, strips: Strips
) -> Attended:
    """Queries (H·B, n, d), keys (H·B, d, n), values (H·B, n, d) and strips (H or 1, rows, keys)."""
    panels = layout.live if skip else layout.whole

    def one_group(q: Any, kt: Any, v: Any, strips: Strips) -> Attended:
        def panel(p: Panel) -> tuple[Attended, tuple[()]]:
            rows, keys = slice(p.start, p.stop), slice(p.low, p.high)
            mine = q[..., rows, :] * scale, kt[..., keys], v[..., keys, :]
            return attend(ar, *mine, bias_of(p, strips)), ()

        column = jnp.zeros_like(q[..., :1])
        return Attended(*_each(panels, panel, (jnp.zeros_like(q), column, column), ())[0])

    return _by_groups(one_group, layout.heads, _group(panels, q, layout.heads), strips, q, kt, v)


def pullback(
    ar: Jitted, layout: TileLayout, skip: bool, scale: Any, q: Any, kt: Any, v: Any, strips: Strips, back: Backward
) -> tuple[Any, Any, Any]:
    """The cotangents of the queries, of the keys (H·B, d, n) and of the values (H·B, n, d)."""
    # The longest first: where it has all keys, its products are the sums to which the others are added.
    panels = tuple(sorted(layout.live if skip else layout.whole, key=lambda p: p.low - p.high))

    def one_group(q: Any, kt: Any, v: Any, most: Any, g: Any, mean: Any, strips: Strips) -> tuple[Any, Any, Any]:
        def panel(p: Panel) -> tuple[tuple[Any], tuple[Any, Any]]:
            rows, keys = slice(p.start, p.stop), slice(p.low, p.high)
            mine = q[..., rows, :] * scale, kt[..., keys], v[..., keys, :]
            part = Backward(most[..., rows, :], g[..., rows, :], mean[..., rows, :])
            d_qs, *over_keys = attend_pullback(ar, *mine, bias_of(p, strips), part)
            return (d_qs * scale,), tuple(over_keys)

        nothing = jnp.zeros_like(kt)
        (d_q,), (d_kt, d_vt) = _each(panels, panel, (jnp.zeros_like(q),), (nothing, nothing))
        # Of the transpose of one product the compiler would make the product of the transposes, which is the slow one.
        return d_q, d_kt, as_written(d_vt).swapaxes(-1, -2)

    return _by_groups(one_group, layout.heads, _group(panels, q, layout.heads), strips, q, kt, v, *back)


def _each(panels: tuple[Panel, ...], run: Callable[[Panel], Any], rows: Any, sums: Any) -> tuple[Any, Any]:
    """Run every panel: what it gives for its rows side by side, and what it gives for its keys added up.

    `rows` and `sums` are the zeros to begin with. Few panels are left to the compiler, which computes the scores of
    all before it uses any. Many go through a loop, one at a time: so memory grows with the number of positions
    and not with its square.
    """

    def added(sums: Any, p: Panel, parts: Any) -> Any:
        return tuple(_added(total, part, p.low, part.shape[-1]) for total, part in zip(sums, parts, strict=True))

    def one_more(p: Panel, done: Any) -> Any:
        mine, parts = run(p)
        put = [lax.dynamic_update_slice(a, b, (0, p.start, 0)) for a, b in zip(done[0], mine, strict=True)]
        return tuple(put), added(done[1], p, parts)

    if len(panels) > TOGETHER:
        branches = [partial(one_more, p) for p in panels]
        return lax.fori_loop(0, len(panels), lambda k, done: lax.switch(k, branches, done), (rows, sums))
    found = {p: run(p) for p in panels}
    in_order = zip(*(found[p][0] for p in sorted(panels, key=lambda p: p.start)), strict=True)
    return tuple(jnp.concatenate(a, -2) for a in in_order), reduce(lambda s, p: added(s, p, found[p][1]), panels, sums)


def bias_of(panel: Panel, strips: Strips) -> AddBias:
    """What adds a panel's terms to its scores (H·B, rows, keys)."""

    def add(scores: Any) -> Any:
        for term in panel.terms:
            low, high = max(term.low, panel.low), min(term.high, panel.high)
            extra = term.value if term.strip is None else strips[term.strip][..., low - term.low : high - term.low]
            scores = _added(scores, extra, low - panel.low, high - low)
        return scores

    return add


def _added(total: Any, extra: Any, low: int, width: int) -> Any:
    """`total` with `extra` added to some columns: in place, which `.at[].add` is not."""
    if width == total.shape[-1]:
        return _plus(total, extra)
    return lax.dynamic_update_slice(total, _plus(total[..., low : low + width], extra), (0, 0, low))


def _plus(scores: Any, extra: Any) -> Any:
    """The sum, where `extra` may be one for all heads, or one for each head and shared by the batch."""
    if isinstance(extra, float) or extra.shape[0] in (1, scores.shape[0]):
        return scores + extra
    by_head = scores.reshape(extra.shape[0], -1, *scores.shape[1:])
    return (by_head + extra[:, None]).reshape(scores.shape)


def _group(panels: tuple[Panel, ...], q: Any, heads: int) -> int:
    """How many heads to take together: the most that divide them and keep a panel's scores in the cache."""
    largest = max((p.stop - p.start) * (p.high - p.low) for p in panels)
    fitting = CACHE_BYTES * heads // (len(q) * largest * q.dtype.itemsize)
    return max(g for g in range(1, heads + 1) if heads % g == 0 and g <= max(fitting, 1))


def _by_groups(function: Callable[..., Any], heads: int, group: int, strips: Strips, *arrays: Any) -> Any:
    """Run a function on groups of heads one after the other; strips that differ by head go along."""
    if group == heads:
        return function(*arrays, strips)
    own = [s.shape[0] > 1 for s in strips]
    split = lambda a: a.reshape(heads // group, -1, *a.shape[1:])  # noqa: E731

    def step(parts: Any) -> Any:
        mine = iter(parts[-1])
        return function(*parts[:-1], tuple(next(mine) if o else s for o, s in zip(own, strips, strict=True)))

    by_head = tuple(split(s) for o, s in zip(own, strips, strict=True) if o)
    found = lax.map(step, (*(split(a) for a in arrays), by_head))
    return jax.tree.map(lambda a: a.reshape(-1, *a.shape[2:]), found)
