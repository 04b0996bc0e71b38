"""All deliberate faults."""

from __future__ import annotations

from tests.faults import blocks, engine, far, nodes, vectors
from tests.faults.fault import Fault
from tests.faults.runner import Caught, catch

FAULTS: tuple[Fault, ...] = (*vectors.FAULTS, *engine.FAULTS, *nodes.FAULTS, *blocks.FAULTS, *far.FAULTS)
EXAMPLES = 60  # instances a theorem is given to notice a fault


def named(name: str) -> Fault:
    """The fault of that name (a name crosses processes, a fault cannot)."""
    (found,) = (f for f in FAULTS if f.name == name)
    return found


def caught_by_name(name: str) -> Caught:
    """Everything that catches the fault of that name."""
    return catch(named(name), examples=EXAMPLES)
