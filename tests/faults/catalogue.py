"""All deliberate faults."""

from __future__ import annotations

from tests.faults import attention, decoder, engine, nodes, norms, scalars, vectors
from tests.faults.far import counts, lengths, magnitudes, positions, repeats
from tests.faults.fault import Fault
from tests.faults.runner import Caught, catch

_MODULES = (
    *(vectors, engine, nodes, scalars, attention, norms, decoder),
    *(positions, lengths, counts, magnitudes, repeats),
)
FAULTS: tuple[Fault, ...] = tuple(fault for module in _MODULES for fault in module.FAULTS)
EXAMPLES = 60  # instances a theorem is given to notice a fault


def named(name: str) -> Fault:
    """The fault of that name (a name crosses processes, a fault cannot)."""
    (found,) = (f for f in FAULTS if f.name == name)
    return found


def caught_by_name(name: str) -> Caught:
    """Everything that catches the fault of that name."""
    return catch(named(name), examples=EXAMPLES)
