"""What of the layout of Lean code has a meaning: which tokens touch, and where a step of a block begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lean_refs.reader.tokens import Token

# After these a block may begin, whose steps are the lines that start at its first column.
OPENS = frozenset(("do", "by", "then", "else", "=>", "↦", ":=", "where", "·", "|>.", "try", "catch", "finally"))
# `xs[i]` is an element, `xs [i]` an application; `x.f` is a field, `f .x` has an argument.
_TOUCHING = frozenset(("[", "!", "?"))


def laid_out(tokens: Sequence[Token]) -> Iterator[str]:
    """What to write before each token: `;` and a depth where it begins a step, `&` where it touches the one before.

    The same for every layout that Lean reads alike.
    """
    margins: list[int] = []
    opens = False
    last: Token | None = None
    for token in tokens:
        if token.first:
            while margins and margins[-1] > token.column:
                margins.pop()
        step = token.first and not opens and bool(margins) and margins[-1] == token.column
        if opens:
            margins.append(token.column)
        touches = last is not None and last.end == token.start and (token.kind == "field" or token.text in _TOUCHING)
        yield f";{len(margins)} " if step else "&" if touches else ""
        opens, last = token.text in OPENS, token
