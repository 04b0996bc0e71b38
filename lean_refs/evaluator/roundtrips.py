"""Round trips between vectors and tensors, which are left out where a lemma says that they change nothing.

Every node of a graph unpacks the vector of its context into tensors, only to pack them again. Where an evaluator is
told that to pack what was unpacked gives the same vector, the two are not computed. The two definitions take what they
unpack at (a context, a shape) as their first argument, and what they convert as their last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lean_refs.evaluator.compiler import Environment
from lean_refs.evaluator.machine import Image, held, peek
from lean_refs.evaluator.values import LeanValue, is_plain

_Runs = Callable[[Environment], LeanValue]


def shortened(run: _Runs, name: str, round_trips: Mapping[str, str]) -> _Runs:
    """What a definition does, without the round trips: to each definition that packs, the one that unpacks."""
    if name in round_trips:
        return Packing(run, round_trips[name])
    return Unpacking(run, name) if name in round_trips.values() else run


@dataclass(frozen=True, slots=True)
class Unpacking:
    """A vector to tensors, which are computed when they are looked at."""

    run: _Runs
    name: str

    def __call__(self, environment: Environment) -> LeanValue:
        at = peek(environment[0][0])
        if not is_plain(at):
            return self.run(environment)
        return Image(self.name, at, environment[-1][0], lambda: self.run(environment))


@dataclass(frozen=True, slots=True)
class Packing:
    """Tensors to a vector: those that were unpacked from a vector, at the same place, are that vector."""

    run: _Runs
    inverse: str

    def __call__(self, environment: Environment) -> LeanValue:
        tensors = held(environment[-1][0])
        if tensors.__class__ is Image and tensors.map == self.inverse and tensors.at == peek(environment[0][0]):
            return tensors.origin
        return self.run(environment)
