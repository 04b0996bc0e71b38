"""The packs around attention and LayerNorm: the real ones, and any smooth map in their place.

The real ones only move and mix entries, so their matrices are written entry by entry from the
positions in the flat contexts (row-major, heads outermost).
"""

from __future__ import annotations

from collections.abc import Callable

from flint import fmpq
from hypothesis import strategies as st

from mirror.core.fderiv import ctx_size
from mirror.linear_map import PositionWise
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core, saved_masked_core
from mirror.ops.transformer.post_norm import context_post_norm, saved_post_norm
from theorems.engine.maps import SmoothMap
from theorems.engine.strategies.maps import smooth_maps
from theorems.engine.strategies.mixture import Recipe
from theorems.engine.strategies.values import Fill

Entries = dict[tuple[int, int], fmpq]

# The dimension of E = ℝ^k where it is not a real pack's own: 0 is drawn, but rarely.
OUTER = (1, 2, 3, 4, 1, 2, 3, 4, 0)


def structured(rows: int, columns: int, entries: Entries) -> PositionWise:
    """The matrix with those entries (row, column) and zeros elsewhere."""
    flat = [fmpq(0)] * (rows * columns)
    for (i, j), value in entries.items():
        flat[i * columns + j] = value
    return PositionWise(1, rows, columns, tuple(flat))


def _mixed(fill: Fill, out: Callable[[int, int], int], read: Callable[[int, int], int], *sizes: int) -> Entries:
    """At each of n positions, `outs` entries at `out(i, a)` from `reads` entries at `read(i, b)` by one matrix."""
    n, outs, reads = sizes
    weight = fill.weights(outs * reads)
    return {(out(i, a), read(i, b)): weight[a * reads + b] for i in range(n) for a in range(outs) for b in range(reads)}


def _copied(start_out: int, start_in: int, count: int) -> Entries:
    return {(start_out + k, start_in + k): fmpq(1) for k in range(count)}


def projection_pack(fill: Fill, n: int, num_heads: int, head_dim: int, width: int) -> SmoothMap:
    """Tokens [n, width] to Q, Kᵀ and V by three weight matrices and a bias; the keys end up transposed."""
    heads = num_heads * n * head_dim

    def head_major(start: int) -> Callable[[int, int], int]:  # feature f = h·d + a of token i, in [H, n, d]
        return lambda i, f: start + (f // head_dim * n + i) * head_dim + f % head_dim

    def transposed(i: int, f: int) -> int:  # the same feature in [H, d, n]
        return heads + f * n + i

    entries: Entries = {}
    for place in (head_major(0), transposed, head_major(2 * heads)):
        entries |= _mixed(fill, place, lambda i, b: i * width + b, n, num_heads * head_dim, width)
    return SmoothMap("projection", structured(3 * heads, n * width, entries), fill.vector(3 * heads))


def _joined_heads(fill: Fill, n: int, num_heads: int, head_dim: int, model: int, start: int) -> Entries:
    """Each position's features from the heads' entries [H, n, d] that begin at `start`."""

    def read(i: int, f: int) -> int:
        return start + (f // head_dim * n + i) * head_dim + f % head_dim

    return _mixed(fill, lambda i, a: i * model + a, read, n, model, num_heads * head_dim)


def _core_sizes(n: int, num_heads: int, head_dim: int) -> tuple[int, int]:
    """How many entries the masked core's full context has, and where the heads' output begins in it."""
    saved = saved_masked_core(n, num_heads, head_dim)
    before = ctx_size((*context_masked_core(n, num_heads, head_dim), *saved[:4]))
    return before + ctx_size(saved[4:]), before


def merge_pack(fill: Fill, n: int, num_heads: int, head_dim: int, model: int) -> SmoothMap:
    """The heads' output to [n, model]: joined at each position, one weight matrix, a bias."""
    columns, output = _core_sizes(n, num_heads, head_dim)
    entries = _joined_heads(fill, n, num_heads, head_dim, model, output)
    return SmoothMap("merge", structured(n * model, columns, entries), fill.vector(n * model))


def attention_pack(fill: Fill, n: int, num_heads: int, head_dim: int, model: int) -> SmoothMap:
    """The masked core's entries to the first norm's input: a stream read from Q plus the merged heads, γ, β.

    The pack cannot see the tokens, so the residual stream has to come from Q; γ and β are constants.
    """
    merged = merge_pack(fill, n, num_heads, head_dim, model)
    stream = structured(n * model, merged.domain, _joined_heads(fill, n, num_heads, head_dim, model, 0))
    total = tuple(a + b for a, b in zip(merged.linear.weight, stream.weight, strict=True))
    rows = n * model + 2 * model
    linear = PositionWise(1, rows, merged.domain, total + (fmpq(0),) * (2 * model * merged.domain))
    return SmoothMap("residual", linear, fill.vector(rows))


def _residual(fill: Fill, n: int, model: int, columns: int, stream: int, affine: int) -> SmoothMap:
    """stream + fc2·tanh(fc1·stream), with γ and β passed along: they lie at `affine` one after the other."""
    at_stream, hidden = _rows_of(stream, model), 2
    fc1 = _mixed(fill, _rows_of(0, hidden), at_stream, n, hidden, model)
    fc2 = _mixed(fill, _rows_of(0, model), _rows_of(0, hidden), n, model, hidden)
    rows = n * model + 2 * model
    passed = _copied(0, stream, n * model) | _copied(n * model, affine, 2 * model)
    sublayer = structured(rows, n * hidden, fc2), structured(n * hidden, columns, fc1)
    bias = fill.vector(rows)
    bias[n * model :] = fmpq(0)
    return SmoothMap("residual", structured(rows, columns, passed), bias, hyperbolic=sublayer)


def _rows_of(start: int, width: int) -> Callable[[int, int], int]:
    return lambda i, a: start + i * width + a


def residual_pack(fill: Fill, n: int, model: int) -> SmoothMap:
    """(stream [n, D], γ, β) to the norm's input: the stream plus a sublayer's output, γ and β passed along."""
    size = n * model
    return _residual(fill, n, model, size + 2 * model, stream=0, affine=size)


def residual_after_norm_pack(fill: Fill, n: int, model: int) -> SmoothMap:
    """The 17 entries of a norm's graph to the next norm's input: y (entry 16) plus a sublayer's output.

    γ and β are passed along from entries 1 and 2, since the pack sees nothing else.
    """
    inputs, saved = context_post_norm(n, model), saved_post_norm(n, model)
    columns = ctx_size((*inputs, *saved))
    return _residual(fill, n, model, columns, stream=columns - n * model, affine=n * model)


def pack(
    draw: st.DrawFn, recipe: Recipe, real: Callable[[], SmoothMap], codomain: int, domain: int | None = None
) -> SmoothMap:
    """The real pack, or any smooth map into its space: from its own domain, or from ℝ^k with k = 0 to 4."""
    if draw(st.booleans()):
        return real()
    k = draw(st.sampled_from(OUTER[:-1] if recipe.generic else OUTER)) if domain is None else domain
    return draw(smooth_maps(recipe.fill, k, codomain))
