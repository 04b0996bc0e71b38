"""The term that a `by` block makes, where it is a definition and not a search: `let`s, and an `exact` or `refine`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lean_refs.reader.parser import parse_term
from lean_refs.reader.signature import UnreadableError, top_level
from lean_refs.reader.terms import Apply, Argument, Let, Name, Term
from lean_refs.reader.tokens import Token

Steps = Sequence[tuple[Token, ...]]
_LOCAL = frozenset(("let", "letI", "have", "haveI"))
_LAST = frozenset(("exact", "refine"))


def term_made(steps: Steps) -> tuple[Term, Steps]:
    """The term, and the steps that fill its holes; `UnreadableError` where a step is none of these.

    `simpa using t` is t under another type, whatever lemmas show that: `simpa` applied to it.
    """
    made: list[Let | str] = []
    for at, step in enumerate(steps):
        word = step[0].text
        if word in _LOCAL:
            made.append(_local(step))
        elif word == "classical":
            made.append(word)
        elif word in _LAST:
            return _nested(made, parse_term(step[1:])), steps[at + 1 :]
        elif word == "simpa" and (using := top_level(list(step), "using") + 1) < len(step):
            return _nested(made, _applied("simpa", parse_term(step[using:]))), steps[at + 1 :]
        else:
            raise UnreadableError(f"a tactic that makes a term is expected, not {word}", step[0].start)
    raise UnreadableError("a tactic that makes a term is expected")


def _local(step: tuple[Token, ...]) -> Let:
    """A `let` or `have` as it reads in a term, with a body still to come."""
    term = parse_term((*step, Token("name", "_", step[-1].end, step[0].column, True)))
    assert isinstance(term, Let), "what begins with let or have"
    return term


def _nested(made: Sequence[Let | str], last: Term) -> Term:
    for outer in reversed(made):
        last = replace(outer, body=last) if isinstance(outer, Let) else _applied(outer, last)
    return last


def _applied(word: str, term: Term) -> Term:
    return Apply(Name(word), (Argument(None, term),))
