"""A deliberate fault: functions of the mirror that do something else for a while, whoever holds them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from mirror.core.soundness import Node
from mirror.nodes.context import node_of_vec
from tests.faults.exchange import Breaks, exchanged


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the Lean definition whose counterpart it breaks, what must catch it, and how it breaks.

    The owner is the full name of the theorem that must refute it or, where no theorem can, a test
    `module::function` that carries the definition's mark. A consistent fault changes a value and its
    derivative alike, which no statement about derivatives sees: its owner is such a test. So it is where `seldom`
    says why the instances that let a theorem refute the fault are too few to hold the theorem to it. Each change
    is a target `module:name` below `mirror`, and what makes the faulty function from the right one.
    """

    name: str
    definition: str
    owner: str
    changes: tuple[tuple[str, Breaks], ...]
    seldom: str = ""

    def applied(self) -> AbstractContextManager[None]:
        """Run with the fault in place; undo it afterwards."""
        return exchanged(tuple((f"mirror.{target}", breaks) for target, breaks in self.changes))


def fault(name: str, definition: str, owner: str, target: str, breaks: Breaks, seldom: str = "") -> Fault:
    """A fault of one function."""
    return Fault(name, definition, owner, ((target, breaks),), seldom)


def with_maps(node: Node, **maps: Any) -> Node:
    """The same node with some of its vector-level maps (forward, jvp, vjp) replaced."""
    assert node.vec is not None
    vec = replace(node.vec, **maps)
    return node_of_vec(
        node.context,
        node.shape,
        vec.forward,
        vec.jvp,
        vec.vjp,
        kind=node.kind,
        inputs=node.inputs,
        parameters=node.parameters,
    )


def node_fault(**wrong: Callable[[Node], Any]) -> Breaks:
    """A fault of a node constructor: `vjp=lambda node: <wrong vjp>` and the like."""

    def breaks(original: Any) -> Any:
        def faulty(*args: Any, **kwargs: Any) -> Node:
            node = original(*args, **kwargs)
            return with_maps(node, **{name: make(node) for name, make in wrong.items()})

        return faulty

    return breaks
