"""How often an online softmax rescales, by counting what algorithms do."""

from __future__ import annotations

import numpy as np

from mirror.bounds.rescaled import merges, records_after, rescalings

SCORES = np.random.default_rng(0).standard_normal((40, 13))


def plainly(row: np.ndarray, tiles: list[range]) -> np.ndarray:
    """How often the terms of each key are rescaled over tiles, one after the other."""
    count, top = np.zeros(len(row), int), -np.inf
    seen: list[int] = []
    for tile in tiles:
        higher = max(top, row[list(tile)].max())
        count[seen] += higher > top
        seen, top = [*seen, *tile], higher
    return count


def test_no_order_of_tiles_rescales_a_key_more_often() -> None:
    most = np.maximum.reduce(rescalings(SCORES))
    for row, bound in zip(SCORES, most, strict=True):
        for size in (1, 2, 3, 5, 13):
            tiles = [range(a, min(a + size, 13)) for a in range(0, 13, size)]
            assert (plainly(row, tiles) <= bound).all()
            assert (plainly(row, tiles[::-1]) <= bound).all()


def test_of_chunks_too_there_are_no_more() -> None:
    for row, bound in zip(SCORES, records_after(SCORES), strict=True):
        for start in range(0, 13, 4):
            chunk = row[start:]
            assert (plainly(chunk, [range(j, j + 1) for j in range(len(chunk))]) <= bound[start:]).all()


def test_counts_are_those_of_the_records() -> None:
    rows = np.array([[0.0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3], [1, -np.inf, 1, 2]])
    assert records_after(rows).tolist() == [[3, 2, 1, 0], [0, 0, 0, 0], [2, 1, 1, 0], [1, 2, 1, 0]]
    assert merges(rows).tolist() == [[2, 1, 1, 0], [0, 1, 1, 2], [2, 1, 1, 0], [1, 2, 1, 0]]
    assert [way.tolist() for way in rescalings(np.zeros((1, 1)))] == [[[0]]] * 3
