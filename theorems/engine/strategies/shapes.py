"""Shapes, contexts, indices into them, and the vectors and typed lists that fit."""

from __future__ import annotations

from functools import cache

import numpy as np
from hypothesis import strategies as st

from mirror.algebra.soundness import TList
from mirror.arithmetic import Array
from mirror.core.fderiv import ctx_size, of_vec_t, unflatten_ctx
from mirror.core.soundness import Idx
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.values import Fill

# How often a dimension takes each value; a larger one has the weight 1.
WEIGHTS = {1: 7, 2: 7, 3: 5, 4: 2}


# A strategy is made once: Hypothesis takes longer to look at a new one than to draw from it.
@cache
def dimensions(sizes: Sizes, least: int = 0) -> st.SearchStrategy[int]:
    """One dimension, the larger the rarer; 0 is drawn, but not often enough to make most instances empty."""
    # By weight in one sample: `one_of` counts a strategy that is given several times as one.
    usual = [n for n in range(max(least, 1), sizes.dimension + 1) for _ in range(WEIGHTS.get(n, 1))]
    return st.sampled_from(usual if least else [*usual, *[0] * max(len(usual) // 7, 1)])


@cache
def mostly(least: int) -> st.SearchStrategy[int]:
    """The least that a dimension of an instance, or its number of entries, may be: `least`, in one of six 0.

    What is empty is compared with nothing, so an instance may be empty, but few are.
    """
    return st.sampled_from((*(least,) * 5, 0))


@cache
def shapes(sizes: Sizes, rank: int = 3, least: int = 0) -> st.SearchStrategy[Shape]:
    """A shape of up to `rank` dimensions, each at least `least`; the scalar shape included."""
    if least:
        return _with_sides(sizes, rank, least)
    return mostly(1).flatmap(lambda at_least: _with_sides(sizes, rank, at_least))


@cache
def _with_sides(sizes: Sizes, rank: int, least: int) -> st.SearchStrategy[Shape]:
    return st.lists(dimensions(sizes, least), max_size=rank).map(lambda dims: Shape(*dims))


@cache
def contexts(sizes: Sizes, least: int = 0) -> st.SearchStrategy[Context]:
    """A list of at least `least` shapes; of none in few cases where that is 0."""
    return _of_length(sizes, least) if least else mostly(1).flatmap(lambda at_least: _of_length(sizes, at_least))


@cache
def _of_length(sizes: Sizes, least: int) -> st.SearchStrategy[Context]:
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


def slices(fill: Fill, n: int, shape: Shape) -> tuple[Tensor, ...]:
    """n tensors of one shape: what Lean writes as a function `Fin n → Tensor ℝ s`."""
    return tuple(tensor_of(fill, shape) for _ in range(n))


def dim(shape: Shape, values: tuple[Tensor, ...]) -> Tensor:
    """The tensor whose outermost slices are `values`, each of that shape (Lean's `Tensor.dim`)."""
    outer = np.empty((len(values), *shape), dtype=object)
    for i, value in enumerate(values):
        outer[i] = value.entries
    return Tensor(Shape(len(values), *shape), outer)


@st.composite
def one_vector(draw: st.DrawFn, sizes: Sizes) -> dict[str, Array]:
    """An instance of one vector v, the empty one included."""
    return {"v": draw(mixed_fills()).vector(draw(dimensions(sizes, draw(mostly(1)))))}


@st.composite
def two_vectors(draw: st.DrawFn, sizes: Sizes) -> dict[str, Array]:
    """An instance of two vectors x and y of one length, which may be 0."""
    fill, n = draw(mixed_fills()), draw(dimensions(sizes, draw(mostly(1))))
    return {"x": fill.vector(n), "y": fill.vector(n)}
