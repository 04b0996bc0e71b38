"""Round trips between vectors and tensors, which are left out where a lemma says that they change nothing.

Every node of a graph unpacks the vector of its context into tensors, only to pack them again. Two lemmas of the source
say that to pack what was unpacked gives the same vector. Where `World.shortcuts` is set, such a pair is not computed:
whoever sets it has seen the lemmas hold without it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lean_refs.evaluator.compiler import Environment
from lean_refs.evaluator.machine import Image, held, peek
from lean_refs.evaluator.values import LeanValue, is_plain
from lean_refs.evaluator.world import World

# What unpacks, what packs, and the lemma that says `pack (unpack v) = v`.
ROUND_TRIPS = (
    ("Proofs.Autograd.ofVecT", "Proofs.Autograd.toVecT", "Proofs.Autograd.toVecT_ofVecT"),
    ("Proofs.Autograd.unflattenCtx", "Proofs.Autograd.flattenCtx", "Proofs.Autograd.flattenCtx_unflattenCtx"),
)
_UNPACKED_BY = {pack: unpack for unpack, pack, _ in ROUND_TRIPS}

Run = Callable[[Environment], LeanValue]


def shortened(run: Run, name: str, world: World) -> Run:
    """What a definition does, without the round trips that the world leaves out."""
    if name in _UNPACKED_BY:
        return Packing(run, _UNPACKED_BY[name], world)
    return Unpacking(run, name, world) if name in _UNPACKED_BY.values() else run


@dataclass(eq=False, slots=True)
class Unpacking:
    """A vector to tensors, which are computed when they are looked at; the first argument is the context or shape."""

    run: Run
    name: str
    world: World

    def __call__(self, environment: Environment) -> LeanValue:
        at = peek(environment[0][0])
        if not self.world.shortcuts or not is_plain(at):
            return self.run(environment)
        return Image(self.name, at, environment[-1][0], lambda: self.run(environment))


@dataclass(eq=False, slots=True)
class Packing:
    """Tensors to a vector: those that were unpacked from a vector are that vector."""

    run: Run
    inverse: str
    world: World

    def __call__(self, environment: Environment) -> LeanValue:
        tensors = held(environment[-1][0])
        if tensors.__class__ is Image and tensors.map == self.inverse and tensors.at == peek(environment[0][0]):
            return tensors.origin
        return self.run(environment)
