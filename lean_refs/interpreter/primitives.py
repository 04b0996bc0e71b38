"""Operations whose Lean text is not evaluated: list positions, appending nodes, carrying extra inputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lean_refs.interpreter.frames import DisagreesError, Frame, OutsideError
from lean_refs.interpreter.types import why_unknown
from lean_refs.interpreter.values import Graph, Index, Node, Record, Shape, Type, Unknown, Value, show
from lean_refs.interpreter.vocabulary import DGRAPH
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration


def checked_index(index: Index, where: str) -> Index:
    """`index`, if its context has the declared shape at its position; `DisagreesError` otherwise."""
    if index.position >= len(index.context):
        raise DisagreesError(
            f"index {index.position} in {where} is outside its context of {len(index.context)} entries"
        )
    found = index.context[index.position]
    if found != index.shape:
        raise DisagreesError(
            f"index {index.position} in {where} is declared {index.shape}, its context has {found} there"
        )
    return index


def appended(graph: Graph, node: Node, where: str) -> Graph:
    """The graph with one more node, which must read the context and the outputs so far."""
    reaches = (*graph.context, *graph.saved)
    if node.context != reaches:
        raise DisagreesError(
            f"node {len(graph.nodes)} in {where} reads the context {show(node.context)}, the graph has {show(reaches)}"
        )
    return Graph(graph.context, (*graph.nodes, node))


def weakened(inner: Frame) -> Value:
    """`DGraph.weakenContext`: the same nodes, with the extra inputs after the old ones."""
    dgraph, extra = inner.value("dg"), inner.value("extra")
    graph = dgraph.field("g") if isinstance(dgraph, Record) else None
    if not isinstance(graph, Graph) or not isinstance(extra, tuple) or not isinstance(dgraph, Record):
        raise OutsideError("weakenContext of a graph or extra inputs that the text does not determine")
    known, shift = len(graph.context), len(extra)
    context = (*graph.context, *extra)
    moved = Graph(context)
    for node in graph.nodes:
        inputs = tuple(at if at < known else at + shift for at in node.inputs)
        moved = Graph(
            context,
            (*moved.nodes, Node(node.kind, inputs, node.parameters, (*context, *moved.saved), node.output)),
        )
    return Record(Type(DGRAPH, (context, graph.saved)), (("g", moved), *(f for f in dgraph.fields if f[0] != "g")))


def arithmetic(values: list[int], operators: list[str]) -> int:
    """Sums of products, `*` before `+`."""
    total, product = 0, values[0]
    for operator, value in zip(operators, values[1:], strict=True):
        if operator == "*":
            product *= value
        else:
            total, product = total + product, value
    return total + product


def positions(value: Value) -> Iterator[int]:
    """The positions that an index, or a record of indices, names, in the order of its fields."""
    if isinstance(value, Index):
        yield value.position
    elif isinstance(value, Record):
        for _, field in value.fields:
            yield from positions(field)


def operation(declaration: LeanDeclaration, inner: Frame, result: Type, takes_input: Callable[[Binder], bool]) -> Node:
    """The node that a node constructor makes of its arguments: inputs in binder order, the rest as text."""
    if len(result.arguments) != 2:
        raise OutsideError(f"{declaration.name} is declared a Node of {len(result.arguments)} arguments, not 2")
    context, output = result.arguments
    if not isinstance(context, tuple) or not isinstance(output, Shape):
        raise OutsideError(
            f"the context or output of {declaration.name}: {why_unknown(context)}, {why_unknown(output)}"
        )
    given = {binder.name for binder in declaration.binders if takes_input(binder)}
    inputs: list[int] = []
    parameters: list[tuple[str, str]] = []
    for binder in declaration.binders:
        value = inner.value(binder.name)
        if binder.kind != EXPLICIT or value is None:
            continue
        if isinstance(value, Unknown):
            raise OutsideError(value.why)
        found = list(positions(value))
        if not found and binder.name in given:
            raise OutsideError(f"the input {binder.name} of {declaration.name} is not interpreted: {show(value)}")
        inputs += found
        if not found:
            parameters.append((binder.name, show(value)))
    return Node(declaration.name, tuple(inputs), tuple(parameters), context, output)


def appended_lists(parts: list[Value]) -> Value:
    """The lists one after the other, or why they are not known."""
    unknown = next((part for part in parts if not isinstance(part, tuple)), None)
    if unknown is None:
        return tuple(shape for part in parts if isinstance(part, tuple) for shape in part)
    return unknown if isinstance(unknown, Unknown) else Unknown(f"{show(unknown)} is not a list of shapes")
