"""Which texts say something rather than build something: two proofs of one proposition are equal, however they read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from lean_refs.reader.records import Member
from lean_refs.reader.terms import Apply, Bind, Chain, Name, Operator, Term
from lean_refs.reader.tokens import Token, nesting

_RELATIONS = frozenset(["=", "≠", "<", ">", "≤", "≥", "<=", ">=", "↔", "∈", "∉", "∧", "∨", "¬", "⊆", "∣"])
_DATA_BINDERS = frozenset(("fun", "λ", "{"))
_ARROWS = frozenset(("→", ",", "∀"))
# What Lean and Mathlib call a proposition by a name of its own.
_PREDICATES = frozenset(
    [
        *("True", "False", "Nonempty", "Tendsto", "Filter.Tendsto"),
        *("Function.Injective", "Function.Surjective", "Function.Bijective"),
        *("Continuous", "ContinuousAt", "ContinuousOn", "ContDiff", "ContDiffAt", "Differentiable", "DifferentiableAt"),
        *("HasDerivAt", "HasFDerivAt", "HasFDerivWithinAt", "HasStrictDerivAt", "HasStrictFDerivAt"),
    ]
)
# Proofs among the fields of Mathlib's structures, each with a field that stands beside it there.
_PROOFS = {
    **dict.fromkeys(("map_add'", "map_smul'", "map_zero'", "map_one'", "map_mul'"), "toFun"),
    **dict.fromkeys(("left_inv", "right_inv"), "invFun"),
    **dict.fromkeys(("isLt", "property"), "val"),
    "cont": "toLinearMap",
}
IsProposition = Callable[[str], bool]


def states(type_: Iterable[Token], says: IsProposition = _PREDICATES.__contains__) -> bool:
    """Whether a type is, by its own text, a proposition: after its `∀`s it says `=`, `<`, `↔`… of something.

    Or it begins there with a name that is one: Mathlib's, and what `says` knows.
    """
    depth, starts, found = 0, True, False
    for token in type_:
        if depth == 0 and token.text in _DATA_BINDERS:
            return found
        if depth == 0 and (token.text in _RELATIONS or (starts and says(token.text))):
            found = True
        depth += nesting(token)
        starts = depth == 0 and token.text in _ARROWS
        # What an arrow leads from does not say what it leads to.
        found = found and token.text != "→"
    return found


def claims(term: Term, says: IsProposition) -> bool:
    """The same of a term."""
    match term:
        case Bind("∃" | "∃!" | "∀ᶠ" | "∃ᶠ" | "∀ᵐ"):
            return True
        case Bind("∀", _, body):
            return claims(body, says)
        case Chain(items):
            arrows = [at for at, item in enumerate(items) if item == Operator("→")]
            last = items[arrows[-1] + 1 :] if arrows else items
            related = any(isinstance(item, Operator) and item.text in _RELATIONS for item in last)
            return related or (len(last) == 1 and claims(last[0], says))
        case Name(text) | Apply(Name(text), _):
            return says(text)
    return False


def known(name: str) -> bool:
    """Whether Mathlib's name is that of a proposition about its arguments."""
    return name in _PREDICATES


def proofs_among(members: Iterable[Member], says: IsProposition = known) -> set[str]:
    """The fields of a structure that are proofs, as far as their types tell."""
    return {member.name for member in members if states(member.type, says)}


def proofs_of_mathlib(fields: Collection[str]) -> set[str]:
    """The fields that are proofs in the structures of Mathlib that have them."""
    return {field for field in fields if _PROOFS.get(field) in fields}
