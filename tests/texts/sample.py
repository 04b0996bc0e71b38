"""The sample: some changes of every definition, drawn with a written seed, none removed by hand."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.vocabulary import STRUCTURES, VOCABULARY
from lean_refs.reader.records import EXPLICIT, LeanDeclaration
from lean_refs.reader.tokens import spelled, tokenize
from tests.texts.operators import Around, Change, changes

SEED = 16
EACH = 2  # changes of each definition, or all where the operators give fewer


@dataclass(frozen=True, slots=True)
class Altered:
    """One change of one declaration; the name says which, without any text of it."""

    declaration: LeanDeclaration
    change: Change

    @property
    def name(self) -> str:
        """The declaration, the operator, what it does, and where."""
        return f"{self.declaration.name} [{self.change.operator}] {self.change.words}"


def fingerprint(text: str) -> str:
    """What tells one version of a text from another."""
    return sha256(text.encode()).hexdigest()[:16]


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
    return Around(proofs, _implicit(declarations), _theorems(declarations), alike)


def _theorems(declarations: Sequence[LeanDeclaration]) -> frozenset[str]:
    """The short names of theorems that are names of nothing else."""
    theorems = {name for name, entry in VOCABULARY.items() if entry.run is None}
    theorems |= {d.name for d in declarations if d.is_theorem}
    others = {name for name, entry in VOCABULARY.items() if entry.run} | {
        d.name for d in declarations if not d.is_theorem
    }
    return frozenset(_short(name) for name in theorems) - {_short(name) for name in others}


def _short(name: str) -> str:
    return name.rpartition(".")[2]


def _implicit(declarations: Sequence[LeanDeclaration]) -> dict[str, frozenset[str]]:
    """For each short name the parameters that no declaration of that name takes as an explicit argument."""
    kinds: dict[str, dict[str, set[str]]] = {}
    for one in declarations:
        for b in one.binders:
            kinds.setdefault(_short(one.name), {}).setdefault(b.name, set()).add(b.kind)
    return {name: frozenset(b for b, kind in of.items() if EXPLICIT not in kind) for name, of in kinds.items()}


def _meaning(declaration: LeanDeclaration) -> str:
    """The body under other names of its arguments: two definitions that are the same stand for each other unnoticed."""
    places = {b.name: f"#{k}" for k, b in enumerate(declaration.binders)}
    return " ".join(places.get(token.text, token.text) for token in tokenize(declaration.body))


def _next_of_each(groups: Iterable[list[str]]) -> dict[str, str]:
    return {name: names[(k + 1) % len(names)] for names in groups if len(names) > 1 for k, name in enumerate(names)}


def sample(declaration: LeanDeclaration, known: Around, seed: int = SEED) -> list[Altered]:
    """Changes of this declaration, by different operators where it can be; it depends on its text alone."""
    chance = random.Random(f"{seed} {declaration.name}")
    left = changes(declaration, known)
    drawn: list[Change] = []
    while left and len(drawn) < EACH:
        fresh = [c for c in left if c.operator not in {d.operator for d in drawn}] or left
        operator = chance.choice(sorted({c.operator for c in fresh}))
        drawn.append(chance.choice([c for c in fresh if c.operator == operator]))
        left.remove(drawn[-1])
    return [Altered(declaration, c) for c in sorted(drawn, key=lambda c: (c.start, c.stop))]
