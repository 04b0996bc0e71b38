"""Typed lists and graphs, tensor by tensor. Twin of `NN/Proofs/Autograd/Tape/Core/Soundness.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.algebra.soundness import TList, add, cast, snoc, unsnoc, zero
from mirror.arithmetic import BALL, EXACT, Arithmetic
from mirror.core.fderiv import ctx_size, flatten_ctx, unflatten_ctx
from mirror.core.soundness import Idx, backprop_ctx, dot_list, get_idx, jvp_ctx, single
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import Tensor, fill
from mirror.tensor.basic.folds import dot
from theorems.engine.evidence.typed import same_list, same_tensor
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.graph_run import GraphRun
from theorems.engine.graphs import GraphSpec
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.graph_points import NOT_DRAWN, decided, graph_points
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import dual_pair
from theorems.engine.strategies.shapes import contexts, indices, shapes, tensor_of, typed_list
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import theorem


@st.composite
def three_lists(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Typed lists x, y, z of one context."""
    ss, values = draw(contexts(sizes)), draw(mixed_fills())
    return {name: typed_list(values, ss) for name in "xyz"}


@st.composite
def two_lists_and_ends(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Typed lists x, y of one context, and tensors a, b of one shape."""
    ss, last, values = draw(contexts(sizes)), draw(shapes(sizes)), draw(mixed_fills())
    lists = {name: typed_list(values, ss) for name in "xy"}
    return {**lists, **{name: tensor_of(values, last) for name in "ab"}}


@theorem(
    "Proofs.Autograd.TList.dotList_cast_left",
    formula="dotList (cast h x) y = dotList x (cast h⁻¹ y)   for h : ss₁ = ss₂",
    says="A cast along an equality of contexts moves from one side of the dot product to the other.",
    binders="{ss₁ ss₂} (h) (x) (y)",
    family=Family.VECTORS,
    instances=three_lists,
    arithmetic=EXACT,
    covers_not="two equal contexts are one value here, so a cast only checks that they are equal",
)
def dot_list_cast_left(ar: Arithmetic, x: TList, y: TList) -> Iterator[Claim]:
    ss1, ss2 = x.context, y.context
    yield Equal("dotList (cast x) y", dot_list(ar, cast(ss2, x), y), dot_list(ar, x, cast(ss1, y)))


@theorem(
    "Proofs.Autograd.TList.dotList_add_right",
    formula="dotList x (y + z) = dotList x y + dotList x z",
    says="The dot product of typed lists is additive on its right side.",
    binders="{ss} (x y z)",
    family=Family.VECTORS,
    instances=three_lists,
    arithmetic=EXACT,
)
def dot_list_add_right(ar: Arithmetic, x: TList, y: TList, z: TList) -> Iterator[Claim]:
    yield Equal("dotList x (y + z)", dot_list(ar, x, add(y, z)), dot_list(ar, x, y) + dot_list(ar, x, z))


@theorem(
    "Proofs.Autograd.TList.dotList_snoc",
    formula="dotList (snoc x a) (snoc y b) = dotList x y + dot a b",
    says="Appending one tensor to each side adds their dot product.",
    binders="{ss τ} (x y) (a b)",
    family=Family.VECTORS,
    instances=two_lists_and_ends,
    arithmetic=EXACT,
)
def dot_list_snoc(ar: Arithmetic, x: TList, y: TList, a: Tensor, b: Tensor) -> Iterator[Claim]:
    yield Equal("dotList (x, a) (y, b)", dot_list(ar, snoc(x, a), snoc(y, b)), dot_list(ar, x, y) + dot(ar, a, b))


@theorem(
    "Proofs.Autograd.TList.unsnoc_snoc",
    formula="unsnoc (snoc xs t) = (xs, t)",
    says="Splitting off the tensor that was just appended gives both parts back.",
    binders="{ss τ} (xs) (t)",
    family=Family.VECTORS,
    instances=two_lists_and_ends,
    arithmetic=EXACT,
)
def unsnoc_snoc(ar: Arithmetic, x: TList, a: Tensor) -> Iterator[Claim]:
    front, end = unsnoc(snoc(x, a))
    yield from same_list("(unsnoc (snoc xs t)).1 = xs", front, x)
    yield from same_tensor("(unsnoc (snoc xs t)).2 = t", end, a)


@st.composite
def nonempty_lists(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A typed list xs with at least one entry."""
    return {"xs": typed_list(draw(mixed_fills()), draw(contexts(sizes, least=1)))}


@theorem(
    "Proofs.Autograd.TList.snoc_unsnoc",
    formula="snoc (unsnoc xs).1 (unsnoc xs).2 = xs",
    says="Appending what was split off restores the list.",
    binders="{ss τ} (xs)",
    family=Family.VECTORS,
    instances=nonempty_lists,
    arithmetic=EXACT,
)
def snoc_unsnoc(ar: Arithmetic, xs: TList) -> Iterator[Claim]:
    return same_list("snoc (unsnoc xs).1 (unsnoc xs).2 = xs", snoc(*unsnoc(xs)), xs)


@st.composite
def one_tensor(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A tensor a of any shape s."""
    s = draw(shapes(sizes))
    return {"s": s, "a": tensor_of(draw(mixed_fills()), s)}


@theorem(
    "Proofs.Autograd.TList.dot_fill_zero_right",
    formula="dot a (fill 0 s) = 0",
    says="The dot product with the zero tensor is 0.",
    binders="{s} (a)",
    family=Family.VECTORS,
    instances=one_tensor,
    never_active="both sides are 0",
    arithmetic=EXACT,
)
def dot_fill_zero_right(ar: Arithmetic, s: Shape, a: Tensor) -> Iterator[Claim]:
    yield Equal("dot a (fill 0) = 0", dot(ar, a, fill(ar, 0, s)), fmpq(0))


@theorem(
    "Proofs.Autograd.TList.dotList_zero_right",
    formula="dotList x 0 = 0",
    says="The dot product with the zero list is 0.",
    binders="{ss} (x)",
    family=Family.VECTORS,
    instances=three_lists,
    never_active="both sides are 0",
    arithmetic=EXACT,
)
def dot_list_zero_right(ar: Arithmetic, x: TList) -> Iterator[Claim]:
    yield Equal("dotList x 0 = 0", dot_list(ar, x, zero(ar, x.context)), fmpq(0))


@st.composite
def list_and_block(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """An index, a typed list dx of its context and a tensor v of its shape."""
    idx, values = draw(indices(draw(contexts(sizes, least=1)))), draw(mixed_fills())
    return {"dx": typed_list(values, idx.context), "idx": idx, "v": tensor_of(values, idx.shape)}


@theorem(
    "Proofs.Autograd.TList.dotList_single",
    formula="dotList dx (single idx v) = dot (getIdx dx idx) v",
    says="The list with v at idx and zeros elsewhere is adjoint to reading entry idx.",
    binders="{Γ s} (dx) (idx) (v)",
    family=Family.VECTORS,
    instances=list_and_block,
    arithmetic=EXACT,
)
def dot_list_single(ar: Arithmetic, dx: TList, idx: Idx, v: Tensor) -> Iterator[Claim]:
    yield Equal("dotList dx (single idx v)", dot_list(ar, dx, single(ar, idx, v)), dot(ar, get_idx(dx, idx), v))


@st.composite
def graph_runs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A graph of nodes of every kind, an input x, a tangent dx and a seed, as typed lists."""
    values: Fill = draw(mixed_fills())
    drawn = draw(graph_points(values, sizes, admits=decided))
    g: GraphSpec = drawn["g"]
    everything: Context = (*g.context, *g.build().saved)
    x = unflatten_ctx(g.context, drawn["x"])
    dx, seed = dual_pair(values, ctx_size(g.context), ctx_size(everything))
    lists = {"x": x, "dx": unflatten_ctx(g.context, dx), "seed": unflatten_ctx(everything, seed)}
    return {"values": values.family, "g": g, **lists}


def run_of_lists(ar: Arithmetic, g: GraphSpec, x: TList, dx: TList, seed: TList) -> Iterator[GraphRun]:
    yield GraphRun(g.build(), flatten_ctx(ar, x), (flatten_ctx(ar, dx),), (flatten_ctx(ar, seed),))


@theorem(
    "Proofs.Autograd.Graph.backprop_correct",
    formula="dotList (jvpCtx g x dx) seed = dotList dx (backpropCtx g x seed)",
    says="For every graph the reverse run is adjoint to the forward-mode run, differentiable or not.",
    binders="{Γ ss} (g) (x dx seed)",
    family=Family.GRAPHS,
    instances=graph_runs,
    runs=run_of_lists,
    arithmetic=BALL,
    covers_not=NOT_DRAWN,
)
def backprop_correct(ar: Arithmetic, g: GraphSpec, x: TList, dx: TList, seed: TList) -> Iterator[Claim]:
    graph = g.build()
    tangents, cotangents = jvp_ctx(ar, graph, x, dx), backprop_ctx(ar, graph, x, seed)
    yield Equal("dotList (jvpCtx x dx) seed", dot_list(ar, tangents, seed), dot_list(ar, dx, cotangents))
