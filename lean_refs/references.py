"""Which declarations a declaration names."""

from __future__ import annotations

from itertools import zip_longest

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import Token, tokenize


def references(declaration: LeanDeclaration, names: NameTable) -> tuple[frozenset[str], frozenset[str]]:
    """Full names of the declarations that the statement names, and those that the body names.

    Fields and constructors count as their structure. Names that a `.dot`, an instance or a simp set supplies
    are not in the text, and not here.
    """
    tokens: list[Token] = list(declaration.result)
    for part in (*declaration.binders, *declaration.members):
        tokens += (*part.type, *part.default)
    return _named(tokens, declaration, names), _named(list(tokenize(declaration.body)), declaration, names)


def _named(tokens: list[Token], declaration: LeanDeclaration, names: NameTable) -> frozenset[str]:
    bound = {binder.name for binder in declaration.binders}
    found: set[str] = set()
    # The `x` of `(x := …)` is an argument's name, and that of `let x := …` a local one.
    following = zip_longest(tokens, tokens[1:])
    named = {token.text for token, after in following if token.kind == "name" and not _assigns(after)}
    for written in named:
        resolved = None if written.partition(".")[0] in bound else names.resolve_in(written, declaration)
        # A lower-case name outside every namespace is a local variable far more often than a declaration.
        if resolved and ("." in resolved.name or resolved.name[0].isupper()):
            found.add(names.children.get(resolved.name, resolved.name))
    return frozenset(found - {declaration.name})


def _assigns(token: Token | None) -> bool:
    return token is not None and token.text == ":="
