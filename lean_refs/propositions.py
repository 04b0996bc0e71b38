"""Which texts say something rather than build something: two proofs of one proposition are equal, however they read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeAlias

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, INSTANCE, Binder, LeanDeclaration, Member
from lean_refs.reader.terms import Apply, Bind, Chain, Name, Operator, Term
from lean_refs.reader.tokens import Token, nesting, spelled

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
# A conjunct: a relation and digests of its two sides, or the digest of a whole text alone.
Conjunct: TypeAlias = tuple[str, ...]
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


def propositions_in(names: NameTable, owner: LeanDeclaration) -> IsProposition:
    """Whether a name, as it is written in a declaration, is that of a proposition about its arguments."""

    def says(name: str) -> bool:
        resolved = names.resolve_in(name, owner)
        found = names.get(resolved.name, owner.file) if resolved and not resolved.fields else None
        return known(name) if found is None else [token.text for token in found.result] == ["Prop"]

    return says


_HYPOTHESIS = re.compile(r"h(?:$|[A-Z_\d₀-₉ε]|[a-z]{1,3}$)")
_NUMBERS = frozenset(("Nat", "ℕ"))
_COMPARED = {"<": "<", "≤": "≤", "<=": "≤", "=": "=", "≠": "≠", ">": "<", "≥": "≤", ">=": "≤"}
_LOOSER = frozenset(("→", "↔", "∨", "∀", "∃", "¬", "fun", "λ"))


def assumed(binder: Binder, says: IsProposition, digest: Callable[[str], str]) -> tuple[Conjunct, ...]:
    """The conjuncts that a hypothesis assumes; nothing for a binder that is none.

    By the convention of Mathlib and TorchLean one whose name starts with h is one, a certificate too.
    """
    named = binder.kind == EXPLICIT and _HYPOTHESIS.match(binder.name) and spelled(binder.type) not in _NUMBERS
    if binder.kind == INSTANCE or not (named or states(binder.type, says)):
        return ()
    return tuple(_said(part, digest) for part in _conjuncts(binder.type))


def _conjuncts(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    tokens = _bare(tokens)
    at = [i for i, token, depth in _levels(tokens) if depth == 0 and token.text == "∧"]
    if not at or any(depth == 0 and token.text in _LOOSER for _, token, depth in _levels(tokens)):
        return [tokens]
    return [*_conjuncts(tokens[: at[0]]), *_conjuncts(tokens[at[0] + 1 :])]


def _bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without a pair of parentheses around all of them."""
    inside = [depth > 0 or token.text == ")" for _, token, depth in _levels(tokens)][1:]
    while len(tokens) > 1 and tokens[0].text == "(" and all(inside):
        tokens = tokens[1:-1]
        inside = [depth > 0 or token.text == ")" for _, token, depth in _levels(tokens)][1:]
    return tokens


def _levels(tokens: Sequence[Token]) -> Iterator[tuple[int, Token, int]]:
    """Each token with how many brackets are open before it."""
    depth = 0
    for at, token in enumerate(tokens):
        yield at, token, depth
        depth += nesting(token)


def _said(tokens: Sequence[Token], digest: Callable[[str], str]) -> Conjunct:
    top = [(at, token.text) for at, token, depth in _levels(tokens) if depth == 0]
    relations = [(at, text) for at, text in top if text in _COMPARED]
    if len(relations) != 1 or any(text in _LOOSER for _, text in top):
        return (digest(spelled(tuple(tokens))),)
    ((at, relation),) = relations
    sides = [digest(spelled(tuple(_bare(side)))) for side in (tokens[:at], tokens[at + 1 :])]
    return (_COMPARED[relation], *(reversed(sides) if relation in (">", "≥", ">=") else sides))


def proofs_among(members: Iterable[Member], says: IsProposition = known) -> set[str]:
    """The fields of a structure that are proofs, as far as their types tell."""
    return {member.name for member in members if states(member.type, says)}


def proofs_of_mathlib(fields: Collection[str]) -> set[str]:
    """The fields that are proofs in the structures of Mathlib that have them."""
    return {field for field in fields if _PROOFS.get(field) in fields}
