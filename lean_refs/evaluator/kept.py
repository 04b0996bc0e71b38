"""Functions on `Fin n` in data: each value is found once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lean_refs.evaluator.machine import force, is_open, peek
from lean_refs.evaluator.values import Fin, FunctionType, LeanType, LeanValue


class KeptFunction:
    """A function in the argument of a constructor, whose declared type says whether it is one on `Fin n`."""

    __slots__ = ("_found", "_function", "_type")

    def __init__(self, function: Callable[[LeanValue], LeanValue], type_: LeanValue) -> None:
        self._function = function
        self._type = type_
        self._found: dict[int, LeanValue] = {}

    def __call__(self, argument: LeanValue) -> LeanValue:
        index = peek(argument)
        if is_open(index) or index.__class__ is not Fin:
            return self._function(index)
        place = index.value
        if place not in self._found:
            self._found[place] = self._function(index)
        return self._found[place]

    def values(self) -> Sequence[LeanValue] | None:
        """All values in order; None where it is no function on `Fin n`."""
        type_ = force(self._type)
        domain = force(type_.domain) if isinstance(type_, FunctionType) else None
        if not isinstance(domain, LeanType) or domain.head != "Fin":
            return None
        bound = force(domain.arguments[0])
        return [self(Fin(i, bound)) for i in range(bound)]


class ListedFunction:
    """A function on `Fin n` by its values."""

    __slots__ = ("_values",)

    def __init__(self, values: Sequence[LeanValue]) -> None:
        self._values = values

    def __call__(self, argument: LeanValue) -> LeanValue:
        return self._values[force(argument).value]

    def values(self) -> Sequence[LeanValue]:
        """All values in order."""
        return self._values
