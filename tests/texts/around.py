"""What the operators need to know of what surrounds a text: other declarations, and what the evaluator knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.vocabulary import STRUCTURES, VOCABULARY
from lean_refs.reader.records import EXPLICIT, LeanDeclaration
from lean_refs.reader.tokens import Token, spelled, tokenize


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a body: the fields of structures that are proofs, and for a name one that can stand for it.

    `theorems` are short names of what proves, `values` of what computes; `implicit` are the implicit parameters of what
    has a short name, which say what Lean infers where they are given by name; `explicit` are what the types of its
    explicit ones are headed by; `idle` are those that no value depends on, by their places: they say a type alone.
    """

    proof_fields: frozenset[str] = frozenset()
    implicit: Mapping[str, frozenset[str]] = field(default_factory=dict)
    theorems: frozenset[str] = frozenset()
    values: frozenset[str] = frozenset()
    alike: Mapping[str, str] = field(default_factory=dict)
    explicit: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    idle: Mapping[str, Mapping[int, str]] = field(default_factory=dict)

    def proves(self, name: str) -> bool:
        """Whether a name is of a proof: of a theorem, a field that is one, or a library's that the evaluator lacks."""
        first, *others = name.split(".")
        if not (self.theorems | self.proof_fields).isdisjoint((first, *others)) or first == "congrArg":
            return True
        return bool(others and self.values) and first[0].isupper() and others[-1] not in self.values


NOTHING = Around()
# What Mathlib's names take, as far as two in each other's place are of different types.
LIBRARY = {
    "fderiv": ("field", "function", "point"),
    "HasFDerivAt": ("function", "map", "point"),
    "HasDerivAt": ("function", "number", "number"),
}
IDLE = {"Fin.castAdd": {0: "m"}}


def around(evaluator: Evaluator, declarations: Sequence[LeanDeclaration]) -> Around:
    """What the operators need to know of other declarations: proofs among fields, and definitions of one type."""
    fields: dict[str, set[bool]] = {}
    by_type: dict[tuple[str, ...], dict[str, str]] = {}
    structures = [*STRUCTURES, *(d.name for d in declarations if d.kind in ("structure", "class"))]
    for structure in filter(None, map(evaluator.library.structure, structures)):
        for f in structure.fields:
            fields.setdefault(f.name, set()).add(f.proof)
    for one in declarations:
        if one.kind in ("def", "abbrev"):
            key = one.file, one.name.rpartition(".")[0], *(spelled(b.type) for b in one.binders), spelled(one.result)
            by_type.setdefault(key, {})[_meaning(one)] = _short(one.name)
    proofs = frozenset(name for name, kinds in fields.items() if kinds == {True})
    alike = _next_of_each(list(d.values()) for d in by_type.values())
    values = _values(declarations)
    return Around(
        proofs, _implicit(declarations), _theorems(declarations) - values, values, alike, _explicit(declarations)
    )


def _values(declarations: Sequence[LeanDeclaration]) -> frozenset[str]:
    """The short names of what computes: definitions, constructors, and what the evaluator has of Lean and Mathlib."""
    names = {name for name, entry in VOCABULARY.items() if entry.run}
    names |= {name for d in declarations if not d.is_theorem for name in (d.name, *(m.name for m in d.members))}
    return frozenset(map(_short, names))


def _theorems(declarations: Sequence[LeanDeclaration]) -> frozenset[str]:
    names = {name for name, entry in VOCABULARY.items() if entry.run is None}
    return frozenset(map(_short, names | {d.name for d in declarations if d.is_theorem}))


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _implicit(declarations: Sequence[LeanDeclaration]) -> dict[str, frozenset[str]]:
    """For each short name the parameters that no declaration of that name takes as an explicit argument."""
    kinds: dict[str, dict[str, set[str]]] = {}
    for one in declarations:
        for b in one.binders:
            kinds.setdefault(_short(one.name), {}).setdefault(b.name, set()).add(b.kind)
    return {name: frozenset(b for b, kind in of.items() if EXPLICIT not in kind) for name, of in kinds.items()}


def _explicit(declarations: Sequence[LeanDeclaration]) -> dict[str, tuple[str, ...]]:
    """For each short name of one meaning what the types of its explicit parameters are headed by."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for one in declarations:
        heads = (_head(b.type) for b in one.binders if b.kind == EXPLICIT)
        found.setdefault(_short(one.name), set()).add(tuple(heads))
    return {**LIBRARY, **{name: next(iter(of)) for name, of in found.items() if len(of) == 1}}


def _head(type_: tuple[Token, ...]) -> str:
    """The name that a type is headed by; of a function or a proposition, its text."""
    words = spelled(type_).split()
    return _short(words[0]) if words and not {"→", "=", "≠", "<", "≤", "∀"} & {*words} else spelled(type_)


def _meaning(declaration: LeanDeclaration) -> str:
    """The body under other names of its arguments: two definitions that are the same stand for each other unnoticed."""
    places = {b.name: f"#{k}" for k, b in enumerate(declaration.binders)}
    return " ".join(places.get(token.text, token.text) for token in tokenize(declaration.body))


def _next_of_each(groups: Iterable[list[str]]) -> dict[str, str]:
    return {name: names[(k + 1) % len(names)] for names in groups if len(names) > 1 for k, name in enumerate(names)}
