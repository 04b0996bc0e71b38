"""Inner products of flattened tensors and contexts against the tensor-level dot products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.algebra.soundness import TList
from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.fderiv import append_vec, cast_ctx_vec, cast_vec, flatten_ctx, to_vec_t
from mirror.core.soundness import dot_list
from mirror.core.vectorization import inner
from mirror.spec.core.shape import Context, Shape
from mirror.spec.core.tensor.core import Tensor
from mirror.spec.core.tensor_reduction_shape.reductions import sum_spec
from mirror.tensor.basic.folds import dot
from theorems.core.fderiv.round_trips import ONE_LENGTH
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import (
    context_vector,
    contexts,
    dim,
    dimensions,
    shapes,
    slices,
    tensor_of,
    two_vectors,
    typed_list,
)
from theorems.engine.theorem import theorem


@theorem(
    "Proofs.Autograd.inner_castVec_castVec",
    formula="⟨castVec h x, castVec h y⟩ = ⟨x, y⟩   for h : n = m",
    says="Casting a length keeps inner products.",
    binders="{n m} (h) (x y)",
    family=Family.VECTORS,
    instances=two_vectors,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def inner_cast_vec_cast_vec(ar: Arithmetic, x: Array, y: Array) -> Iterator[Claim]:
    m = y.shape[0]
    yield Equal("⟨castVec x, castVec y⟩", inner(ar, cast_vec(m, x), cast_vec(m, y)), inner(ar, x, y))


@st.composite
def two_stacks(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two stacks a and b of n slices of one shape s; n may be 0, and s empty."""
    s, n, fill = draw(shapes(sizes, rank=2)), draw(dimensions(sizes)), draw(mixed_fills())
    return {"s": s, "a": slices(fill, n, s), "b": slices(fill, n, s)}


@theorem(
    "Proofs.Autograd.sum_spec_dim",
    formula="sumSpec (dim values) = Σ_i sumSpec (values i)",
    says="The sum over a stack is the sum of the slices' sums.",
    binders="{n s} (values)",
    family=Family.VECTORS,
    instances=two_stacks,
    arithmetic=EXACT,
)
def sum_spec_dim(ar: Arithmetic, s: Shape, a: tuple[Tensor, ...]) -> Iterator[Claim]:
    slice_by_slice = sum((sum_spec(ar, t) for t in a), fmpq(0))
    yield Equal("sumSpec (dim values) = Σ sumSpec (values i)", sum_spec(ar, dim(s, a)), slice_by_slice)


@theorem(
    "Proofs.Autograd.inner_toVecT_dim",
    formula="⟨toVecT (dim a), toVecT (dim b)⟩ = Σ_i ⟨toVecT (a i), toVecT (b i)⟩",
    says="The inner product of two flattened stacks is the sum over their slices.",
    binders="{n s} (a b)",
    family=Family.VECTORS,
    instances=two_stacks,
    arithmetic=EXACT,
)
def inner_to_vec_t_dim(ar: Arithmetic, s: Shape, a: tuple[Tensor, ...], b: tuple[Tensor, ...]) -> Iterator[Claim]:
    slice_by_slice = sum((inner(ar, to_vec_t(p), to_vec_t(q)) for p, q in zip(a, b, strict=True)), fmpq(0))
    yield Equal("⟨dim a, dim b⟩ = Σ ⟨a i, b i⟩", inner(ar, to_vec_t(dim(s, a)), to_vec_t(dim(s, b))), slice_by_slice)


@st.composite
def two_tensors(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two tensors a and b of one shape."""
    s, fill = draw(shapes(sizes)), draw(mixed_fills())
    return {"a": tensor_of(fill, s), "b": tensor_of(fill, s)}


@theorem(
    "Proofs.Autograd.dot_eq_inner_toVecT",
    formula="dot a b = ⟨toVecT a, toVecT b⟩",
    says="The tensor dot product is the Euclidean inner product of the flattened tensors.",
    binders="{s} (a b)",
    family=Family.VECTORS,
    instances=two_tensors,
    arithmetic=EXACT,
)
def dot_eq_inner_to_vec_t(ar: Arithmetic, a: Tensor, b: Tensor) -> Iterator[Claim]:
    yield Equal("dot a b = ⟨toVecT a, toVecT b⟩", dot(ar, a, b), inner(ar, to_vec_t(a), to_vec_t(b)))


@st.composite
def two_pairs(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Vectors a, c of one length and b, d of another."""
    m, n, fill = draw(dimensions(sizes)), draw(dimensions(sizes)), draw(mixed_fills())
    return {"a": fill.vector(m), "c": fill.vector(m), "b": fill.vector(n), "d": fill.vector(n)}


@theorem(
    "Proofs.Autograd.inner_append",
    formula="⟨appendVec a b, appendVec c d⟩ = ⟨a, c⟩ + ⟨b, d⟩",
    says="The inner product of vectors put end to end is the sum of the parts' inner products.",
    binders="{m n} (a c) (b d)",
    family=Family.VECTORS,
    instances=two_pairs,
    arithmetic=EXACT,
)
def inner_append(ar: Arithmetic, a: Array, b: Array, c: Array, d: Array) -> Iterator[Claim]:
    whole = inner(ar, append_vec(ar, a, b), append_vec(ar, c, d))
    yield Equal("⟨a ++ b, c ++ d⟩ = ⟨a, c⟩ + ⟨b, d⟩", whole, inner(ar, a, c) + inner(ar, b, d))


@st.composite
def two_lists(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Two typed lists x and y, and two vectors u and w, of one context Γ."""
    context, fill = draw(contexts(sizes)), draw(mixed_fills())
    lists = {name: typed_list(fill, context) for name in "xy"}
    return {"Γ": context, **lists, **{name: context_vector(fill, context) for name in "uw"}}


@theorem(
    "Proofs.Autograd.dotList_eq_inner_flattenCtx",
    formula="dotList x y = ⟨flattenCtx x, flattenCtx y⟩",
    says="The dot product of typed lists is the Euclidean inner product of the flattened contexts.",
    binders="{Γ} (x y)",
    family=Family.VECTORS,
    instances=two_lists,
    arithmetic=EXACT,
)
def dot_list_eq_inner_flatten_ctx(ar: Arithmetic, x: TList, y: TList) -> Iterator[Claim]:
    flattened = inner(ar, flatten_ctx(ar, x), flatten_ctx(ar, y))
    yield Equal("dotList x y = ⟨flattenCtx x, flattenCtx y⟩", dot_list(ar, x, y), flattened)


@theorem(
    "Proofs.Autograd.inner_castCtxVec",
    formula="⟨castCtxVec h x, y⟩ = ⟨x, castCtxVec h⁻¹ y⟩   for h : Γ₁ = Γ₂",
    says="A cast along an equality of contexts moves across the inner product.",
    binders="{Γ₁ Γ₂} (h) (x) (y)",
    family=Family.VECTORS,
    instances=two_lists,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def inner_cast_ctx_vec(ar: Arithmetic, Γ: Context, u: Array, w: Array) -> Iterator[Claim]:
    longer = (*Γ, *())  # Γ ++ [], Lean's usual second name for Γ
    left = inner(ar, cast_ctx_vec(Γ, longer, u), w)
    yield Equal("⟨castCtxVec x, y⟩ = ⟨x, castCtxVec y⟩", left, inner(ar, u, cast_ctx_vec(longer, Γ, w)))
