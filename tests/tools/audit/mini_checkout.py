"""The small library as a checkout, and the audit's material of it and of its faults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lean_refs.pin import read_source
from tests.lean_refs import mini_lean as mini
from theorems.tools.audit.material import Material

TAPE = "Proofs.Autograd"
BLOCK = f"{TAPE}.Block"


def mini_pin(root: Path) -> dict[str, Any]:
    """The pin of the clean library, which is written below `root`."""
    return mini.pin_of(mini.write(root))


def material(root: Path, pin: dict[str, Any]) -> Material:
    """The library below `root`, as it is now, against its pin, whose declarations are those in scope."""
    scope = mini.scope(entry["name"] for entry in pin["declarations"])
    return Material(pin, read_source(root, pin), root, scope)


def faulty(root: Path, pin: dict[str, Any], stem: str, old: str, new: str) -> Material:
    """The library with one text of the file `stem` replaced, against the pin of the clean one."""
    text = {"shape": mini.SHAPE, "tape": mini.TAPE, "block": mini.BLOCK}[stem]
    assert old in text
    return material(mini.write(root, **{stem: text.replace(old, new, 1)}), pin)
