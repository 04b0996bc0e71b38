"""Entries of the vocabulary as targets and structures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from lean_refs.evaluator.compiler import Compiler, Environment, LocalScope
from lean_refs.evaluator.free import free_names
from lean_refs.evaluator.machine import force, peek
from lean_refs.evaluator.propositions import head_of, is_proposition
from lean_refs.evaluator.reading import ReadParameter, read_signature_text
from lean_refs.evaluator.structures import StructureType
from lean_refs.evaluator.syntax import Var
from lean_refs.evaluator.targets import EXPLICIT, LeanParameter, Target
from lean_refs.evaluator.values import PROOF, LeanValue
from lean_refs.evaluator.vocabulary.entry import BuiltIn, VocabularyEntry


def entry_target(compiler: Compiler, entry: VocabularyEntry) -> Target:
    """An entry as what can be called."""
    head = read_signature_text(entry.signature)
    parameters, scope = _parameters(compiler, head.parameters)
    assert head.result is not None
    used = free_names(head.result).union(*(free_names(one.type) for one in head.parameters))
    parameters = [replace(one, idle=one.name not in used and one.kind == "{") for one in parameters]
    result = compiler.later(head.result, scope)
    sort = head.result.name if isinstance(head.result, Var) else ""
    # A type or a proposition may be named before all that it is about is known.
    argument = _peeked if sort in ("Type", "Prop") else _argument
    run = entry.run
    if run is None:
        return Target(entry.name, parameters, result, lambda _: PROOF, proof=True)

    takes = [argument(parameter) for parameter in parameters]
    world = compiler.world

    def called(environment: Environment) -> LeanValue:
        return run(world, *[take(typed[0]) for take, typed in zip(takes, environment, strict=True)])

    return Target(entry.name, parameters, result, called, predicate=sort == "Prop")


def _argument(parameter: LeanParameter) -> Callable[[LeanValue], LeanValue]:
    # What is found from the others is looked at by those entries that need it.
    return force if parameter.kind == EXPLICIT else _as_given


def _as_given(value: LeanValue) -> LeanValue:
    return value


def _peeked(_: LeanParameter) -> Callable[[LeanValue], LeanValue]:
    return peek


def _parameters(compiler: Compiler, read: Sequence[ReadParameter]) -> tuple[list[LeanParameter], LocalScope]:
    scope = LocalScope()
    found: list[LeanParameter] = []
    for one in read:
        type_ = compiler.later(one.type, scope) if one.type else None
        proof = one.type is not None and is_proposition(one.type, scope, compiler.library)
        mentions = frozenset(free_names(one.type))
        found.append(LeanParameter(one.name, one.kind, type_, None, proof, head_of(one.type), mentions=mentions))
        scope = scope.binding(one.name)
    return found, scope


def built_in(compiler: Compiler, structure: BuiltIn) -> StructureType:
    """A structure of the vocabulary."""
    head = read_signature_text(f"{structure.parameters} {structure.fields} : Type")
    found, _ = _parameters(compiler, head.parameters)
    parameters = [parameter for parameter in found if parameter.kind != EXPLICIT]
    fields = [parameter for parameter in found if parameter.kind == EXPLICIT]
    return StructureType(structure.name, parameters, fields, structure.make, structure.read)
