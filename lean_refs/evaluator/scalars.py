"""What the evaluator asks of real numbers: any class with these operations can stand for ℝ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

RealNumber = Any


class Scalars(Protocol):
    """Arithmetic for ℝ. The numbers themselves have `+`, `-` and `*`, and unary `-`.

    What is total in Lean is the evaluator's: it asks for the sign first, and never for the inverse of 0, nor for the
    root of what is not positive.
    """

    def bits(self) -> int:
        """The working precision: a number that was found at another one is not kept for it."""
        ...

    def of_rational(self, numerator: int, denominator: int) -> RealNumber:
        """The number numerator/denominator."""
        ...

    def sign(self, x: RealNumber) -> int:
        """-1, 0 or 1; raises an exception of its own where x is known too roughly to tell."""
        ...

    def varies(self, x: RealNumber) -> bool:
        """Whether x depends on what is being differentiated: then a corner at x is one of the function."""
        ...

    def inverse(self, x: RealNumber) -> RealNumber:
        """1/x for x ≠ 0."""
        ...

    def sqrt(self, x: RealNumber) -> RealNumber:
        """√x for x > 0."""
        ...

    def exp(self, x: RealNumber) -> RealNumber:
        """eˣ."""
        ...

    def tanh(self, x: RealNumber) -> RealNumber:
        """The hyperbolic tangent of x."""
        ...

    def pi(self) -> RealNumber:
        """π."""
        ...

    def derivative(
        self, function: Callable[[Sequence[RealNumber]], Sequence[RealNumber]], point: Sequence[RealNumber]
    ) -> Sequence[Sequence[RealNumber]]:
        """∂fᵢ/∂xⱼ at `point`, a row for each i.

        `function` maps numbers of this class, those that vary included, to numbers. It raises `CornerError` where it
        meets the corner of a total function.
        """
        ...
