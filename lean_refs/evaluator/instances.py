"""Classes of a source: a field of the instance that a type has."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.evaluator.compiler import Compiler, Environment, LocalScope
from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import Sought, force
from lean_refs.evaluator.reading import read_field, read_term
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.targets import LeanParameter, Target
from lean_refs.evaluator.unify import Unifier
from lean_refs.evaluator.values import PROOF, TYPE, LeanType, LeanValue
from lean_refs.reader.records import LeanDeclaration


def class_field(compiler: Compiler, structure: StructureType, own: Sequence[LeanParameter], name: str) -> Target:
    """`Class.field`: the field of the instance that the source declares for the type."""
    count = len(own)
    instance = LeanParameter("self", "[", None)

    def type_of(environment: Environment) -> LeanType:
        return LeanType(structure.name, tuple(value for value, _ in environment[:count]))

    def field_type(environment: Environment) -> LeanValue:
        return structure.type_of(type_of(environment), name, lambda _: PROOF)

    def run(environment: Environment) -> LeanValue:
        wanted = LeanType(structure.name, tuple(force(value) for value, _ in environment[:count]))
        return _field(compiler, structure, wanted, name, field_type(environment))

    return Target(f"{structure.name}.{name}", [*own, instance], lambda e, _: (field_type(e), TYPE), run)


def _field(compiler: Compiler, structure: StructureType, wanted: LeanType, name: str, type_: LeanValue) -> LeanValue:
    declaration, environment = _only(compiler, wanted)
    given = read_field(declaration, name, [field.name for field in structure.fields])
    if given is None:
        raise NotEvaluatedError(f"the instance of {wanted.head} without a field {name}")
    return compiler.compile(given, _scope(declaration))(environment, type_)[0]


def _only(compiler: Compiler, wanted: LeanType) -> tuple[LeanDeclaration, Environment]:
    """The one instance that is wanted: of several, priorities and what is open decide in Lean, which is not read."""
    found = [
        (declaration, environment, taken)
        for declaration, taken in compiler.library.instances()
        if (environment := _matching(compiler, declaration, wanted)) is not None
    ]
    if taken := next((f"{d.name}, which is none from {where} on" for d, _, where in found if where), ""):
        raise NotEvaluatedError(f"the instance {taken}")
    if len(found) == 1:
        return found[0][:2]
    places = " and ".join(f"{declaration.file}:{declaration.line}" for declaration, *_ in found)
    raise NotEvaluatedError(
        f"{len(found)} instances of {wanted.head}: {places}" if found else f"an instance of {wanted.head}"
    )


def _scope(declaration: LeanDeclaration) -> LocalScope:
    return LocalScope(declaration, tuple(binder.name for binder in declaration.binders))


def _matching(compiler: Compiler, declaration: LeanDeclaration, wanted: LeanType) -> Environment | None:
    """The arguments with which an instance is one of the class that is wanted; None if there are none."""
    last = wanted.head.rsplit(".", 1)[-1]
    if not declaration.result or declaration.result[0].text.rsplit(".", 1)[-1] != last:
        return None
    environment = tuple((Sought(binder.name), Sought("")) for binder in declaration.binders)
    try:
        found = compiler.compile(read_term(declaration, declaration.result), _scope(declaration))(environment, None)[0]
    except NotEvaluatedError:
        return None
    return environment if Unifier().same(found, wanted) else None
