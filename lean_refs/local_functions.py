"""The functions that a definition declares inside itself, by `where` and by `let rec`: Lean calls g of f `f.g`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lean_refs.parentheses import RESERVED
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.signature import top_level
from lean_refs.reader.tokens import Token, tokenize, unquoted

_MODIFIERS = ("private", "protected", "partial", "unsafe", "noncomputable", "nonrec")


def local_functions(declaration: LeanDeclaration) -> frozenset[str]:
    """Their names. One inside another (`f.g.h`) is none of them: whose it is the layout alone tells."""
    tokens = list(tokenize(declaration.body))
    # The `where` of a structure's instance begins fields.
    begin = top_level(tokens, "where")
    found = (*_recursive(tokens[:begin]), *_after_where(tokens[begin + 1 :]))
    return frozenset(map(unquoted, found))


def _recursive(tokens: Sequence[Token]) -> Iterator[str]:
    """Those of `let rec`, but not of one that begins further right than the first: it may be inside that."""
    lets = [k for k, token in enumerate(tokens[:-2]) if token.text == "let" and tokens[k + 1].text == "rec"]
    for k in lets:
        if tokens[k].column <= tokens[lets[0]].column:
            yield from _name(tokens[k + 2 :])


def _after_where(tokens: Sequence[Token]) -> Iterator[str]:
    """Those of `where`: each begins at the column of the first."""
    for k, token in enumerate(tokens):
        if k == 0 or (token.first and token.column == tokens[0].column):
            yield from _name(tokens[k:])


def _name(tokens: Sequence[Token]) -> Iterator[str]:
    """The name that stands there, after attributes and modifiers."""
    at = 0
    if [token.text for token in tokens[:2]] == ["@", "["]:
        at = top_level(list(tokens[2:]), "]") + 3
    while at < len(tokens) and tokens[at].text in _MODIFIERS:
        at += 1
    if at < len(tokens) and tokens[at].kind == "name" and tokens[at].text not in RESERVED:
        yield tokens[at].text
