"""What holds because it was defined so: derivatives that are `fderiv` by definition, proofs that apply one theorem."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.naming import below
from lean_refs.ledger.text import LedgerText, closed, listed, short
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import Token, tokenize

_PARTS = ("jvp", "vjp")
_RFL = re.compile(r"(?:by\s+)?(?:rfl|Iff\.rfl|HEq\.rfl)\s*")


def by_definition(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each pinned node whose derivatives are `fderiv` or an adjoint by decree, and of theorems that rest on it."""
    told: dict[str, str] = {}
    for declaration in text.pinned:
        if declaration.kind in ("def", "abbrev") and (parts := _declared(declaration)):
            told[declaration.name] = listed([f"{word} is {parts[word]}" for word in _PARTS if word in parts])
            says = f"{told[declaration.name]}, by definition: it has no formula of its own"
            yield text.line(LedgerKind.BY_DEFINITION, declaration, says, "the arguments of its body")
    for theorem in text.theorems:
        reached = below(theorem.name, text)
        if rests := [f"{short(name)} (where {said})" for name, said in told.items() if name in reached]:
            says = f"it rests on {listed(rests)}, each so by definition"
            yield text.line(LedgerKind.BY_DEFINITION, theorem, says, "the definitions below it")


def proofs(text: LedgerText) -> Iterator[LedgerLine]:
    """Of each pinned theorem whose proof is `rfl` or one other theorem."""
    for declaration in text.theorems:
        yield from _proved_by(declaration, text)


def other_names(text: LedgerText) -> Iterator[LedgerLine]:
    """Pinned definitions that are another one, with their own arguments handed on and nothing added."""
    for declaration in text.pinned:
        if declaration.kind in ("def", "abbrev") and (of := _handed_on(declaration, text)):
            says = f"for {text.called(of.name)}: its body only hands on its arguments"
            yield text.line(LedgerKind.ALIAS, declaration, says, "its body")


def _handed_on(declaration: LeanDeclaration, text: LedgerText) -> LeanDeclaration | None:
    tokens = list(tokenize(declaration.body))
    if not tokens or tokens[0].kind != "name" or not _is_application(tokens):
        return None
    given = [_handed(atom) for atom in atoms(tokens)[1:]]
    head = text.names.resolve_in(tokens[0].text, declaration)
    of = text.names.get(head.name, declaration.file) if head and not head.fields else None
    own = [b.name for b in declaration.binders]
    return of if of and not of.is_theorem and given and given == own else None


def _handed(atom: tuple[Token, ...]) -> str:
    """The name that an argument is, also in `(m := name)`; nothing where it is more."""
    inside = atom[3:-1] if len(atom) == 5 and atom[2].text == ":=" else atom
    return inside[0].text if len(inside) == 1 else ""


def _declared(declaration: LeanDeclaration) -> dict[str, str]:
    """The parts of a node that its body says to be `fderiv` of something, or the adjoint of that."""
    tokens = list(tokenize(declaration.body))
    found: dict[str, str] = {}
    for index, token in enumerate(tokens[:-3]):
        if token.text == "(" and tokens[index + 2].text == ":=" and tokens[index + 1].text in _PARTS:
            inside = tokens[index + 3 : closed(tokens, index)]
            if said := _fderiv(inside):
                found[tokens[index + 1].text] = said
    return found


def _fderiv(tokens: list[Token]) -> str:
    """`fderiv f` or the adjoint of it, of `fun x d => (fderiv ℝ f x) d`; the adjoint of `A` of `A.adjoint δ`."""
    words = [token.text for token in tokens]
    arrow = next((i for i, word in enumerate(words) if word in ("=>", "↦")), -1)
    given = atoms(tokens[arrow + 3 :]) if words[arrow + 1 : arrow + 3] == ["(", "fderiv"] else []
    of = f"the fderiv of {given[1][0].text}" if len(given) > 1 else ""
    adjoint = next((i for i, word in enumerate(words) if word.endswith(".adjoint")), None)
    if adjoint is None or of:
        return f"the adjoint of {of}" if adjoint else of
    before = words[adjoint].removesuffix(".adjoint")
    return f"the adjoint of {before or 'its derivative'}"


def _proved_by(declaration: LeanDeclaration, text: LedgerText) -> Iterator[LedgerLine]:
    body = declaration.body.strip()
    if _RFL.fullmatch(body):
        yield text.line(LedgerKind.APPLIED, declaration, "rfl: both sides are the same by definition", "its proof")
        return
    tokens = list(tokenize(body))
    if tokens[:2] and tokens[0].text == "by" and tokens[1].text == "exact":
        tokens = tokens[2:]
    if not tokens or tokens[0].kind != "name" or not _is_application(tokens):
        return
    head = text.names.resolve_in(tokens[0].text, declaration)
    applied = text.names.get(head.name, declaration.file) if head and not head.fields else None
    if applied and applied.is_theorem:
        says = f"{text.called(applied.name)} alone, applied to its arguments"
        yield text.line(LedgerKind.APPLIED, declaration, says, "its proof")


def _is_application(tokens: list[Token]) -> bool:
    """Whether some tokens are one name and its arguments, to the end."""
    return sum(len(atom) for atom in atoms(tokens)) == len(tokens)
