"""Statements: hypotheses weaker, stronger, other or gone; conclusions of another thing."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, last, meaning
from tests.corruptions.library import Change, Library
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """A theorem that says something else."""
    name = last(p.positive)
    yield Corruption(
        "a hypothesis weakened",
        lambda lib: lib.in_statement(p.positive, "0 < ", "0 ≤ "),
        meaning(name, "hypothesis replaced by a"),
    )
    yield Corruption(
        "a hypothesis strengthened",
        lambda lib: lib.in_statement(p.positive, "0 < ", "1 < "),
        meaning(name, "hypothesis replaced by a"),
    )
    yield Corruption(
        "a hypothesis dropped",
        lambda lib: _without(lib, *p.nonzero),
        meaning(last(p.nonzero[0]), "hypothesis dropped", p.nonzero[1]),
    )
    yield Corruption(
        "a hypothesis replaced by another one",
        lambda lib: _instead(lib, *p.nonzero, "False"),
        meaning(last(p.nonzero[0]), "hypothesis replaced by", p.nonzero[1]),
    )
    yield Corruption(
        "a certificate replaced by 0 < ε",
        lambda lib: _instead(lib, *p.certificate, "(0 : ℝ) < 1"),
        meaning(last(p.certificate[0]), "hypothesis replaced by", p.certificate[1]),
    )
    yield Corruption(
        "a certificate renamed and replaced by 0 < ε",
        lambda lib: _instead(lib, *p.certificate, "(0 : ℝ) < 1", called="hε₁"),
        meaning(last(p.certificate[0]), "hypothesis replaced by", "hε₁"),
    )
    yield Corruption(
        "a certificate dropped",
        lambda lib: _without(lib, *p.certificate),
        meaning(last(p.certificate[0]), "hypothesis dropped"),
    )
    for what, (where, old, new) in {
        "an adjoint left out of a conclusion": p.conclusion,
        "a default of another value": p.defaulted,
        "k < n made k ≤ n": p.bound,
    }.items():
        yield Corruption(
            what,
            lambda lib, where=where, old=old, new=new: lib.in_statement(where, old, new),
            meaning(last(where), *(("hypothesis replaced by a weaker one",) if where == p.bound[0] else ())),
        )
    yield Corruption(
        "a conclusion that is True", lambda lib: _concluding(lib, p.certified, "True"), meaning(last(p.certified))
    )
    yield Corruption(
        "a conclusion of one side twice",
        lambda lib: _concluding(lib, p.bound[0], "acc = acc"),
        meaning(last(p.bound[0])),
    )
    yield Corruption(
        "a real number made a natural one",
        lambda lib: lib.in_statement(p.certified, ": ℝ)", ": ℕ)"),
        meaning(last(p.certified)),
    )
    yield Corruption(
        "a universe made a type of data",
        lambda lib: lib.in_statement(p.theorem, "Type u", "Type"),
        meaning(last(p.theorem)),
    )
    yield Corruption(
        "an implicit argument made strict",
        lambda lib: _strict(lib, p.certified),
        meaning(last(p.certified)),
    )
    yield Corruption(
        "an instance more is asked for",
        lambda lib: lib.in_statement(p.theorem, "[NormedSpace ℝ E]", "[NormedSpace ℝ E] [FiniteDimensional ℝ E]"),
        meaning(last(p.theorem)),
    )


def _binder(lib: Library, name: str, hypothesis: str) -> tuple[str, int, int]:
    """The statement, and where in it the group of a hypothesis begins and ends."""
    text = lib.kept(name, "body")
    begin = text.index(f"({hypothesis} ")
    depth, stop = 0, begin
    for stop in range(begin, len(text)):
        depth += (text[stop] == "(") - (text[stop] == ")")
        if depth == 0:
            break
    return text, begin, stop + 1


def _without(lib: Library, name: str, hypothesis: str) -> Change:
    text, begin, stop = _binder(lib, name, hypothesis)
    return _stated(lib, name, f"{text[:begin].rstrip()}{text[stop:]}")


def _instead(lib: Library, name: str, hypothesis: str, new: str, *, called: str = "") -> Change:
    text, begin, stop = _binder(lib, name, hypothesis)
    return _stated(lib, name, f"{text[:begin]}({called or hypothesis} : {new}){text[stop:]}")


def _concluding(lib: Library, name: str, new: str) -> Change:
    """The statement with another conclusion: what comes after the colon outside all brackets."""
    text, depth = lib.kept(name, "body"), 0
    begin = text.index(last(name))
    for place in range(begin, len(text)):
        depth += (text[place] in "([{") - (text[place] in ")]}")
        if depth == 0 and text[place] == ":":
            return _stated(lib, name, f"{text[:place]}: {new} :=")
    raise AssertionError(name)


def _strict(lib: Library, name: str) -> Change:
    text = lib.kept(name, "body")
    begin = text.index("{", text.index(last(name)))
    stop = text.index("}", begin)
    return _stated(lib, name, f"{text[:begin]}{{{text[begin:stop]}}}{text[stop:]}")


def _stated(lib: Library, name: str, statement: str) -> Change:
    rest = lib.written(name)[len(lib.kept(name, "body")) :]
    return lib.replaced(name, f"{statement}{rest}")
