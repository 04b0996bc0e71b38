"""Derivatives of entrywise maps. Twin of `NN/Proofs/Autograd/FDeriv/Elementwise.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import EXACT, Arithmetic, Array, rational_vector
from mirror.fderiv.elementwise import elemwise_deriv_clm, elemwise_vec, eval_clm
from mirror.linear_map import entrywise
from mirror.nodes.elementwise import inverse, inverse_deriv, sqrt_clamp_deriv, sqrt_clamp_value
from mirror.spec.layers.activation import gelu_deriv_spec, gelu_spec
from theorems.engine.activity import Differentiated
from theorems.engine.evidence.certificates import derivative_holds
from theorems.engine.evidence.derivatives import has_fderiv_at
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.families import Family
from theorems.engine.graphs import ELEMENTWISE
from theorems.engine.lean_values import OnNumbers
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.mixture import mixed_fills
from theorems.engine.strategies.probes import probes
from theorems.engine.strategies.shapes import dimensions, mostly
from theorems.engine.theorem import Hypothesis, theorem

# Functions that have their declared derivative everywhere, and those that have it away from 0.
EVERYWHERE = {**ELEMENTWISE, "gelu": (gelu_spec, gelu_deriv_spec)}
AWAY_FROM_ZERO = {"inverse": (inverse, inverse_deriv), "sqrtClamp": (sqrt_clamp_value, sqrt_clamp_deriv)}
FUNCTIONS = {**EVERYWHERE, **AWAY_FROM_ZERO}

# Where a claim about all real numbers is tried, besides the entries of the instance.
SAMPLES = rational_vector([0, 1, -1, "1/3", "-7/2", 40, "1/1048576"])


@st.composite
def coordinates(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A vector that has coordinates, and one of them."""
    n = draw(dimensions(sizes, least=1))
    fill = draw(mixed_fills())
    return {"i": draw(st.integers(0, n - 1)), "x": fill.vector(n), "values": fill.family}


@theorem(
    "Proofs.Autograd.evalCLM_apply",
    formula="evalCLM i x = x_i",
    says="The linear map that reads coordinate i reads coordinate i.",
    binders="{n} (i) (x)",
    family=Family.VECTORS,
    instances=coordinates,
    arithmetic=EXACT,
)
def eval_clm_apply(ar: Arithmetic, i: int, x: Array) -> Iterator[Claim]:
    yield Equal("evalCLM i x = x_i", eval_clm(x.shape[0], i)(ar, x), x[i])


def _derivative_at(ar: Arithmetic, f: str, f_prime: str, x: Array) -> bool:
    """Whether f' is the derivative of f at each entry of x."""
    function, derivative = FUNCTIONS[f][0], FUNCTIONS[f_prime][1]
    return derivative_holds(ar, function, entrywise(derivative(ar, x)), x)


def derivative_everywhere(ar: Arithmetic, f: str, f_prime: str, x: Array) -> bool:
    """`hf` of the global form, tried at the entries of x and at `SAMPLES`."""
    return _derivative_at(ar, f, f_prime, x) and _derivative_at(ar, f, f_prime, SAMPLES)


def derivative_at_entries(ar: Arithmetic, f: str, f_prime: str, x: Array) -> bool:
    """`hf` of the pointwise form."""
    return _derivative_at(ar, f, f_prime, x)


@st.composite
def entrywise_maps(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A function with its derivative, and a point."""
    return _at_a_point(draw, sizes, draw(st.sampled_from(list(EVERYWHERE))))


@st.composite
def entrywise_maps_at(draw: st.DrawFn, sizes: Sizes) -> dict[str, Any]:
    """A function that is differentiable at a point's entries, with its derivative, and the point."""
    f = draw(st.sampled_from(list(FUNCTIONS)))
    case = _at_a_point(draw, sizes, f)
    if f in AWAY_FROM_ZERO:
        case["x"] = rational_vector([entry or fmpq(1) for entry in case["x"]])
    return case


def _at_a_point(draw: st.DrawFn, sizes: Sizes, f: str) -> dict[str, Any]:
    n, fill = draw(dimensions(sizes, draw(mostly(1)))), draw(mixed_fills())
    return {"f": f, "f_prime": f, "x": fill.vector(n), "values": fill.family, **draw(probes(n, fill))}


def _entrywise_claims(ar: Arithmetic, f: str, f_prime: str, x: Array, directions: tuple[Array, ...]) -> Iterator[Claim]:
    function, derivative = FUNCTIONS[f][0], FUNCTIONS[f_prime][1]
    linear = elemwise_deriv_clm(ar, derivative, x)
    return has_fderiv_at(lambda a, z: elemwise_vec(a, function, z), x, lambda h: linear(ar, h), directions)


def _entrywise(ar: Arithmetic, f: str, x: Array) -> Differentiated:
    return Differentiated(lambda a, z: elemwise_vec(a, FUNCTIONS[f][0], z), x)


_IN_LEAN = {"f": lambda f: OnNumbers(FUNCTIONS[f][0]), "f'": lambda f_prime: OnNumbers(FUNCTIONS[f_prime][1])}

has_fderiv_at_elemwise_vec = theorem(
    "Proofs.Autograd.hasFDerivAt_elemwiseVec",
    formula="(∀ z, HasDerivAt f (f' z) z) → HasFDerivAt (elemwiseVec f) (elemwiseDerivCLM f' x) x",
    says="An entrywise map has derivative dx ↦ (f'(x_i)·dx_i) wherever f has derivative f' everywhere.",
    binders="{n f f'} (x) (hf)",
    family=Family.ENTRYWISE,
    instances=entrywise_maps,
    differentiates=_entrywise,
    hypotheses=(
        Hypothesis(
            "hf", "f has derivative f' everywhere (tried at the entries and sample points)", derivative_everywhere
        ),
    ),
    covers_not="f runs over tanh, cube and GELU",
    in_lean=_IN_LEAN,
)(_entrywise_claims)

has_fderiv_at_elemwise_vec_at = theorem(
    "Proofs.Autograd.hasFDerivAt_elemwiseVec_at",
    formula="(∀ i, HasDerivAt f (f' x_i) x_i) → HasFDerivAt (elemwiseVec f) (elemwiseDerivCLM f' x) x",
    says="An entrywise map has that derivative at x if f has derivative f' at the entries of x.",
    binders="{n f f'} (x) (hf)",
    family=Family.ENTRYWISE,
    instances=entrywise_maps_at,
    differentiates=_entrywise,
    hypotheses=(Hypothesis("hf", "f has derivative f' at every entry of x", derivative_at_entries),),
    covers_not="f runs over tanh, cube, GELU, and inverse and clamped root away from 0",
    in_lean=_IN_LEAN,
)(_entrywise_claims)
