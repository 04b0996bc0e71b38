"""The modules of the theorems: the machinery, the twins of Lean files, and the tools on top."""

from __future__ import annotations

from lean_refs import load_pin, twin_module
from theorems.engine.reasons import NOT_RUN

# Rooms without a Lean file behind them, in the order of what may import what: the twins stand between them.
WITHOUT_TWIN = (
    "theorems.engine",  # what a statement needs: theorem, instances, evidence, running
    "theorems.tools",  # what people use: command line, audit, hypotheses, conformance, benchmark, reports, pytest
)


def twin_rooms() -> list[str]:
    """Dotted names, below `theorems`, of the twins of every Lean file with a theorem that runs."""
    files = {d.file for d in load_pin().theorems if d.name not in NOT_RUN}
    return sorted(twin_module(file) for file in files)
