"""The sample: some changes of every declaration, drawn with a written seed, none removed by hand."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from lean_refs.reader.records import LeanDeclaration
from tests.texts.operators import Change

SEED = 16
# Changes of each definition and of each statement, or all where the operators give fewer.
EACH, EACH_STATEMENT = 2, 3


@dataclass(frozen=True, slots=True)
class Altered:
    """One change of one declaration; the name says which, without any text of it."""

    declaration: LeanDeclaration
    change: Change

    @property
    def name(self) -> str:
        """The declaration, the operator, what it does, and where."""
        return f"{self.declaration.name} [{self.change.operator}] {self.change.words}"


def sample(declaration: LeanDeclaration, changes: Sequence[Change], seed: int = SEED) -> list[Altered]:
    """Some of its changes, by different operators where it can be; they depend on the seed, its name and its text."""
    chance = random.Random(f"{seed} {declaration.name}")
    left, count = list(changes), EACH_STATEMENT if declaration.is_theorem else EACH
    drawn: list[Change] = []
    while left and len(drawn) < count:
        fresh = [c for c in left if c.operator not in {d.operator for d in drawn}] or left
        operator = chance.choice(sorted({c.operator for c in fresh}))
        drawn.append(chance.choice([c for c in fresh if c.operator == operator]))
        left.remove(drawn[-1])
    return [Altered(declaration, c) for c in sorted(drawn, key=lambda c: (c.start, c.stop))]
