"""Which shapes meet which masks and values by default, and what asking for some of them changes."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from theorems.tools.conformance.design import TriedRow, covering
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, KINDS, Kind
from theorems.tools.conformance.masks import BLOCKED_ROWS, FINITE, INFINITE, NARROW
from theorems.tools.conformance.shapes import ShapeClass
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.values import HUGE_LOGITS, OF_NORMS, ORDINARY, VALUES
from theorems.tools.conformance.wanted import Wanted

MASKS, FAMILIES = tuple(FINITE), tuple(VALUES)
CLASSES = [(kind, of) for kind in KINDS.values() for of in kind.classes]
WIDTHS = {"attention": ("head_dim",), "block": ("head_dim", "d_model", "d_ff")}
GENERAL = [(kind, of) for kind, of in CLASSES if ORDINARY in of.values]


def rows_of(of: ShapeClass) -> list[TriedRow]:
    return list(covering(of, MASKS, FAMILIES))


@pytest.mark.parametrize(("kind", "of"), GENERAL, ids=[f"{kind.name}, {of.name}" for kind, of in GENERAL])
def test_every_class_meets_every_mask_and_all_values_and_no_row_twice(kind: Kind, of: ShapeClass) -> None:
    rows = rows_of(of)
    assert {row.mask for row in rows if of.paired or row.values == ORDINARY} == set(MASKS)
    assert {row.values for row in rows} == set(FAMILIES)
    assert {row.shape for row in rows} == set(of.shapes)
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize(("kind", "of"), GENERAL, ids=[f"{kind.name}, {of.name}" for kind, of in GENERAL])
def test_in_each_is_in_each(kind: Kind, of: ShapeClass) -> None:
    for shape in of.shapes * (not of.paired):
        mine = [row for row in rows_of(of) if row.shape == shape]
        masks = {row.mask for row in mine if row.values == ORDINARY}
        if of.masks_in_each:
            assert masks == set(MASKS) - ({BLOCKED_ROWS} if shape.dims.seq_len == 1 else set())
        if of.values_in_each:
            assert {row.values for row in mine} == set(FAMILIES)


def test_what_only_norms_tell_apart_is_tried_of_a_block_alone() -> None:
    ((kind, of),) = [pair for pair in CLASSES if pair not in GENERAL]
    assert (kind, of.values) == (BLOCK, tuple(OF_NORMS))
    rows = [row for row in Wanted.of(BLOCK, "float32", 1, 0).rows if row.values in OF_NORMS]
    assert [row.shape for row in rows] == list(of.shapes)
    assert all(min(row.shape.eps1, row.shape.eps2, row.shape.dims.d_model - 1) > 0 for row in rows)
    assert len({row.mask for row in rows}) == len(rows)
    asked = Wanted.of(BLOCK, "float32", 1, 0, shapes=("one position",), values=tuple(OF_NORMS))
    assert [row.values for row in asked.rows] == list(OF_NORMS)
    with pytest.raises(WrongCall, match=r"^no values are called 'variance near ε'"):
        Wanted.of(ATTENTION, "float32", 1, 0, values=tuple(OF_NORMS))


def test_a_long_block_is_tried_where_it_is_asked_for() -> None:
    def longest(kind: Kind, **names: tuple[str, ...]) -> int:
        return max(s.dims.seq_len for s in Wanted.of(kind, "float32", 1, 0, **names).shapes)  # type: ignore[arg-type]

    assert (longest(ATTENTION), longest(BLOCK), longest(BLOCK, shapes=("512 positions",))) == (512, 160, 512)
    (tiles,) = [of for of in BLOCK.classes if of.name == "tiles"]
    assert len(rows_of(tiles)) == len(MASKS)
    assert [row.values for row in covering(tiles, MASKS, ("tiny",))] == ["tiny"]


def test_a_gap_is_a_gap_beside_the_logits() -> None:
    rows = [row for kind in KINDS.values() for of in kind.classes for row in covering(of, MASKS, FAMILIES)]
    assert {row.mask for row in rows if row.values == HUGE_LOGITS} & {*NARROW, BLOCKED_ROWS} == set()
    assert {row.values for row in rows if row.mask == BLOCKED_ROWS} == {ORDINARY}
    assert {row.mask for row in rows if row.values != ORDINARY} == set(MASKS) - {BLOCKED_ROWS}


def test_the_shapes_are_edges_and_real_ones_with_one_to_eight_heads() -> None:
    for kind in KINDS.values():
        sizes = np.array([astuple(s.dims) for s in kind.shapes])
        assert (sizes.min(axis=0) == 1).all()
        real = {s.dims.seq_len for s in kind.shapes if s.dims.head_dim >= 64}
        assert real == {96, 128, 160, 512}
        assert {1, 2, 8} <= {s.dims.num_heads for s in kind.shapes}
        assert {s.scale for s in kind.shapes} >= {0.5, 0.125}  # powers of two: no score of halves is rounded


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_small_tiles_have_a_remainder_after_whole_ones(kind: Kind) -> None:
    dims = [s.dims for s in Wanted.of(kind, "float32", 1, 0).shapes]
    for name, tiles in (("seq_len", (2, 4, 8, 16, 32, 64)), *((n, (2, 4, 8, 16)) for n in WIDTHS[kind.name])):
        sizes = {getattr(d, name) for d in dims}
        assert [t for t in tiles if not any(n > t and n % t for n in sizes)] == []


def test_masks_alone_have_ordinary_numbers_and_values_alone_masks_in_turns() -> None:
    def rows(**names: tuple[str, ...]) -> list[tuple[str, str]]:
        wanted = Wanted.of(ATTENTION, "float32", 1, 0, shapes=("small", "odd sizes"), **names)  # type: ignore[arg-type]
        return [row[1:] for row in wanted.rows]

    assert rows(masks=("blocks", "no mask")) == [("no mask", ORDINARY), ("blocks", ORDINARY)] * 2
    assert len(set(rows(values=("tiny", "equal rows")))) == 4
    both = rows(masks=("blocks", "no mask"), values=("tiny", ORDINARY))
    assert both == [(m, v) for m in ("no mask", "blocks") for v in (ORDINARY, "tiny")] * 2


def test_masks_with_infinities_are_tried_where_they_are_asked_for() -> None:
    finite, all_ = (Wanted.of(BLOCK, "float32", 1, 0, minus_infinity=asked) for asked in (False, True))
    assert {row.mask for row in finite.rows} == set(MASKS)
    assert {row.mask for row in all_.rows} == {*MASKS, *INFINITE}


def test_few_instances_of_what_is_dear() -> None:
    wanted, asked = (Wanted.of(ATTENTION, "float32", n, 0, dims=("H=1,n=16,d=2", "H=1,n=17,d=2")) for n in (None, 5))
    assert [wanted.instances_of(s) for s in wanted.shapes] == [2, 1]
    assert [asked.instances_of(s) for s in asked.shapes] == [5, 5]
