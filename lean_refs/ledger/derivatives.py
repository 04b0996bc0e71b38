"""Which derivatives a statement speaks of: the map, and the point at which it is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lean_refs.ledger.text import LedgerText, closed
from lean_refs.reader.records import LeanDeclaration
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
    result = conclusion(declaration)
    if result and result[0].text == _AT:
        return [StatedDerivative(_AT, found[0], found[-1]) for found in [atoms(result[1:])] if len(found) > 2]
    found = {(spelled(d.map), spelled(d.point)): d for d in _inside(result)}
    return list(found.values()) or _certified(declaration, text)


def conclusion(declaration: LeanDeclaration) -> list[Token]:
    """The result of a definition; of a theorem what comes after all that it binds and assumes."""
    result = list(declaration.result)
    return result[_conclusion(result) :] if declaration.is_theorem else result


def _conclusion(result: Sequence[Token]) -> int:
    """Where the conclusion begins: after the last arrow, and after what `∀ x, ` and `∃ x, ` bind."""
    depth, at = 0, 0
    for index, token in enumerate(result):
        depth += (token.text in OPENING) - (token.text in CLOSING)
        if depth == 0 and token.text in (",", "→"):
            at = index + 1
    return at


def _inside(tokens: Sequence[Token]) -> Iterator[StatedDerivative]:
    for index, token in enumerate(tokens):
        if token.text == _OF:
            found = atoms(tokens[index + 1 :])
            if len(found) > 2:
                yield StatedDerivative(_OF, found[1], found[2])


def certificate(name: str, text: LedgerText) -> bool:
    """Whether a type is a certificate: a structure that says HasFDerivAt, or a family of types made of such ones."""
    declaration = text.names.get(name)
    if declaration is None or declaration.members or declaration.is_theorem:
        return declaration is not None and _says_so(declaration)
    made = text.made.get(name)
    used = (text.names.get(other) for other in (*made.named, *made.named_in_body)) if made else ()
    return any(t.text == "Type" for t in declaration.result) and any(other and _says_so(other) for other in used)


def _says_so(structure: LeanDeclaration) -> bool:
    return any(token.text == _AT for member in structure.members for token in member.type)


def _certified(declaration: LeanDeclaration, text: LedgerText) -> list[StatedDerivative]:
    """What a definition is a certificate of, and where, if its type is one; without a point, at every one."""
    head = next(text.resolved(declaration.result[:1], declaration), "")
    given = [atom for atom in atoms(declaration.result[1:]) if not _named(atom)]
    if declaration.is_theorem or not given or not certificate(head, text):
        return []
    return [StatedDerivative(head.rpartition(".")[2], given[0], given[1] if len(given) > 1 else ())]


def _named(atom: Sequence[Token]) -> bool:
    return len(atom) > 3 and atom[0].text == "(" and atom[2].text == ":="


def atoms(tokens: Sequence[Token]) -> list[tuple[Token, ...]]:
    """The arguments that an application begins with: names, numbers and brackets, each with its fields."""
    found: list[tuple[Token, ...]] = []
    index = 0
    while index < len(tokens) and (end := _end(tokens, index, first=not found)):
        if tokens[index].kind == "field":
            found[-1] = (*found[-1], *tokens[index:end])
        else:
            found.append(tuple(tokens[index:end]))
        index = end
    return found


def _end(tokens: Sequence[Token], index: int, *, first: bool) -> int:
    """Where the argument that begins at `index` ends; 0 where none does. The first one has no fields before it."""
    token = tokens[index]
    if token.text in OPENING:
        return min(closed(tokens, index) + 1, len(tokens))
    return index + 1 if token.kind in ("name", "number") or (token.kind == "field" and not first) else 0
