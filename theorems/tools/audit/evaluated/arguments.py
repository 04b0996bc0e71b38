"""Arguments of a definition while they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from lean_refs.evaluator.machine import Sought
from lean_refs.evaluator.values import LeanType, LeanValue
from theorems.engine.sizes import Sizes
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.names import SHAPE


@dataclass(frozen=True, slots=True)
class DrawnArgument:
    """One argument: its Lean name and bracket, what the mirror takes, what Lean takes, and its evaluated type."""

    name: str
    kind: str
    mirror: Any
    lean: LeanValue
    type: LeanValue


@dataclass
class Drawn:
    """Arguments by position, as far as they are drawn.

    `positive` asks for vectors of positive entries, `smooth` for nodes with a derivative everywhere, `derivatives` for
    f' to be the derivative of f, `far` for what is long, large or tiny.
    """

    draw: st.DrawFn
    fill: Fill
    sizes: Sizes
    arguments: dict[int, DrawnArgument] = field(default_factory=dict)
    positive: bool = False
    smooth: bool = True
    derivatives: bool = False
    far: bool = False

    def environment(self, count: int) -> tuple[tuple[LeanValue, LeanValue], ...]:
        """The first `count` arguments as Lean's text sees them; those not drawn yet are unknown."""
        known = (self.arguments.get(k) for k in range(count))
        return tuple((a.lean, a.type) if a else (Sought(""), Sought("")) for a in known)

    def alike(self, type_: LeanValue) -> list[Any]:
        """The numbers, shapes or contexts that are drawn already, where the type is one of those."""
        if not (isinstance(type_, LeanType) and type_.head in _COPIED):
            return []
        return [a.mirror for a in self.arguments.values() if isinstance(a.type, LeanType) and a.type.head == type_.head]


_COPIED = frozenset(("Nat", SHAPE, "List"))
