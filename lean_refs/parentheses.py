"""Parentheses that change nothing: around all, around others, around a name, and where precedence tells.

Only Lean's own operators are known, with a space beside them, so that `×ˢ` is none, and not what a project's own syntax
spells. Everything else keeps its parentheses: two spellings of one meaning may be told apart, never the reverse.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from lean_refs.reader.cursor import KEYWORDS
from lean_refs.reader.keywords import STARTS
from lean_refs.reader.layout import OPENS
from lean_refs.reader.tokens import CLOSING, OPENING, Token, nesting

_ATOMS = ("name", "number", "text")
_OPERANDS = (*_ATOMS, "dot", "field")
_MAY_TOUCH = frozenset((")", "]", "}", "⟩", ",", ";"))
_HIGHEST, _NEGATION, _NOT = 1024, 75, 40
_LEFT, _RIGHT, _NEITHER = "left", "right", "neither"
# As Lean and, for `•`, Mathlib declare them.
_LEVELS = {
    _LEFT: {30: "||", 35: "&&", 65: "+ - ++ ∪", 70: "* / % ∩"},
    _RIGHT: {10: "<|", 25: "→", 30: "∨", 35: "∧ ×", 67: "::", 73: "•", 75: "^", 90: "∘"},
    _NEITHER: {20: "↔", 50: "= ≠ < ≤ > ≥ == != ∈ ∉ ⊆ ∣"},
}
# Parts of what is applied, or applied to.
_ADORNING = frozenset(("↑", "@", "⁻¹"))
_QUANTIFIERS, _BINDERS = ("∀", "∃"), ("∀", "∃", "fun")
# After these a term begins, before those it ends.
_BEFORE_TERM = frozenset((*OPENING, ":", ":=", "=>", "←", "then", "else", "if", "return", "in"))
_AFTER_TERM = frozenset((*CLOSING, ",", ":", ":=", "=>", "then", "else", "do"))
# Names of syntax, not of functions: how far its argument reaches is not told by application.
RESERVED = KEYWORDS | STARTS | {"forall", "exists", "termination_by", "decreasing_by", "deriving"}
_NO_FUNCTIONS = RESERVED | {"calc", "nomatch", "nofun", "unsafe", "dbg_trace", "throwError", "binder_predicate"}


class _Operator(NamedTuple):
    level: int
    side: str
    prefix: bool = False


_OPERATORS = {
    sign: _Operator(level, side) for side, levels in _LEVELS.items() for level, signs in levels.items()
    for sign in signs.split()
}  # fmt: skip


class _Item(NamedTuple):
    """A token, and the operator that it surely is."""

    token: Token
    operator: _Operator | None

    @property
    def text(self) -> str:
        return self.token.text


@dataclass(frozen=True, slots=True)
class _Shape:
    """A term without its parentheses: the lowest level of its operators, and to which side those of it group.

    One that is `open` ends with a `fun`, a `∀` or an `∃`, and so reaches as far as it may.
    """

    level: int = _HIGHEST
    sides: frozenset[str] = frozenset()
    open: bool = False

    def beside(self, operator: _Operator) -> _Shape:
        sides = self.sides if self.level <= operator.level else frozenset[str]()
        sides = sides | {operator.side} if operator.level <= self.level else sides
        return _Shape(min(self.level, operator.level), sides, self.open)


def without_idle_parentheses(tokens: Sequence[Token], own: Set[str] = frozenset()) -> list[Token]:
    """The tokens without parentheses that change nothing; `own` are the words of the project's own syntax."""
    found = _Idle(own).read(tokens)
    whole = len(found) > 2 and found[0].text == "(" and _closing(found, 0) == len(found) - 1
    return [item.token for item in (_bared(found[:-1]) if whole else found)]


