"""Shapes, contexts, indices into them, and the vectors and typed lists that fit."""

from __future__ import annotations

from hypothesis import strategies as st

from mirror.algebra.soundness import TList
from mirror.arithmetic import Array
from mirror.core.fderiv import ctx_size, of_vec_t, unflatten_ctx
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.sizes import Sizes
from theorems.strategies.values import Fill


def dimensions(sizes: Sizes, least: int = 0) -> st.SearchStrategy[int]:
    """One dimension; 0 is drawn, but not often enough to make most instances empty."""
    upper = max(sizes.dimension, least)
    usual = st.integers(max(least, 1), upper)
    return usual if least else st.one_of(usual, usual, usual, usual, usual, st.just(0))


def shapes(sizes: Sizes, rank: int = 3) -> st.SearchStrategy[Shape]:
    """A shape of up to `rank` dimensions, the scalar shape included."""
    return st.lists(dimensions(sizes), max_size=rank).map(lambda dims: Shape(*dims))


def contexts(sizes: Sizes, least: int = 0) -> st.SearchStrategy[Context]:
    """A list of at least `least` shapes."""
    return st.lists(shapes(sizes), min_size=least, max_size=max(sizes.entries, least)).map(tuple)


@st.composite
def indices(draw: st.DrawFn, context: Context) -> Idx:
    """An index into a nonempty context."""
    i = draw(st.integers(0, len(context) - 1))
    return Idx(context, i, context[i])


def context_vector(fill: Fill, context: Context) -> Array:
    """A vector of the context's size."""
    return fill.vector(ctx_size(context))


def tensor_of(fill: Fill, shape: Shape) -> Tensor:
    """A tensor of that shape."""
    return of_vec_t(shape, fill.vector(size(shape)))


def typed_list(fill: Fill, context: Context) -> TList:
    """A typed list of that context."""
    return unflatten_ctx(context, context_vector(fill, context))
