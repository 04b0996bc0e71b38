"""Which entry of a graph is its output, what has no index of its own, where a seed stands, and what the nodes are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lean_refs.ledger.derivatives import derivatives
from lean_refs.ledger.entries import all_entries, entry_names, graph_in, graph_of
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.naming import below
from lean_refs.ledger.text import LedgerText, arguments, is_map, listed, mentioned, short
from lean_refs.reader.records import LeanDeclaration

# So many nodes in a row are no chance.
_FEW = 2


def outputs(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each graph that a pinned theorem differentiates."""
    for declaration in text.theorems:
        for found in derivatives(declaration, text):
            name = graph_in(found.map, declaration, text)
            graph = graph_of(name, text) if name else None
            context = _context(declaration, graph, text) if graph else ""
            if name and graph and context and graph["nodes"]:
                yield _output(declaration, name, context, graph, text)
                yield _nodes(declaration, name, graph, text)
                yield from _seeds(declaration, graph, text)
                yield from _runs(declaration, name, graph, text)


def _context(declaration: LeanDeclaration, graph: Mapping[str, Any], text: LedgerText) -> str:
    """The definition of the context of the graph, among those that the statement names."""
    tokens = [*declaration.result, *(t for b in arguments(declaration) for t in b.type)]
    named = text.context(tokens, declaration)
    return next((name for name in named if len(text.value(name)) == len(graph["context"])), "")


def _output(
    declaration: LeanDeclaration, name: str, context: str, graph: Mapping[str, Any], text: LedgerText
) -> LedgerLine:
    named = entry_names(context, text, graph)
    last = len(named) - 1
    what = f"is {short(named[last])}" if named[last] else "has no index definition"
    says = (
        f"{short(name)} gives all {len(named)} entries, {len(graph['context'])} inputs and "
        f"{len(graph['nodes'])} saved; the output of its last node, entry {last}, {what}; {_lacking(named[:last])}"
    )
    return text.line(
        LedgerKind.OUTPUT, declaration, says, "the graph and the index definitions, interpreted", short(name)
    )


def _lacking(named: Sequence[str]) -> str:
    """Which of some entries no definition points to."""
    lacking = [str(i) for i, idx in enumerate(named) if not idx]
    if not lacking:
        return "every other entry has one"
    return f"of the others {listed(lacking)} {'has' if len(lacking) == 1 else 'have'} none"


def _nodes(declaration: LeanDeclaration, name: str, graph: Mapping[str, Any], text: LedgerText) -> LedgerLine:
    inputs = len(graph["context"])
    said = [
        f"{inputs + i} {short(node['kind'])}({', '.join(map(str, node['inputs']))}{_given(node['parameters'])})"
        for i, node in enumerate(graph["nodes"])
    ]
    says = f"{short(name)} has {len(said)} {'node' if len(said) == 1 else 'nodes'}: {', '.join(said)}"
    return text.line(
        LedgerKind.GRAPH, declaration, says, "the graph, interpreted; each node with the entries it reads", short(name)
    )


def _given(parameters: Mapping[str, Any]) -> str:
    plain = [f"{key} := {value}" for key, value in parameters.items() if isinstance(value, str) and len(value) < 12]
    return f"; {', '.join(plain)}" if plain else ""


def _seeds(declaration: LeanDeclaration, graph: Mapping[str, Any], text: LedgerText) -> Iterator[LedgerLine]:
    """An argument over all entries of the graph is what is pulled back."""
    for binder in arguments(declaration):
        contexts = text.context(binder.type, declaration)
        number = text.number(binder.type, declaration)
        if (
            not is_map(binder)
            and len(contexts) > 1
            and number == len(all_entries(graph))
            and mentioned(declaration.result, [binder.name])
        ):
            says = (
                f"{binder.name} is a cotangent of all {number} entries, {text.over(binder.type, declaration)}: "
                "a loss of the output alone is one case of it"
            )
            yield text.line(LedgerKind.SEED, declaration, says, f"the type of {binder.name}", binder.name)


def _runs(declaration: LeanDeclaration, name: str, graph: Mapping[str, Any], text: LedgerText) -> Iterator[LedgerLine]:
    """Pinned graphs of which nodes of the same kinds stand in this one in a row, though it is not made of them."""
    kinds = [node["kind"] for node in graph["nodes"]]
    for other in (d.name for d in text.pinned if d.name != name):
        found = graph_of(other, text)
        run = [node["kind"] for node in found["nodes"]] if found else []
        starts = [at for at in range(len(kinds)) if kinds[at : at + len(run)] == run]
        if len(run) > _FEW and starts and other not in below(name, text) and name not in below(other, text):
            at = len(graph["context"]) + starts[0]
            says = (
                f"entries {at} to {at + len(run) - 1} of {short(name)} are nodes of the kinds of {text.called(other)}, "
                "which it is not made of"
            )
            yield text.line(LedgerKind.SAME_RUN, declaration, says, "both graphs, interpreted", short(other))
