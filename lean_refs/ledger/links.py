"""What no theorem links: declarations that nothing uses, advice that nothing follows, levels, specifications."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from lean_refs.ledger.derivatives import derivatives
from lean_refs.ledger.entries import graph_in, graph_of
from lean_refs.ledger.layout import imported
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.naming import below, in_words
from lean_refs.ledger.text import LedgerText, hypotheses, listed, short
from lean_refs.ledger.uses import Uses
from lean_refs.reader.records import LeanDeclaration
from lean_refs.references import references

_BACKTICKS = re.compile(r"`([^`\s]+)`")
_SPECIFICATION = "NN/Spec/"
_OPERATIONS = "/Ops/"


def unused(text: LedgerText) -> Iterator[LedgerLine]:
    """The declarations of the module, and the pinned theorems about derivatives, that nothing in the tree uses."""
    asked = [d for d in text.pinned if d.file == text.module or (d.is_theorem and derivatives(d, text))]
    uses = Uses(text.tree, text.names, [d.name for d in asked])
    for declaration in asked:
        if not uses.of(declaration.name):
            met = ": nothing meets its hypotheses" if declaration.is_theorem and hypotheses(declaration) else ""
            says = f"nothing in the tree uses this {declaration.kind}{met}"
            basis = "statements, bodies and proofs in the files that can see it"
            yield text.line(LedgerKind.UNUSED, declaration, says, basis)


def imports(text: LedgerText) -> Iterator[LedgerLine]:
    """What the module imports and names nothing of."""
    module = list(text.of_module)
    named = {name for d in module for part in references(d, text.names) for name in part}
    homes = {found.file for name in named if (found := text.names.get(name))}
    file = text.tree.files.get(text.module)
    direct = [f"{imported.replace('.', '/')}.lean" for imported in file.imports] if file else []
    idle = [path for path in direct if path in text.tree.files and path not in homes]
    if idle and module:
        says = f"it imports {listed(idle)} and names nothing declared there"
        yield text.line(LedgerKind.IMPORT, module[0], says, "imports, and the names in its declarations")


def semantics(text: LedgerText) -> Iterator[LedgerLine]:
    """Two pinned definitions of one thing, on tensors and on flat vectors, of which no theorem names both."""
    pairs = [
        (one, other)
        for name in text.made
        for one, other in [(name.removesuffix("Ctx").removesuffix("Vec"), name)]
        for one in (one, f"{one}Ctx")
        if one != other and other.endswith("Vec") and one in text.made
    ]
    uses = Uses(text.tree, text.names, {name for pair in pairs for name in pair}, statements_only=True)
    for one, other in pairs:
        joined = {d.name for d in uses.theorems(one)} & {d.name for d in uses.theorems(other)}
        declaration = text.names.get(other)
        if declaration and not declaration.is_theorem and not joined:
            says = f"no theorem names both {text.called(one)} and {text.called(other)}: nothing says that they agree"
            yield text.line(LedgerKind.SEMANTICS, declaration, says, "statements", short(one))


def advised(text: LedgerText) -> Iterator[LedgerLine]:
    """Where the docstring of a module's declaration names a theorem that its statement and proof do not."""
    found = [(d, other) for d in text.of_module for other in _advised(d, text)]
    uses = Uses(text.tree, text.names, {name for d, other in found for name in (d.name, other.name)})
    for declaration, other in found:
        both = {d.name for d in uses.of(declaration.name)} & {d.name for d in uses.of(other.name)}
        if declaration.name not in {d.name for d in uses.of(other.name)}:
            used = f"{listed(sorted(map(short, both)))} uses both" if both else "no declaration of the tree uses both"
            says = f"the docstring sends its reader to {short(other.name)}; {used}"
            basis = "names in backticks, and what the tree uses"
            yield text.line(LedgerKind.ADVISED, declaration, says, basis, short(other.name))


def _advised(declaration: LeanDeclaration, text: LedgerText) -> Iterator[LeanDeclaration]:
    for written in dict.fromkeys(_BACKTICKS.findall(declaration.docstring or "")):
        found = text.names.resolve_in(written, declaration)
        other = text.names.get(found.name, declaration.file) if found and not found.fields else None
        if other and other.is_theorem and other is not declaration:
            yield other


