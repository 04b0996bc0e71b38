"""Which shape meets which mask with which values: a covering design, as the full product is large.

In each class of shapes every mask is met with ordinary numbers, and every other family of values under a mask that sees
something; the masks take turns. In a class that is dear each mask is met once, and each family under one of them.
Whoever names both masks and values has their full product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from theorems.engine.strategies.jitted import Setting
from theorems.tools.conformance.masks import NARROW, blocks_rows
from theorems.tools.conformance.shapes import ShapeClass
from theorems.tools.conformance.values import HUGE_LOGITS, ORDINARY


class TriedRow(NamedTuple):
    """One row of the table: some instances of a mask and of values in a shape."""

    shape: Setting
    mask: str
    values: str

    def __str__(self) -> str:
        return f"shape {self.shape.name}, mask {self.mask}, values {self.values}"


def covering(of: ShapeClass, masks: Sequence[str], values: Sequence[str]) -> Iterator[TriedRow]:
    """The rows of a class of shapes, shape by shape."""
    values = [name for name in values if name in of.values]
    if of.paired:
        yield from sorted(_paired(of, masks, values), key=lambda row: of.shapes.index(row.shape))
        return
    for number, shape in enumerate(of.shapes):
        if ORDINARY in values:
            yield from (TriedRow(shape, mask, ORDINARY) for mask in _masks(of, number, masks))
        for k, name in enumerate(_values(of, number, values)):
            fitting = [m for m in masks if _fits(m, name)]
            yield TriedRow(shape, fitting[(number * len(values) + k) % len(fitting)], name)


def _paired(of: ShapeClass, masks: Sequence[str], values: Sequence[str]) -> Iterator[TriedRow]:
    """Each mask once, under it the next values that fit it, and after the last values ordinary ones."""
    left = [v for v in values if v != ORDINARY]
    for k, mask in enumerate(masks):
        name = next((v for v in left if _fits(mask, v)), ORDINARY)
        if name in left:
            left.remove(name)
        if name in values:
            yield TriedRow(of.shapes[k % len(of.shapes)], mask, name)


def product_of(shapes: Sequence[Setting], masks: Sequence[str], values: Sequence[str]) -> Iterator[TriedRow]:
    """Every mask with all values in every shape."""
    return (TriedRow(*row) for row in product(shapes, masks, values))


def _masks(of: ShapeClass, number: int, masks: Sequence[str]) -> list[str]:
    """The masks that the shape of this number meets; no row of one key can be blocked."""
    mine = masks if of.masks_in_each else masks[number :: len(of.shapes)]
    alone = of.shapes[number].dims.seq_len == 1
    return [m for m in mine if not (alone and blocks_rows(m))]


def _values(of: ShapeClass, number: int, values: Sequence[str]) -> list[str]:
    others = [v for v in values if v != ORDINARY]
    return others if of.values_in_each else others[number :: len(of.shapes)]


def _fits(mask: str, values: str) -> bool:
    """Whether the mask's gap is a gap beside these logits, and every query sees something."""
    return not blocks_rows(mask) and not (values == HUGE_LOGITS and mask in NARROW)
