"""Derivatives from forward maps alone: jets along a line, and Taylor's bound for `HasFDerivAt`.

Nothing here calls a jvp, a vjp or a certificate of the code under test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import numpy as np
from flint import arb, fmpq

from mirror.arithmetic import (
    BALL,
    Arithmetic,
    Array,
    AtBoundary,
    Jet,
    Scalar,
    Undecided,
    rational_vector,
    variable,
    variables,
)
from mirror.core.vectorization import inner
from theorems.engine.evidence.differentiability import Forward, why_not_differentiable
from theorems.engine.evidence.verdicts import WIDTH_LIMIT, AtMost, Claim, Equal, Holds

Derivative = Callable[[Array], Array]

# Scales of the ladder, as exponents of two: the last rung resolves a wrong derivative of size 2⁻⁹⁰.
LADDER = (10, 40, 100)
# Climbed only where the values are so huge that even the last rung is too coarse.
FINEST = 400

# Scales of one quotient of differences, as exponents of two, and how far off Taylor's bound may let the slope be.
QUOTIENTS = (128, 400, 1600)
LEEWAY = arb(2) ** -60


def along(f: Forward, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """The derivative of t ↦ f(x + t·h) at 0: `fderiv ℝ f x h` where no total function meets its corner or jump.

    Raises `AtBoundary` where a total function is met at its corner or jump.
    """
    return slopes(f, x, [h])[0]


def slopes(f: Forward, x: np.ndarray, directions: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """`along` for each of some directions, from one run of f.

    Raises `AtBoundary` as `along` does, whatever the directions.
    """
    jet = Jet.along(len(directions))
    return jet.lift(f(jet, variables(x, directions))).coefficients[1:]


def fderiv(f: Forward, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Lean's `fderiv ℝ f x h`, which is total: 0 where f is seen not to be differentiable at x.

    Raises `AtBoundary` where a total function is met at its corner or jump and nothing shows what that does to f.
    """
    try:
        return along(f, x, h)
    except AtBoundary:
        if not why_not_differentiable(f, x, h):
            raise
        return BALL.zeros(f(BALL, x).shape)


