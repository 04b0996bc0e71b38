"""Softmax's derivative. Twin of `NN/Proofs/Autograd/FDeriv/Softmax.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, Array
from mirror.fderiv.softmax import softmax_deriv_clm, softmax_vec
from theorems.engine.activity import Differentiated
from theorems.engine.evidence.derivatives import has_fderiv_at
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import probes
from theorems.engine.strategies.shapes import dimensions, mostly
from theorems.engine.theorem import theorem


@st.composite
def logits(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A vector of logits; the empty vector is drawn."""
    n, fill = draw(dimensions(sizes, draw(mostly(1)))), draw(mixed_fills())
    return {"x": fill.vector(n), "values": fill.family, **draw(probes(n, fill))}


@theorem(
    "Proofs.Autograd.hasFDerivAt_softmaxVec",
    formula="HasFDerivAt softmaxVec (softmaxDerivCLM x) x",
    says="Softmax is differentiable everywhere, with derivative dx ↦ y·dx - y·⟨y, dx⟩ where y = softmax x.",
    binders="{n} (x)",
    family=Family.ENTRYWISE,
    instances=logits,
    differentiates=lambda ar, x: Differentiated(softmax_vec, x),
)
def has_fderiv_at_softmax_vec(ar: Arithmetic, x: Array, directions: tuple[Array, ...]) -> Iterator[Claim]:
    linear = softmax_deriv_clm(ar, x)
    return has_fderiv_at(softmax_vec, x, lambda h: linear(ar, h), directions)
