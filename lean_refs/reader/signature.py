"""The head of a declaration: name, binders, result type, and where its body starts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate, pairwise

from lean_refs.reader.records import EXPLICIT, IMPLICIT, INSTANCE, STRICT, Binder, Member
from lean_refs.reader.tokens import OPENING, Token, nesting

BINDER_KINDS = {"(": EXPLICIT, "{": IMPLICIT, "[": INSTANCE, "⦃": STRICT}
_LOCAL_DEFINITION = frozenset(("let", "have", "letI", "haveI"))
_BEFORE_TACTICS = frozenset(("by", ";", "<;>", "·", "=>"))
_IDENTIFIER = re.compile(r"[^\W\d]|[_«]")
_FIELD_MODIFIERS = frozenset(("private", "protected", "public"))
_TAIL = frozenset(("where", "deriving", "extends"))


class UnreadableError(Exception):
    """A text that does not have the form Lean gives it; the message says what was expected, `offset` where.

    Without an offset it is the end of the text.
    """

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Signature:
    """A declaration's head: `rest` is the index of the token that introduces the body, or the number of
    tokens.
    """

    name: str | None
    binders: tuple[Binder, ...]
    result: tuple[Token, ...]
    rest: int
    universes: tuple[str, ...] = ()


def read_signature(tokens: list[Token], named: bool, inductive: bool = False) -> Signature:
    """Read a head from the tokens after its keyword; `named` declarations must have a name.

    In an `inductive` one every `|` that starts a line is a constructor.
    """
    position, name, universes = 0, None, ()
    if tokens and tokens[0].kind == "name" and tokens[0].text not in _TAIL:
        name, position = tokens[0].text, 1
        if [token.text for token in tokens[position : position + 2]] == [".", "{"]:
            end = closing(tokens, position + 1)
            universes = tuple(token.text for token in tokens[position + 2 : end] if token.kind == "name")
            position = end + 1
    elif named:
        got = tokens[0].text if tokens else "the end"
        raise UnreadableError(f"a name is expected after the keyword, not {got!r}")
    binders, position = read_binders(tokens, position)
    result: tuple[Token, ...] = ()
    if position < len(tokens) and tokens[position].text == ":":
        end = type_end(tokens, position + 1, inductive)
        result, position = tuple(tokens[position + 1 : end]), end
    return Signature(name, tuple(binders), result, position, universes)


def read_binders(tokens: list[Token], position: int = 0) -> tuple[list[Binder], int]:
    """Read binder groups and bare names from `position`; returns them and where they end."""
    binders: list[Binder] = []
    while position < len(tokens):
        token = tokens[position]
        if token.text in BINDER_KINDS:
            end = closing(tokens, position)
            binders += _bracketed(tokens[position : end + 1])
            position = end + 1
        elif token.kind == "name" and token.text not in _TAIL:
            binders.append(Binder(token.text, EXPLICIT, ()))
            position += 1
        else:
            break
    return binders, position


def _bracketed(tokens: list[Token]) -> list[Binder]:
    """The binders of a group with its brackets; `{{x : A}}` is `⦃x : A⦄` on a keyboard without those."""
    if tokens[0].text == tokens[1].text == "{" and closing(tokens, 1) == len(tokens) - 2:
        return _group(tokens[2:-2], STRICT)
    return _group(tokens[1:-1], BINDER_KINDS[tokens[0].text])


def closing(tokens: list[Token], position: int) -> int:
    """The index of the bracket that closes the one at `position`; `UnreadableError` if there is none."""
    depth = 0
    for index in range(position, len(tokens)):
        depth += nesting(tokens[index])
        if depth == 0:
            return index
    opened = tokens[position].text
    raise UnreadableError(f"{opened!r} is never closed, {OPENING.get(opened, '?')!r} is expected")


def top_level(tokens: list[Token], wanted: str, start: int = 0) -> int:
    """The index of the first token spelled `wanted` outside all brackets, or the number of tokens."""
    depth = 0
    for index in range(start, len(tokens)):
        if depth == 0 and tokens[index].text == wanted:
            return index
        depth += nesting(tokens[index])
    return len(tokens)


def _group(inner: list[Token], kind: str) -> list[Binder]:
    assigned = top_level(inner, ":=")
    colon = min(top_level(inner, ":"), assigned)  # `(x := 1)` has a default and no type
    names = [token.text for token in inner[:colon]]
    if kind == INSTANCE and (colon == len(inner) or len(names) != 1):
        return [Binder("", INSTANCE, tuple(inner))]
    bad = next((token.text for token in inner[:colon] if not _IDENTIFIER.match(token.text)), None)
    if bad is not None or not names:
        raise UnreadableError(f"a binder holds names before its colon, not {bad or 'nothing'!r}")
    type_, default = tuple(inner[colon + 1 : assigned]), tuple(inner[assigned + 1 :])
    return [Binder(name, kind, type_, default) for name in names]


def type_end(tokens: list[Token], start: int, inductive: bool = False) -> int:
    """Where the type that starts at `start` ends: `:=`, `where`, `deriving` or the first `|` alternative."""
    depth = pending = 0
    matching = False
    for index in range(start, len(tokens)):
        token = tokens[index]
        if depth == 0:
            pending += token.text in _LOCAL_DEFINITION or _is_set(tokens, index)
            matching = matching or token.text == "match"
            # `let x ← …` binds what is computed.
            if token.text in (":=", "←") and pending:
                pending -= 1
            elif token.text in (":=", "where", "deriving") or (
                token.text == "|" and not matching and _begins_case(tokens, index, inductive)
            ):
                return index
        depth += nesting(token)
    return len(tokens)


def _is_set(tokens: list[Token], index: int) -> bool:
    """Whether here is the tactic `set x := …`, and not a function of that name."""
    begins = tokens[index].first or tokens[index - 1].text in _BEFORE_TACTICS
    ahead = [token.text for token in tokens[index : index + 3]]
    return begins and ahead[:1] == ["set"] and ahead[2:] in ([":="], [":"])


def _begins_case(tokens: list[Token], bar: int, inductive: bool) -> bool:
    """Whether a `|` begins a constructor or a pattern; on the line of the type it has a space after it."""
    first = tokens[bar].first
    if inductive:
        return first or _is_constructor(tokens, bar)
    return (first or _stands_apart(tokens, bar)) and _is_pattern(tokens, bar)


def _stands_apart(tokens: list[Token], bar: int) -> bool:
    return all(one.end < other.start for one, other in pairwise(tokens[max(bar - 1, 0) : bar + 2]))


def _is_constructor(tokens: list[Token], bar: int) -> bool:
    """A `|` that begins a constructor, and no absolute value: first on its line, or apart, before a name."""
    named = bar + 1 < len(tokens) and tokens[bar + 1].kind == "name"
    return tokens[bar].first or (named and _stands_apart(tokens, bar))


def _is_pattern(tokens: list[Token], bar: int) -> bool:
    """A `|` that starts a line is a pattern if its own `=>` comes before `:=`; else it is an absolute value."""
    others = min(top_level(tokens, word, bar) for word in (":=", "match", "fun"))
    return top_level(tokens, "=>", bar) < others


def read_fields(tokens: list[Token]) -> tuple[Member, ...]:
    """The fields of a structure or class from the tokens after `where` (or `:=`)."""
    deriving = top_level(tokens, "deriving")
    tokens = tokens[:deriving]
    if len(tokens) > 1 and tokens[1].text == "::":
        tokens = tokens[2:]
    return tuple(member for entry in _entries(tokens) for member in _field(entry))


def _entries(tokens: list[Token]) -> list[list[Token]]:
    """Cut at the tokens that start a line at the leftmost column."""
    if not tokens:
        return []
    margin = tokens[0].column
    entries: list[list[Token]] = []
    for token in tokens:
        if not entries or (token.first and token.column <= margin):
            entries.append([])
        entries[-1].append(token)
    return entries


def _field(entry: list[Token]) -> list[Member]:
    entry = _without_modifiers(entry)
    if not entry or (entry[0].kind != "name" and entry[0].text not in BINDER_KINDS):
        raise UnreadableError(f"a field is expected, not {entry[0].text if entry else 'the end'!r}")
    if entry[0].text in BINDER_KINDS:
        return _bracketed_fields(entry)
    names = 0
    while names < len(entry) and entry[names].kind == "name":
        names += 1
    binders, position = read_binders(entry, names)
    assigned = top_level(entry, ":=", position)
    has_type = position < len(entry) and entry[position].text == ":"
    type_ = tuple(entry[position + 1 : assigned]) if has_type else ()
    default = tuple(entry[assigned + 1 :])
    return [Member(token.text, type_, default, tuple(binders)) for token in entry[:names]]


def _bracketed_fields(entry: list[Token]) -> list[Member]:
    """`(f g : A) (h (x : A) : B)`: groups of fields, of which one may take arguments."""
    end = closing(entry, 0)
    inner = entry[1:end]
    takes = [token.text in BINDER_KINDS for token in inner[: top_level(inner, ":")]]
    if any(takes) and not takes[0] and entry[0].text != "[":
        found = _field(inner)
    else:
        found = [Member(b.name, b.type, b.default) for b in _bracketed(entry[: end + 1])]
    return found + (_bracketed_fields(entry[end + 1 :]) if entry[end + 1 :] else [])


def _without_modifiers(entry: list[Token]) -> list[Token]:
    """A field without `private` and the like, and without its attributes."""
    while entry and (entry[0].text == "@" or entry[0].text in _FIELD_MODIFIERS):
        entry = entry[closing(entry, 1) + 1 :] if entry[0].text == "@" else entry[1:]
    return entry


def read_constructors(tokens: list[Token]) -> tuple[Member, ...]:
    """The constructors of an inductive type from the tokens of its `|` alternatives."""
    tokens = tokens[: min(top_level(tokens, "deriving"), _computed(tokens))]
    depths = accumulate(map(nesting, tokens), initial=0)
    bars = [k for k, depth in enumerate(depths) if k < len(tokens) and depth == 0 and tokens[k].text == "|"]
    bars = [k for k in bars if _is_constructor(tokens, k)]
    members: list[Member] = []
    for bar, following in pairwise([*bars, len(tokens)] if bars else []):
        signature = read_signature(tokens[bar + 1 : following], named=True)
        members.append(Member(str(signature.name), signature.result, (), signature.binders))
    return tuple(members)


def _computed(tokens: list[Token]) -> int:
    """Where the computed fields of an inductive type begin: at a `with` that begins its line."""
    places = (k for k, token in enumerate(tokens) if token.text == "with" and token.first)
    return next(places, len(tokens))
