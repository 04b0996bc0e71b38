"""The modules of the theorems: twins of Lean files, and the rooms that have no Lean twin."""

from __future__ import annotations

from lean_refs import load_pin, twin_module
from theorems.reasons import NOT_RUN

# Rooms without a Lean file behind them. A test holds this list.
WITHOUT_TWIN = (
    "theorems.audit",  # the Lean text held against the mirror, the theorems and the pin
    "theorems.checking",  # running one theorem on random instances
    "theorems.cli",  # the command line
    "theorems.codec",  # instances as JSON
    "theorems.conformance",  # somebody's implementation held against the mirror
    "theorems.evidence",  # claims, verdicts, and derivatives from forward maps alone
    "theorems.graphs",  # graphs as plain data
    "theorems.maps",  # smooth maps as plain data
    "theorems.names",  # how a pattern selects names
    "theorems.pytest_failure",  # what a failing theorem test says
    "theorems.pytest_plugin",  # theorems as pytest tests
    "theorems.pytest_table",  # the table at the end of a pytest run
    "theorems.reasons",  # theorems that are not run, each with its reason
    "theorems.registry",  # all theorems by name
    "theorems.reports",  # a run as JSON and as JUnit XML
    "theorems.rooms",
    "theorems.simplify",  # readable witnesses
    "theorems.sizes",  # the three profiles
    "theorems.strategies",  # instances by type
    "theorems.theorem",  # a theorem as an object
)


def twin_rooms() -> list[str]:
    """Dotted names, below `theorems`, of the twins of every Lean file with a theorem that runs."""
    files = {d.file for d in load_pin().theorems if d.name not in NOT_RUN}
    return sorted(twin_module(file) for file in files)
