"""A deliberate fault: functions of the mirror that do something else for a while, whoever holds them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from operator import attrgetter
from types import FunctionType
from typing import Any

from mirror.core.soundness import Node
from mirror.nodes.context import node_of_vec

Breaks = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault: the Lean definition whose counterpart it breaks, what must catch it, and how it breaks.

    The owner is the full name of the theorem that must refute it or, where no theorem can, a test
    `module::function` that carries the definition's mark. A consistent fault changes a value and its
    derivative alike, which no statement about derivatives sees: its owner is such a test. Each change is
    a target `module:name` below `mirror`, and what makes the faulty function from the right one.
    """

    name: str
    definition: str
    owner: str
    changes: tuple[tuple[str, Breaks], ...]

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Run with the fault in place; undo it afterwards."""
        with ExitStack() as stack:
            for target, breaks in self.changes:
                stack.enter_context(_broken(_function(target), breaks))
            _forget_caches()
            try:
                yield
            finally:
                stack.close()
                _forget_caches()


def fault(name: str, definition: str, owner: str, target: str, breaks: Breaks) -> Fault:
    """A fault of one function."""
    return Fault(name, definition, owner, ((target, breaks),))


def _function(target: str) -> FunctionType:
    module, _, name = target.partition(":")
    return attrgetter(name)(import_module(f"mirror.{module}"))


@contextmanager
def _broken(function: FunctionType, breaks: Breaks) -> Iterator[None]:
    """Exchange the code of the function object itself: it may be held in closures, tables and caches."""
    right = FunctionType(function.__code__, function.__globals__, function.__name__, function.__defaults__)
    right.__kwdefaults__ = function.__kwdefaults__
    hidden = f"_faulty_{function.__name__}"
    function.__globals__[hidden] = breaks(right)
    stand_in: dict[str, Any] = {}
    exec(f"def {hidden}(*args, **kwargs): return {hidden}(*args, **kwargs)", stand_in)
    function.__code__ = stand_in[hidden].__code__
    function.__defaults__ = function.__kwdefaults__ = None
    try:
        yield
    finally:
        function.__code__, function.__defaults__ = right.__code__, right.__defaults__
        function.__kwdefaults__ = right.__kwdefaults__
        del function.__globals__[hidden]


def _forget_caches() -> None:
    # A graph that was built before the fault, or with it, must not outlive the change. What this package keeps is read
    # from files, which takes a second: it holds nothing that a fault could change.
    ours = [
        module
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in ("mirror", "theorems", "tests") and not name.startswith("tests.faults")
    ]
    for module in ours:
        for value in list(vars(module).values()):
            if callable(getattr(value, "cache_clear", None)):
                value.cache_clear()


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