def fderivs(f: Forward, x: np.ndarray, directions: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """`fderiv` for each of some directions, from one run of f where it has its slopes.

    Raises `AtBoundary` as `fderiv` does.
    """
    try:
        return slopes(f, x, directions)
    except AtBoundary:
        return [fderiv(f, x, h) for h in directions]


def adjoint_of_fderiv(
    f: Forward,
    x: np.ndarray,
    seed: np.ndarray,
    pulled_back: np.ndarray,
    directions: Sequence[np.ndarray],
) -> Iterator[Claim]:
    """`pulled_back = (fderiv ℝ f x).adjoint seed`, tried along each direction h.

    The adjoint is the one vector whose inner product with every h is ⟨fderiv f x h, seed⟩.
    """
    for k, (h, slope) in enumerate(zip(directions, fderivs(f, x, directions), strict=True)):
        left = inner(BALL, h, pulled_back)
        right = inner(BALL, slope, seed)
        yield Equal(f"⟨h, backprop seed⟩ = ⟨fderiv h, seed⟩, direction {k}", left, right)


def adjoint_by_differences(
    f: Forward, x: np.ndarray, seed: np.ndarray, pulled_back: np.ndarray, h: np.ndarray
) -> Iterator[Claim]:
    """`⟨pulled_back, h⟩` is the slope of ⟨seed, f(x + t·h)⟩ at 0, from two values of f and no rule of derivatives.

    By Taylor the quotient of differences is off by at most t·sup |⟨seed, f''⟩|/2. The bound comes from jets, whose
    rules may be wrong; t is so small that the bound lets a slope be off by `LEEWAY` at most, or there is no claim but
    `Undecided`. Nothing is claimed where f meets a corner or jump, since it has no slope there.
    """

    def paired(ar: Arithmetic, z: Array) -> Array:
        return inner(ar, f(ar, z), seed).reshape(1)

    slope = inner(BALL, pulled_back, h)
    with suppress(AtBoundary):
        along(paired, x, h)
        yield _quotient(paired, x, h, slope)


def _quotient(f: Forward, x: np.ndarray, h: np.ndarray, slope: Scalar) -> AtMost:
    for exponent in QUOTIENTS:
        step = h * fmpq(1, 2**exponent)
        with suppress(AtBoundary, Undecided):  # too coarse a step, whose segment meets a corner
            bound = _half_second_derivative(f, x, step) * 2**exponent
            if all(abs(b) < LEEWAY for b in bound):
                rest = (f(BALL, x + step) - f(BALL, x)) * 2**exponent - slope
                label = f"⟨seed, f(x + t·h) - f(x)⟩/t = ⟨backprop seed, h⟩, t = 2^-{exponent}"
                return AtMost(label, rest, bound, WIDTH_LIMIT)
    raise Undecided("no bound of the second derivative is small enough for a quotient of differences")


def has_fderiv_at(
    f: Forward, x: np.ndarray, derivative: Derivative, directions: Sequence[np.ndarray], *, climbed: int = 1
) -> Iterator[Claim]:
    """`HasFDerivAt f derivative x`, tried along each direction.

    Along h the derivative must equal the jet of f. Along the first `climbed` of them, in which an instance moves
    every coordinate, a ladder is climbed as well: on each rung |f(x + h) - f(x) - D h| ≤ sup |f''|/2 on the segment,
    entry by entry (Taylor). Where f is seen not to be differentiable at x, that is the claim which fails.
    """
    if not directions:
        return
    value = f(BALL, x)
    try:
        found = slopes(f, x, directions)
    except AtBoundary:
        if not (flaw := why_not_differentiable(f, x, directions[0])):
            raise
        yield Holds("f has a derivative at x", False, flaw)
        return
    for k, (h, slope) in enumerate(zip(directions, found, strict=True)):
        image = derivative(h)
        yield Equal(f"D h = d/dt f(x + t·h), direction {k}", image, slope)
        if k < climbed:
            yield from _ladder(f, x, value, h, image, k)


def has_deriv_at(f: Forward, f_prime: Forward, x: fmpq) -> Iterator[Claim]:
    """`HasDerivAt f (f' x) x` for a function of one real number, from both sides."""
    point = rational_vector([x])
    slope = f_prime(BALL, point)
    sides = rational_vector([1]), rational_vector([-1])
    yield from has_fderiv_at(f, point, lambda h: slope * h, sides, climbed=len(sides))


def _ladder(f: Forward, x: np.ndarray, value: np.ndarray, h: np.ndarray, image: np.ndarray, k: int) -> Iterator[Claim]:
    def rung(exponent: int) -> AtMost:
        scale = fmpq(1, 2**exponent)
        step = h * scale
        bound = _finite(_half_second_derivative(f, x, step))
        rest = f(BALL, x + step) - value - image * scale
        width = min(arb(2) ** (-2 * exponent - 64), WIDTH_LIMIT)
        return AtMost(f"Taylor's bound at scale 2^-{exponent}, direction {k}", rest, bound, width)

    *coarse, last = LADDER
    for exponent in coarse:
        # Too coarse a step: the segment meets a boundary, or no finite bound is found on it.
        with suppress(AtBoundary, Undecided):
            yield rung(exponent)
    try:
        finest = rung(last)
    except (AtBoundary, Undecided):
        finest = rung(FINEST)
    yield finest


def _finite(bound: np.ndarray) -> np.ndarray:
    if not all(arb(b).is_finite() for b in bound):
        raise Undecided("no finite bound of the second derivative on the segment")
    return bound


def _half_second_derivative(f: Forward, x: np.ndarray, step: np.ndarray) -> np.ndarray:
    """An enclosure of f''(x + t·step)[step, step]/2 over t ∈ [0, 1], entry by entry."""
    segment = arb(0.5, 0.5)
    everywhere = x + step * segment
    jet = Jet(2)
    return jet.lift(f(jet, variable(everywhere, step, 2))).coefficients[2]
