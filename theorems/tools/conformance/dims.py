"""Somebody's own dimensions, as text: `H=2,n=128,d=64`, and for a block also `D=…,F=…`."""

from __future__ import annotations

from collections.abc import Iterator

from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.kinds import ATTENTION, LETTERS, Kind
from theorems.tools.conformance.shapes import ShapeClass, usual
from theorems.tools.conformance.target import WrongCall

_OF_BLOCK = tuple(LETTERS)
_OF_ATTENTION = _OF_BLOCK[:3]


def parsed(text: str, kind: Kind) -> Setting:
    """The shape that a text gives, with the usual scale 1/√d; raises `WrongCall` unless it gives each size once.

    Its name is the text in its usual order, so that the same shape has the same instances.
    """
    names = _letters(kind)
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


def around(shape: Setting, tile: int | None, kind: Kind) -> Iterator[Setting]:
    """The shape and, of a kernel with tiles, those with one position more or fewer than its last whole tile.

    Raises `WrongCall` where not one tile fits.
    """
    yield shape
    if tile is not None:
        if tile > shape.dims.seq_len:
            n = shape.dims.seq_len
            raise WrongCall(f"--tile {tile} is above n = {n} of {shape.name}: give a smaller tile or a larger n")
        whole = shape.dims.seq_len // tile * tile
        yield from (with_positions(shape, n, kind) for n in (whole - 1, whole, whole + 1) if n > 0)


def of_tile(tile: int, kind: Kind) -> ShapeClass:
    """Shapes of one to four tiles with and without a remainder, two heads of 64."""
    sizes = dict.fromkeys(n for n in (tile, 2 * tile - 1, 2 * tile, 2 * tile + 1, 3 * tile + (tile + 1) // 2) if n > 0)
    letters = dict(zip(LETTERS, (2, 0, 64, 32, 64), strict=True))
    texts = (",".join(f"{k}={n if k == 'n' else v}" for k, v in letters.items() if k in _letters(kind)) for n in sizes)
    return ShapeClass("tiles", tuple(parsed(text, kind) for text in texts), values_in_each=False)


def with_positions(shape: Setting, n: int, kind: Kind) -> Setting:
    """The same shape with another number of positions."""
    sizes = {letter: getattr(shape.dims, field) for letter, field in LETTERS.items()} | {"n": n}
    return parsed(",".join(f"{letter}={sizes[letter]}" for letter in _letters(kind)), kind)


def _letters(kind: Kind) -> tuple[str, ...]:
    return _OF_ATTENTION if kind.name == ATTENTION.name else _OF_BLOCK


def _wrong(text: str, names: tuple[str, ...], kind: Kind) -> str:
    example = ",".join(f"{name}={size}" for name, size in zip(names, (2, 128, 64, 128, 512), strict=False))
    return f"the dimensions {text!r} do not give each of {', '.join(names)} once, as {example} does ({kind.name})"


def _size(text: str, name: str, value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise WrongCall(f"{name} is {value!r} in the dimensions {text!r}, expected a whole number of at least 1")
    return int(value)
