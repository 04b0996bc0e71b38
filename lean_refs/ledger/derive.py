"""All lines of the ledger, kind by kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain

from lean_refs.fingerprint import Fingerprint
from lean_refs.ledger.certificates import certificates
from lean_refs.ledger.coverage import coverage
from lean_refs.ledger.definitional import by_definition, other_names, proofs
from lean_refs.ledger.differentiated import concluded, differentiated
from lean_refs.ledger.layout import layouts, same_shapes
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.links import advised, imports, levels, semantics, specifications, unused
from lean_refs.ledger.maps import maps
from lean_refs.ledger.naming import several_names, without_definition
from lean_refs.ledger.outputs import outputs
from lean_refs.ledger.promises import lists, sums
from lean_refs.ledger.sizes import sizes
from lean_refs.ledger.text import LedgerText
from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.records import Reading

# One entry a function, which gives lines of one kind or two: a further kind is a further function here.
KINDS: tuple[Callable[[LedgerText], Iterator[LedgerLine]], ...] = (
    concluded,
    differentiated,
    maps,
    several_names,
    without_definition,
    other_names,
    same_shapes,
    proofs,
    by_definition,
    certificates,
    lists,
    sums,
    outputs,
    sizes,
    advised,
    coverage,
    levels,
    specifications,
    semantics,
    unused,
    imports,
    layouts,
)
_ORDER = tuple(LedgerKind)


def derived(tree: Reading, made: Mapping[str, Fingerprint], module: str) -> list[LedgerLine]:
    """The lines of a tree: the theorems of `module` first, then its definitions, then the others; each kind in order.

    `made` are the fingerprints of what is pinned, by the names that the tree has for it.
    """
    text = LedgerText(through_aliases(tree), {print_.name: print_ for print_ in made.values()}, module)
    theorems = {d.name for d in text.theorems}
    lines = dict.fromkeys(chain.from_iterable(lines_of(text) for lines_of in KINDS))
    return sorted(lines, key=lambda line: _place(line, module, theorems))


def _place(line: LedgerLine, module: str, theorems: set[str]) -> tuple[bool, bool, str, int, int]:
    foreign = line.file != module
    return foreign, line.name not in theorems, line.file, line.line, _ORDER.index(line.kind)
