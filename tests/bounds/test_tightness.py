"""How many times the error the bounds of a block are, at the shapes and on the instances that the manual names."""

from __future__ import annotations

import pytest

from benchmarks.tightness import SHAPES, WANTED, tightness

# The large shape takes seconds, and is left to the command.
SEEDS = range(6)


@pytest.mark.parametrize("shape", ["2,4,4,8,16", "2,8,8,16,32"])
@pytest.mark.unmeasured
def test_the_bounds_of_a_small_block_are_some_hundred_times_the_error(shape: str) -> None:
    found = tightness(SHAPES[shape], SEEDS)
    assert found.output <= WANTED[shape].output
    assert found.cotangents <= WANTED[shape].cotangents
