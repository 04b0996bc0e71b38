"""Shapes as the names of their axes: `.dim n (.dim (h * d) .scalar)` has the axes n and h·d."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from lean_refs.evaluator import Constructed
from lean_refs.ledger.derivatives import atoms
from lean_refs.ledger.text import LedgerText
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import Token, tokenize

Axes = tuple[tuple[str, ...], ...]
"""The axes of a shape, outermost first, each as the names that it is a product of."""


@dataclass(frozen=True, slots=True)
class ShapeTerm:
    """The text of a shape, the declaration it stands in, and what the names in it stand for."""

    tokens: tuple[Token, ...]
    inside: LeanDeclaration
    given: Mapping[str, ShapeTerm]


def axes(term: ShapeTerm, text: LedgerText) -> Axes | None:
    """The axes of a shape that is written out, or is an abbreviation of one; None of any other."""
    tokens = _bare(term.tokens)
    if not tokens:
        return None
    head = tokens[0]
    if (bound := term.given.get(head.text)) and len(tokens) == 1:
        return axes(bound, text)
    if head.kind == "dot" or head.text in ("Shape.dim", "Shape.scalar"):
        return _constructed(head.text.rpartition(".")[2], atoms(tokens[1:]), term, text)
    return _unfolded(head, atoms(tokens[1:]), term, text)


def _bare(tokens: Sequence[Token]) -> tuple[Token, ...]:
    found = tuple(tokens)
    while len(found) > 2 and found[0].text == "(" and len(atoms(found)) == 1:
        found = found[1:-1]
    return found


def _constructed(maker: str, given: Sequence[tuple[Token, ...]], term: ShapeTerm, text: LedgerText) -> Axes | None:
    if maker == "scalar":
        return ()
    # `.scalar` itself begins with a dot, which ends a row of arguments.
    first = given[0] if given else ()
    rest = ShapeTerm(tuple(_bare(term.tokens)[1 + len(first) :]), term.inside, term.given)
    inner = axes(rest, text) if first else None
    return None if inner is None else ((_factors(first, term)), *inner)


def _factors(tokens: Sequence[Token], term: ShapeTerm) -> tuple[str, ...]:
    """The names that a dimension is the product of, through what they stand for."""
    found: list[str] = []
    for token in tokens:
        if token.kind == "name":
            bound = term.given.get(token.text)
            found += _factors(bound.tokens, bound) if bound else (token.text,)
    return tuple(found)


def _unfolded(head: Token, given: Sequence[tuple[Token, ...]], term: ShapeTerm, text: LedgerText) -> Axes | None:
    resolved = text.names.resolve_in(head.text, term.inside)
    declaration = text.names.get(resolved.name, term.inside.file) if resolved else None
    if declaration is None or declaration.kind not in ("abbrev", "def") or len(given) != len(declaration.binders):
        return None
    named = {
        b.name: ShapeTerm(atom, term.inside, term.given) for b, atom in zip(declaration.binders, given, strict=True)
    }
    return axes(ShapeTerm(tuple(tokenize(declaration.body)), declaration, named), text)


def names_of(shape: Axes) -> list[str]:
    """The names of the axes, in the order in which entries are numbered."""
    return [name for axis in shape for name in axis]


def value_of(shape: Axes, sizes: Mapping[str, int]) -> Constructed:
    """The shape with sizes for its names, as the evaluator has it."""
    made = Constructed("Spec.Shape.scalar", ())
    for axis in reversed(shape):
        made = Constructed("Spec.Shape.dim", (prod(sizes[name] for name in axis), made))
    return made


def written(shape: Axes) -> str:
    """`n × numHeads·headDim`."""
    return " × ".join("·".join(axis) for axis in shape)


def coordinates(position: int, shape: Axes, sizes: Mapping[str, int]) -> dict[str, int]:
    """Where a numbered entry stands, by the names of the axes."""
    found: dict[str, int] = {}
    for name in reversed(names_of(shape)):
        position, found[name] = divmod(position, sizes[name])
    return found
