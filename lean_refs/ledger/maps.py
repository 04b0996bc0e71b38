"""The maps that a theorem takes: what is said of them, and what they can see."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_refs.ledger.derivatives import atoms, derivatives
from lean_refs.ledger.entries import entry_names
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import (
    LedgerText,
    arguments,
    arrow_of,
    bare,
    hypotheses,
    is_map,
    listed,
    mentioned,
    short,
    shown,
)
from lean_refs.reader.records import Binder, LeanDeclaration
from lean_refs.reader.signature import top_level
from lean_refs.reader.telescope import telescope
from lean_refs.reader.tokens import Token


def maps(text: LedgerText) -> Iterator[LedgerLine]:
    """For each map that is an argument of what a pinned theorem differentiates."""
    for declaration in text.theorems:
        found = derivatives(declaration, text)
        taken = [b for b in arguments(declaration) if is_map(b)]
        yield from _determined(declaration, taken, text)
        for binder in taken:
            if any(mentioned(d.map, [binder.name]) for d in found):
                yield _any(declaration, binder, text)
                points = {n for d in found for n in mentioned(d.point, [b.name for b in arguments(declaration)])}
                yield from _sees(declaration, binder, points - {b.name for b in taken}, taken, text)


def _any(declaration: LeanDeclaration, binder: Binder, text: LedgerText) -> LedgerLine:
    about = [h for h in hypotheses(declaration) if mentioned(h.type, [binder.name])]
    linear = any(t.text != "→" and t.text.startswith("→") for t in binder.type)
    what = "continuous linear map" if linear else "map"
    equations = [h.name for h in about if _is_equation(h)]
    if equations:
        said = f"{listed(equations)} {'says' if len(equations) == 1 else 'say'} what it is"
    elif about:
        only = f"only {listed([_headed(h) for h in about])} {'names' if len(about) == 1 else 'name'} it"
        said = f"no equation says what it computes: of the hypotheses {only}"
    else:
        said = "no hypothesis is about it"
    arrow = arrow_of(binder) or 0
    between = f"{text.over(binder.type[:arrow], declaration)} to {text.over(binder.type[arrow + 1 :], declaration)}"
    says = f"{binder.name} is any {what} of {between}; {said}"
    return text.line(LedgerKind.ANY_MAP, declaration, says, "its type, and the hypotheses that name it", binder.name)


def _determined(declaration: LeanDeclaration, taken: Sequence[Binder], text: LedgerText) -> Iterator[LedgerLine]:
    """Maps that a hypothesis says are the derivative of another one: there is only one such map."""
    for hypothesis in hypotheses(declaration):
        given = atoms(hypothesis.type[1:]) if hypothesis.type and hypothesis.type[0].text == "HasFDerivAt" else []
        for binder in taken:
            if len(given) > 2 and [t.text for t in given[1]] == [binder.name]:
                says = f"{binder.name} is the derivative of {shown(given[0])}, by {hypothesis.name}: it is no choice"
                yield text.line(LedgerKind.DETERMINED, declaration, says, "the hypothesis", binder.name)


def _is_equation(hypothesis: Binder) -> bool:
    return any(token.text in ("=", "Eq", "HEq") for token in hypothesis.type)


def _ends(hypothesis: Binder) -> Sequence[Token]:
    """What a hypothesis says after what it binds."""
    bound = telescope(hypothesis.type)
    comma = top_level(list(hypothesis.type), ",") if bound else -1
    return hypothesis.type[comma + 1 :] if comma < len(hypothesis.type) else hypothesis.type


def _headed(hypothesis: Binder) -> str:
    """A hypothesis with what it says: its first word, or its relation."""
    said = bare(_ends(hypothesis))
    relation = next((w for w in ("<", "≤", "≠", ">", "≥") if top_level(said, w) < len(said)), "")
    head = relation or (said[0].text if said else "")
    return f"{hypothesis.name} ({head})"


def _sees(
    declaration: LeanDeclaration, binder: Binder, points: set[str], taken: Sequence[Binder], text: LedgerText
) -> Iterator[LedgerLine]:
    """What of the point a map does not get: its domain is another space."""
    domain = binder.type[: arrow_of(binder)]
    for point in (b for b in arguments(declaration) if b.name in points):
        space = [t.text for t in point.type]
        contexts = text.context(domain, declaration)
        if not contexts or any(t.text in space for t in domain) or text.context(point.type, declaration):
            continue
        named = [short(n) for context in contexts for n in entry_names(context, text) if n]
        over = f"the {text.number(domain, declaration)} entries of {text.over(domain, declaration)}"
        says = f"{binder.name} sees {over}{_named(named)}, and not {point.name}"
        yield text.line(
            LedgerKind.SEES,
            declaration,
            says + _promised(declaration, binder, point, taken),
            f"the domain of {binder.name} against the type of {point.name}",
            binder.name,
        )


def _named(names: Sequence[str]) -> str:
    return f" ({', '.join(names)})" if names else ""


def _promised(declaration: LeanDeclaration, binder: Binder, point: Binder, taken: Sequence[Binder]) -> str:
    """Where the docstring writes a sum with the point, and no other map that makes such things gets it."""
    written = re.search(rf"\b{re.escape(point.name)} \+ \w+\({re.escape(point.name)}\)", declaration.docstring or "")
    if not written or any(_makes(other) == _makes(binder) and _gets(other, point) for other in taken):
        return ""
    return f": the {written.group()} of the docstring needs {point.name} to be read off what it sees"


def _makes(binder: Binder) -> list[str]:
    return [t.text for t in binder.type[arrow_of(binder) :]]


def _gets(binder: Binder, point: Binder) -> bool:
    return [t.text for t in binder.type[: arrow_of(binder)]] == [t.text for t in point.type]
