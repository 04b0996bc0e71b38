"""The modules of the mirror: twins of Lean files, and the few rooms that have no Lean twin."""

from __future__ import annotations

from operator import attrgetter

from lean_refs import import_twin, load_pin, twin_module
from mirror.links import Link, linked
from mirror.node_kinds import NodeKind, recorded
from mirror.reasons import WITHOUT_COUNTERPART

# Rooms without a Lean file behind them. A test holds this list.
WITHOUT_TWIN = (
    "mirror.arithmetic",  # the number systems that one definition is evaluated over
    "mirror.bounds",  # how far floats may be from the real value, at matrix speed
    "mirror.dims",  # the five dimensions of the decoder block
    "mirror.frames",  # names of functions in tracebacks and profiles
    "mirror.jit",  # the same block, fast: jitted, with a hand-written pullback
    "mirror.linear_map",  # Mathlib's continuous linear maps, as values with an adjoint
    "mirror.links",  # the link from a counterpart to its Lean declaration
    "mirror.node_kinds",  # one record for each kind of node
    "mirror.reasons",  # declarations that need no counterpart, each with its reason
    "mirror.rooms",
)


def twin_rooms() -> list[str]:
    """Dotted names, below `mirror`, of the twins of every Lean file with a definition in scope."""
    mirrored = {d.file for d in load_pin().definitions if d.name not in WITHOUT_COUNTERPART}
    return sorted(twin_module(file) for file in mirrored)


def _import_all() -> None:
    for room in twin_rooms():
        import_twin(f"mirror.{room}")


def links() -> dict[str, Link]:
    """All counterparts by Lean name, after importing every module of the mirror."""
    _import_all()
    return dict(linked())


def node_kinds() -> dict[str, NodeKind]:
    """All kinds of node by name, after importing every module of the mirror.

    In the order of their modules, so that it does not depend on who imported what first.
    """
    _import_all()
    return {kind.name: kind for kind in sorted(recorded().values(), key=attrgetter("constructor.__module__"))}
