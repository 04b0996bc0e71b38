"""Structures and inductive types: how their values are made, taken apart and named."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from lean_refs.evaluator.compiler import Environment, Typed
from lean_refs.evaluator.machine import Delayed, force
from lean_refs.evaluator.targets import LeanParameter, environment_of
from lean_refs.evaluator.values import PROOF, LeanType, LeanValue, StructureValue


@dataclass(eq=False, slots=True)
class StructureType:
    """A structure type: its parameters (those of the type), its fields in order, and how a value holds them."""

    name: str
    parameters: Sequence[LeanParameter]
    fields: Sequence[LeanParameter]
    make: Callable[[LeanType, dict[str, LeanValue]], LeanValue]
    read: Callable[[LeanValue, str], LeanValue]

    def field(self, name: str) -> str | None:
        """The name of a field given by its name or its number, from 1; None if there is none."""
        if name.isdigit():
            return self.fields[int(name) - 1].name if 0 < int(name) <= len(self.fields) else None
        return name if any(field.name == name for field in self.fields) else None

    def value(self, value: LeanValue, name: str) -> LeanValue:
        """A field of a value."""
        if any(field.name == name and field.proof for field in self.fields):
            return PROOF
        return self.read(force(value), name)

    def type_of(self, type_: LeanType, name: str, value: Callable[[str], LeanValue]) -> LeanValue:
        """The type of a field, where the fields before it have the values that `value` gives."""
        return next(found[1] for field, found in self.opened(type_, value) if field.name == name)

    def opened(self, type_: LeanType, value: Callable[[str], LeanValue]) -> list[tuple[LeanParameter, Typed]]:
        """Each field with its value and its type, where the values are those that `value` gives."""
        environment = self.environment(type_)
        found: list[tuple[LeanParameter, Typed]] = []
        for field in self.fields:
            typed = (Delayed(partial(value, field.name)), field.type_in(environment))
            found.append((field, typed))
            environment = (*environment, typed)
        return found

    def environment(self, type_: LeanType) -> Environment:
        """The parameters as a type of this structure has them."""
        return environment_of(self.parameters, type_.arguments)


def record(name: str) -> Callable[[LeanType, dict[str, LeanValue]], LeanValue]:
    """How a structure of a source is made."""
    return lambda _, fields: StructureValue(name, fields)


def read_record(value: LeanValue, name: str) -> LeanValue:
    """How a structure of a source is read."""
    return force(value.fields[name])
