"""What holds because it was defined so: derivatives that are `fderiv` by definition, proofs that apply one theorem."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.ledger.naming import below
from lean_refs.ledger.text import LedgerText, bare, closed, listed, short, shown
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import top_level
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
    """`fderiv f` of `fun x d => (fderiv ℝ f x) d`; the adjoint of `A` of `A.adjoint δ`, also as one entry of a context.

    It is the whole of the body: of twice an adjoint, or one and something else, nothing is said.
    """
    arrow = next((i for i, token in enumerate(tokens) if token.text in ("=>", "↦")), -1)
    applied = _application(_after_cast(tokens[arrow + 1 :]))
    if applied and _places(applied[0][0]):
        applied = _application(applied[-1])
    if len(applied) != 2:
        return ""
    *before, last = applied[0]
    if not before and last.text.endswith(".adjoint"):
        return f"the adjoint of {last.text.removesuffix('.adjoint')}"
    if last.text == ".adjoint":
        of = _linear(before)
        return f"the adjoint of {of}" if of else ""
    of = _linear(applied[0])
    return of if of.startswith("the fderiv") else ""


def _after_cast(tokens: list[Token]) -> list[Token]:
    """What follows `let δ' := castVec h δ`, a cotangent in another shape."""
    at = next((i for i, token in enumerate(tokens) if _places(token)), 0)
    given = tokens[top_level(tokens, ":=") + 1 : at]
    return tokens[at:] if given and tokens[0].text == "let" and given[0].text == "castVec" else tokens


def _places(token: Token) -> bool:
    """Whether a token is a function that puts a vector at one entry of a context."""
    return token.kind == "name" and short(token.text).startswith("single")


def _linear(tokens: Sequence[Token]) -> str:
    """`the fderiv of f` of `(fderiv ℝ f x)`, else the name that is applied."""
    given = _application(tokens)
    if len(given) > 2 and given[0][0].text == "fderiv":
        return f"the fderiv of {shown(given[2])}"
    return short(given[0][0].text) if given and given[0][0].kind == "name" else ""


def _application(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """The head of an application and its arguments, without brackets around all of it; nothing where it is more."""
    inside = bare(tokens)
    return atoms(inside) if _is_application(inside) else []


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


def _is_application(tokens: Sequence[Token]) -> bool:
    """Whether some tokens are one name and its arguments, to the end."""
    return sum(len(atom) for atom in atoms(tokens)) == len(tokens)
