"""The tokens of a Lean text in one spelling, so that two spellings of the same are the same when they are compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import accumulate, pairwise

from lean_refs.parentheses import RESERVED, without_idle_parentheses
from lean_refs.reader.mask import holes, interpolates, is_message
from lean_refs.reader.tokens import OPENING, Token, nesting, tokenize, unquoted

# What Lean has two spellings of.
_SIGNS = {"->": "→", "<-": "←", "↦": "=>", "λ": "fun", "<=": "≤", ">=": "≥", "forall": "∀"}
# Those that are two tokens here.
_PAIRS = {("/", "\\"): "∧", ("\\", "/"): "∨", ("←", ">"): "↔"}
# So many tokens before a string tell what takes it, back to where its row of arguments begins.
_NEAR = 12
_ENDS_ROW = frozenset((":=", "=>", "<|", ";", "do", "then", "else"))
# Two braces that touch are one, around a binder.
_STRICT = {"{": "⦃", "}": "⦄"}


def in_one_spelling(tokens: Sequence[Token], own: Set[str] = frozenset()) -> list[Token]:
    """The tokens with one sign for each meaning, names without needless quotes, and no parentheses that change nothing.

    The `f` of `x |>.f` is the field that it is, and what an interpolated string computes stands there as code. `own`
    are the words that the project's own syntax, or a name of its own, gives a meaning of which nothing is known. What
    is nested beyond Python's depth keeps its strings and parentheses.
    """
    joined = _with_strict_binders(_joined(tokens))
    joined = joined if "Exists" in own else _with_quantifiers(joined)
    try:
        return without_idle_parentheses(list(_with_code_of_strings(joined, own)), own)
    except RecursionError:
        return joined


def _with_strict_binders(tokens: Sequence[Token]) -> list[Token]:
    """`{{x : A}}` as `⦃x : A⦄`: in a term two such braces are around something else."""
    found: dict[int, Token] = dict(enumerate(tokens))
    groups = _groups(tokens, "{")
    for k, end in groups:
        colon = next((n for n in range(k + 2, end) if tokens[n].kind != "name"), end)
        binds = colon > k + 2 and tokens[colon].text == ":"
        touching = tokens[k].end == tokens[k + 1].start and tokens[end - 1].end == tokens[end].start
        if binds and touching and (k + 1, end - 1) in groups and not _is_set(tokens[colon:end]):
            found[k] = tokens[k]._replace(text="⦃")
            found[end] = tokens[end]._replace(text="⦄")
            del found[k + 1], found[end - 1]
    return list(found.values())


def _is_set(tokens: Sequence[Token]) -> bool:
    return any(token.text in ("|", "//") for token in tokens)


def _groups(tokens: Sequence[Token], opening: str) -> dict[tuple[int, int], None]:
    """Where the brackets of one kind open and close."""
    opened: list[int] = []
    found: dict[tuple[int, int], None] = {}
    for k, token in enumerate(tokens):
        if nesting(token) > 0:
            opened.append(k)
        elif nesting(token) < 0 and opened:
            start = opened.pop()
            if (tokens[start].text, token.text) == (opening, OPENING[opening]):
                found[start, k] = None
    return found


def _with_quantifiers(tokens: Sequence[Token]) -> list[Token]:
    """`exists x, p` and `Exists fun x => p` as `∃ x, p`; after a `by` the first may be a tactic."""
    found: dict[int, Token] = dict(enumerate(tokens))
    tactics = next((k for k, token in enumerate(tokens) if token.text == "by"), len(tokens))
    for k, token in enumerate(tokens):
        if token.text == "exists" and k < tactics:
            found[k] = token._replace(text="∃")
        elif token.text == "Exists" and (arrow := _arrow(tokens, k)):
            fun = k + 1 + (tokens[k + 1].text == "(")
            found[fun] = tokens[fun]._replace(text="∃")
            found[arrow] = tokens[arrow]._replace(text=",")
            found[k + 1] = found[k + 1]._replace(first=token.first, column=token.column)
            del found[k]
    return list(found.values())


def _arrow(tokens: Sequence[Token], k: int) -> int:
    """Where the arrow of `Exists fun x : A =>` is, also in parentheses; 0 where it is something else."""
    after = [token.text for token in tokens[k + 1 : k + 3]]
    fun = k + 1 + (after[:1] == ["("])
    if after[fun - k - 1 : fun - k] != ["fun"]:
        return 0
    depths = list(accumulate(map(nesting, tokens[fun:])))
    end = next((at for at, depth in enumerate(depths) if depth < 0), len(depths))
    level = [at for at in range(end) if depths[at] - nesting(tokens[fun + at]) == 0 == depths[at]]
    arrow = next((at for at in level if tokens[fun + at].text == "=>"), 0)
    ascribed = any(tokens[fun + at].text == ":" for at in level if at > arrow)
    return fun + arrow if arrow and not ascribed and _binds_one(tokens[fun + 1 : fun + arrow]) else 0


def _binds_one(header: Sequence[Token]) -> bool:
    """Whether it is `x`, `x : A` or `(x : A)`."""
    bracket = header[0].text == "("
    texts = [token.text for token in header[bracket : 2 + bracket]]
    whole = not bracket or (0, len(header) - 1) in _groups(header, "(")
    return whole and header[bracket].kind == "name" and (texts[1:] == [":"] or len(header) == 1)


def _joined(tokens: Sequence[Token]) -> list[Token]:
    found: list[Token] = []
    for token, after in zip(tokens, (*tokens[1:], None), strict=False):
        before = found[-1] if found else None
        if before and after and token.text == "$" and before.end < token.start and token.end < after.start:
            found.append(token._replace(text="<|", start=token.end - 2))
        elif before and before.text == "|>.":
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
    elif text in RESERVED:
        return token
    return token._replace(text=text, start=token.end - len(text))


def _with_code_of_strings(tokens: Sequence[Token], own: Set[str]) -> Iterator[Token]:
    """`s!"a {f n}"` as `"a {`, `(f n)` and `}"`; of what may be such a string the code stands behind it."""
    for k, token in enumerate(tokens):
        before = _code(tokens[max(0, k - _NEAR) : k + 1]) if token.text[0] in '"m' else ""
        after = tokens[k + 1].text[0] if k + 1 < len(tokens) else ""
        if token.text == "m!" and after == '"' and is_message(before):
            continue  # It is one without that too.
        if before and token.text[0] == '"':
            sure = interpolates(before)
            yield from _opened(token, own) if sure else (token,)
            yield from () if sure or not _may_be_message(tokens[:k], own) else _holes(token, own)
        else:
            yield token


def _code(tokens: Sequence[Token]) -> str:
    """What stands before the last token, with a space where there is one."""
    return "".join(one.text + " " * (after.start > one.end) for one, after in pairwise(tokens))


def _may_be_message(before: Sequence[Token], own: Set[str]) -> bool:
    """Whether a macro may take the string: a word that is no function for sure, or one of the project's own."""
    last, near = before[-1], before[-_NEAR:]
    begin = max((k for k, one in enumerate(near) if one.first or one.text in _ENDS_ROW), default=0)
    may = last.kind == "name" and "." not in last.text and last.text not in RESERVED
    return may or any(one.text in own for one in near[begin:])


