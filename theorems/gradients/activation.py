"""tanh and GELU as functions of one real number. Twin of `NN/Proofs/Gradients/Activation.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import arb, fmpq
from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic, rational_vector
from mirror.spec.layers.activation import gelu_deriv_spec, gelu_spec, tanh_deriv_spec, tanh_spec
from theorems.engine.activity import Differentiated
from theorems.engine.evidence.derivatives import has_deriv_at
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.values import fills
from theorems.engine.theorem import theorem

# Up to here tanh differs from ±1 by more than 2⁻⁴¹, and GELU from 0 or x by more than 2⁻³²⁰, which 320 bits show.
BEND = 14


@st.composite
def points(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """One rational number of a family of values; half of the time any where both functions still bend."""
    fill = draw(fills())
    if draw(st.booleans()):
        return {"x": fmpq(fill.random.randint(-BEND * 64, BEND * 64), 64)}
    return {"x": fill.number(), "values": fill.family}


@theorem(
    "Proofs.mathfunc_tanh_eq_rtanh",
    formula="MathFunctions.tanh x = Real.tanh x",
    says="The tanh that the definitions call is the real hyperbolic tangent, sinh x / cosh x.",
    binders="(x)",
    family=Family.VECTORS,
    instances=points,
)
def mathfunc_tanh_eq_rtanh(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    real_tanh = arb(x).sinh() / arb(x).cosh()
    yield Equal("MathFunctions.tanh x = sinh x / cosh x", ar.tanh(rational_vector([x])), real_tanh)


@theorem(
    "Proofs.tanh_exp_eq",
    formula="tanh x = (exp x - exp (-x)) / (exp x + exp (-x))",
    says="tanh is the quotient of the odd and the even combination of exponentials.",
    binders="(x)",
    family=Family.VECTORS,
    instances=points,
)
def tanh_exp_eq(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    point = rational_vector([x])
    grows, decays = ar.exp(point), ar.exp(-point)
    quotient = (grows - decays) * ar.inverse(grows + decays)
    yield Equal("tanh x = (exp x - exp (-x)) / (exp x + exp (-x))", ar.tanh(point), quotient)


@theorem(
    "Proofs.tanh_deriv_correct",
    formula="HasDerivAt tanhSpec (tanhDerivSpec x) x",
    says="tanh has derivative 1 - tanh² at every real number.",
    binders="(x)",
    family=Family.VECTORS,
    instances=points,
    differentiates=lambda ar, x: Differentiated(tanh_spec, rational_vector([x])),
)
def tanh_deriv_correct(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    return has_deriv_at(tanh_spec, tanh_deriv_spec, x)


@theorem(
    "Proofs.gelu_deriv_correct",
    formula="HasDerivAt geluSpec (geluDerivSpec x) x",
    says="The tanh form of GELU has its declared derivative at every real number.",
    binders="(x)",
    family=Family.VECTORS,
    instances=points,
    differentiates=lambda ar, x: Differentiated(gelu_spec, rational_vector([x])),
    covers_not="that this is GELU: any function with its own derivative satisfies it",
)
def gelu_deriv_correct(ar: Arithmetic, x: fmpq) -> Iterator[Claim]:
    return has_deriv_at(gelu_spec, gelu_deriv_spec, x)
