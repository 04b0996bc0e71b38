"""How much a declaration is built on: what is heavy takes long."""

from __future__ import annotations

from functools import cache

from lean_refs import load_pin


@cache
def weight(name: str) -> int:
    """How many declarations of the closure a declaration rests on, itself included."""
    declarations = load_pin().declarations
    reached, ahead = {name}, [name]
    while ahead:
        new = [r for r in declarations[ahead.pop()].references if r in declarations and r not in reached]
        reached.update(new)
        ahead.extend(new)
    return len(reached)
