"""Lean code to tokens, with the columns that Lean's layout rule needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lean_refs.reader.mask import string_end

_PLAIN = r"(?:[^\W\d¹²³]|_)[^\W¹²³]*(?:['!?][^\W¹²³]*)*"
_PART = rf"(?:«[^»\n]*»|{_PLAIN})"
NAME = rf"{_PART}(?:\.{_PART})*"
_NEEDLESSLY_QUOTED = re.compile(rf"«({_PLAIN})»")
# The space before a token is taken with it: looking for one at each blank takes longer than all else.
_TOKEN = re.compile(
    rf"""\s*+(?:(?P<text>r\#*"|"|'(?:\\[^'\n]+|\\'|[^\\'\n])')
    |(?P<field>\.(?<=[\w'!?)\]}}⟩»]\.)(?:\d+|{NAME}))
    |(?P<dot>\.{NAME})
    |(?P<name>{NAME})
    |(?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)
    |(?P<symbol>//|<;>|∃!|[∀∃][ᶠᵐ]|[→≃]\w+\[(?:[^\[\]\s]|\[[^\[\]\s]*\])*\]|:=|=>|->|<-|⁻¹|\+\+|::|\.\.|<\|>|<\|>?|\|>\.?|&&|\|\||[!=]=|[<>]=|\S))""",
    re.VERBOSE | re.DOTALL,
)
OPENING = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⦃": "⦄"}
CLOSING = frozenset(OPENING.values())


class Token(NamedTuple):
    """One token: its kind (name, dot, field, number, text or symbol), text, offset and place on its line.

    `.dim` where a term may start is a `dot`; `.g` or `.1` directly after a term is a `field`.
    """

    kind: str
    text: str
    start: int
    column: int
    first: bool

    @property
    def end(self) -> int:
        """The offset just after the token."""
        return self.start + len(self.text)


def tokenize(code: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of `code[start:end]`, in which comments are already blanked; never fails."""
    stop = len(code) if end is None else end
    line_start = code.rfind("\n", 0, start) + 1
    first = not code[line_start:start].strip()
    last = start
    while match := _TOKEN.match(code, last, stop):
        kind = match.lastgroup or "symbol"
        text, begin, end = match[kind], match.start(kind), match.end()
        if last < begin and (newline := code.rfind("\n", last, begin)) >= 0:
            line_start, first = newline + 1, True
        if text[-1] == '"':
            end = min(string_end(code, begin), stop)
            text = code[begin:end]
        yield Token(kind, text, begin, begin - line_start, first)
        first, last = False, end


def spellings(code: str) -> set[str]:
    """The different tokens of some code, of a string only its beginning: much quicker than `tokenize`."""
    return {match.group().lstrip() for match in _TOKEN.finditer(code)}


def name_parts(name: str) -> list[str]:
    """The parts of a name between its dots, which in `«a.b».c` are two."""
    return re.findall(_PART, name)


def unquoted(name: str) -> str:
    """A name without quotes that it does not need: `«f».g` and `f.g` are one name."""
    return _NEEDLESSLY_QUOTED.sub(r"\1", name) if "«" in name else name


def first_name(text: str) -> str:
    """The name that a text begins with, or nothing."""
    found = re.match(rf"\s*({NAME})", text)
    return found.group(1) if found else ""


def nesting(token: Token) -> int:
    """+1 for an opening bracket, −1 for a closing one, 0 otherwise."""
    return (token.text in OPENING) - (token.text in CLOSING)


def spelled(tokens: list[Token] | tuple[Token, ...]) -> str:
    """The tokens with single spaces between them: one text for every layout of the same code."""
    return " ".join(token.text for token in tokens)
