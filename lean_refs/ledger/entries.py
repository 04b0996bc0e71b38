"""Entries of a context and nodes of a graph, as the text of definitions evaluates to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lean_refs.ledger.text import LedgerText, listed, short
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import Token, tokenize

Nodes = Sequence[Mapping[str, Any]]


def graph_of(name: str, text: LedgerText) -> Mapping[str, Any] | None:
    """The graph that a definition evaluates to, or that is in the structure that it evaluates to."""
    value = text.value(name)
    value = value.get("g", value) if isinstance(value, dict) else None
    return value if isinstance(value, dict) and "nodes" in value else None


def graph_in(tokens: Sequence[Token], inside: LeanDeclaration, text: LedgerText) -> str | None:
    """The first graph that some tokens name."""
    return next((name for name in text.resolved(tokens, inside) if graph_of(name, text)), None)


def all_entries(graph: Mapping[str, Any]) -> list[Any]:
    """The shapes of the inputs of a graph and of all that it saves."""
    return [*graph["context"], *(node["output"] for node in graph["nodes"])]


def entry_names(context: str, text: LedgerText, graph: Mapping[str, Any] | None = None) -> list[str]:
    """For each entry of a context, and of what the graph saves after it, the definition of its index, or ''.

    An index into a context that this one begins with counts; of several definitions the first does.
    """
    shapes = all_entries(graph) if graph else text.value(context)
    found: dict[int, str] = {}
    for declaration in text.pinned[::-1]:
        value = text.value(declaration.name)
        if isinstance(value, dict) and "index" in value and _points_into(declaration, value, context, shapes, text):
            found[value["index"]] = declaration.name
    return [found.get(i, "") for i in range(len(shapes))]


def _points_into(
    declaration: LeanDeclaration, value: Mapping[str, Any], context: str, shapes: Sequence[Any], text: LedgerText
) -> bool:
    base = next(iter(text.context(declaration.result, declaration)), None)
    if base is None or base not in _begins_with(context, text):
        return False
    if value["index"] < len(text.value(base)):
        return True
    into = value["context"]
    # Saved entries belong to one graph: to this context itself, or to another name of the whole of it.
    return len(text.value(base)) == len(text.value(context)) and into == shapes[: len(into)]


def _begins_with(context: str, text: LedgerText) -> list[str]:
    """A context, the one that its definition begins with, and so on."""
    declaration = text.names.get(context)
    first = text.context(list(tokenize(declaration.body))[:1], declaration) if declaration else []
    return [context, *(found for name in first for found in _begins_with(name, text))]


def readers(graph: Mapping[str, Any], entry: int) -> str:
    """The nodes that read an entry, by kind and place."""
    found = [f"node {i}, {short(node['kind'])}" for i, node in enumerate(graph["nodes"]) if entry in node["inputs"]]
    return listed(found) if found else "no node"


def depends_on(graph: Mapping[str, Any], entry: int) -> set[int]:
    """The inputs of a graph that an entry is computed from; an input depends on itself."""
    inputs = len(graph["context"])
    if entry < inputs:
        return {entry}
    return {found for at in graph["nodes"][entry - inputs]["inputs"] for found in depends_on(graph, at)}
