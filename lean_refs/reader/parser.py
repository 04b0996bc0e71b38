"""Tokens to terms: a tolerant parser that keeps operators flat and follows Lean's layout rule.

Lean ends a term at a token that starts a line no further right than the `let`, field or tactic it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from lean_refs.reader.signature import BINDER_KINDS, UnreadableError, top_level
from lean_refs.reader.terms import (
    Apply,
    Argument,
    Ascribe,
    Bind,
    Bound,
    Brackets,
    Dot,
    Let,
    Literal,
    Name,
    Operator,
    Project,
    Structure,
    Tactics,
    Term,
    chain,
)
from lean_refs.reader.tokens import CLOSING, OPENING, Token, nesting, tokenize

_BINDING = frozenset(["fun", "λ", "∀", "∃", "∃!", "∑", "∏", "⨆", "⨅", "⋃", "⋂", "Σ", "Π", "∫", "∀ᶠ", "∃ᶠ"])
_LOCAL = frozenset(["let", "have", "letI", "haveI", "show", "suffices"])
# These stand between terms, not for one; a chain keeps them as operators.
_KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "match",
        "with",
        "do",
        "return",
        "at",
        "from",
        "using",
        "in",
        "where",
        "for",
        "unless",
        "try",
        "catch",
        "mut",
        "rec",
    ]
)
_STOPS = frozenset((",", ";", ":=", ":")) | CLOSING
_BINDING_END = frozenset((",", "=>", "↦"))


class TermParser:
    """Parses one term from `tokens`; `UnreadableError` says where a token is out of place."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._guard = -1

    def parse(self) -> Term:
        """The one term that all the tokens make."""
        term = self._chain()
        if self._at < len(self._tokens):
            self._fail("the end of the term")
        return term

    @property
    def _text(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _fail(self, expected: str) -> NoReturn:
        raise UnreadableError(f"{expected} is expected, not {self._text or 'the end'!r}")

    def _take(self, text: str) -> Token:
        if self._text != text:
            self._fail(repr(text))
        self._at += 1
        return self._tokens[self._at - 1]

    def _ended(self) -> bool:
        if self._at >= len(self._tokens):
            return True
        token = self._tokens[self._at]
        return token.text in _STOPS or (token.first and token.column <= self._guard)

    def _within(self, guard: int) -> Term:
        """A chain whose lines all start to the right of column `guard`."""
        outer, self._guard = self._guard, max(guard, self._guard)
        try:
            return self._chain()
        finally:
            self._guard = outer

    def _inside(self, close: str) -> list[Term]:
        """Comma-separated terms up to the bracket `close`, where no outer layout counts."""
        outer, self._guard = self._guard, -1
        items: list[Term] = []
        while self._text != close:
            items.append(self._ascribed())
            if self._text in (",", ";"):
                self._at += 1
            elif self._text != close:
                self._fail(f"',' or {close!r}")
        self._take(close)
        self._guard = outer
        return items

    def _ascribed(self) -> Term:
        term = self._chain()
        if self._text == ":":
            self._at += 1
            return Ascribe(term, self._chain())
        return term

    def _chain(self) -> Term:
        items: list[Term] = []
        while not self._ended():
            token = self._tokens[self._at]
            if token.text in _BINDING:
                items.append(self._bind())
            elif token.text in _LOCAL:
                items.append(self._local())
            elif token.text == "by":
                items.append(self._by())
            elif self._starts_atom(token):
                items.append(self._application())
            else:
                self._at += 1
                items.append(Operator(token.text))
        if not items:
            self._fail("a term")
        return chain(items)

    def _starts_atom(self, token: Token) -> bool:
        if token.kind == "name":
            return token.text not in _KEYWORDS
        return token.kind in ("dot", "number", "text") or token.text in OPENING or token.text in ("@", "?")

    def _application(self) -> Term:
        head = self._atom()
        arguments: list[Argument] = []
        while not self._ended():
            token = self._tokens[self._at]
            if token.text in ("fun", "λ"):
                arguments.append(Argument(None, self._bind()))
            elif token.text == "by":
                arguments.append(Argument(None, self._by()))
            elif token.text in _BINDING or token.text in _LOCAL or not self._starts_atom(token):
                break
            elif token.text == "(" and self._is_named():
                arguments.append(self._named())
            else:
                arguments.append(Argument(None, self._atom()))
        return Apply(head, tuple(arguments)) if arguments else head

    def _is_named(self) -> bool:
        following = self._tokens[self._at + 1 : self._at + 3]
        return len(following) == 2 and following[0].kind == "name" and following[1].text == ":="

    def _named(self) -> Argument:
        name = self._tokens[self._at + 1].text
        self._at += 3
        (value,) = self._inside(")")
        return Argument(name, value)

    def _atom(self) -> Term:
        token = self._tokens[self._at]
        self._at += 1
        if token.text == "@" and not self._ended() and self._tokens[self._at].kind == "name":
            self._at += 1
            term: Term = Name(self._tokens[self._at - 1].text)
        elif token.text == "?" and not self._ended() and self._tokens[self._at].kind == "name":
            self._at += 1
            term = Literal("?" + self._tokens[self._at - 1].text)
        elif token.kind == "name":
            term = Name(token.text) if token.text != "_" else Literal("_")
        elif token.kind == "dot":
            term = Dot(token.text[1:])
        elif token.text in OPENING:
            term = self._bracketed(token)
        else:
            term = Literal(token.text)
        return self._postfix(term)

    def _postfix(self, term: Term) -> Term:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "field":
                self._at += 1
                term = Project(term, token.text[1:])
            elif token.text == "[" and self._tokens[self._at - 1].end == token.start:
                self._at += 1
                term = Apply(Name("getElem"), (Argument(None, term), *(Argument(None, i) for i in self._inside("]"))))
            else:
                break
        return term

    def _bracketed(self, token: Token) -> Term:
        if token.text == "{" and self._is_structure():
            return self._structure()
        items = self._inside(OPENING[token.text])
        if token.text == "(" and len(items) == 1:
            return items[0]
        return Brackets(token.text, tuple(items))

    def _is_structure(self) -> bool:
        inner = self._tokens[self._at :]
        depth = 0
        for index, token in enumerate(inner):
            depth += nesting(token)
            if depth < 0:
                return index == 0
            if depth == 0 and token.text in (":=", "with"):
                return True
            if depth == 0 and token.text in ("|", "//", ","):
                return False
        return False

    def _structure(self) -> Term:
        outer, self._guard = self._guard, -1
        source = None
        if self._with_ahead():
            source = self._source()
        fields: list[tuple[str, Term]] = []
        type_ = None
        while self._text not in ("}", ":"):
            fields.append(self._field())
            if self._text == ",":
                self._at += 1
        if self._text == ":":
            self._at += 1
            type_ = self._chain()
        self._take("}")
        self._guard = outer
        structure = Structure(tuple(fields), source)
        return Ascribe(structure, type_) if type_ else structure

    def _with_ahead(self) -> bool:
        rest = list(self._tokens[self._at :])
        return top_level(rest, "with") < min(top_level(rest, ":="), top_level(rest, "}"))

    def _source(self) -> Term:
        start = self._at
        self._at += top_level(list(self._tokens[start:]), "with") + 1
        return TermParser(self._tokens[start : self._at - 1]).parse()

    def _field(self) -> tuple[str, Term]:
        token = self._tokens[self._at] if self._at < len(self._tokens) else self._fail("a field")
        if token.kind != "name":
            self._fail("a field name")
        self._at += 1
        names: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "name":
            names.append(self._tokens[self._at].text)
            self._at += 1
        self._take(":=")
        value = self._within(token.column)
        if names:
            value = Bind("fun", (Bound(tuple(names), "", None),), value)
        return token.text, value

    def _bind(self) -> Term:
        keyword = self._tokens[self._at]
        self._at += 1
        bound: list[Bound] = []
        while self._text not in _BINDING_END:
            if self._at >= len(self._tokens) or self._text in CLOSING or self._text == "|":
                return self._unbound(keyword, bound)
            bound.append(self._bound())
        self._at += 1
        return Bind(keyword.text, tuple(bound), self._chain())

    def _unbound(self, keyword: Token, bound: list[Bound]) -> Term:
        """`fun | pattern => …`: kept as operators and terms, since patterns bind names we do not follow."""
        if self._text != "|" or bound:
            self._fail("',' or '=>' after the bound names")
        return chain([Operator(keyword.text), self._chain()])

    def _bound(self) -> Bound:
        token = self._tokens[self._at]
        if token.text in BINDER_KINDS and token.text != "[":
            self._at += 1
            names = self._bound_names()
            type_ = self._inner_type()
            self._take(OPENING[token.text])
            return Bound(tuple(names), token.text, type_)
        if token.text == "[" or token.text == "⟨":
            self._at += 1
            return Bound((), token.text, Brackets(token.text, tuple(self._inside(OPENING[token.text]))))
        names = self._bound_names()
        if not names and self._text not in (":",) and self._text not in _BINDING_END:
            return Bound((), "", self._chain_before_end())
        type_ = None
        if self._text and self._text not in _BINDING_END and self._text not in BINDER_KINDS:
            if self._text == ":":
                self._at += 1
            type_ = self._chain_before_end()
        return Bound(tuple(names), "", type_)

    def _inner_type(self) -> Term | None:
        if self._text != ":":
            return None
        self._at += 1
        outer, self._guard = self._guard, -1
        type_ = self._chain()
        self._guard = outer
        if self._text == ":=":
            self._fail("no default value here")
        return type_

    def _bound_names(self) -> list[str]:
        names: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "name":
            if self._text in _KEYWORDS:
                break
            names.append(self._text)
            self._at += 1
        return names

    def _chain_before_end(self) -> Term:
        """The terms up to the `,` or `=>` that ends the binders."""
        start, depth = self._at, 0
        while self._at < len(self._tokens) and (depth or self._text not in _BINDING_END):
            depth += nesting(self._tokens[self._at])
            if depth < 0:
                self._fail("',' or '=>' after the bound names")
            self._at += 1
        return TermParser(self._tokens[start : self._at]).parse()

    def _local(self) -> Term:
        keyword = self._tokens[self._at]
        self._at += 1
        if keyword.text in ("show", "suffices"):
            return Operator(keyword.text)
        name, pattern = "", None
        bound: list[Bound] = []
        if self._tokens[self._at : self._at + 1] and self._tokens[self._at].kind == "name":
            name = self._tokens[self._at].text
            self._at += 1
            while self._text and self._text not in (":", ":="):
                bound.append(self._bound())
        elif self._text not in (":", ":="):
            pattern = self._atom()
        type_ = None
        if self._text == ":":
            self._at += 1
            type_ = self._within(keyword.column)
        self._take(":=")
        value = self._within(keyword.column)
        if bound:
            value = Bind("fun", tuple(bound), value)
        if self._text == ";":
            self._at += 1
        body = self._chain()
        return Let(keyword.text, name, pattern, type_, value, body)

    def _by(self) -> Term:
        self._at += 1
        steps: list[list[Token]] = []
        margin: int | None = None
        depth = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            depth += nesting(token)
            if depth < 0 or (depth == 0 and token.text == ","):
                break
            margin = token.column if margin is None else margin
            if token.first and token.column < margin and depth <= (token.text in OPENING):
                break
            if depth == 0 and token.text == ";":
                steps.append([])
            elif not steps or (token.first and token.column == margin):
                steps.append([token])
            else:
                steps[-1].append(token)
            self._at += 1
        return Tactics(tuple(tuple(step) for step in steps if step))


def parse_term(tokens: Sequence[Token]) -> Term:
    """The term that `tokens` spell; `UnreadableError` where they do not make one."""
    return TermParser(tokens).parse()


def parse_code(code: str) -> Term:
    """The term that `code` (without comments) spells."""
    return parse_term(list(tokenize(code)))
