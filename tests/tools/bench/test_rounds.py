"""Timing with a clock that the runs themselves move."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from theorems.tools.bench.rounds import timed


class Machine:
    """A clock, and runs that take a stated time each and leave their name."""

    def __init__(self) -> None:
        self.now, self.log = 0.0, ""

    def run(self, name: str, seconds: float) -> Callable[[], None]:
        def run() -> None:
            self.now += seconds
            self.log += name

        return run


def test_each_run_is_timed_in_every_round() -> None:
    machine = Machine()
    runs = {"a": machine.run("a", 2.0), "b": machine.run("b", 0.5)}
    assert timed(runs, 3, lambda: machine.now, least=1.0) == {"a": [2.0] * 3, "b": [0.5] * 3}


def test_short_runs_are_repeated_and_the_order_turns() -> None:
    machine = Machine()
    runs = {"a": machine.run("a", 2.0), "b": machine.run("b", 0.5), "c": machine.run("c", 9.0)}
    timed(runs, 4, lambda: machine.now, least=1.0)
    warm = "aaa" + "bbb" + "ccc"  # a first call, then one to calibrate, with the call before it
    a, b, c = "aa", "bbb", "cc"  # one call before, then enough for a second
    assert machine.log == warm + a + b + c + b + c + a + c + a + b + a + b + c


def test_a_clock_too_coarse_for_a_run_is_given_many() -> None:
    machine = Machine()
    assert timed({"a": machine.run("a", 0.0)}, 1, lambda: machine.now) == {"a": [0.0]}
    assert len(machine.log) == 3 + 1 + 1000


@pytest.mark.parametrize("fails", [False, True])
def test_garbage_is_collected_again_afterwards(fails: bool) -> None:
    import gc

    seen: list[bool] = []

    def run() -> None:
        seen.append(gc.isenabled())
        if fails and len(seen) > 3:
            raise ValueError("broken")

    if fails:
        with pytest.raises(ValueError, match="broken"):
            timed({"a": run}, 1, lambda: float(len(seen)))
    else:
        timed({"a": run}, 1, lambda: float(len(seen)))
    assert not seen[-1]
    assert gc.isenabled()
