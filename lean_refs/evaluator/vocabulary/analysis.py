"""Real functions and derivatives."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from lean_refs.evaluator.arithmetic import maximum, sqrt
from lean_refs.evaluator.deciding import order
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.scalars import RealNumber
from lean_refs.evaluator.values import LeanType, LeanValue, LinearMap
from lean_refs.evaluator.vocabulary.entry import Vocabulary
from lean_refs.evaluator.vocabulary.spaces import coordinates, dot, of_coordinates
from lean_refs.evaluator.world import World

ANALYSIS = Vocabulary()


@ANALYSIS.entry("Real.exp", "(x : ℝ) : ℝ", "eˣ")
def _exp(world: World, x: RealNumber) -> RealNumber:
    return world.scalars.exp(x)


@ANALYSIS.entry("Real.tanh", "(x : ℝ) : ℝ", "the hyperbolic tangent")
def _tanh(world: World, x: RealNumber) -> RealNumber:
    return world.scalars.tanh(x)


@ANALYSIS.entry("Real.sqrt", "(x : ℝ) : ℝ", "√x, and 0 for x < 0")
def _sqrt(world: World, x: RealNumber) -> RealNumber:
    return sqrt(world, x)


@ANALYSIS.entry("Real.pi", ": ℝ", "π")
def _circle(world: World) -> RealNumber:
    return world.scalars.pi()


@ANALYSIS.entry("max", "{α : Type} (a b : α) : α", "the greater of two numbers of ℝ or ℕ")
def _max(world: World, type_: LeanValue, a: LeanValue, b: LeanValue) -> LeanValue:
    if force(type_).head == "Real":
        return maximum(world, a, b)
    return a if order(world, type_, a, b) >= 0 else b


@ANALYSIS.entry("Inhabited.default", "{α : Type} : α", "0, where α is ℝ or ℕ")
def _default(world: World, type_: LeanValue) -> LeanValue:
    match force(type_).head:
        case "Real":
            return world.scalars.of_rational(0, 1)
        case "Nat":
            return 0
    raise NotEvaluatedError(f"Inhabited.default of type {force(type_).head}")


@ANALYSIS.entry(
    "fderiv",
    "(𝕜 : Type) {E F : Type} (f : E → F) (x : E) : E →L[ℝ] F",
    "the derivative of f at x; where f has none, which Lean takes for 0, it is not evaluated",
)
def _fderiv(world: World, _: LeanValue, E: LeanValue, F: LeanValue, f: LeanValue, x: LeanValue) -> LinearMap:
    @cache
    def rows() -> list[list[RealNumber]]:
        def function(numbers: Sequence[RealNumber]) -> list[RealNumber]:
            return coordinates(F, f(of_coordinates(E, list(numbers))))

        return [list(row) for row in world.scalars.derivative(function, coordinates(E, x))]

    def apply(direction: LeanValue) -> LeanValue:
        numbers = coordinates(E, direction)
        return of_coordinates(F, [dot(world, row, numbers) for row in rows()])

    return LinearMap(E, F, apply)


def _predicate(name: str, signature: str, meaning: str) -> None:
    ANALYSIS.entry(name, signature, meaning)(lambda _, *arguments: LeanType(name, arguments))


_predicate(
    "HasFDerivAt",
    "{E F : Type} (f : E → F) (f' : E →L[ℝ] F) (x : E) : Prop",
    "the linear map f' is the derivative of f at x; what it takes is given, whether it holds is not decided here",
)
_predicate(
    "HasDerivAt",
    "{F : Type} (f : ℝ → F) (f' : F) (x : ℝ) : Prop",
    "f' is the derivative of f at the number x; what it takes is given, whether it holds is not decided here",
)
_predicate(
    "DifferentiableAt",
    "(𝕜 : Type) {E F : Type} (f : E → F) (x : E) : Prop",
    "f has a derivative at x; what it takes is given, whether it holds is not decided here",
)
