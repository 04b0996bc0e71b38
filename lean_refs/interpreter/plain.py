"""Interpreted values as JSON data, and where two of them differ."""

from __future__ import annotations

from typing import TypeAlias

from lean_refs.interpreter.values import PROOF, Graph, Index, Node, Record, Shape, Value, show

Plain: TypeAlias = "int | str | list[Plain] | dict[str, Plain]"


def plain(value: Value) -> Plain:
    """A value as numbers, lists and dictionaries: a shape is the list of its dimensions, an index its
    position, shape and context, a graph its input context and its nodes in order."""
    match value:
        case int():
            return value
        case Shape(dims):
            return list(dims)
        case tuple():
            return [plain(shape) for shape in value]
        case Index(position, context, shape):
            return {"index": position, "shape": plain(shape), "context": plain(context)}
        case Node():
            return _node(value) | {"context": plain(value.context)}
        case Graph(context, nodes):
            return {"context": plain(context), "nodes": [_node(node) for node in nodes]}
        case Record(type_, fields):
            return {
                "structure": type_.head,
                **{name: plain(field) for name, field in fields if field != PROOF},
            }
    return show(value)


def _node(node: Node) -> dict[str, Plain]:
    return {
        "kind": node.kind,
        "inputs": list(node.inputs),
        "parameters": dict(node.parameters),
        "output": plain(node.output),
    }


def first_difference(old: Plain, new: Plain, where: str = "") -> str | None:
    """The first place where two plain values differ, as `nodes 3, inputs 1: 18 became 17`, or None."""
    if isinstance(old, dict) and isinstance(new, dict):
        return _in_dictionaries(old, new, where)
    if isinstance(old, list) and isinstance(new, list):
        return _in_lists(old, new, where)
    return None if old == new else f"{where.strip(', ') or 'value'}: {old} became {new}"


def _in_dictionaries(old: dict[str, Plain], new: dict[str, Plain], where: str) -> str | None:
    if old.keys() != new.keys():
        return f"{where.strip(', ') or 'value'}: {sorted(old)} became {sorted(new)}"
    found = (first_difference(old[key], new[key], f"{where}, {key}") for key in old)
    return next((difference for difference in found if difference), None)


def _in_lists(old: list[Plain], new: list[Plain], where: str) -> str | None:
    found = (first_difference(a, b, f"{where} {i}") for i, (a, b) in enumerate(zip(old, new, strict=False)))
    difference = next((difference for difference in found if difference), None)
    if difference is None and len(old) != len(new):
        return f"{where.strip(', ') or 'value'}: {len(old)} entries became {len(new)}"
    return difference
