"""What the mirror builds, as plain data in the reader's schema."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from lean_refs import load_pin
from lean_refs.interpreter.plain import Plain
from mirror.core.soundness import Graph, Idx, Node
from mirror.rooms import links, node_kinds
from mirror.spec.core.shape import Shape
from theorems.tools.audit.definitions.markers import Markers


@cache
def lean_names() -> Mapping[tuple[str, str], str]:
    """The declarations that are mirrored, by module and name of the counterpart."""
    return {(link.module, link.qualname): name for name, link in links().items()}


def lean_name(target: type | Callable[..., Any]) -> str | None:
    """The declaration that a class or a function mirrors, if any."""
    return lean_names().get((target.__module__, target.__qualname__))


@cache
def lean_kind(kind: str) -> str:
    """The full Lean name of the constructor of a kind of node; a kind without a record keeps its name."""
    known = node_kinds().get(kind)
    return (known and lean_name(known.constructor)) or kind


def plain_of(value: Any, markers: Markers) -> Plain:
    """A value of the mirror as numbers, lists and dictionaries; raises `TypeError` for what is no such data."""
    match value:
        case int():
            return value
        case Shape():
            return list(value)
        case tuple():
            return [plain_of(shape, markers) for shape in value]
        case Idx(context, i, shape):
            return {"index": i, "shape": plain_of(shape, markers), "context": plain_of(context, markers)}
        case Node():
            return _node(value, markers) | {"context": plain_of(value.context, markers)}
        case Graph(context, nodes):
            return {"context": plain_of(context, markers), "nodes": [_node(node, markers) for node in nodes]}
    return _structure(value, markers)


def _node(node: Node, markers: Markers) -> dict[str, Any]:
    kind = lean_kind(node.kind)
    return {
        "kind": kind,
        "inputs": [idx.i for idx in node.inputs],
        "parameters": {
            name: value if callable(value) and not hasattr(value, "apply") else markers.name_of(value)
            for name, value in node.parameters.items()
            if name in _explicit(kind)
        },
        "output": plain_of(node.shape, markers),
    }


@cache
def _explicit(kind: str) -> frozenset[str]:
    """What Lean's constructor is given by whoever writes the node: the mirror keeps derived data besides."""
    declaration = load_pin().declarations.get(kind)
    return frozenset(n for n, how in declaration.binders if how == "explicit") if declaration else frozenset()


def _structure(value: Any, markers: Markers) -> Plain:
    """A record: the fields that are indices or graphs (a certificate is no data that Lean's text shows)."""
    name = lean_name(type(value))
    if name is None:
        raise TypeError(f"{type(value).__name__} is not data that the reader's schema has")
    parts = {f.name: getattr(value, f.name) for f in fields(value)}
    data = {k: plain_of(part, markers) for k, part in parts.items() if isinstance(part, Idx | Graph)}
    return {"structure": name, **data}
