"""Types and structures of Lean and Mathlib."""

from __future__ import annotations

from lean_refs.evaluator.errors import ContractError, NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import NAT, REAL, UNIT, Fin, LeanType, LeanValue, LinearMap, Pair
from lean_refs.evaluator.vocabulary.entry import BuiltIn, Vocabulary
from lean_refs.evaluator.world import World

TYPES = Vocabulary()


def _former(name: str, signature: str, meaning: str) -> None:
    TYPES.entry(name, signature, meaning)(lambda _, *arguments: LeanType(name, arguments))


TYPES.entry("Nat", ": Type", "ℕ, the natural numbers")(lambda _: NAT)
TYPES.entry("Real", ": Type", "ℝ, the real numbers, by the scalars that are injected")(lambda _: REAL)
_former("Type", ": Type", "the types, of whatever universe")
_former("Prop", ": Type", "the propositions")
_former("Sort", ": Type", "the types and propositions")
_former("Fin", "(n : Nat) : Type", "the natural numbers below n")
_former("List", "(α : Type) : Type", "the lists")
_former("Prod", "(α β : Type) : Type", "the pairs; also α × β")
_former("PUnit", ": Type", "the type of one value")
_former("EuclideanSpace", "(𝕜 ι : Type) : Type", "the vectors with entries of 𝕜, here ℝ, over ι, here Fin n")
_former("True", ": Prop", "the proposition that holds")
_former("False", ": Prop", "the proposition that does not")


@TYPES.entry("PUnit.unit", ": PUnit", "the one value of PUnit")
def _unit(_: World) -> LeanValue:
    return UNIT


def _fin(type_: LeanType, fields: dict[str, LeanValue]) -> LeanValue:
    value, bound = force(fields["val"]), force(type_.arguments[0])
    if value >= bound:
        raise NotEvaluatedError(f"⟨{value}, _⟩ of type Fin {bound}")
    return Fin(value, bound)


def _pair(_: LeanType, fields: dict[str, LeanValue]) -> LeanValue:
    return Pair(fields["fst"], fields["snd"])


def _read_pair(value: LeanValue, name: str) -> LeanValue:
    return force(value.first if name == "fst" else value.second)


def _linear(type_: LeanType, fields: dict[str, LeanValue]) -> LeanValue:
    domain, codomain = type_.arguments
    if "toFun" in fields:
        return LinearMap(domain, codomain, fields["toFun"])
    made = force(fields["toLinearMap"])
    if made.__class__ is not LinearMap:
        raise ContractError("a continuous linear map of what is no linear map")
    return LinearMap(domain, codomain, made.apply)


def _read_linear(value: LeanValue, name: str) -> LeanValue:
    return value.apply if name == "toFun" else value


STRUCTURES = {
    structure.name: structure
    for structure in (
        BuiltIn(
            "Fin",
            "{n : Nat}",
            "(val : Nat) (isLt : val < n)",
            "⟨val, isLt⟩",
            "an index by its number",
            _fin,
            lambda value, _: value.value,
        ),
        BuiltIn("Prod", "{α β : Type}", "(fst : α) (snd : β)", "⟨fst, snd⟩", "a pair", _pair, _read_pair),
        BuiltIn(
            "LinearMap",
            "{M N : Type}",
            "(toFun : M → N) (map_add' : ∀ x y : M, toFun (x + y) = toFun x + toFun y)"
            " (map_smul' : ∀ (r : ℝ) (x : M), toFun (r • x) = r • toFun x)",
            "{ toFun, map_add', map_smul' }",
            "the map of a function; that it is linear is taken from Lean",
            _linear,
            _read_linear,
        ),
        # Between these spaces every linear map is continuous.
        BuiltIn(
            "ContinuousLinearMap",
            "{M N : Type}",
            "(toLinearMap : M →ₗ[ℝ] N) (cont : True)",
            "{ toLinearMap, cont }",
            "the map itself; that it is continuous is taken from Lean",
            _linear,
            _read_linear,
        ),
    )
}
"""The structures whose values are no records; of a field that is a proof, it only counts that it is one."""
