"""Shapes: outermost dimension first, any dimension may be 0. Twin of `NN/Spec/Core/Shape.lean`."""

from __future__ import annotations

from math import prod

from mirror.links import mirrors


@mirrors("Spec.Shape")
class Shape(tuple[int, ...]):
    """The dimensions of a tensor; `Shape()` is the scalar shape.

    Raises `ValueError` for a dimension that is negative or not an integer.
    """

    __slots__ = ()

    def __new__(cls, *dimensions: int) -> Shape:
        for n in dimensions:
            if type(n) is not int or n < 0:
                raise ValueError(f"a dimension is a natural number, got {n!r} in {dimensions}")
        return super().__new__(cls, dimensions)

    def __repr__(self) -> str:
        return "[" + ", ".join(map(str, self)) + "]"


Context = tuple[Shape, ...]


@mirrors("Spec.Shape.size")
def size(shape: Shape) -> int:
    """The number of entries: the product of the dimensions, 1 for the scalar shape."""
    return prod(shape)
