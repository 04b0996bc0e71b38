"""Flattening and splitting context vectors, and casts of their lengths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.algebra.soundness import TList
from mirror.arithmetic import EXACT, Arithmetic, Array, Scalar
from mirror.core.fderiv import (
    cast_ctx_vec,
    cast_vec,
    ctx_size,
    flatten_ctx,
    of_vec_t,
    snoc_ctx,
    to_vec_t,
    unflatten_ctx,
    unsnoc_ctx,
)
from mirror.spec.core.shape import Context, Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.evidence.typed import same_list, same_tensor
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import (
    context_vector,
    contexts,
    dim,
    dimensions,
    mostly,
    shapes,
    slices,
    tensor_of,
    typed_list,
)
from theorems.engine.theorem import Hypothesis, theorem

# Lean tells ℝ^n from ℝ^m until it is shown n = m; here a length is its number.
ONE_LENGTH = "equal lengths or contexts are one value here, so a cast only checks that they are equal"


@st.composite
def tensors(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A shape s, a tensor t of it and a vector v of its size."""
    s, fill = draw(shapes(sizes)), draw(mixed_fills())
    return {"s": s, "t": tensor_of(fill, s), "v": fill.vector(size(s))}


@theorem(
    "Proofs.Autograd.toVecT_ofVecT",
    formula="toVecT (ofVecT v) = v",
    says="A vector survives being given a shape and flattened again.",
    binders="{s} (v)",
    family=Family.VECTORS,
    instances=tensors,
    arithmetic=EXACT,
)
def to_vec_t_of_vec_t(ar: Arithmetic, s: Shape, v: Array) -> Iterator[Claim]:
    yield Equal("toVecT (ofVecT v) = v", to_vec_t(of_vec_t(s, v)), v)


@theorem(
    "Proofs.Autograd.ofVecT_toVecT",
    formula="ofVecT (toVecT t) = t",
    says="A tensor survives being flattened and given its shape again.",
    binders="{s} (t)",
    family=Family.VECTORS,
    instances=tensors,
    arithmetic=EXACT,
)
def of_vec_t_to_vec_t(ar: Arithmetic, s: Shape, t: Tensor) -> Iterator[Claim]:
    return same_tensor("ofVecT (toVecT t) = t", of_vec_t(s, to_vec_t(t)), t)


