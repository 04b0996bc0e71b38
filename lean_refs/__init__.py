"""The Lean side as data: the pinned declarations and where each of them is mirrored."""

from lean_refs.facts import Declaration, Pin, load_pin, twin_module

__all__ = ["Declaration", "Pin", "load_pin", "twin_module"]
