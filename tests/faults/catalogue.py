"""All deliberate faults."""

from __future__ import annotations

from tests.faults import blocks, engine, nodes
from tests.faults.fault import Fault

FAULTS: tuple[Fault, ...] = (*engine.FAULTS, *nodes.FAULTS, *blocks.FAULTS)
