"""How often an online softmax rescales what it has summed: charged to each key, for the records that come after it.

An online softmax rescales its sums whenever a tile raises the running maximum, and the maximum of such a tile is a
record of the scores one by one. So a key is rescaled at most once for each record to its right, where tiles go upwards,
or to its left, where they go downwards. In a balanced tree it is once for each merge that raises the maximum. Chunks
that are merged at once (split-K) are such runs, and what is done to a whole chunk is charged elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from jaxtyping import Float, Int


def rescalings(scores: Float[np.ndarray, "n t"]) -> tuple[Int[np.ndarray, "n t"], ...]:
    """How often each key's terms are rescaled at most, upwards, downwards and in a tree.

    The scores are in rows, -inf for a key that counts for nothing.
    """
    return records_after(scores), records_after(scores[:, ::-1])[:, ::-1], merges(scores)


def records_after(scores: Float[np.ndarray, "n t"]) -> Int[np.ndarray, "n t"]:
    """Of each key, how many keys to its right exceed it and all between."""
    rows, keys = scores.shape
    padded = np.concatenate([scores, np.full((rows, 1), np.inf)], axis=1).ravel()
    end = np.arange(rows)[:, None] * (keys + 1) + keys
    higher = np.minimum(np.arange(rows * (keys + 1)).reshape(rows, keys + 1) + 1, end).ravel()
    # No key from here to the one that is pointed to exceeds this one: so on from there, until one does.
    found = np.flatnonzero(padded[higher] <= padded)
    while (found := found[(padded[higher[found]] <= padded[found]) & (higher[found] != found)]).size:
        higher[found] = higher[higher[found]]
    is_end = np.zeros(padded.size, dtype=bool)
    is_end[end.ravel()] = True
    count = (~is_end[higher]).astype(np.int64)
    while not is_end[higher].all():
        count, higher = count + count[higher], higher[higher]
    return count.reshape(rows, keys + 1)[:, :-1]


def merges(scores: Float[np.ndarray, "n t"]) -> Int[np.ndarray, "n t"]:
    """Of each key, how many merges of a balanced tree of pairs raise the maximum above it."""
    rows, keys = scores.shape
    size = 1 << max(keys - 1, 0).bit_length()
    largest = np.full((rows, size), -np.inf)
    largest[:, :keys] = scores
    count = np.zeros((rows, size), dtype=np.int64)
    while largest.shape[-1] > 1:
        merged = largest.reshape(rows, -1, 2).max(-1)
        raised = np.repeat(merged, 2, axis=-1) > largest
        count += np.repeat(raised, size // largest.shape[-1], axis=-1)
        largest = merged
    return count[:, :keys]
