"""The tactics of a block one after the other, and the alternatives of one."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.reader.signature import top_level
from lean_refs.reader.tokens import Token, nesting

Step = tuple[Token, ...]


def steps_of(tokens: Sequence[Token]) -> list[Step]:
    """The tactics of a block, one after the other."""
    found: list[list[Token]] = []
    margin = tokens[0].column if tokens else 0
    depth = 0
    for token in tokens:
        if depth == 0 and token.text == ";" and not any(one.first for one in found[-1][1:]):
            # On a line further in, it separates the tactics of a block inside.
            found.append([])
        elif not found or (token.first and token.column <= margin and depth == 0 and token.text != "|"):
            found.append([token])
        else:
            found[-1].append(token)
        depth += nesting(token)
    return [tuple(step) for step in found if step]


def split_alternatives(step: Step) -> tuple[Step, list[tuple[Step, Step]]]:
    """What a tactic looks at, and each alternative after `with`: what stands before its `=>`, and after."""
    tokens = list(step)
    with_ = top_level(tokens, "with")
    bars = [at for at in range(with_ + 1, len(tokens)) if tokens[at].text == "|" and _outside(tokens, with_, at)]
    if not bars:
        raise NotEvaluatedError(f"the tactic {step[0].text} without alternatives")
    # Bars further to the right belong to a match inside.
    margin = tokens[bars[0]].column
    bars = [at for at in bars if tokens[at].column == margin]
    found: list[tuple[Step, Step]] = []
    for at, end in zip(bars, [*bars[1:], len(tokens)], strict=True):
        arrow = top_level(tokens, "=>", at + 1)
        found.append((tuple(tokens[at + 1 : arrow]), tuple(tokens[arrow + 1 : end])))
    return tuple(tokens[1:with_]), found


def _outside(tokens: Sequence[Token], start: int, at: int) -> bool:
    return sum(nesting(token) for token in tokens[start:at]) == 0
