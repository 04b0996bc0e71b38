"""The Lean side as data: the pinned declarations and where each of them is mirrored."""

from lean_refs.facts import Declaration, Pin, load_pin
from lean_refs.twin_paths import import_twin, in_twin, twin_module

__all__ = ["Declaration", "Pin", "import_twin", "in_twin", "load_pin", "twin_module"]
