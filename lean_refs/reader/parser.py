"""Tokens to terms: a tolerant parser that keeps operators flat and follows Lean's layout rule.

Lean ends a term at a token that starts a line no further right than the `let`, field or tactic it belongs to.
"""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.reader.cursor import KEYWORDS, Cursor
from lean_refs.reader.signature import BINDER_KINDS, UnreadableError, top_level
from lean_refs.reader.terms import (
    Apply,
    Argument,
    Ascribe,
    Bind,
    Bound,
    Brackets,
    Chain,
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

_BINDING = frozenset(["fun", "λ", "∀", "∃", "∃!", "∑", "∏", "⨆", "⨅", "⋃", "⋂", "Σ", "Π", "∫", "∀ᶠ", "∃ᶠ", "∀ᵐ"])
_COMMA_AFTER = _BINDING - {"fun", "λ"}
_LOCAL = frozenset(["let", "have", "letI", "haveI", "show", "suffices"])
_BINDING_END = frozenset((",", "=>", "↦"))
_LOCAL_END = frozenset((":", ":="))
_GROUP_END = CLOSING | {":"}


class TermParser(Cursor):
    """Parses one term from `tokens`; `UnreadableError` says where a token is out of place."""

    def parse(self) -> Term:
        """The one term that all the tokens make."""
        term = self._chain()
        if self._at < len(self._tokens):
            self._fail("the end of the term")
        return term

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
            return token.text not in KEYWORDS
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
        name = self._tokens[self._at + 1]
        self._at += 3
        values = self._inside(")")
        if len(values) != 1:
            raise UnreadableError(f"one value is expected for {name.text}, not {len(values)}", name.start)
        return Argument(name.text, values[0])

    def _atom(self) -> Term:
        token = self._tokens[self._at]
        self._at += 1
        if token.text in ("@", "?"):
            term = self._marked(token)
        elif token.kind == "name":
            term = Name(token.text) if token.text != "_" else Literal("_")
        elif token.kind == "dot":
            term = Dot(token.text[1:])
        elif token.text in OPENING:
            term = self._bracketed(token)
        else:
            term = Literal(token.text)
        return self._postfix(term)

    def _marked(self, mark: Token) -> Term:
        """`@f`, a function with its implicit arguments made explicit, or `?x`, a hole with a name."""
        name = self._name(f"a name after {mark.text!r}").text
        return Apply(Name("@"), (Argument(None, Name(name)),)) if mark.text == "@" else Literal(f"?{name}")

    def _postfix(self, term: Term) -> Term:
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind == "field":
                self._at += 1
                term = Project(term, token.text[1:])
            elif token.text == "[" and self._adjacent():
                term = self._element(term)
            else:
                break
        return term

    def _element(self, term: Term) -> Term:
        """`xs[i]`, `xs[i]!` or `xs[i]?`: Lean's notations for `getElem xs i` and its variants."""
        self._at += 1
        indices = [Argument(None, index) for index in self._inside("]")]
        mark = self._text if self._text in ("!", "?") and self._adjacent() else ""
        self._at += len(mark)
        return Apply(Name(f"getElem{mark}"), (Argument(None, term), *indices))

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
        term = self._up_to(self._at + top_level(list(self._tokens[self._at :]), "with"))
        self._take("with")
        return term

    def _field(self) -> tuple[str, Term]:
        name = self._name("a field name")
        type_, value = self._defined(name.column)
        return name.text, Ascribe(value, type_) if type_ else value

    def _defined(self, column: int) -> tuple[Term | None, Term]:
        """What stands after the name of a field or local definition: `(x : A) : B := b` is `fun x => b`."""
        bound: list[Bound] = []
        while self._text and self._text not in _LOCAL_END:
            bound.append(self._bound(_LOCAL_END))
        type_ = None
        if self._text == ":":
            self._at += 1
            type_ = self._within(column)
        self._take(":=")
        value = self._within(column)
        if not bound:
            return type_, value
        return Bind("∀", tuple(bound), type_) if type_ else None, Bind("fun", tuple(bound), value)

    def _bind(self) -> Term:
        keyword = self._tokens[self._at]
        self._at += 1
        bound: list[Bound] = []
        while self._text not in _BINDING_END:
            if self._at >= len(self._tokens) or self._text in CLOSING or self._text == "|":
                return self._unbound(keyword, bound)
            bound.append(self._bound(_BINDING_END))
        self._at += 1
        return Bind("fun" if keyword.text == "λ" else keyword.text, tuple(bound), self._chain())

    def _unbound(self, keyword: Token, bound: list[Bound]) -> Term:
        """`fun | pattern => …`: kept as operators and terms, since patterns bind names we do not follow."""
        if self._text != "|" or bound:
            self._fail("',' or '=>' after the bound names")
        cases = self._chain()
        return chain([Operator(keyword.text), *(cases.items if isinstance(cases, Chain) else (cases,))])

    def _bound(self, ends: frozenset[str]) -> Bound:
        """One group of bound names, or a pattern; `ends` are what follows the last of them."""
        token = self._tokens[self._at]
        if token.text in OPENING:
            return self._group(token) if self._holds_names() else self._pattern(token)
        names = self._bound_names()
        if not names:
            return Bound((), "", self._chain_before(ends))
        type_ = None
        if self._text and self._text not in (*ends, *OPENING, *CLOSING, "|"):
            if self._text == ":":
                self._at += 1
            type_ = self._chain_before(ends)
        return Bound(tuple(names), "", type_)

    def _holds_names(self) -> bool:
        """Whether the bracket here holds names, `(x y : A)`, `{x}` or `[i : A]`, rather than a pattern or a class."""
        if self._text not in BINDER_KINDS:
            return False
        ends = _GROUP_END if self._text != "[" else (":",)
        after = self._at + 1
        while after < len(self._tokens) and self._tokens[after].kind == "name":
            after += 1
        return after > self._at + 1 and any(token.text in ends for token in self._tokens[after : after + 1])

    def _group(self, token: Token) -> Bound:
        self._at += 1
        names = self._bound_names()
        type_ = None
        if self._text == ":":
            self._at += 1
            outer, self._guard = self._guard, -1
            type_ = self._chain()
            self._guard = outer
        self._take(OPENING[token.text])
        return Bound(tuple(names), token.text, type_)

    def _pattern(self, token: Token) -> Bound:
        self._at += 1
        return Bound((), token.text, Brackets(token.text, tuple(self._inside(OPENING[token.text]))))

    def _bound_names(self) -> list[str]:
        names: list[str] = []
        while self._at < len(self._tokens) and self._tokens[self._at].kind == "name":
            if self._text in KEYWORDS:
                break
            names.append(self._text)
            self._at += 1
        return names

    def _chain_before(self, ends: frozenset[str]) -> Term:
        """The terms up to what ends the binders: `,` or `=>`, or the `:` or `:=` of a local function."""
        stop, depth = self._at, 0
        while stop < len(self._tokens) and (depth or self._tokens[stop].text not in ends):
            depth += nesting(self._tokens[stop])
            if depth < 0:
                break
            stop += 1
        return self._up_to(stop)

    def _up_to(self, stop: int) -> Term:
        """The one term that the tokens before `stop` make."""
        if stop == self._at:
            self._fail("a term")
        term = TermParser(self._tokens[self._at : stop]).parse()
        self._at = stop
        return term

    def _local(self) -> Term:
        keyword = self._tokens[self._at]
        self._at += 1
        if keyword.text in ("show", "suffices"):
            return Operator(keyword.text)
        name, pattern = "this", None
        if self._text in OPENING:
            name, pattern = "", self._atom()
        elif self._text not in _LOCAL_END:
            name = self._name("a name").text
        type_, value = self._defined(keyword.column)
        if self._text == ";":
            self._at += 1
        body = self._chain()
        return Let(keyword.text, name, pattern, type_, value, body)

    def _by(self) -> Term:
        self._at += 1
        steps: list[list[Token]] = []
        margin: int | None = None
        depth = binders = 0
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            depth += nesting(token)
            # The comma of a `∀` among the tactics is not one after them.
            binders += depth == 0 and token.text in _COMMA_AFTER
            if depth < 0 or (depth == 0 and token.text == "," and not binders):
                break
            binders -= depth == 0 and token.text == ","
            margin = token.column if margin is None else margin
            if token.first and token.column < margin and depth <= (token.text in OPENING):
                break
            if depth == 0 and token.text == ";":
                steps.append([])
            elif not steps or (token.first and token.column == margin and token.text != "|"):
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