class _Idle:
    def __init__(self, own: Set[str]) -> None:
        self._own = own
        self._found: list[_Item] = []

    def read(self, tokens: Sequence[Token]) -> list[_Item]:
        items = [_Item(token, self._operator(tokens, k)) for k, token in enumerate(tokens)]
        opened: list[int] = []
        closed: dict[int, int] = {}
        for item, after in zip(items, (*items[1:], None), strict=False):
            if nesting(item.token) > 0:
                opened.append(len(self._found))
            elif nesting(item.token) < 0 and opened:
                start = opened.pop()
                if (self._found[start].text, item.text) == ("(", ")"):
                    if closed.get(start + 1) == len(self._found) - 1 and self._found[start + 1].text == "(":
                        self._found[start + 1 :] = self._found[start + 2 : -1]
                    if self._is_idle(start, item.token, after):
                        self._found[start:] = _bared(self._found[start:])
                        continue
                closed[start] = len(self._found)
            self._found.append(item)
        return self._found

    def _operator(self, tokens: Sequence[Token], k: int) -> _Operator | None:
        """The operator that stands there apart from others."""
        token, before = tokens[k], tokens[k - 1] if k else None
        after = tokens[k + 1] if k + 1 < len(tokens) else None
        if token.text in self._own or after is None:
            return None
        apart = after.first or after.start > token.end or after.text == "("
        if token.text in ("-", "¬") and not (before and _ends_operand(before)):
            word = after.kind in ("number", "name") and unicodedata.category(after.text[0]) != "Lm"
            level = _NEGATION if token.text == "-" else _NOT
            return _Operator(level, _NEITHER, prefix=True) if apart or word else None
        known = _OPERATORS.get(token.text)
        if known is None or before is None or not (token.first or token.start > before.end or before.text == ")"):
            return None
        # After a sign that is not known, `-` may be a prefix.
        return known if apart and (_ends_operand(before) or token.text != "-") else None

    def _is_idle(self, start: int, closing: Token, after: _Item | None) -> bool:
        inside = self._found[start + 1 :]
        if len(inside) == 1 and inside[0].token.kind in _ATOMS:
            return not _touches(closing, after)
        before = self._found[start - 1] if start else None
        if before and after and before.text in _BINDERS and after.text in (",", "=>"):
            return self._is_typed(inside)
        shape = self._shape(inside) if not _has_steps(inside) else None
        return shape is not None and self._fits_before(shape, start, inside) and _fits_after(shape, after)

    def _is_typed(self, inside: Sequence[_Item]) -> bool:
        """Whether it is `x y : A`, as in `∀ (x y : A), …`."""
        names = next((k for k, item in enumerate(inside) if not _is_plain(item.token)), 0)
        return names > 0 and inside[names].text == ":" and ":=" not in [item.text for item in inside]

    def _fits_before(self, shape: _Shape, start: int, inside: Sequence[_Item]) -> bool:
        if start == 0:
            return True
        before = self._found[start - 1]
        if (operator := before.operator) is not None:
            if operator.prefix:
                return operator.level == _NOT and shape.level >= _NOT
            grouped = operator.side == _RIGHT and shape.sides == {_RIGHT}
            return shape.level > operator.level or (shape.level == operator.level and grouped)
        if before.text == ",":
            return self._ends_quantifier(start - 1)
        if before.text in _BEFORE_TERM:
            return True
        # `f (fun x => …)` is `f fun x => …`.
        return inside[0].text == "fun" and (
            before.text in CLOSING or (before.token.kind in _OPERANDS and self._is_part(before))
        )

    def _ends_quantifier(self, k: int) -> bool:
        """Whether the comma at k is that of `∀ x : A,` or `∃ x : A,`: others may end what binds more tightly."""
        depth = 0
        for item in reversed(self._found[:k]):
            depth -= nesting(item.token)
            if depth == 0 and item.text in _QUANTIFIERS:
                return True
            between = item.text == ":" or item.operator or self._is_part(item) or nesting(item.token)
            if depth < 0 or (depth == 0 and not between):
                return False
        return False

    def _shape(self, items: Sequence[_Item]) -> _Shape | None:
        """The shape of a term of names, brackets and known operators; None of any other."""
        shape, k, parts = _Shape(), 0, 0
        while k < len(items):
            item = items[k]
            if item.text == "fun" or (item.text in _QUANTIFIERS and not parts):
                body = self._after_binder(items, k)
                return None if body is None else _Shape(shape.level, shape.sides, open=True)
            if item.operator is not None:
                if item.operator.prefix == bool(parts):
                    return None
                shape, parts, k = shape.beside(item.operator), 0, k + 1
            elif item.text in OPENING:
                parts, k = parts + 1, _closing(items, k) + 1
            elif self._is_part(item):
                parts, k = parts + 1, k + 1
            else:
                return None
        return shape if parts else None

    def _after_binder(self, items: Sequence[_Item], k: int) -> _Shape | None:
        """The shape of what a `fun`, `∀` or `∃` at k binds in."""
        ends, at = "=>" if items[k].text == "fun" else ",", k + 1
        while at < len(items) and items[at].text != ends:
            item = items[at]
            if not (item.text == ":" or item.operator or self._is_part(item) or item.text in OPENING):
                return None
            at = _closing(items, at) + 1 if item.text in OPENING else at + 1
        return self._shape(items[at + 1 :])

    def _is_part(self, item: _Item) -> bool:
        """Whether it is part of an application: no word of any syntax, such as `E` in a project's `E x`."""
        token = item.token
        if token.kind not in _OPERANDS:
            return token.text in _ADORNING and token.text not in self._own
        macro = token.kind == "name" and token.text[-1] == "!" and "." not in token.text
        return not macro and token.text not in _NO_FUNCTIONS and token.text not in self._own


def _fits_after(shape: _Shape, after: _Item | None) -> bool:
    if after is None or after.text in CLOSING:
        return True
    if after.operator is None or shape.open:
        return after.text in _AFTER_TERM and not shape.open
    level, side, prefix = after.operator
    return not prefix and (shape.level > level or (shape.level == level and side == _LEFT and shape.sides == {_LEFT}))


def _has_steps(items: Sequence[_Item]) -> bool:
    """Whether lines of it may begin steps of a block; and `·` says what its own parentheses are around."""
    lines = any(item.token.first for item in items[1:])
    return any(item.text == "·" or (lines and item.text in OPENS) for item in items)


def _ends_operand(token: Token) -> bool:
    return token.text in CLOSING or token.text == "⁻¹" or (token.kind in _OPERANDS and token.text not in RESERVED)


def _is_plain(token: Token) -> bool:
    return token.kind == "name" and "." not in token.text and token.text not in RESERVED


def _closing(items: Sequence[_Item], k: int) -> int:
    """Where the bracket at k closes; after the end where it does not."""
    depth = 0
    for at in range(k, len(items)):
        depth += nesting(items[at].token)
        if depth == 0:
            return at
    return len(items)


def _bared(items: Sequence[_Item]) -> list[_Item]:
    """The items without the first, in whose place the second begins; no line between begins a step any more."""
    opening, first, *rest = items
    token = first.token._replace(first=opening.token.first, column=opening.token.column)
    steps = any(item.text in OPENS for item in items)
    return [first._replace(token=token), *(rest if steps else map(_within, rest))]


def _within(item: _Item) -> _Item:
    return item._replace(token=item.token._replace(first=False)) if item.token.first else item


def _touches(token: Token, after: _Item | None) -> bool:
    return after is not None and after.token.start == token.end and after.text not in _MAY_TOUCH
