"""The tokens of a Lean text in one spelling, so that two spellings of the same are the same when they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from lean_refs.reader.cursor import KEYWORDS
from lean_refs.reader.keywords import STARTS
from lean_refs.reader.mask import holes
from lean_refs.reader.tokens import Token, nesting, tokenize, unquoted

# What Lean has two spellings of.
_SIGNS = {"->": "→", "<-": "←", "↦": "=>", "λ": "fun", "<=": "≤", ">=": "≥", "forall": "∀"}
# Those that are two tokens here.
_PAIRS = {("/", "\\"): "∧", ("\\", "/"): "∨", ("←", ">"): "↔"}
# What means something else without its quotes.
_RESERVED = KEYWORDS | STARTS | {"forall", "termination_by", "decreasing_by", "deriving"}
_ATOMS = ("name", "number", "text")
_MAY_TOUCH = frozenset((")", "]", "}", "⟩", ",", ";"))


def in_one_spelling(tokens: Sequence[Token]) -> list[Token]:
    """The tokens with one sign for each meaning, names without needless quotes, and no parentheses that change nothing.

    The `f` of `x |>.f` is the field that it is, and what an interpolated string computes stands there as code.
    """
    return _without_idle_parentheses(list(_with_code_of_strings(_joined(tokens))))


def _joined(tokens: Iterable[Token]) -> list[Token]:
    found: list[Token] = []
    for token in tokens:
        before = found[-1] if found else None
        if before and before.text == "|>.":
            found.append(token._replace(kind="field", text=f".{token.text}", start=token.start - 1))
        elif before and before.end == token.start and (sign := _PAIRS.get((before.text, token.text))):
            found[-1] = before._replace(text=sign, start=token.end - len(sign))
        else:
            found.append(_plain(token))
    return found


def _plain(token: Token) -> Token:
    """The token with the sign or the name that it means; it ends where it ended."""
    text = unquoted(token.text) if token.kind in ("name", "dot", "field") else _SIGNS.get(token.text, token.text)
    if text == token.text:
        text = _SIGNS.get(text, text)
    elif text in _RESERVED:
        return token
    return token._replace(text=text, start=token.end - len(text))


def _with_code_of_strings(tokens: Sequence[Token]) -> Iterator[Token]:
    """`s!"a {f n}"` as `"a {`, `(f n)` and `}"`."""
    for before, token in zip((None, *tokens), tokens, strict=False):
        if before and before.kind == "name" and before.text[-1] == "!" and token.text[0] == '"':
            yield from _opened(token)
        else:
            yield token


def _opened(string: Token) -> Iterator[Token]:
    last = 0
    for begin, end in holes(string.text):
        yield _part(string, "text", last, begin)
        code = (_moved(one, string) for one in tokenize(string.text, begin, end))
        inside = _with_code_of_strings(_joined(code))
        yield from (_part(string, "symbol", begin, begin, "("), *inside, _part(string, "symbol", end, end, ")"))
        last = end
    yield _part(string, "text", last, len(string.text))


def _part(string: Token, kind: str, begin: int, end: int, text: str = "") -> Token:
    first = string.first and begin == 0
    return Token(kind, text or string.text[begin:end], string.start + begin, string.column + begin, first)


def _moved(token: Token, string: Token) -> Token:
    """A token of a string's text as one of the text that the string stands in."""
    return token._replace(start=string.start + token.start, column=string.column + token.column, first=False)


def _without_idle_parentheses(tokens: Sequence[Token]) -> list[Token]:
    """Without those around everything, around others, and around a name or a number that nothing touches."""
    found: list[Token] = []
    opened: list[int] = []
    closed: dict[int, int] = {}
    for token, after in zip(tokens, (*tokens[1:], None), strict=False):
        if nesting(token) > 0:
            opened.append(len(found))
        elif nesting(token) < 0 and opened:
            start = opened.pop()
            if (found[start].text, token.text) == ("(", ")"):
                if closed.get(start + 1) == len(found) - 1 and found[start + 1].text == "(":
                    found[start + 1 :] = found[start + 2 : -1]
                if _is_atom(found[start + 1 :]) and not _touches(token, after):
                    found[start:] = _bared(found[start:])
                    continue
            closed[start] = len(found)
        found.append(token)
    whole = bool(found) and found[0].text == "(" and closed.get(0) == len(found) - 1
    return _bared(found[:-1]) if whole else found


def _bared(tokens: Sequence[Token]) -> list[Token]:
    """The tokens without the first, in whose place the second begins."""
    opening, *rest = tokens
    return [token._replace(first=opening.first, column=opening.column) for token in rest[:1]] + rest[1:]


def _is_atom(tokens: Sequence[Token]) -> bool:
    return len(tokens) == 1 and tokens[0].kind in _ATOMS


def _touches(token: Token, after: Token | None) -> bool:
    return after is not None and after.start == token.end and after.text not in _MAY_TOUCH
