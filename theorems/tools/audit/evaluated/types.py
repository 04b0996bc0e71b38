"""Definitions that are types: what Lean declares of them, held against the values that the mirror has of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, fields
from typing import Any

from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import REAL, LeanType, LeanValue
from mirror.arithmetic import BALL
from mirror.core.fderiv import ctx_size
from theorems.engine.evidence.verdicts import Claim, Equal, Holds
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.conforming import Conformity
from theorems.tools.audit.evaluated.coordinates import array, dimension, entries
from theorems.tools.audit.evaluated.matching import spelled
from theorems.tools.audit.evaluated.names import CORE, GRAPH, SHAPE, TENSOR, TLIST

# The constructors that the mirror has values of.
CONSTRUCTORS: Mapping[str, frozenset[str]] = {
    SHAPE: frozenset(("scalar", "dim")),
    TENSOR: frozenset(("scalar", "dim")),
    TLIST: frozenset(("nil", "cons")),
    GRAPH: frozenset(("nil", "snoc")),
}
# How many coordinates a vector of the mirror has where Lean's name says a space.
DIMENSIONS: Mapping[str, Callable[..., int]] = {CORE + "Vec": lambda n: n, CORE + "CtxVec": ctx_size}


def type_claims(
    name: str,
    type_: LeanType,
    mirror: Any,
    arguments: Mapping[str, Any],
    evaluator: Evaluator,
    drawn: Callable[[LeanValue], tuple[Any, LeanValue]],
    fill: Fill,
) -> Iterator[Claim]:
    """What must hold if the class `mirror` stands for the type: its fields or constructors, and what values it has."""
    declaration = evaluator.library.declaration(name)
    if name in DIMENSIONS:
        (count,) = (DIMENSIONS[name](value) for value in arguments.values())
        yield Holds("the dimension", dimension(type_) == count, f"{dimension(type_)} in Lean, {count} in the mirror")
        return
    if declaration is not None and declaration.kind == "inductive":
        made = {member.name for member in declaration.members}
        ours = CONSTRUCTORS[name]
        yield Holds("the constructors", made == ours, f"{_listed(made)} in Lean, {_listed(ours)} in the mirror")
    elif declaration is not None and declaration.kind == "structure":
        yield from _fields(name, mirror, evaluator)
    conformity = Conformity(evaluator, lambda wanted: drawn(wanted)[1], fill)
    yield from conformity.claims(type_, drawn(type_)[1])


def _fields(name: str, mirror: Any, evaluator: Evaluator) -> Iterator[Claim]:
    """The data of a structure: Lean's parameters and fields without proofs, and the fields of the class."""
    structure = evaluator.library.structure(name)
    assert structure is not None, "the structure of a declaration that is one"
    data = {spelled(field.name) for field in structure.fields if not field.proof}
    known = {"context", "shape", *(spelled(parameter.name) for parameter in structure.parameters)}
    needed = {f.name for f in fields(mirror) if f.init and f.default is f.default_factory is MISSING}
    same = data <= needed <= data | known
    yield Holds("the fields", same, f"{_listed(data)} in Lean, {_listed(needed)} in the mirror")


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def class_claims(name: str, mirror: Any, evaluator: Evaluator, fill: Fill) -> Iterator[Claim]:
    """A class of real functions: each that the mirror has, at a drawn number, against Lean's instance for ℝ."""
    wanted = sorted(n for n in vars(mirror) if not n.startswith("_"))
    for field in wanted:
        x = fill.nonzero()
        ours, called = getattr(BALL, field), ""
        if callable(ours):
            ours, called = entries(ours(array([x])))[0], " x"
        value, _ = evaluator.term(f"({name}.{field}{called} : ℝ)", within=name, x=(x, REAL))
        yield Equal(field, [force(value)], [ours])