@st.composite
def slices_and_place(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """At least one slice `f` of a nonempty shape s, and the place p = (i, j) of one entry."""
    s, n = draw(shapes(sizes, rank=2, least=1)), draw(dimensions(sizes, least=1))
    p = draw(st.integers(0, n - 1)), draw(st.integers(0, size(s) - 1))
    return {"s": s, "f": slices(draw(mixed_fills()), n, s), "p": p}


def hmpos(ar: Arithmetic, s: Shape) -> bool:
    return size(s) > 0


@theorem(
    "Proofs.Autograd.toVecT_dim_apply",
    formula="(toVecT (dim f))[j + size s·i] = (toVecT (f i))[j]   for p = (i, j)",
    says="Entry j of slice i lies at position j + size s·i of the flattened stack.",
    binders="{n s} (hmpos) (f) (p)",
    family=Family.VECTORS,
    instances=slices_and_place,
    hypotheses=(Hypothesis("hmpos", "the slices have at least one entry", hmpos),),
    arithmetic=EXACT,
)
def to_vec_t_dim_apply(ar: Arithmetic, s: Shape, f: tuple[Tensor, ...], p: tuple[int, int]) -> Iterator[Claim]:
    i, j = p
    yield Equal("(toVecT (dim f))[j + size s·i]", to_vec_t(dim(s, f))[j + size(s) * i], to_vec_t(f[i])[j])


@st.composite
def context_values(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A context Γ, a typed list xs and a vector v of it, a shape τ and a block t."""
    context, last, fill = draw(contexts(sizes)), draw(shapes(sizes)), draw(mixed_fills())
    return {
        "Γ": context,
        "xs": typed_list(fill, context),
        "v": context_vector(fill, context),
        "τ": last,
        "t": fill.vector(size(last)),
        "longer": context_vector(fill, (*context, last)),
    }


@theorem(
    "Proofs.Autograd.unflattenCtx_flattenCtx",
    formula="unflattenCtx (flattenCtx xs) = xs",
    says="A typed list survives being flattened and cut up again.",
    binders="{Γ} (xs)",
    family=Family.VECTORS,
    instances=context_values,
    arithmetic=EXACT,
)
def unflatten_ctx_flatten_ctx(ar: Arithmetic, Γ: Context, xs: TList) -> Iterator[Claim]:
    return same_list("unflattenCtx (flattenCtx xs) = xs", unflatten_ctx(Γ, flatten_ctx(ar, xs)), xs)


@theorem(
    "Proofs.Autograd.flattenCtx_unflattenCtx",
    formula="flattenCtx (unflattenCtx v) = v",
    says="A context vector survives being cut into tensors and flattened again.",
    binders="{Γ} (v)",
    family=Family.VECTORS,
    instances=context_values,
    arithmetic=EXACT,
)
def flatten_ctx_unflatten_ctx(ar: Arithmetic, Γ: Context, v: Array) -> Iterator[Claim]:
    yield Equal("flattenCtx (unflattenCtx v) = v", flatten_ctx(ar, unflatten_ctx(Γ, v)), v)


@theorem(
    "Proofs.Autograd.unsnocCtx_snocCtx",
    formula="unsnocCtx (snocCtx ctx t) = (ctx, t)",
    says="Splitting off the block that was just appended gives both parts back.",
    binders="{Γ τ} (ctx) (t)",
    family=Family.VECTORS,
    instances=context_values,
    arithmetic=EXACT,
)
def unsnoc_ctx_snoc_ctx(ar: Arithmetic, τ: Shape, v: Array, t: Array) -> Iterator[Claim]:
    front, end = unsnoc_ctx(τ, snoc_ctx(ar, v, t))
    yield Equal("(unsnocCtx (snocCtx ctx t)).1 = ctx", front, v)
    yield Equal("(unsnocCtx (snocCtx ctx t)).2 = t", end, t)


@theorem(
    "Proofs.Autograd.snocCtx_unsnocCtx",
    formula="snocCtx (unsnocCtx ctx).1 (unsnocCtx ctx).2 = ctx",
    says="Appending the block that was split off restores the vector.",
    binders="{Γ τ} (ctx)",
    family=Family.VECTORS,
    instances=context_values,
    arithmetic=EXACT,
)
def snoc_ctx_unsnoc_ctx(ar: Arithmetic, Γ: Context, τ: Shape, longer: Array) -> Iterator[Claim]:
    front, end = unsnoc_ctx(τ, longer)
    fits = front.shape[0] == ctx_size(Γ)
    yield Holds("the front has the size of Γ", fits, f"{front.shape[0]} against {ctx_size(Γ)}", compared=0)
    yield Equal("snocCtx (unsnocCtx ctx) = ctx", snoc_ctx(ar, front, end), longer)


@theorem(
    "Proofs.Autograd.ctxSize_append",
    formula="ctxSize (Γ ++ ss) = ctxSize Γ + ctxSize ss",
    says="The size of two contexts end to end is the sum of their sizes.",
    binders="(Γ ss)",
    family=Family.VECTORS,
    instances=lambda sizes: st.fixed_dictionaries({"Γ": contexts(sizes), "ss": contexts(sizes)}),
    arithmetic=EXACT,
)
def ctx_size_append(ar: Arithmetic, Γ: Context, ss: Context) -> Iterator[Claim]:
    yield Equal("ctxSize (Γ ++ ss)", ctx_size((*Γ, *ss)), ctx_size(Γ) + ctx_size(ss))


@theorem(
    "Proofs.Autograd.ctxSize_snoc",
    formula="ctxSize (ss ++ [τ]) = ctxSize ss + size τ",
    says="One more entry adds its size.",
    binders="(ss) (τ)",
    family=Family.VECTORS,
    instances=lambda sizes: st.fixed_dictionaries({"ss": contexts(sizes), "τ": shapes(sizes)}),
    arithmetic=EXACT,
)
def ctx_size_snoc(ar: Arithmetic, ss: Context, τ: Shape) -> Iterator[Claim]:
    yield Equal("ctxSize (ss ++ [τ])", ctx_size((*ss, τ)), ctx_size(ss) + size(τ))


@st.composite
def two_vectors_and_number(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A length n = m, vectors u and v of it and a number r."""
    n, fill = draw(dimensions(sizes, draw(mostly(1)))), draw(mixed_fills())
    return {"m": n, "u": fill.vector(n), "v": fill.vector(n), "r": fill.number()}


@theorem(
    "Proofs.Autograd.castVec_add",
    formula="castVec h (u + v) = castVec h u + castVec h v   for h : n = m",
    says="Casting a length is additive.",
    binders="{n m} (h) (u v)",
    family=Family.VECTORS,
    instances=two_vectors_and_number,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def cast_vec_add(ar: Arithmetic, m: int, u: Array, v: Array) -> Iterator[Claim]:
    yield Equal("castVec (u + v)", cast_vec(m, u + v), cast_vec(m, u) + cast_vec(m, v))


@theorem(
    "Proofs.Autograd.castVec_smul",
    formula="castVec h (r • v) = r • castVec h v   for h : n = m",
    says="Casting a length is homogeneous.",
    binders="{n m} (h) (r) (v)",
    family=Family.VECTORS,
    instances=two_vectors_and_number,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def cast_vec_smul(ar: Arithmetic, m: int, v: Array, r: Scalar) -> Iterator[Claim]:
    yield Equal("castVec (r • v)", cast_vec(m, r * v), r * cast_vec(m, v))


@theorem(
    "Proofs.Autograd.castVec_castVec",
    formula="castVec h₂ (castVec h₁ v) = castVec (h₁.trans h₂) v   for h₁ : n = m, h₂ : m = k",
    says="Two casts of a length are one.",
    binders="{n m k} (h₁) (h₂) (v)",
    family=Family.VECTORS,
    instances=two_vectors_and_number,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def cast_vec_cast_vec(ar: Arithmetic, m: int, v: Array) -> Iterator[Claim]:
    yield Equal("castVec (castVec v)", cast_vec(m, cast_vec(m, v)), cast_vec(m, v))


@theorem(
    "Proofs.Autograd.castCtxVec_cast",
    formula="castCtxVec h₂ (castCtxVec h₁ v) = castCtxVec (h₁.trans h₂) v   for h₁ : Γ₁ = Γ₂, h₂ : Γ₂ = Γ₃",
    says="Two casts of a context are one.",
    binders="{Γ₁ Γ₂ Γ₃} (h₁) (h₂) (v)",
    family=Family.VECTORS,
    instances=context_values,
    arithmetic=EXACT,
    covers_not=ONE_LENGTH,
)
def cast_ctx_vec_cast(ar: Arithmetic, Γ: Context, v: Array) -> Iterator[Claim]:
    # Γ ++ [] is Lean's usual second name for Γ.
    twice = cast_ctx_vec((*Γ, *()), Γ, cast_ctx_vec(Γ, (*Γ, *()), v))
    yield Equal("castCtxVec (castCtxVec v)", twice, cast_ctx_vec(Γ, Γ, v))
