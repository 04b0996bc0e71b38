"""One-dimensional tensors as functions of a position. Twin of `NN/Proofs/Tensor/Algebra.lean`."""

from __future__ import annotations

from collections.abc import Iterator

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.tensor.algebra import of_vec, to_vec
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.strategies.shapes import one_vector
from theorems.engine.theorem import theorem


@theorem(
    "Proofs.TensorAlgebra.toVec_ofVec",
    formula="toVec (ofVec v) = v",
    says="The entries of the tensor made of a vector are the vector's.",
    binders="{α n} (v)",
    family=Family.VECTORS,
    instances=one_vector,
    arithmetic=EXACT,
    covers_not="α is ℚ here; Lean states it for any type",
)
def to_vec_of_vec(ar: Arithmetic, v: Array) -> Iterator[Claim]:
    yield Equal("toVec (ofVec v) = v", to_vec(of_vec(v)), v)
