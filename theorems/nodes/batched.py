"""Splitting heads and joining them. Twin of `NN/Proofs/Autograd/Tape/Nodes/Batched.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.nodes.batched import heads, heads_clm, unheads, unheads_clm
from mirror.spec.core.shape import Shape, size
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.shapes import dimensions, mostly
from theorems.engine.theorem import theorem


@st.composite
def split_vectors(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """h heads of length n, end to end."""
    least, fill = draw(mostly(1)), draw(mixed_fills())
    h, n = draw(dimensions(sizes, least)), draw(dimensions(sizes, least))
    return {"h": h, "n": n, "x": fill.vector(h * n), "values": fill.family}


@theorem(
    "Proofs.Autograd.TapeNodes.Batched.headsCLM_apply",
    formula="headsCLM x = heads x",
    says="The linear map that splits a vector into heads is the split (here the heads are kept end to end).",
    binders="{h n} (x)",
    family=Family.VECTORS,
    instances=split_vectors,
    arithmetic=EXACT,
)
def heads_clm_apply(ar: Arithmetic, h: int, n: int, x: Array) -> Iterator[Claim]:
    yield Equal("headsCLM x = heads x", heads_clm(h, n)(ar, x), heads(h, n, x))


@theorem(
    "Proofs.Autograd.TapeNodes.Batched.unheadsCLM_apply",
    formula="unheadsCLM r = unheads r",
    says="The linear map that joins heads into one vector is the join.",
    binders="{h n} (r)",
    family=Family.VECTORS,
    instances=split_vectors,
    arithmetic=EXACT,
)
def unheads_clm_apply(ar: Arithmetic, h: int, n: int, x: Array) -> Iterator[Claim]:
    yield Equal("unheadsCLM r = unheads r", unheads_clm(h, n)(ar, x), unheads(h, n, x.reshape(h, n)))


@st.composite
def three_lengths(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """Three lengths, 0 included; sizes cost nothing, so they may be large."""
    return {name: draw(st.integers(0, 100 * sizes.dimension)) for name in "hmn"}


@theorem(
    "Proofs.Autograd.TapeNodes.Batched.size3_eq",
    formula="size [h, m, n] = h·(m·n)",
    says="A shape of three dimensions has h times m times n entries.",
    binders="(h) (m) (n)",
    family=Family.VECTORS,
    instances=three_lengths,
    arithmetic=EXACT,
)
def size3_eq(ar: Arithmetic, h: int, m: int, n: int) -> Iterator[Claim]:
    yield Equal("size [h, m, n] = h·(m·n)", size(Shape(h, m, n)), h * (m * n))
