"""All deliberate faults."""

from __future__ import annotations

from tests.faults import blocks, engine, far, nodes
from tests.faults.fault import Fault
from tests.faults.runner import Caught, catch

FAULTS: tuple[Fault, ...] = (*engine.FAULTS, *nodes.FAULTS, *blocks.FAULTS)
# No small instance shows these: what must catch them is a definition test far out.
FAR: tuple[Fault, ...] = far.FAULTS
EVERY = (*FAULTS, *FAR)
EXAMPLES = 60  # instances a theorem is given to notice a fault


def caught_by_name(name: str) -> Caught:
    """Everything that catches the fault of that name (a name crosses processes, a fault cannot)."""
    (broken,) = (f for f in EVERY if f.name == name)
    return catch(broken, examples=EXAMPLES, everything=True)
