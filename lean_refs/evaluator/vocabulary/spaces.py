"""Vectors, equivalences, and continuous linear maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import islice

from lean_refs.evaluator.arithmetic import bound_of, dimension, scaled
from lean_refs.evaluator.coercions import entry
from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import (
    Equivalence,
    Fin,
    LeanType,
    LeanValue,
    LinearMap,
    Pair,
    arrow,
    continuous,
)
from lean_refs.evaluator.vocabulary.entry import Vocabulary
from lean_refs.evaluator.world import World

SPACES = Vocabulary()


def tabulated(index: LeanValue, function: Callable[[Fin], LeanValue]) -> tuple[LeanValue, ...]:
    """A function on `Fin n` as a vector."""
    bound = bound_of(index)
    return tuple(force(function(Fin(i, bound))) for i in range(bound))


@SPACES.entry(
    "EuclideanSpace.equiv", "(ι 𝕜 : Type) : EuclideanSpace 𝕜 ι ≃L[ℝ] (ι → 𝕜)", "a vector as the function of its entries"
)
def _equiv(_: World, index: LeanValue, field: LeanValue) -> Equivalence:
    dimension(LeanType("EuclideanSpace", (field, index)))
    return Equivalence(
        LeanType("EuclideanSpace", (field, index)),
        arrow(index, field),
        lambda vector: lambda i: entry(vector, i),
        lambda function: tabulated(index, force(function)),
    )


@SPACES.entry(
    "WithLp.toLp", "{ι 𝕜 : Type} (p : Nat) (f : ι → 𝕜) : EuclideanSpace 𝕜 ι", "the vector of entries f, at p = 2"
)
def _to_lp(_: World, index: LeanValue, __: LeanValue, p: int, f: LeanValue) -> LeanValue:
    if p != 2:
        raise NotEvaluatedError(f"WithLp.toLp {p}")
    return tabulated(index, f)


@SPACES.entry(
    "EuclideanSpace.ofLp", "{ι 𝕜 : Type} (x : EuclideanSpace 𝕜 ι) : ι → 𝕜", "the entries of a vector", "WithLp.ofLp"
)
def _of_lp(_: World, __: LeanValue, ___: LeanValue, x: LeanValue, i: LeanValue) -> LeanValue:
    return entry(x, i)


def _turned(_: World, __: LeanValue, ___: LeanValue, e: Equivalence) -> Equivalence:
    return Equivalence(e.codomain, e.domain, e.invert, e.apply)


SPACES.entry("Equiv.symm", "{α β : Type} (e : α ≃ β) : β ≃ α", "the inverse")(_turned)
SPACES.entry("ContinuousLinearEquiv.symm", "{E F : Type} (e : E ≃L[ℝ] F) : F ≃L[ℝ] E", "the inverse")(_turned)


@SPACES.entry(
    "ContinuousLinearEquiv.toContinuousLinearMap", "{E F : Type} (e : E ≃L[ℝ] F) : E →L[ℝ] F", "the map alone"
)
def _map(_: World, __: LeanValue, ___: LeanValue, e: Equivalence) -> LinearMap:
    return LinearMap(e.domain, e.codomain, e.apply)


@SPACES.entry("ContinuousLinearMap.comp", "{E F G : Type} (g : F →L[ℝ] G) (f : E →L[ℝ] F) : E →L[ℝ] G", "x ↦ g (f x)")
def _comp(_: World, __: LeanValue, ___: LeanValue, ____: LeanValue, g: LinearMap, f: LinearMap) -> LinearMap:
    return LinearMap(f.domain, g.codomain, lambda x: g(f(x)))


@SPACES.entry(
    "ContinuousLinearMap.prod", "{E F G : Type} (f : E →L[ℝ] F) (g : E →L[ℝ] G) : E →L[ℝ] (F × G)", "x ↦ (f x, g x)"
)
def _prod(_: World, E: LeanValue, F: LeanValue, G: LeanValue, f: LinearMap, g: LinearMap) -> LinearMap:
    return LinearMap(E, LeanType("Prod", (F, G)), lambda x: Pair(f(x), g(x)))


@SPACES.entry("ContinuousLinearMap.pi", "{R ι E F : Type} (f : ι → (E →L[ℝ] F)) : E →L[ℝ] (ι → F)", "x ↦ (i ↦ f i x)")
def _pi(_: World, __: LeanValue, index: LeanValue, E: LeanValue, F: LeanValue, f: LeanValue) -> LinearMap:
    return LinearMap(E, arrow(index, F), lambda x: lambda i: force(f(i))(x))


@SPACES.entry("ContinuousLinearMap.proj", "{R ι F : Type} (i : ι) : (ι → F) →L[ℝ] F", "f ↦ f i")
def _proj(_: World, __: LeanValue, index: LeanValue, F: LeanValue, i: LeanValue) -> LinearMap:
    return LinearMap(arrow(index, F), F, lambda f: f(i))


@SPACES.entry(
    "ContinuousLinearMap.smulRight",
    "{R S M₁ M₂ : Type} (c : M₁ →L[ℝ] ℝ) (f : M₂) : M₁ →L[ℝ] M₂",
    "x ↦ (c x) • f",
)
def _smul_right(
    world: World, _: LeanValue, __: LeanValue, M: LeanValue, N: LeanValue, c: LinearMap, f: LeanValue
) -> LinearMap:
    return LinearMap(M, N, lambda x: scaled(world, force(c(x)), N, f))


@SPACES.entry(
    "ContinuousLinearMap.precompR",
    "{E F G : Type} (D : Type) (L : E →L[ℝ] F →L[ℝ] G) : E →L[ℝ] (D →L[ℝ] F) →L[ℝ] (D →L[ℝ] G)",
    "x ↦ f ↦ (d ↦ L x (f d))",
)
def _precomp_r(_: World, E: LeanValue, F: LeanValue, G: LeanValue, D: LeanValue, L: LinearMap) -> LinearMap:
    inner, outer = continuous(D, F), continuous(D, G)

    def apply(x: LeanValue) -> LinearMap:
        return LinearMap(inner, outer, lambda f: LinearMap(D, G, lambda d: L(x)(f(d))))

    return LinearMap(E, continuous(inner, outer), apply)


@SPACES.entry(
    "ContinuousLinearMap.precompL",
    "{E F G : Type} (D : Type) (L : E →L[ℝ] F →L[ℝ] G) : (D →L[ℝ] E) →L[ℝ] F →L[ℝ] (D →L[ℝ] G)",
    "f ↦ y ↦ (d ↦ L (f d) y)",
)
def _precomp_l(_: World, E: LeanValue, F: LeanValue, G: LeanValue, D: LeanValue, L: LinearMap) -> LinearMap:
    inner, outer = continuous(D, E), continuous(D, G)

    def apply(f: LinearMap) -> LinearMap:
        return LinearMap(F, outer, lambda y: LinearMap(D, G, lambda d: L(f(d))(y)))

    return LinearMap(inner, continuous(F, outer), apply)


def coordinates(type_: LeanValue, value: LeanValue) -> list[LeanValue]:
    """The numbers that a value of ℝ, of a vector space, of pairs or of functions on `Fin n` of such is made of."""
    match (known := force(type_)), force(value):
        case LeanType("Real"), number:
            return [number]
        case LeanType("EuclideanSpace"), vector:
            return list(vector)
        case LeanType("Prod", (first, second)), Pair(a, b):
            return coordinates(first, a) + coordinates(second, b)
    raise NotEvaluatedError(f"coordinates of {getattr(known, 'head', 'a function')}")


def of_coordinates(type_: LeanValue, numbers: list[LeanValue]) -> LeanValue:
    """The value of a type that has these numbers, as `coordinates` gives them."""
    return _taken(force(type_), iter(numbers))


def _taken(type_: LeanType, numbers: Iterator[LeanValue]) -> LeanValue:
    if type_.head == "Real":
        return next(numbers)
    if type_.head == "Prod":
        first, second = map(force, type_.arguments)
        return Pair(_taken(first, numbers), _taken(second, numbers))
    return tuple(islice(numbers, dimension(type_)))


def basis(world: World, type_: LeanValue) -> list[LeanValue]:
    """The standard basis of ℝ or of a vector space, as values of it."""
    one, count = world.scalars.of_rational(1, 1), 1 if force(type_).head == "Real" else dimension(type_)
    nought = world.scalars.of_rational(0, 1)
    return [of_coordinates(type_, [one if i == j else nought for i in range(count)]) for j in range(count)]


@SPACES.entry(
    "ContinuousLinearMap.adjoint",
    "{E F : Type} (A : E →L[ℝ] F) : F →L[ℝ] E",
    "the transpose: the one map with ⟨A x, y⟩ = ⟨x, A.adjoint y⟩",
)
def _adjoint(world: World, E: LeanValue, F: LeanValue, A: LinearMap) -> LinearMap:
    for space in (E, F):
        if force(space).head not in ("Real", "EuclideanSpace"):
            raise NotEvaluatedError(f"the adjoint of a map of {force(space).head}, which has no inner product")

    @cache
    def columns() -> list[list[LeanValue]]:
        return [coordinates(F, A(direction)) for direction in basis(world, E)]

    def apply(y: LeanValue) -> LeanValue:
        numbers = coordinates(F, y)
        return of_coordinates(E, [dot(world, column, numbers) for column in columns()])

    return LinearMap(F, E, apply)


def dot(world: World, xs: list[LeanValue], ys: list[LeanValue]) -> LeanValue:
    """Σᵢ xᵢ yᵢ."""
    if len(xs) != len(ys):
        raise ContractError(f"an inner product of {len(xs)} and of {len(ys)} numbers")
    total = world.scalars.of_rational(0, 1)
    for x, y in zip(xs, ys, strict=True):
        total = total + x * y
    return total


@SPACES.entry("inner", "(𝕜 : Type) {E : Type} (x y : E) : 𝕜", "the inner product of ℝ or of vectors: Σᵢ xᵢ yᵢ")
def _inner(world: World, _: LeanValue, E: LeanValue, x: LeanValue, y: LeanValue) -> LeanValue:
    if force(E).head not in ("Real", "EuclideanSpace"):
        raise NotEvaluatedError(f"inner at type {force(E).head}")
    return dot(world, coordinates(E, x), coordinates(E, y))


@SPACES.entry(
    "IsBoundedBilinearMap", "(𝕜 : Type) {E F G : Type} (f : E × F → G) : Prop", "f is bilinear and bounded; not decided"
)
def _bilinear(_: World, *arguments: LeanValue) -> LeanType:
    return LeanType("IsBoundedBilinearMap", arguments)


@SPACES.entry(
    "IsBoundedBilinearMap.toContinuousLinearMap",
    "{E F G : Type} {f : E × F → G} (h : IsBoundedBilinearMap ℝ f) : E →L[ℝ] F →L[ℝ] G",
    "x ↦ y ↦ f (x, y)",
)
def _curried(_: World, E: LeanValue, F: LeanValue, G: LeanValue, f: LeanValue, __: LeanValue) -> LinearMap:
    function = force(f)
    return LinearMap(E, continuous(F, G), lambda x: LinearMap(F, G, lambda y: function(Pair(x, y))))
