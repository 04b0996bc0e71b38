"""The sample: some changes of every definition, drawn with a written seed, none removed by hand."""

from __future__ import annotations

import random
from dataclasses import dataclass
from hashlib import sha256

from lean_refs.reader.records import LeanDeclaration
from tests.texts.around import Around
from tests.texts.operators import Change, changes

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
