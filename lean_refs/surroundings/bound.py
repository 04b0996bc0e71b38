"""Which names a text binds itself, in terms and in tactics: those are no names of declarations.

Proofs are read here too, and a name counts for a whole text: what surrounds a declaration is held against what it may
name. `lean_refs.local_names` reads terms, from where a name is bound to where that ends, and knows no tactic.
"""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import Token, nesting, tokenize

# After these come the names that are bound, up to a token that ends them.
_BINDING = frozenset(
    [
        "fun",
        "λ",
        "∀",
        "∃",
        "∃!",
        "∑",
        "∏",
        "⨆",
        "⨅",
        "⋃",
        "⋂",
        "∫",
        "Σ",
        "Π",
        "∑'",
        "∀ᶠ",
        "∃ᶠ",
        "let",
        "have",
        "letI",
        "haveI",
        "set",
        "suffices",
        "obtain",
        "intro",
        "intros",
        "rintro",
        "with",
        "rename_i",
        "next",
        "case",
        "ext",
        "funext",
        "choose",
        "by_contra",
        "by_cases",
        "generalize",
        "for",
        "mut",
        "rec",
        "|",
        "if",
    ]
)
_ENDS = frozenset(["=>", "↦", ":=", "←", "in", "using", "at", ";", "<;>", "then", "do", "from", "by", "generalizing"])
_TYPED = frozenset((":", "∈", "∉", "<", "≤", ">", "≥", "≠", "⊆", "="))


def bound_names(tokens: list[Token]) -> set[str]:
    """Every name that stands where a binder does, by its part before the first dot."""
    return {name for at, token in enumerate(tokens) if token.text in _BINDING for name in _from(tokens, at)}


def free_names(tokens: list[Token], bound: set[str]) -> Iterator[str]:
    """The written names that the text does not bind, once each; names of arguments, `.fields` and `.dots` aside."""
    seen: set[str] = set()
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.kind == "name" and token.text not in seen and following != ":=":
            seen.add(token.text)
            if token.text.partition(".")[0] not in bound:
                yield token.text


def statement_tokens(declaration: LeanDeclaration) -> list[Token]:
    """The tokens of a statement: types and defaults of its binders and members, and its result."""
    tokens = list(declaration.result)
    for part in (*declaration.binders, *declaration.members):
        tokens += (*part.type, *part.default)
    for member in declaration.members:
        for binder in member.binders:
            tokens += (*binder.type, *binder.default)
    return tokens


def bound_in(declaration: LeanDeclaration, *texts: list[Token]) -> set[str]:
    """What a declaration binds: its binders, and what these tokens of it bind."""
    named = {binder.name for binder in declaration.binders}
    named |= {binder.name for member in declaration.members for binder in member.binders}
    return named.union(*map(bound_names, texts))


def body_tokens(declaration: LeanDeclaration) -> list[Token]:
    """The tokens of what defines or proves it."""
    return list(tokenize(declaration.body))


def _from(tokens: list[Token], at: int) -> Iterator[str]:
    """The names bound after the token at `at`: those before a type, at every depth of brackets."""
    opener, line = tokens[at].text, tokens[at].first
    if opener == "|" and not line and (at == 0 or tokens[at - 1].text not in ("with", "fun", "λ")):
        return  # An absolute value, or a later alternative.
    depth, typed_at = 0, -1
    for token in tokens[at + 1 :]:
        if depth == 0 and (token.text in _ENDS or token.text in _BINDING or (token.first and opener != "|")):
            return
        depth += nesting(token)
        if depth < 0 or (token.text == "," and depth == 0 and opener != "|"):
            return
        if typed_at > depth:
            typed_at = -1
        if token.text in _TYPED and typed_at < 0:
            typed_at = depth
        elif token.text == "," and typed_at == depth:
            typed_at = -1
        if token.kind == "name" and typed_at < 0 and "." not in token.text:
            yield token.text  # One with a dot is a constructor: `| Nat.succ n`.
