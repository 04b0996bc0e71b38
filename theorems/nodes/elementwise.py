"""Vector-shaped blocks and the clamped root. Twin of `NN/Proofs/Autograd/Tape/Nodes/Elementwise.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.nodes.elementwise import get_vec, get_vec_clm, single_vec, sqrt_clamp_deriv, sqrt_clamp_value
from mirror.spec.core.shape import Shape
from theorems.engine.evidence.derivatives import has_deriv_at
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import context_vector, contexts, dimensions, mostly
from theorems.engine.theorem import Hypothesis, theorem


@st.composite
def vector_blocks(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """An index of a vector-shaped entry among others, a context vector x and a vector v."""
    few = replace(sizes, entries=2)  # so that the block is no small part of x
    before, after, n = draw(contexts(few)), draw(contexts(few)), draw(dimensions(sizes, draw(mostly(1))))
    idx = Idx((*before, Shape(n), *after), len(before), Shape(n))
    fill = draw(mixed_fills())
    return {"idx": idx, "x": context_vector(fill, idx.context), "v": fill.vector(n), "values": fill.family}


@theorem(
    "Proofs.Autograd.TapeNodes.getVecCLM_apply",
    formula="getVecCLM idx x = getVec idx x",
    says="The linear map that reads a vector-shaped block reads that block.",
    binders="{Γ n} (idx) (x)",
    family=Family.VECTORS,
    instances=vector_blocks,
    arithmetic=EXACT,
)
def get_vec_clm_apply(ar: Arithmetic, idx: Idx, x: Array) -> Iterator[Claim]:
    yield Equal("getVecCLM idx x = getVec idx x", get_vec_clm(idx)(ar, x), get_vec(idx, x))


@theorem(
    "Proofs.Autograd.TapeNodes.inner_getVec_singleVec",
    formula="⟨x, singleVec idx v⟩ = ⟨getVec idx x, v⟩",
    says="Writing a vector into a vector-shaped block, zeros elsewhere, is adjoint to reading that block.",
    binders="{Γ n} (idx) (x) (v)",
    family=Family.VECTORS,
    instances=vector_blocks,
    arithmetic=EXACT,
)
def inner_get_vec_single_vec(ar: Arithmetic, idx: Idx, x: Array, v: Array) -> Iterator[Claim]:
    left, right = inner(ar, x, single_vec(ar, idx, v)), inner(ar, get_vec(idx, x), v)
    yield Equal("⟨x, singleVec idx v⟩ = ⟨getVec idx x, v⟩", left, right)


@st.composite
def positive_points(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A positive rational number, tiny or huge, squares of rationals included."""
    fill = draw(mixed_fills())
    x = abs(fill.number()) or fmpq(1)
    return {"x": x * x if draw(st.booleans()) else x, "values": fill.family}


def is_positive(ar: Arithmetic, x: fmpq) -> bool:
    return x > 0


@theorem(
    "Proofs.Autograd.TapeNodes.hasDerivAt_sqrt_clamp_of_pos",
    formula="0 < x → HasDerivAt (y ↦ √(max y 0)) (1 / (2·√x)) x",
    says="The clamped square root has derivative 1/(2·√x) at every positive x.",
    binders="{x} (hx)",
    family=Family.VECTORS,
    instances=positive_points,
    hypotheses=(Hypothesis("hx", "x is positive", is_positive),),
)
def has_deriv_at_sqrt_clamp_of_pos(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    return has_deriv_at(sqrt_clamp_value, sqrt_clamp_deriv, x)
