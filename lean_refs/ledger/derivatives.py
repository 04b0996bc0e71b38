"""Which derivatives a statement speaks of: the map, and the point at which it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lean_refs.ledger.text import LedgerText
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import UnreadableError, closing
from lean_refs.reader.tokens import CLOSING, OPENING, Token, spelled

_AT = "HasFDerivAt"
_OF = "fderiv"


@dataclass(frozen=True, slots=True)
class StatedDerivative:
    """A derivative of `map` at `point`, and the word that says so; without a point it is taken at every one."""

    word: str
    map: tuple[Token, ...]
    point: tuple[Token, ...]


def derivatives(declaration: LeanDeclaration, text: LedgerText) -> list[StatedDerivative]:
    """The derivatives that a conclusion is about, each once.

    `HasFDerivAt f f' x` is about f alone, whatever f' is made of. Any other statement is about each `fderiv ℝ f x` in
    it; a certificate (a type whose parts say HasFDerivAt) is about what it is a certificate of.
    """
    result = list(declaration.result)
    if declaration.is_theorem:
        result = result[_conclusion(result) :]
    if result and result[0].text == _AT:
        return [StatedDerivative(_AT, found[0], found[-1]) for found in [atoms(result[1:])] if len(found) > 2]
    found = {(spelled(d.map), spelled(d.point)): d for d in _inside(result)}
    return list(found.values()) or _certified(declaration, text)


def _conclusion(result: Sequence[Token]) -> int:
    """Where the conclusion begins, after what `∀ x, ` binds: quantified names stand before it."""
    depth, at = 0, 0
    for index, token in enumerate(result):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 0 and token.text in (",", "→") and result[0].text in ("∀", "("):
            at = index + 1
    return at


def _inside(tokens: Sequence[Token]) -> Iterator[StatedDerivative]:
    for index, token in enumerate(tokens):
        if token.text == _OF:
            found = atoms(tokens[index + 1 :])
            if len(found) > 2:
                yield StatedDerivative(_OF, found[1], found[2])


def certificate(name: str | None, text: LedgerText) -> bool:
    """Whether a type is a certificate of a derivative: it, or a type that it is made of, says HasFDerivAt."""
    declaration = text.names.get(name) if name else None
    if declaration is None or declaration.is_theorem:
        return False
    parts = [t.text for member in declaration.members for t in member.type]
    if declaration.members:
        return _AT in parts
    return declaration.name.endswith(("Correct", "CorrectAt")) and _reaches(declaration, text)


def _reaches(declaration: LeanDeclaration, text: LedgerText) -> bool:
    made = text.made.get(declaration.name)
    used = {*made.named, *made.named_in_body} if made else set()
    return any(certificate(other, text) for other in sorted(used) if other != declaration.name)


def _certified(declaration: LeanDeclaration, text: LedgerText) -> list[StatedDerivative]:
    if not declaration.result or declaration.result[0].kind != "name":
        return []
    head = text.names.resolve_in(declaration.result[0].text, declaration)
    if declaration.is_theorem or not head or not certificate(head.name, text):
        return []
    given = [atom for atom in atoms(declaration.result[1:]) if not _named(atom)]
    if not given:
        return []
    return [StatedDerivative(head.name.rsplit(".", 1)[-1], given[0], given[1] if len(given) > 1 else ())]


def _named(atom: Sequence[Token]) -> bool:
    return len(atom) > 3 and atom[0].text == "(" and atom[2].text == ":="


def atoms(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """The arguments that an application begins with: names, numbers and brackets, each with its fields."""
    found: list[tuple[Token, ...]] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.text in OPENING:
            try:
                end = closing(list(tokens), index) + 1
            except UnreadableError:
                break
        elif token.kind in ("name", "number"):
            end = index + 1
        elif token.kind == "field" and found:
            found[-1] = (*found[-1], token)
            index += 1
            continue
        else:
            break
        found.append(tuple(tokens[index:end]))
        index = end
    return found