def levels(text: LedgerText) -> Iterator[LedgerLine]:
    """Graphs of the module's theorems of which no theorem names two, though neither is made of the other."""
    graphs: dict[str, LeanDeclaration] = {}
    for declaration in (d for d in text.of_module if d.is_theorem):
        for found in derivatives(declaration, text):
            if name := graph_in(found.map, declaration, text):
                graphs.setdefault(name, declaration)
    uses = Uses(text.tree, text.names, graphs, statements_only=True)
    for (one, first), (other, second) in combinations(graphs.items(), 2):
        joined = {d.name for d in uses.theorems(one)} & {d.name for d in uses.theorems(other)}
        if not joined and one not in below(other, text) and other not in below(one, text):
            says = f"no theorem names both {short(one)} and {short(other)}, the graph of {short(second.name)}"
            yield text.line(LedgerKind.UNLINKED, first, f"{says}: nothing links the two", "statements", short(other))
    for name, declaration in graphs.items():
        about = uses.theorems(name)
        forward = [short(d.name) for d in about if _is_forward(d)]
        if not forward:
            says = (
                f"no theorem says what {short(name)} computes: none of the {len(about)} that name it equates its values"
            )
            yield text.line(
                LedgerKind.UNLINKED, declaration, says, "statements that name it", f"values of {short(name)}"
            )


def _is_forward(declaration: LeanDeclaration) -> bool:
    """Whether a theorem says that values of a graph equal something: `evalVec …` begins its conclusion."""
    head = next((t.text for t in declaration.result if t.kind == "name"), "")
    return short(head) in ("evalVec", "eval", "get") and any(t.text == "=" for t in declaration.result)


def specifications(text: LedgerText) -> Iterator[LedgerLine]:
    """Definitions of the specification that are called like the files of the module, two words in a row."""
    graph = next((d for d in reversed(list(text.of_module)) if graph_of(d.name, text)), None)
    named = _called_alike(text)
    if graph is None or not named:
        return
    uses = Uses(text.tree, text.names, named, statements_only=True)
    stated = {name: uses.theorems(name) for name in named}
    joined = sorted({short(d.name) for found in stated.values() for d in found if _names_a_graph(d, text)})
    silent = [short(name) for name, found in stated.items() if not found]
    spoken = [short(name) for name, found in stated.items() if found]
    how = f"{listed(joined)} links one to a graph" if joined else "none to a graph or node of the tape"
    some = f"; of {listed(spoken)} there are theorems, {how}" if spoken else ""
    alike = f"{len(named)} names of {_SPECIFICATION[:-1]} are like those of its parts"
    says = f"{alike}; {f'no theorem names {listed(silent)}' if silent else 'each is named by a theorem'}{some}"
    yield text.line(LedgerKind.SPECIFICATION, graph, says, "names, and the statements of the tree")


def _called_alike(text: LedgerText) -> list[str]:
    files = [file for file in imported(text.module, text.tree) if _OPERATIONS in file]
    parts = {pair for file in files for pair in _pairs(file.split(_OPERATIONS)[-1].removesuffix(".lean"))}
    found = [
        d.name
        for d in text.tree.declarations
        if d.file.startswith(_SPECIFICATION) and d.kind in ("def", "abbrev", "structure") and _own(d, text)
    ]
    return [name for name in dict.fromkeys(found) if parts.intersection(_pairs(short(name)))]


def _pairs(name: str) -> set[tuple[str, str]]:
    """Each word of a name with the one after it."""
    words = in_words(name)
    return set(pairwise(words))


def _own(declaration: LeanDeclaration, text: LedgerText) -> bool:
    """Whether it is no method: what is said of a method is said of its structure."""
    return text.names.get(declaration.name.rpartition(".")[0]) is None


def _names_a_graph(declaration: LeanDeclaration, text: LedgerText) -> bool:
    tokens: Sequence = [*declaration.result, *(t for b in declaration.binders for t in b.type)]
    return any(
        graph_of(name, text) or short(name) in ("Graph", "DGraph", "Node")
        for name in text.resolved(tokens, declaration)
    )
