"""Separates Lean code from what Lean does not read as code: comments, docstrings and strings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# The left context keeps the prime of `x'` out of the character literals.
_OPENER = re.compile(
    r"""--[^\n]*|/-[-!]?
    |(?<![\w'!?])r(\#*)"|"
    |(?<![\w'!?])'(?:\\(?:x[0-9a-fA-F]{2}|u\{?[0-9a-fA-F]+\}?|.)|[^\\'\n])'
    |«[^»\n]*»""",
    re.VERBOSE,
)
_COMMENT_EDGE = re.compile(r"/-|-/")
_STRING_EDGE = re.compile(r'\\.|"|\{', re.DOTALL)
_HOLE_EDGE = re.compile(r'["{}]')
_INTERPOLATED = re.compile(r"\w!\s?$")
# Lean's macros that take an interpolated string as it is; some take first where, or which error, it is.
_PLACE, _WHICH = r"(?:[\w.!?']+|\([^()\n]*\))\s+", r"[\w.]+\s+"
_MESSAGE = re.compile(
    rf"""(?<![\w.])(?:throwError|log(?:Info|Warning|Error)|(?:throwError|log(?:Info|Warning|Error))At\s+{_PLACE}
    |(?:throw|log)Named(?:Error|Warning)\s+{_WHICH}|(?:throw|log)Named(?:Error|Warning)At\s+{_PLACE}{_WHICH}
    |\w*trace\w*\[[^\[\]]*\])\s*$""",
    re.VERBOSE,
)
_DEBUGGING = re.compile(r"(?<![\w.])dbg_trace\s*$")
# So many characters before a string tell what takes it.
NEAR = 120


@dataclass(frozen=True, slots=True)
class Docstring:
    """A documentation comment: its place in the source, its text, and whether it belongs to the module."""

    start: int
    end: int
    text: str
    of_module: bool


@dataclass(frozen=True, slots=True)
class Masked:
    """One source text in two maskings of the same length, so that every offset means the same.

    `code` has comments blanked; `bare` has strings, characters and «quoted names» blanked too. `faults` are
    (offset, reason) of what was opened and never closed.
    """

    source: str
    code: str
    bare: str
    docstrings: tuple[Docstring, ...]
    faults: tuple[tuple[int, str], ...]


def blank(text: str) -> str:
    """Replace everything but line breaks by spaces."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def mask(source: str) -> Masked:
    """Mask the comments and strings of a Lean source text; what is never closed is a fault, not an error."""
    comments: list[tuple[int, int]] = []
    quotes: list[tuple[int, int]] = []
    docstrings: list[Docstring] = []
    faults: list[tuple[int, str]] = []
    position = 0
    while match := _OPENER.search(source, position):
        start, opener = match.start(), match.group()
        if opener.startswith("--"):
            position = match.end()
            comments.append((start, position))
        elif opener.startswith("/-"):
            position, closed = _comment_end(source, match.end())
            comments.append((start, position))
            if not closed:
                faults.append((start, "a block comment is opened and never closed"))
            if len(opener) == 3:
                text = source[match.end() : position - 2 * closed]
                docstrings.append(Docstring(start, position, text, opener == "/-!"))
        elif opener.endswith('"'):
            position, closed = _string_end(source, match)
            quotes.append((start, position))
            if not closed:
                faults.append((start, "a string is opened and never closed"))
        else:
            position = match.end()
            quotes.append((start, position))
    code = _blank_spans(source, comments)
    return Masked(source, code, _blank_spans(code, quotes), tuple(docstrings), tuple(faults))


def string_end(source: str, start: int) -> int:
    """Where the string that starts at `start` ends, just after its last quote."""
    opener = _OPENER.match(source, start)
    return _string_end(source, opener)[0] if opener else start


def is_message(before: str) -> bool:
    """Whether a string after this code is a message of Lean's macros, as `m!"…"` is."""
    return _MESSAGE.search(before) is not None


def interpolates(before: str) -> bool:
    """Whether a string after this code has code in its braces; `before` ends where it begins."""
    return is_message(before) or bool(_INTERPOLATED.search(before) or _DEBUGGING.search(before))


def holes(string: str) -> Iterator[tuple[int, int]]:
    """Where the code is inside each `{…}` of an interpolated string, which begins with its quote."""
    position = 1
    while (edge := _STRING_EDGE.search(string, position)) and edge.group() != '"':
        position = edge.end()
        if edge.group() == "{":
            begin, position = position, _hole_end(string, position)
            yield begin, position - 1


def _comment_end(source: str, position: int) -> tuple[int, bool]:
    depth = 1
    while edge := _COMMENT_EDGE.search(source, position):
        position = edge.end()
        depth += 1 if edge.group() == "/-" else -1
        if depth == 0:
            return position, True
    return len(source), False


def _string_end(source: str, opener: re.Match[str]) -> tuple[int, bool]:
    if opener.group(1) is not None:
        close = '"' + opener.group(1)
        found = source.find(close, opener.end())
        return (found + len(close), True) if found >= 0 else (len(source), False)
    before = source[max(0, opener.start() - NEAR) : opener.start()]
    return _quoted_end(source, opener.end(), interpolates(before))


def _quoted_end(source: str, position: int, interpolated: bool) -> tuple[int, bool]:
    while edge := _STRING_EDGE.search(source, position):
        position = edge.end()
        if edge.group() == '"':
            return position, True
        if edge.group() == "{" and interpolated:
            position = _hole_end(source, position)
    return len(source), False


def _hole_end(source: str, position: int) -> int:
    """Skip the code inside `{…}` of an interpolated string, with the strings inside that code."""
    depth = 1
    while edge := _HOLE_EDGE.search(source, position):
        position = edge.end()
        if edge.group() == '"':
            position, _ = _quoted_end(source, position, False)
        else:
            depth += 1 if edge.group() == "{" else -1
        if depth == 0:
            break
    return position


def _blank_spans(text: str, spans: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    last = 0
    for start, end in spans:
        parts += text[last:start], blank(text[start:end])
        last = end
    return "".join((*parts, text[last:]))
