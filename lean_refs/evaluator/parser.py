"""Tokens to terms with precedence: the part of Lean's grammar that the evaluator runs."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.layout import RESERVED, Layout
from lean_refs.evaluator.syntax import (
    Alternative,
    Application,
    Ascription,
    Binding,
    BoundName,
    Conditional,
    DotName,
    Expression,
    FieldList,
    GivenArgument,
    Hole,
    Infix,
    Items,
    Local,
    Match,
    Number,
    Prefix,
    Projection,
    TacticBlock,
    Var,
)
from lean_refs.reader.signature import BINDER_KINDS
from lean_refs.reader.tokens import OPENING, Token

# Binding power on the left, and what the right side must at least bind with.
_POWER = {
    "<|": (10, 10), "$": (10, 10), "|>": (10, 11), "↔": (20, 21), "→": (25, 25), "≃": (25, 26), "∨": (30, 30),
    "∧": (35, 35), "×": (35, 35), "=": (50, 51), "≠": (50, 51), "<": (50, 51), "≤": (50, 51), ">": (50, 51),
    "≥": (50, 51), "+": (65, 66), "-": (65, 66), "++": (65, 66), "::": (67, 67), "*": (70, 71), "/": (70, 71),
    "%": (70, 71), "•": (73, 73), "^": (75, 75), "▸": (75, 75), "∘": (90, 90),
}  # fmt: skip
_ARROW = (25, 25)
_PREFIX = {"-": 75, "¬": 40, "↑": 100}
# Binders, with what the body must at least bind with: `∑ i, f i + a` is a sum plus a.
_BINDERS = {"fun": 0, "λ": 0, "∀": 0, "∃": 0, "∑": 67}
_BODY = frozenset((",", "=>", "↦"))


class TermReader(Layout):
    """Reads terms from tokens; `UnreadableError` says where one is out of place."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        super().__init__(tokens)
        self._dots: list[BoundName] = []

    def whole(self) -> Expression:
        """The one term that all the tokens make."""
        term = self._term()
        self._finished("term")
        return term

    def equations(self) -> Match:
        """The alternatives `| pattern, … => term` that all the tokens make."""
        alternatives = self._alternatives()
        self._finished("equations")
        return Match((), alternatives)

    def fields(self) -> FieldList:
        """The lines `field := term` that all the tokens make."""
        at = self._token.start
        found: list[tuple[str, Expression]] = []
        while self._at < len(self._tokens):
            found.append(self._field())
        return FieldList(tuple(found), at)

    def _finished(self, what: str) -> None:
        if self._at < len(self._tokens):
            self._fail(f"the end of the {what}")

    def _term(self, least: int = 0) -> Expression:
        with self._deeper():
            term = self._prefixed()
            while not self._ended() and (found := self._power(self._text)) and found[0] >= least:
                term = self._infix(term, self._next().text, found[1])
            return term

    def _power(self, text: str) -> tuple[int, int] | None:
        if len(text) > 1 and text[0] in "→≃" and text.endswith("]"):
            return _ARROW
        return _POWER.get(text)

    def _infix(self, left: Expression, operator: str, least: int) -> Expression:
        right = self._term(least)
        if operator == "→":
            return Binding("∀", (BoundName("", "(", left),), right)
        if operator in ("<|", "$"):
            return Application(left, (GivenArgument("", right),))
        if operator == "|>":
            return Application(right, (GivenArgument("", left),))
        return Infix(operator, left, right)

    def _prefixed(self) -> Expression:
        text = self._text
        if text in _PREFIX:
            self._at += 1
            return Prefix(text, self._term(_PREFIX[text]))
        return self._leading(text) or self._arrow_binder() or self._application()

    def _leading(self, text: str) -> Expression | None:
        """A term that starts with a word of its own and reaches as far as it can."""
        if text in _BINDERS:
            return self._binding()
        if text in ("let", "have", "letI", "haveI"):
            return self._local()
        if text == "if":
            return self._conditional()
        if text in ("match", "nomatch"):
            return self._match()
        if text == "by":
            self._at += 1
            return TacticBlock(self._block())
        return self._shown() if text == "show" else None

    def _shown(self) -> Expression:
        self._at += 1
        type_ = self._term()
        if not self._skip("from") and self._text != "by":
            self._fail("'from' or 'by'")
        return Ascription(self._term(), type_)

    # ---- binders

    def _binding(self) -> Expression:
        keyword = self._next().text.replace("λ", "fun")
        bound: list[BoundName] = []
        while self._text not in _BODY:
            bound += self._bound()
        self._at += 1
        if not bound:
            self._fail("a bound name")
        return Binding(keyword, tuple(bound), self._term(_BINDERS[keyword]))

    def _bound(self) -> list[BoundName]:
        """One group of bound names, bracketed or not, or a pattern."""
        token = self._token
        if token.text == "⟨" or (token.text == "(" and not self._is_group()):
            pattern = self._atom()
            if isinstance(pattern, Ascription):
                return [BoundName("", "", pattern.type, pattern.term)]
            return [BoundName("", "", None, pattern)]
        if token.text in BINDER_KINDS:
            return self._group()
        names = self._names()
        type_ = self._term() if self._skip(":") else None
        if not names or (type_ is None and self._text not in (*_BODY, *OPENING)):
            self._fail("a bound name, or what ends the bound names")
        return [BoundName(name, "", type_) for name in names]

    def _is_group(self) -> bool:
        """Whether the bracket here holds names, as in `(x y : A)`, rather than a pattern."""
        after = 1
        while self._is_name(self._at + after):
            after += 1
        return after > 1 and self._ahead(after) in (":", ")")

    def _is_name(self, at: int) -> bool:
        return at < len(self._tokens) and self._tokens[at].kind == "name" and self._tokens[at].text not in RESERVED

    def _names(self) -> list[str]:
        names: list[str] = []
        while self._is_name(self._at):
            names.append(self._next().text)
        return names

    def _group(self) -> list[BoundName]:
        opened = self._next().text
        with self._inside():
            names = self._names() if opened != "[" or self._ahead(1) == ":" else [""]
            type_ = self._term() if opened == "[" and names == [""] else None
            if self._skip(":"):
                type_ = self._term()
        self._take(OPENING[opened])
        return [BoundName(name, opened, type_) for name in names]

    def _arrow_binder(self) -> Expression | None:
        """`(x : A) → B` and its kin."""
        if self._text not in BINDER_KINDS or (self._text == "(" and not self._is_group()):
            return None
        end = self._closing() + 1
        if end >= len(self._tokens) or self._tokens[end].text != "→":
            return None
        bound = self._group()
        self._take("→")
        return Binding("∀", tuple(bound), self._term(25))

    # ---- let, if, match

    def local(self, body: Expression) -> Expression:
        """The tactic `let x := a` or `have h : p := a` that all the tokens make, before what `body` is."""
        term = self._local(body)
        self._finished("tactic")
        return term

    def _local(self, body: Expression | None = None) -> Expression:
        keyword = self._next()
        word = keyword.text.removesuffix("I")
        if self._skip("rec"):
            word = "let rec"
        pattern = self._atom() if self._text in OPENING else None
        name = "" if pattern else self._local_name()
        type_, value = self._defined(keyword.column)
        self._skip(";")
        return Local(word, name, pattern, type_, value, body or self._term())

    def _local_name(self) -> str:
        if self._text in (":", ":="):
            return "this"
        if not self._is_name(self._at):
            self._fail("a name")
        return self._next().text

    def _defined(self, column: int) -> tuple[Expression | None, Expression]:
        """What stands after the name of a local definition or field: `(x : A) : B := b` is `fun x => b`."""
        bound: list[BoundName] = []
        while self._text not in (":", ":=") and not self._ended():
            bound += self._bound_or_name()
        with self._guarded(column):
            type_ = self._term() if self._skip(":") else None
            self._take(":=")
            value = self._term()
        if not bound:
            return type_, value
        return type_ and Binding("∀", tuple(bound), type_), Binding("fun", tuple(bound), value)

    def _bound_or_name(self) -> list[BoundName]:
        if self._is_name(self._at):
            return [BoundName(self._next().text, "", None)]
        return self._group() if self._text in BINDER_KINDS else self._fail("':='")

    def _conditional(self) -> Expression:
        self._at += 1
        name = ""
        if self._is_name(self._at) and self._ahead(1) == ":":
            name = self._next().text
            self._at += 1
        condition = self._term()
        self._take("then")
        then = self._term()
        self._take("else")
        return Conditional(name, condition, then, self._term())

    def _match(self) -> Expression:
        word = self._next().text
        targets = [self._target()]
        while self._skip(","):
            targets.append(self._target())
        if word == "nomatch":
            return Match(tuple(targets), ())
        self._take("with")
        return Match(tuple(targets), self._alternatives())

    def _target(self) -> Expression:
        if self._is_name(self._at) and self._ahead(1) == ":":
            self._at += 2
        return self._term()

    def _alternatives(self) -> tuple[Alternative, ...]:
        found: list[Alternative] = []
        margin = self._token.column
        if self._text != "|":
            self._fail("'|'")
        while self._text == "|" and not (self._ended() or (self._token.first and self._token.column < margin)):
            found += self._alternative()
        return tuple(found)

    def _alternative(self) -> list[Alternative]:
        bar = self._token
        rows: list[tuple[Expression, ...]] = []
        with self._guarded(bar.column if bar.first else -1):
            while self._skip("|"):
                row = [self._term()]
                while self._skip(","):
                    row.append(self._term())
                rows.append(tuple(row))
            if not self._skip("↦"):
                self._take("=>")
            body = self._term()
        return [Alternative(row, body) for row in rows]

    # ---- applications and atoms

    def _application(self) -> Expression:
        head = self._atom()
        arguments: list[GivenArgument] = []
        while not self._ended() and (argument := self._argument()):
            arguments.append(argument)
        return Application(head, tuple(arguments)) if arguments else head

    def _argument(self) -> GivenArgument | None:
        if self._text == "(" and self._is_name(self._at + 1) and self._ahead(2) == ":=":
            return self._named()
        if self._text in ("fun", "λ"):
            return GivenArgument("", self._term())
        return GivenArgument("", self._atom()) if self._starts_atom() else None

    def _named(self) -> GivenArgument:
        self._at += 1
        name = self._next().text
        self._at += 1
        with self._inside():
            value = self._term()
        self._take(")")
        return GivenArgument(name, value)

    def _starts_atom(self) -> bool:
        token = self._token
        if token.kind == "name":
            return token.text not in RESERVED
        return token.kind in ("dot", "number") or token.text in OPENING or token.text in ("@", "?", "·")

    def _atom(self) -> Expression:
        if not self._starts_atom():
            self._fail("a term")
        token = self._token
        if token.text in OPENING:
            return self._postfix(self._bracket())
        self._at += 1
        if token.text == "·":
            return self._dot()
        if token.text == "@":
            return self._postfix(self._explicit(token))
        if token.text == "?":
            return self._synthetic()
        return self._postfix(self._simple(token))

    def _simple(self, token: Token) -> Expression:
        if token.kind == "name":
            if token.text in ("Type", "Sort"):
                self._level()
            return Var(token.text, token.start) if token.text != "_" else Hole()
        return DotName(token.text[1:], token.start) if token.kind == "dot" else Number(token.text)

    def _level(self) -> None:
        """The universe of `Type u` or `Type*`, which says nothing about values."""
        if self._text == "*" or self._is_name(self._at) or self._token.kind == "number":
            self._at += 1

    def _dot(self) -> Expression:
        """The `·` of `(· + ·)`: an argument of the function that the parentheses around it make."""
        name = f"·{len(self._dots)}"
        self._dots.append(BoundName(name, "", None))
        return Var(name, self._token.start)

    def _explicit(self, mark: Token) -> Expression:
        if not self._is_name(self._at):
            self._fail("a name after '@'")
        return Var(self._next().text, mark.start, True)

    def _synthetic(self) -> Expression:
        if self._token.kind != "name":
            self._fail("a name after '?'")
        self._at += 1
        return Hole(True)

    def _postfix(self, term: Expression) -> Expression:
        while self._at < len(self._tokens):
            if self._token.kind == "field":
                for field in self._next().text[1:].split("."):
                    term = Projection(term, field)
            elif self._text == "⁻¹":
                self._at += 1
                term = Prefix("⁻¹", term)
            else:
                break
        return term

    def _bracket(self) -> Expression:
        opened = self._token.text
        if opened in "([⟨":
            self._at += 1
            return self._parenthesised() if opened == "(" else Items(opened, self._items(OPENING[opened]))
        return self._structure() if opened == "{" else self._fail("a term")

    def _parenthesised(self) -> Expression:
        outer, self._dots = self._dots, []
        items = self._items(")")
        dots, self._dots = tuple(self._dots), outer
        term = items[0] if len(items) == 1 else Items("(", items)
        return Binding("fun", dots, term) if dots else term

    def _items(self, close: str) -> tuple[Expression, ...]:
        items: list[Expression] = []
        with self._inside():
            while self._text != close:
                items.append(self._ascribed())
                if not self._skip(",") and self._text != close:
                    self._fail(f"',' or {close!r}")
        self._take(close)
        return tuple(items)

    def _ascribed(self) -> Expression:
        term = self._term()
        return Ascription(term, self._term()) if self._skip(":") else term

    def _structure(self) -> Expression:
        at = self._next().start
        found: list[tuple[str, Expression]] = []
        with self._inside():
            while self._text != "}":
                found.append(self._field())
                self._skip(",")
        self._take("}")
        return FieldList(tuple(found), at)

    def _field(self) -> tuple[str, Expression]:
        if not self._is_name(self._at):
            self._fail("a field name")
        name = self._next()
        type_, value = self._defined(name.column)
        return name.text, Ascription(value, type_) if type_ else value
