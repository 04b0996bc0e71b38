"""Definitions that are types: what Lean declares of them, held against the values that the mirror has of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
    if name in DIMENSIONS:
        (count,) = (DIMENSIONS[name](value) for value in arguments.values())
        yield Holds("the dimension", dimension(type_) == count, f"{dimension(type_)} in Lean, {count} in the mirror")
        return
    yield from declared_claims(name, mirror, declared(name, evaluator))
    conformity = Conformity(evaluator, lambda wanted: drawn(wanted)[1], fill)
    yield from conformity.claims(type_, drawn(type_)[1])


def declared(name: str, evaluator: Evaluator) -> dict[str, list[str]]:
    """What the text declares of an inductive type or of a structure without its proofs; nothing of another one."""
    declaration = evaluator.library.declaration(name)
    if declaration is not None and declaration.kind == "inductive":
        return {"constructors": sorted(member.name for member in declaration.members)}
    structure = evaluator.library.structure(name)
    if structure is None:
        return {}
    data = {spelled(field.name) for field in structure.fields if not field.proof}
    return {
        "fields": sorted(data),
        "parameters": sorted({spelled(parameter.name) for parameter in structure.parameters}),
    }


def declared_claims(name: str, mirror: Any, found: Mapping[str, Sequence[str]]) -> Iterator[Claim]:
    """What must hold if the class `mirror` has what is declared: the constructors, or the data and no more."""
    if "constructors" in found:
        ours, made = CONSTRUCTORS[name], found["constructors"]
        yield Holds("the constructors", set(made) == ours, f"{_listed(made)} in Lean, {_listed(ours)} in the mirror")
    if "fields" in found:
        data, known = set(found["fields"]), {"context", "shape", *found["parameters"]}
        needed = {f.name for f in fields(mirror) if f.init and f.default is f.default_factory is MISSING}
        same = data <= needed <= data | known
        yield Holds("the fields", same, f"{_listed(data)} in Lean, {_listed(needed)} in the mirror")


def _listed(names: Any) -> str:
    return ", ".join(sorted(names))


def class_claims(name: str, mirror: Any, evaluator: Evaluator, fill: Fill) -> Iterator[Claim]:
    """A class of real functions: each that the mirror has, at a drawn number, against Lean's instance for ℝ."""
    for field in functions_of(mirror):
        x = fill.nonzero()
        yield Equal(field, [in_instance(name, field, evaluator, x)], [in_class(field, x)])


def functions_of(mirror: Any) -> list[str]:
    """The functions and constants of a class."""
    return sorted(name for name in vars(mirror) if not name.startswith("_"))


def in_class(field: str, x: Any) -> Any:
    """What the mirror has for one of them, at x where it is a function."""
    ours = getattr(BALL, field)
    return entries(ours(array([x])))[0] if callable(ours) else ours


def in_instance(name: str, field: str, evaluator: Evaluator, x: Any) -> Any:
    """The same of Lean's instance for ℝ."""
    called = " x" if callable(getattr(BALL, field)) else ""
    value, _ = evaluator.term(f"({name}.{field}{called} : ℝ)", within=name, x=(x, REAL))
    return force(value)
