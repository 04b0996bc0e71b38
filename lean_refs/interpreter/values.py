"""What the interpreter computes: shapes, contexts, indices, nodes and graphs as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Shape:
    """A tensor shape: its dimensions, outermost first; the scalar has none."""

    dims: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """The number of scalars in it."""
        product = 1
        for dim in self.dims:
            product *= dim
        return product

    def __str__(self) -> str:
        return "[" + ",".join(map(str, self.dims)) + "]"


UNDETERMINED = "‹undetermined›"
"""Stands in a text for a value that is not determined: a text that holds it can be compared with nothing."""

Context: TypeAlias = tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """A position in a context, and the shape that Lean says is there."""

    position: int
    context: Context
    shape: Shape


@dataclass(frozen=True, slots=True)
class Node:
    """One operation of a graph.

    `kind` is the full name of the Lean node constructor, `inputs` are positions in `context`, `parameters`
    are (Lean argument name, normalised text) of what it is given besides.
    """

    kind: str
    inputs: tuple[int, ...]
    parameters: tuple[tuple[str, str], ...]
    context: Context
    output: Shape


@dataclass(frozen=True, slots=True)
class Graph:
    """An SSA graph: the input context and the nodes, whose outputs are appended to the context in order."""

    context: Context
    nodes: tuple[Node, ...] = ()

    @property
    def saved(self) -> Context:
        """The shapes that the nodes append."""
        return tuple(node.output for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Type:
    """A type that the interpreter knows: head (full name where declared in the reading) and evaluated
    arguments.
    """

    head: str
    arguments: tuple[Value, ...] = ()

    def __str__(self) -> str:
        return " ".join((self.head, *(f"({show(argument)})" for argument in self.arguments)))


@dataclass(frozen=True, slots=True)
class Record:
    """A value of a Lean structure: its type and its fields in the order of the declaration."""

    type: Type
    fields: tuple[tuple[str, Value], ...]

    def field(self, name: str) -> Value | None:
        """The value of one field, or None."""
        return dict(self.fields).get(name)


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something the interpreter carries along without looking into it: normalised text, and its type if
    known.
    """

    text: str
    type: Value | None = None


PROOF = Symbol("·")
"""Stands for every proof: two proofs of one proposition are equal, however they read."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the text has not determined (yet), and why."""

    why: str = "not determined"


Value: TypeAlias = int | Shape | tuple[Shape, ...] | Index | Node | Graph | Type | Record | Symbol | Unknown


def show(value: Value) -> str:
    """A value in one line, for messages and for the parameters of nodes."""
    if isinstance(value, tuple):
        return "[" + ", ".join(map(str, value)) + "]"
    if isinstance(value, Symbol):
        return value.text
    if isinstance(value, Index):
        return f"index {value.position}"
    if isinstance(value, Graph):
        return f"graph of {len(value.nodes)} nodes"
    return UNDETERMINED if isinstance(value, Unknown) else str(value)


def in_parentheses(text: str) -> str:
    """`text`, in parentheses if it is more than one word: as an argument it stays one argument."""
    return f"({text})" if " " in text else text
