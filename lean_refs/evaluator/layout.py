"""A place in a list of tokens, and Lean's layout rule: a term ends at a line that starts too far left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from lean_refs.reader.keywords import BETWEEN, STARTS
from lean_refs.reader.signature import UnreadableError
from lean_refs.reader.tokens import CLOSING, Token, nesting

# `nomatch` starts a term here, and the others end a body.
RESERVED = BETWEEN | STARTS | {"nomatch", "deriving", "termination_by", "decreasing_by"}
# What is nested deeper is refused by name, long before Python's own stack ends.
DEEPEST = 200
_BINDERS = frozenset(["∀", "∃", "∃!", "∑", "∏"])
_END = Token("symbol", "", -1, -1, True)
# TacticBlock after which a colon ends the block: `(by simp [h] : p)`.
_CLOSERS = frozenset(
    [
        "simp",
        "simpa",
        "rfl",
        "decide",
        "omega",
        "norm_num",
        "ring",
        "assumption",
        "trivial",
        "ring_nf",
        "exact_mod_cast",
    ]
)


class Layout:
    """Reads `tokens` in order; `UnreadableError` says where one is out of place."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._guard = -1
        self._depth = 0
        self._bracketed = False

    @property
    def _token(self) -> Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    @property
    def _text(self) -> str:
        return self._token.text

    def _ahead(self, count: int) -> str:
        return self._tokens[self._at + count].text if self._at + count < len(self._tokens) else ""

    def _fail(self, expected: str) -> NoReturn:
        offset = self._token.start if self._at < len(self._tokens) else None
        raise UnreadableError(f"{expected} is expected, not {self._text or 'the end'!r}", offset)

    def _take(self, text: str) -> Token:
        if self._text != text:
            self._fail(repr(text))
        return self._next()

    def _next(self) -> Token:
        token = self._token
        self._at += 1
        return token

    def _skip(self, text: str) -> bool:
        """Whether the next token is `text`, which is then behind us."""
        found = self._text == text and self._at < len(self._tokens)
        self._at += found
        return found

    def _ended(self) -> bool:
        token = self._token
        return self._at >= len(self._tokens) or (token.first and token.column <= self._guard)

    @contextmanager
    def _guarded(self, column: int) -> Iterator[None]:
        """Where every line of a term starts to the right of `column`."""
        outer, self._guard = self._guard, max(column, self._guard)
        yield
        self._guard = outer

    @contextmanager
    def _inside(self) -> Iterator[None]:
        """Inside brackets, where no outer layout counts and a comma separates."""
        outer = self._guard, self._bracketed
        self._guard, self._bracketed = -1, True
        yield
        self._guard, self._bracketed = outer

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadableError(f"terms are nested more than {DEEPEST} deep", self._token.start)
        yield
        self._depth -= 1

    def _closing(self) -> int:
        """The index of the bracket that closes the one here, or the number of tokens."""
        depth = 0
        for index in range(self._at, len(self._tokens)):
            depth += nesting(self._tokens[index])
            if depth == 0:
                return index
        return len(self._tokens)

    def _block(self) -> tuple[Token, ...]:
        """The tokens of the tactics that start here."""
        start, margin = self._at, self._token.column
        depth = binders = 0
        step = ""
        while self._at < len(self._tokens):
            token = self._token
            if token.first and token.column < margin and depth == 0 and token.text not in CLOSING:
                break
            if self._at == start or (token.first and token.column == margin):
                step = token.text
            if depth == 0:
                if self._ends_block(token.text, step, binders):
                    break
                # The comma of `∀ x, p` belongs to it.
                binders += (token.text in _BINDERS) - (token.text == ",")
            depth += nesting(token)
            if depth < 0:
                break
            self._at += 1
        return tuple(self._tokens[start : self._at])

    def _ends_block(self, text: str, step: str, binders: int) -> bool:
        return (text == "," and self._bracketed and not binders) or (text == ":" and step in _CLOSERS)