def _opened(string: Token, own: Set[str]) -> Iterator[Token]:
    last = 0
    for begin, end in holes(string.text):
        yield _part(string, "text", last, begin)
        yield from _hole(string, begin, end, own)
        last = end
    yield _part(string, "text", last, len(string.text))


def _holes(string: Token, own: Set[str]) -> Iterator[Token]:
    """The code of a string that may have some, where it can be code."""
    for begin, end in holes(string.text):
        code = list(_hole(string, begin, end, own))
        depths = list(accumulate(map(nesting, code)))
        if min(depths) >= 0 == depths[-1] and any(token.kind == "name" for token in code):
            yield from code


def _hole(string: Token, begin: int, end: int, own: Set[str]) -> Iterator[Token]:
    code = [_moved(one, string) for one in tokenize(string.text, begin, end)]
    inside = _with_code_of_strings(_joined(code), own)
    yield from (_part(string, "symbol", begin, begin, "("), *inside, _part(string, "symbol", end, end, ")"))


def _part(string: Token, kind: str, begin: int, end: int, text: str = "") -> Token:
    first = string.first and begin == 0
    return Token(kind, text or string.text[begin:end], string.start + begin, string.column + begin, first)


def _moved(token: Token, string: Token) -> Token:
    """A token of a string's text as one of the text that the string stands in."""
    return token._replace(start=string.start + token.start, column=string.column + token.column, first=False)
