"""Formulas and lists that prose writes, against what the text evaluates to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lean_refs.ledger.entries import depends_on, entry_names, graph_of
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import LedgerText, arguments, arrow_of, listed, short
from lean_refs.reader.records import LeanDeclaration

# `x + f(x)`: one variable inside a function and beside it.
_SUM = re.compile(r"\b(?P<variable>\w+) \+ (?P<function>\w+)\((?P=variable)\)")
# `[Q, Kᵀ, V]`: what a context holds, entry by entry.
_LIST = re.compile(r"`\[([^\[\]`]+)\]`")


def sums(text: LedgerText) -> Iterator[LedgerLine]:
    """Where the docstring of an index writes `x + f(x)`: whether its node adds one input to a function of that one."""
    graphs = {d.name: graph for d in text.of_module if (graph := graph_of(d.name, text))}
    for declaration in text.of_module:
        value = text.value(declaration.name)
        written = _SUM.search(declaration.docstring or "")
        if written and isinstance(value, dict) and "index" in value:
            yield from _sum(declaration, written, value, graphs, text)


def _sum(
    declaration: LeanDeclaration,
    written: re.Match[str],
    value: Mapping[str, Any],
    graphs: Mapping[str, Mapping[str, Any]],
    text: LedgerText,
) -> Iterator[LedgerLine]:
    for name, graph in graphs.items():
        node = _node_at(value["index"], graph)
        if node is None or len(node["inputs"]) != 2:
            continue
        first, second = (depends_on(graph, at) for at in node["inputs"])
        met = first & second
        how = f"{_numbers(met)} in both" if met else "no input is in both, so they are no x and f(x) of one x"
        says = (
            f"the docstring writes {written.group()}; entry {value['index']} of {short(name)} is the "
            f"{short(node['kind'])} of what depends on {_numbers(first)} and of what depends on "
            f"{_numbers(second)}: {how}"
        )
        yield text.line(LedgerKind.RESIDUAL, declaration, says, f"{short(name)}, interpreted", written.group())
        return


def _node_at(entry: int, graph: Mapping[str, Any]) -> Mapping[str, Any] | None:
    at = entry - len(graph["context"])
    return graph["nodes"][at] if 0 <= at < len(graph["nodes"]) else None


def _numbers(entries: set[int]) -> str:
    found = [str(entry) for entry in sorted(entries)]
    return f"input {found[0]}" if len(found) == 1 else f"inputs {listed(found)}" if found else "no input"


def lists(text: LedgerText) -> Iterator[LedgerLine]:
    """Where prose lists the entries of a context: whether the context that it is about has as many."""
    for declaration in text.pinned:
        for written in _LIST.findall(declaration.docstring or ""):
            yield from _listed(declaration, written, "the docstring", text)
    following = list(text.of_module)
    for prose in text.module_prose:
        for after in [d for d in following if d.line > prose.line and text.context_of(d.name)][:1]:
            for written in _LIST.findall(prose.text.replace("\n", " ")):
                yield from _listed(after, written, "the section before it", text)


def _listed(declaration: LeanDeclaration, written: str, where: str, text: LedgerText) -> Iterator[LedgerLine]:
    items = [item.strip() for item in written.split(",")]
    contexts = [declaration.name] if text.context_of(declaration.name) else _made_by_maps(declaration, text)
    if not contexts:
        return
    context = max(contexts, key=lambda found: _alike(items, found, text))
    number = len(text.value(context))
    agrees = "as many as" if number == len(items) else f"not the {number} of"
    names = [short(name) for name in entry_names(context, text)]
    named = f" ({', '.join(name for name in names if name)})" if any(names) else ""
    elsewhere = _elsewhere(items, [name.lower() for name in names])
    order = f"; not in this order: {listed(elsewhere)}" if elsewhere else ""
    says = f"{where} has {len(items)} entries, {', '.join(items)}: {agrees} {short(context)}{named}{order}"
    yield text.line(LedgerKind.LISTED, declaration, says, f"{short(context)}, interpreted", f"{where}: {written}")


def _alike(items: Sequence[str], context: str, text: LedgerText) -> int:
    """How many of the listed items are called like the index of their entry."""
    named = [short(name).lower() for name in entry_names(context, text)]
    return sum(_stem(item) in name for item, name in zip(items, named, strict=False))


def _elsewhere(items: Sequence[str], named: Sequence[str]) -> list[str]:
    """The items that are called like another entry than the one at their place."""
    placed = zip(items, named, strict=False)
    return [item for item, own in placed if _stem(item) not in own and any(_stem(item) in name for name in named)]


def _stem(item: str) -> str:
    """The first word of a listed item in small letters: `gamma` of gamma₁."""
    found = re.match(r"[^\W\d_₀-₉]+", item)
    return found.group().lower() if found else item


def _made_by_maps(declaration: LeanDeclaration, text: LedgerText) -> Sequence[str]:
    """The contexts that the maps of a theorem give."""
    given = (b.type[at:] for b in arguments(declaration) if (at := arrow_of(b)) is not None)
    return [name for tokens in given for name in text.context(tokens, declaration)]
