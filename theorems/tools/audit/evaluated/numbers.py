"""The real numbers that Lean text runs on: rationals and balls, and such numbers with their slopes.

A number stays rational until an operation leaves ℚ. Nothing here is taken from the mirror's arithmetics: a fault there
must not cancel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flint import arb, ctx, fmpq
from flint.utils.flint_exceptions import DomainError

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.scalars import RealNumber
from theorems.tools.output.counted import counted

ZERO, ONE = fmpq(0), fmpq(1)


class TooRoughError(ArithmeticError):
    """A ball straddles zero where its sign decides: the precision is too low."""


class Moving:
    """A number that depends on what is differentiated: its value, and its slope in each direction.

    Where it is `affine` in the variables that is the whole number, and one without slopes is no `Moving` at all: x - x
    does not depend on x.
    """

    __slots__ = ("affine", "slopes", "value")

    def __init__(self, value: RealNumber, slopes: tuple[RealNumber, ...], affine: bool = False) -> None:
        self.value = value
        self.slopes = slopes
        self.affine = affine

    def __neg__(self) -> Moving:
        return Moving(-self.value, tuple(-s for s in self.slopes), self.affine)

    def __add__(self, other: RealNumber) -> RealNumber:
        if not isinstance(other, Moving):
            return Moving(self.value + other, self.slopes, self.affine)
        slopes = tuple(a + b for a, b in zip(self.slopes, other.slopes, strict=True))
        return _moving(self.value + other.value, slopes, self.affine and other.affine)

    def __sub__(self, other: RealNumber) -> RealNumber:
        return self + -other

    def __rsub__(self, other: RealNumber) -> RealNumber:
        return -self + other

    def __mul__(self, other: RealNumber) -> RealNumber:
        if not isinstance(other, Moving):
            if other == 0:
                return ZERO
            return Moving(self.value * other, tuple(s * other for s in self.slopes), self.affine)
        slopes = tuple(a * other.value + self.value * b for a, b in zip(self.slopes, other.slopes, strict=True))
        return Moving(self.value * other.value, slopes)

    __radd__ = __add__
    __rmul__ = __mul__


def _moving(value: RealNumber, slopes: tuple[RealNumber, ...], affine: bool) -> RealNumber:
    return value if affine and all(s == 0 for s in slopes) else Moving(value, slopes, affine)


def _through(x: RealNumber, value: RealNumber, slope: Callable[[], RealNumber]) -> RealNumber:
    """A function's value at x, with the slopes of x times the function's where x moves."""
    return Moving(value, tuple(s * slope() for s in x.slopes)) if isinstance(x, Moving) else value


def value_of(x: RealNumber) -> RealNumber:
    """The number without its slopes."""
    return x.value if isinstance(x, Moving) else x


class RealNumbers:
    """Rationals and balls at the working precision, as the evaluator asks for them."""

    def bits(self) -> int:
        """The working precision of balls."""
        return ctx.prec

    def of_rational(self, numerator: int, denominator: int) -> RealNumber:
        """numerator/denominator, exactly."""
        return fmpq(numerator, denominator)

    def sign(self, x: RealNumber) -> int:
        """-1, 0 or 1; raises `TooRoughError` for a ball that straddles zero."""
        x = value_of(x)
        if x > 0:
            return 1
        if x < 0:
            return -1
        if x == 0:
            return 0
        raise TooRoughError(f"the sign of {x} at {counted(ctx.prec, 'bit')}")

    def varies(self, x: RealNumber) -> bool:
        """Whether x depends on what is differentiated."""
        return isinstance(x, Moving)

    def inverse(self, x: RealNumber) -> RealNumber:
        """1/x for x ≠ 0."""
        y = 1 / value_of(x)
        return _through(x, y, lambda: -y * y)

    def sqrt(self, x: RealNumber) -> RealNumber:
        """√x for x > 0, a rational one where it is."""
        root = _root(value_of(x))
        return _through(x, root, lambda: 1 / (2 * root))

    def exp(self, x: RealNumber) -> RealNumber:
        """eˣ."""
        v = value_of(x)
        e = ONE if v == 0 else arb(v).exp()
        return _through(x, e, lambda: e)

    def tanh(self, x: RealNumber) -> RealNumber:
        """The hyperbolic tangent."""
        v = value_of(x)
        t = ZERO if v == 0 else arb(v).tanh()
        return _through(x, t, lambda: 1 - t * t)

    def pi(self) -> RealNumber:
        """π."""
        return arb.pi()

    def derivative(
        self, function: Callable[[Sequence[RealNumber]], Sequence[RealNumber]], point: Sequence[RealNumber]
    ) -> list[list[RealNumber]]:
        """∂fᵢ/∂xⱼ at the point, a row for each i, from one run."""
        if any(isinstance(x, Moving) for x in point):
            raise NotEvaluatedError("a derivative of a derivative")
        count = len(point)
        moved = [Moving(x, tuple(ONE if i == j else ZERO for j in range(count)), True) for i, x in enumerate(point)]
        return [list(y.slopes) if isinstance(y, Moving) else [ZERO] * count for y in function(moved)]


def _root(x: RealNumber) -> RealNumber:
    if isinstance(x, fmpq):
        try:
            return x.sqrt()
        except DomainError:
            pass
    return arb(x).sqrt()
