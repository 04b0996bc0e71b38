"""What a theorem differentiates in, what it holds fixed, and which inputs it takes apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_refs.ledger.certificates import data_of
from lean_refs.ledger.derivatives import StatedDerivative, atoms, conclusion, derivatives
from lean_refs.ledger.entries import entry_names, graph_in, graph_of, readers
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import LedgerText, arguments, bare, hypotheses, is_map, listed, mentioned, short
from lean_refs.reader.records import Binder, LeanDeclaration
from lean_refs.reader.signature import top_level

# What runs a graph along a tangent, or backwards.
_DIFFERENTIABLE = frozenset(("HasFDerivAt", "DifferentiableAt", "HasDerivAt"))
_BOUNDS = frozenset(("<", "≤", ">", "≥", "≠"))
_RUN = re.compile(r"(?:backprop|pullback|jvp|vjp)", re.IGNORECASE)


def differentiated(text: LedgerText) -> Iterator[LedgerLine]:
    """For each pinned statement about a derivative: the point, and the arguments that its map takes besides."""
    for declaration in text.pinned:
        found = derivatives(declaration, text)
        if found and (declaration.is_theorem or declaration.file == text.module):
            yield from _of(declaration, found, text)


def concluded(text: LedgerText) -> Iterator[LedgerLine]:
    """For each pinned theorem about a derivative: whether it speaks of the derivative alone, or of a run of a graph."""
    for declaration in text.theorems:
        if found := derivatives(declaration, text):
            names = dict.fromkeys(short(t.text) for t in declaration.result if t.kind in ("name", "field"))
            runs = [name.lstrip(".") for name in names if _RUN.match(name)]
            adjoint = " and the adjoint of it" if any(t.text == ".adjoint" for t in declaration.result) else ""
            alone = f"that a map has a derivative ({found[0].word}): no run of a graph is compared with it"
            more = "" if _is_plain(declaration) else "; a side of it has more than that"
            said = f"{listed(runs)}, against {found[0].word}{adjoint}{more}" if runs else alone
            if not any(t.text in _DIFFERENTIABLE for t in declaration.result):
                said += "; that there is a derivative is not said, and fderiv is 0 where there is none"
            yield text.line(LedgerKind.CONCLUDED, declaration, said, "the names in the conclusion")


def _is_plain(declaration: LeanDeclaration) -> bool:
    """Whether a conclusion that equates two things equates two applications, with nothing around them."""
    said = conclusion(declaration)
    if (equal := top_level(said, "=")) == len(said) or top_level(said, "∧") < len(said):
        return True
    sides = [bare(said[:equal]), bare(said[equal + 1 :])]
    return all(side and sum(map(len, atoms(side))) == len(side) for side in sides)


def _of(declaration: LeanDeclaration, found: Sequence[StatedDerivative], text: LedgerText) -> Iterator[LedgerLine]:
    given = arguments(declaration)
    at = [b for b in given if not is_map(b) and any(mentioned(d.point, [b.name]) for d in found)]
    words = f"the point of {listed(list(dict.fromkeys(d.word for d in found)))} in the conclusion"
    if at:
        where = listed([f"{b.name} ({space(b, declaration, text)})" for b in at])
        yield text.line(LedgerKind.DIFFERENTIATED, declaration, f"in {where}, and in nothing else", words)
        yield from _independent(declaration, found[0], at, text)
    inside = [b.name for b in given if b not in at and any(mentioned(d.map, [b.name]) for d in found)]
    if inside:
        basis = f"arguments of the map that is differentiated; they are not in {words}"
        yield text.line(LedgerKind.FIXED, declaration, ", ".join(inside), basis)


def space(binder: Binder, declaration: LeanDeclaration, text: LedgerText) -> str:
    """What a binder ranges over, in words where it is a vector of contexts."""
    over = text.over(binder.type, declaration)
    number = text.number(binder.type, declaration)
    return f"the {number} entries of {over}" if text.context(binder.type, declaration) else over


def _independent(
    declaration: LeanDeclaration, found: StatedDerivative, at: Sequence[Binder], text: LedgerText
) -> Iterator[LedgerLine]:
    """The entries of the point, each with the nodes that read it."""
    name = graph_in(found.map, declaration, text)
    graph = graph_of(name, text) if name else None
    for binder in at:
        contexts = text.context(binder.type, declaration)
        if name is None or graph is None or len(contexts) != 1:
            continue
        named = entry_names(contexts[0], text)
        said = [f"{i} {short(idx) or 'without a name'} (read by {readers(graph, i)})" for i, idx in enumerate(named)]
        about = [h for h in hypotheses(declaration) if mentioned(h.type, [binder.name])]
        ties = [h.name for h in about if not data_of(h, declaration, text) and not _is_bound(h)]
        tied = f"{listed(ties)} may tie some of them" if ties else "no hypothesis ties one to another"
        says = f"{binder.name} has {len(named)}: {'; '.join(said)}; {tied}"
        basis = f"{short(contexts[0])} and {short(name)}, interpreted, and the hypotheses"
        yield text.line(LedgerKind.INDEPENDENT, declaration, says, basis, binder.name)


def _is_bound(hypothesis: Binder) -> bool:
    """Whether a hypothesis says only that something is less than something, or not equal to it."""
    words = {token.text for token in hypothesis.type}
    return bool(words & _BOUNDS) and not words & {"=", "∃", "∧", "∈"}
