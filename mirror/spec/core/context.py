"""The scalar functions that a definition may use. Twin of `NN/Spec/Core/Context.lean`."""

from __future__ import annotations

from typing import Protocol

from mirror.arithmetic import Array, Scalar
from mirror.links import mirrors


@mirrors("MathFunctions")
class MathFunctions(Protocol):
    """The part of Lean's class that the block uses; every arithmetic is an instance.

    Over ℝ they are `Real.exp`, `Real.tanh`, `Real.sqrt` (0 for a negative number) and `Real.pi`.
    """

    def exp(self, a: Array) -> Array: ...

    def tanh(self, a: Array) -> Array: ...

    def sqrt(self, a: Array) -> Array: ...

    @property
    def pi(self) -> Scalar: ...
