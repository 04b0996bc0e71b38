"""The size of a vector shape. Twin of `NN/Proofs/Autograd/Tape/Nodes/Matrix.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic
from mirror.nodes.matrix import vec_size
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import theorem


@st.composite
def lengths(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """One length, 0 included; sizes cost nothing, so it may be large."""
    return {"n": draw(st.integers(0, 1000 * sizes.dimension))}


@theorem(
    "Proofs.Autograd.TapeNodes.Matmul.vecSize_eq",
    formula="vecSize n = n",
    says="A vector of length n has n entries.",
    binders="(n)",
    family=Family.VECTORS,
    instances=lengths,
    arithmetic=EXACT,
)
def vec_size_eq(ar: Arithmetic, n: int) -> Iterator[Claim]:
    yield Equal("vecSize n = n", vec_size(n), n)
