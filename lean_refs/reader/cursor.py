"""A place in a list of tokens, and what a parser asks of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from lean_refs.reader.keywords import BETWEEN, STARTS
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.tokens import CLOSING, Token

# A chain keeps them as operators, those of `do` and `let` among them.
KEYWORDS = BETWEEN | {"try", "catch", "mut", "rec"}
_STOPS = frozenset((",", ";", ":=", ":")) | CLOSING


class Cursor:
    """Reads `tokens` in order; `UnreadableError` says where one is out of place."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._guard = -1

    @property
    def _text(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _fail(self, expected: str) -> NoReturn:
        offset = self._tokens[self._at].start if self._at < len(self._tokens) else None
        raise UnreadableError(f"{expected} is expected, not {self._text or 'the end'!r}", offset)

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

    def _adjacent(self) -> bool:
        """Whether no space is before the next token."""
        return self._tokens[self._at - 1].end == self._tokens[self._at].start

    def _name(self, what: str) -> Token:
        """The name that must stand here; what `let rec` and `let mut` define is not followed."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        if token is None or token.kind != "name" or token.text in KEYWORDS | STARTS:
            self._fail(what)
        self._at += 1
        return token
