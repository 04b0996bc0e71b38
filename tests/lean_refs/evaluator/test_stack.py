"""The room that Python keeps for frames."""

from __future__ import annotations

import resource
from collections.abc import Callable

from lean_refs.evaluator.stack import roomy

TURNS = 2_000


def turns() -> None:
    """Many short calls, each of which returns at once."""
    for turn in range(TURNS):
        abs(sum_of(turn, turn, turn))


def sum_of(a: int, b: int, c: int) -> int:
    return a + b + c


def deep(depth: int, run: Callable[[], None]) -> None:
    if depth:
        deep(depth - 1, run)
    else:
        run()


def faults(run: Callable[[int], None], depth: int) -> int:
    """How many pages the system had to give."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    run(depth)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def test_a_loop_does_not_ask_for_memory_at_every_turn() -> None:
    # At some depth a loop crosses the end of a chunk, wherever this test itself stands: there every turn asks anew.
    depths = range(100, 300)
    assert max(faults(lambda depth: deep(depth, turns), depth) for depth in depths) > TURNS
    inside = roomy(lambda depth: deep(depth, turns))
    inside(depths[-1])
    assert max(faults(inside, depth) for depth in depths) < TURNS / 10


def test_the_function_is_the_same_otherwise() -> None:
    assert roomy(sum_of)(1, b=2, c=3) == 6
    assert roomy(sum_of).__name__ == "sum_of"
