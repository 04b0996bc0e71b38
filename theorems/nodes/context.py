"""Reading and writing one block of a context vector. Twin of `NN/Proofs/Autograd/Tape/Nodes/Context.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.nodes.context import get, single
from mirror.spec.core.shape import size
from theorems.evidence.verdicts import Claim, Equal
from theorems.sizes import Sizes
from theorems.strategies.shapes import context_vector, contexts, indices
from theorems.strategies.values import fills
from theorems.theorem import theorem


@st.composite
def blocks(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """An index, a context vector x and a block v."""
    idx = draw(indices(draw(contexts(sizes, least=1))))
    fill = draw(fills())
    return {"idx": idx, "x": context_vector(fill, idx.context), "v": fill.vector(size(idx.shape))}


@theorem(
    "Proofs.Autograd.CtxVec.inner_get_single",
    formula="⟨x, single idx v⟩ = ⟨get idx x, v⟩",
    says="Writing a vector into block idx, zeros elsewhere, is adjoint to reading block idx.",
    binders="{Γ s} (idx) (x) (v)",
    instances=blocks,
    arithmetic=EXACT,
)
def inner_get_single(ar: Arithmetic, idx: Idx, x: Array, v: Array) -> Iterator[Claim]:
    yield Equal("⟨x, single idx v⟩ = ⟨get idx x, v⟩", inner(ar, x, single(ar, idx, v)), inner(ar, get(idx, x), v))
