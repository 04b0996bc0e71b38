"""Somebody's own dimensions, as text: `H=2,n=128,d=64`, and for a block also `D=…,F=…`."""

from __future__ import annotations

from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.kinds import ATTENTION, LETTERS, Kind
from theorems.tools.conformance.shapes import usual
from theorems.tools.conformance.target import WrongCall

_OF_BLOCK = tuple(LETTERS)
_OF_ATTENTION = _OF_BLOCK[:3]


def parsed(text: str, kind: Kind) -> Setting:
    """The shape that a text gives, with the usual scale 1/√d; raises `WrongCall` unless it gives each size once.

    Its name is the text in its usual order, so that the same shape has the same instances.
    """
    names = _OF_ATTENTION if kind.name == ATTENTION.name else _OF_BLOCK
    sizes: dict[str, int] = {}
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in names or name in sizes:
            raise WrongCall(_wrong(text, names, kind))
        sizes[name] = _size(text, name, value)
    if len(sizes) < len(names):
        raise WrongCall(_wrong(text, names, kind))
    name = ",".join(f"{name}={sizes[name]}" for name in names)
    return usual(name, *(sizes.get(letter, 1) for letter in LETTERS))  # an attention knows no D and F


def _wrong(text: str, names: tuple[str, ...], kind: Kind) -> str:
    example = ",".join(f"{name}={size}" for name, size in zip(names, (2, 128, 64, 128, 512), strict=False))
    return f"the dimensions {text!r} do not give each of {', '.join(names)} once, as {example} does ({kind.name})"


def _size(text: str, name: str, value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise WrongCall(f"{name} is {value!r} in the dimensions {text!r}, expected a whole number of at least 1")
    return int(value)
