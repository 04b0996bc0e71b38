"""What a statement binds after its colon: `∀ x, …`, `(x : A) → …` and `A → …`, in order."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.reader.records import EXPLICIT, Binder
from lean_refs.reader.signature import BINDER_KINDS, UnreadableError, closing, read_binders, top_level
from lean_refs.reader.tokens import Token

# Under one of these an arrow belongs to what follows it; `↔` binds looser than an arrow. `∀ᶠ x in l` and `∀ᵐ x` say
# "for almost all": they bind nothing that a caller could choose.
_ENDS = ("∃", "∃!", "∃ᶠ", "∀", "∀ᶠ", "∀ᵐ", "fun", "λ", "let", "have")


def telescope(result: Sequence[Token]) -> tuple[Binder, ...]:
    """The binders that a type begins with; an arrow's unnamed left side has the name ''.

    A form that is not understood ends the list: what is returned stands there for certain.
    """
    tokens, binders = list(result), []
    while step := _step(tokens):
        found, tokens = step
        binders += found
    return tuple(binders)


def _step(tokens: list[Token]) -> tuple[list[Binder], list[Token]] | None:
    try:
        return _universal(tokens) or _arrow(tokens)
    except UnreadableError:
        return None


def _universal(tokens: list[Token]) -> tuple[list[Binder], list[Token]] | None:
    """`∀ x y : A, …` or `∀ (x : A) {y : B}, …`."""
    if not tokens or tokens[0].text != "∀":
        return None
    comma, colon = top_level(tokens, ",", 1), top_level(tokens, ":", 1)
    binders, end = read_binders(tokens[:comma], 1)
    if not binders or comma == len(tokens) or end not in (comma, colon):
        return None
    type_ = tuple(tokens[colon + 1 : comma])
    return [b if b.type else Binder(b.name, b.kind, type_) for b in binders], tokens[comma + 1 :]


def _arrow(tokens: list[Token]) -> tuple[list[Binder], list[Token]] | None:
    """`(x : A) → …`, or `A → …` with an unnamed left side."""
    arrow = top_level(tokens, "→")
    if arrow == len(tokens) or any(top_level(tokens, word) < arrow for word in _ENDS):
        return None
    if top_level(tokens, "↔") < len(tokens):
        return None
    named = tokens[0].text in BINDER_KINDS and closing(tokens, 0) == arrow - 1
    if named and top_level(tokens[1 : arrow - 1], ":") < arrow - 2:
        return read_binders(tokens[:arrow])[0], tokens[arrow + 1 :]
    return [Binder("", EXPLICIT, tuple(tokens[:arrow]))], tokens[arrow + 1 :]
