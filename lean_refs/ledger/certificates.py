"""Hypotheses that are data: what they hold, and what in the tree makes such data."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.text import LedgerText, hypotheses, listed, mentioned, short
from lean_refs.reader.records import Binder, LeanDeclaration

_SORTS = frozenset(("Type", "Sort"))


def certificates(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each pinned theorem whose hypotheses are no propositions, and of the module's definitions with such ones."""
    for declaration in (d for d in text.pinned if d.is_theorem or d.file == text.module):
        for binder in hypotheses(declaration):
            if held := data_of(binder, declaration, text):
                yield _line(declaration, binder, held, text)


def data_of(binder: Binder, declaration: LeanDeclaration, text: LedgerText) -> str:
    """The type of data that a hypothesis is, or '' where it is a proposition."""
    held = next(text.resolved(binder.type[:1], declaration), "")
    return held if held and _is_data(held, text) else ""


def _is_data(name: str, text: LedgerText) -> bool:
    """Whether a type is one of values: a structure that is not said to be a proposition, or a family of types."""
    declaration = text.names.get(name)
    words = [token.text for token in declaration.result] if declaration else []
    structure = declaration is not None and declaration.kind in ("structure", "inductive") and words[-1:] != ["Prop"]
    return structure or bool(_SORTS.intersection(words))


def _line(declaration: LeanDeclaration, binder: Binder, held: str, text: LedgerText) -> LedgerLine:
    given = [atom for atom in atoms(binder.type[1:]) if not _is_named(atom)]
    of = next(text.resolved(given[0], declaration), "") if given else ""
    makers = [short(d.name) + _from(d) for d in text.pinned if _makes(d, held, of, text)]
    made = f"made by {listed(makers)}" if makers else "no pinned definition makes it"
    what = short(held) + (f" of {short(of)}" if of else "")
    unused = "" if mentioned(declaration.result, [binder.name]) else "; the conclusion does not use it"
    says = f"{binder.name or 'an unnamed hypothesis'}, {what}{_holding(held, text)}; {made}{unused}"
    return text.line(
        LedgerKind.DATA, declaration, says, "its type, and the definitions with such a result", binder.name
    )


def _is_named(atom: tuple) -> bool:
    return len(atom) > 3 and atom[0].text == "(" and atom[2].text == ":="


def _holding(held: str, text: LedgerText) -> str:
    declaration = text.names.get(held)
    fields = [member.name for member in declaration.members] if declaration else []
    return f": whoever calls gives {listed(fields)}" if fields else ""


def _makes(maker: LeanDeclaration, held: str, of: str, text: LedgerText) -> bool:
    """Whether a definition gives such data about the same thing, about any where that is a variable."""
    if maker.is_theorem or next(text.resolved(maker.result[:1], maker), None) != held:
        return False
    given = [atom for atom in atoms(maker.result[1:]) if not _is_named(atom)]
    return not of or (bool(given) and of in text.resolved(given[0], maker))


def _from(maker: LeanDeclaration) -> str:
    asked = [h.name for h in hypotheses(maker)]
    return f" from {listed(asked)}" if asked else ""
