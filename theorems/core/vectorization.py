"""Euclidean vectors. Twin of `NN/Proofs/Autograd/Core/Vectorization.lean`."""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from mirror.arithmetic import EXACT, Arithmetic, Array
from mirror.core.vectorization import inner, of_vec_e, to_vec_e
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.strategies.shapes import one_vector, two_vectors
from theorems.engine.theorem import theorem


@theorem(
    "Proofs.Autograd.toVecE_ofVecE",
    formula="toVecE (ofVecE v) = v",
    says="A Euclidean vector survives the way through a one-dimensional tensor.",
    binders="{n} (v)",
    family=Family.VECTORS,
    instances=one_vector,
    arithmetic=EXACT,
)
def to_vec_e_of_vec_e(ar: Arithmetic, v: Array) -> Iterator[Claim]:
    yield Equal("toVecE (ofVecE v) = v", to_vec_e(of_vec_e(v)), v)


@theorem(
    "Proofs.Autograd.inner_eq_sum_mul",
    formula="⟨x, y⟩ = Σ_i x_i·y_i",
    says="The Euclidean inner product is the sum of the coordinates' products.",
    binders="{n} (x y)",
    family=Family.VECTORS,
    instances=two_vectors,
    arithmetic=EXACT,
)
def inner_eq_sum_mul(ar: Arithmetic, x: Array, y: Array) -> Iterator[Claim]:
    total = fmpq(0)
    for i in range(x.shape[0]):
        total = total + x[i] * y[i]
    yield Equal("⟨x, y⟩ = Σ x_i·y_i", inner(ar, x, y), total)
