"""The names that a Lean text binds itself, each from where it is bound to where that ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, islice

from lean_refs.reader.tokens import CLOSING, OPENING, Token, nesting

# What binds the names that follow it.
_BINDS = frozenset(("fun", "λ", "∀", "∃", "∃!", "∑", "∏", "⨆", "⨅", "⋃", "⋂", "Σ", "Π", "∫", "let", "have", "for"))
_ARROWS = frozenset(("=>", "↦"))
# After a bracket that binds: `(x : A) → B`, `g (x : A) := …`. Else `(f x : A)` only says of which type f x is.
_OF_TYPES = frozenset(("→", "->", "×"))
_AFTER_BINDER = frozenset((":=", *_ARROWS))
_BEFORE_TYPE = frozenset((*OPENING, *_OF_TYPES, *_ARROWS, ":", ",", ":=", "↔", "<|", "|", "//", "then", "else", "in"))
_PLAIN = re.compile(r"[^\W\d]\w*['₀-₉]*")


@dataclass(slots=True)
class LocalName:
    """One name, bound from the token `start` to before the token `end`, at a depth of brackets."""

    name: str
    start: int
    end: int
    depth: int


@dataclass(slots=True)
class _Binder:
    """A binder whose names are being read: the word or `|`, its token, and the names so far."""

    word: Token
    start: int
    depth: int
    names: list[str] = field(default_factory=list)
    typed: bool = False  # inside a bracket, after its colon


def local_names(tokens: Sequence[Token]) -> list[LocalName]:
    """What is bound after `fun`, `∀`, `let` and their like, in the patterns of `|`, in `{x // p}` and `(x : A) → B`."""
    return _Binding(tokens).read()


class _Binding:
    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._found: list[LocalName] = []
        self._bars: dict[tuple[int, int], int] = {}
        self._binder: _Binder | None = None
        self._depth = 0

    def read(self) -> list[LocalName]:
        for k, token in enumerate(self._tokens):
            if step := nesting(token):
                self._bracket(k, step)
            elif token.text in _BINDS or (token.text == "|" and self._opens_pattern(token)):
                self._binder = _Binder(token, k, self._depth)
            elif self._binder is not None:
                self._in_binder(k, token, self._binder)
        return self._found

    def _opens_pattern(self, token: Token) -> bool:
        """Not where it stands between two patterns of one alternative."""
        return token.first or self._binder is None or self._binder.word.text != "|" or self._binder.depth > self._depth

    def _bracket(self, k: int, step: int) -> None:
        if step > 0:
            self._add(_of_bracket(self._tokens, k), k, self._depth)
        self._depth += step
        if step < 0:
            self._end(k, lambda one: one.depth > self._depth)
            if self._binder is not None and self._depth <= self._binder.depth:
                self._binder.typed = False
            if self._binder is not None and self._depth < self._binder.depth:
                self._binder = None

    def _in_binder(self, k: int, token: Token, binder: _Binder) -> None:
        pattern, inside = binder.word.text == "|", self._depth > binder.depth
        if inside and token.text == ":":
            binder.typed = True
        elif not inside and (token.text in _ARROWS or (not pattern and _ends(token))):
            if pattern:
                self._alternative(binder)
            self._add(binder.names, binder.start, binder.depth)
            self._binder = None
        elif not inside and pattern and token.text in (":", ":=", "∈"):
            self._binder = None
        elif token.kind == "name" and not binder.typed and "." not in token.text and token.text[0].islower():
            binder.names.append(token.text)

    def _alternative(self, binder: _Binder) -> None:
        """What an alternative above this one has bound ends here."""
        place = (binder.depth, binder.word.column)
        if binder.word.first and (first := self._bars.setdefault(place, binder.start)) < binder.start:
            self._end(binder.start, lambda one: one.start >= first and one.depth >= binder.depth)

    def _add(self, names: Sequence[str], start: int, depth: int) -> None:
        self._found += (LocalName(name, start, len(self._tokens), depth) for name in names)

    def _end(self, k: int, which: Callable[[LocalName], bool]) -> None:
        for one in self._found:
            if one.end > k and which(one):
                one.end = k


def _ends(token: Token) -> bool:
    return token.text == "in" or (token.kind == "symbol" and token.text != "_")


def _of_bracket(tokens: Sequence[Token], k: int) -> list[str]:
    """The names that the bracket at k binds: `{x y : A // p}`, `{x | p}`, and `(x : A)` before an arrow."""
    names = list(_first_names(tokens, k + 1))
    following = tokens[k + 1 + len(names)].text if k + 1 + len(names) < len(tokens) else ""
    if tokens[k].text in ("(", "["):
        return names if following == ":" and _binds(tokens, k) else []
    if following == ":":
        return names
    return names if tokens[k].text == "{" and len(names) == 1 and following in ("|", "∈", "//") else []


def _first_names(tokens: Sequence[Token], k: int) -> Iterator[str]:
    while k < len(tokens) and _PLAIN.fullmatch(tokens[k].text):
        yield tokens[k].text
        k += 1


def _binds(tokens: Sequence[Token], k: int) -> bool:
    """Whether it is `(x : A) → B`, or one of the binders of `| node (x : A)` or of `g (x : A) : B := …`."""
    head = after = k
    while head > 0 and tokens[head - 1].text in CLOSING:
        head = _opening(tokens, head - 1)
    while after < len(tokens) and tokens[after].text in OPENING:
        after = _closing(tokens, after) + 1
    following = tokens[after].text if after < len(tokens) else ""
    name, before = (tokens[at] if at >= 0 else None for at in (head - 1, head - 2))
    if following in _OF_TYPES:
        # The `(x : A)` of `f (x : A) → B` and of `0 < (x : A) → B` says of which type x is.
        return name is None or name.text in _BEFORE_TYPE
    if following in _AFTER_BINDER or name is None or name.kind != "name":
        return following in _AFTER_BINDER
    word = before.text if before else ""
    return word == "|" or (following == ":" and (name.first or word in ("rec", "where")))


def _closing(tokens: Sequence[Token], k: int) -> int:
    """Where the bracket that opens at k closes; the last token where it does not."""
    depths = accumulate(nesting(token) for token in islice(tokens, k, None))
    return next((at for at, depth in enumerate(depths, k) if depth == 0), len(tokens) - 1)


def _opening(tokens: Sequence[Token], k: int) -> int:
    """Where the bracket that closes at k opens; the first token where it does not."""
    depths = accumulate(nesting(tokens[at]) for at in range(k, -1, -1))
    return next((k - back for back, depth in enumerate(depths) if depth == 0), 0)
