"""Definitions: constants, indices, signs, order, types."""

from __future__ import annotations

from collections.abc import Iterator

from tests.corruptions.corruption import Corruption, Named, last, meaning
from tests.corruptions.parts import Parts


def corruptions(p: Parts) -> Iterator[Corruption]:
    """A definition that computes something else."""
    for what, (name, old, new) in {
        "π another number": p.pi,
        "a constant in its last digit": p.constant,
        "an index of another entry": p.index,
        "a context of other shapes": p.context,
        "a sign": p.operator,
    }.items():
        yield Corruption(
            what, lambda lib, name=name, old=old, new=new: lib.in_body(name, old, new), meaning(last(name))
        )
    if p.valued:
        name, old, new = p.constant
        yield Corruption(
            "a constant in its last digit, at the pinned numbers",
            lambda lib, name=name, old=old, new=new: lib.in_body(name, old, new),
            meaning(last(name), "meaning: differs"),
            valued=name,
        )
    name, old, new = p.result
    yield Corruption("a result of another type", lambda lib: lib.in_statement(name, old, new), meaning(last(name)))
    yield Corruption(
        "a definition by an equal name of another namespace",
        lambda lib: lib.in_body(p.exponential, "Real.exp", "Complex.exp"),
        meaning(last(p.exponential)),
    )
    yield Corruption(
        "a definition of a structure with one field less",
        lambda lib: lib.in_body(p.structure, f"{p.field} :", f"{p.field}' :"),
        meaning(last(p.structure)),
    )
    yield Corruption(
        "a constructor more",
        lambda lib: lib.in_body(p.inductive, f"| {p.constructor}", f"| another\n  | {p.constructor}"),
        meaning(last(p.inductive)),
    )
    yield Corruption(
        "a definition by sorry", lambda lib: lib.body(p.exponential, ":= sorry"), meaning(last(p.exponential), "sorry")
    )
    yield Corruption(
        "a definition made an abbreviation",
        lambda lib: lib.replaced(p.exponential, lib.written(p.exponential).replace("def ", "abbrev ", 1)),
        Named(("drift",), (last(p.exponential), "def became abbrev"), note=True),
    )
    yield Corruption(
        "a lemma made a definition",
        lambda lib: lib.replaced(p.inner, _as_definition(lib.written(p.inner))),
        meaning(last(p.inner)),
    )


def _as_definition(text: str) -> str:
    return text.replace("lemma ", "def ", 1) if "lemma " in text else text.replace("theorem ", "def ", 1)
