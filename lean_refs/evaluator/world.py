"""What one evaluation shares: the scalars, the limits on steps and depth, and whether declared types are checked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import Sought
from lean_refs.evaluator.scalars import Scalars
from lean_refs.evaluator.values import LeanValue

# Python's own stack while Lean text runs: some fifteen frames for each nested call of it.
_FRAMES = 25_000
MOST_CALLS, DEEPEST_CALL = 5_000_000, 600


class HeldCalls(Protocol):
    """Declared types, held at each call; both methods raise `ContractError`."""

    def hold_arguments(self, target: Any, given: Any) -> None:
        """Hold the arguments of a call to the types of its parameters."""
        ...

    def held_result(self, target: Any, given: Any, value: LeanValue) -> LeanValue:
        """What a call gave, held to its declared type."""
        ...


class World:
    """The scalars and limits of an evaluation; where there are `contracts`, every argument and result is checked.

    With `moves`, what only moves numbers is found once and not run again (`moves.py`).
    """

    def __init__(
        self,
        scalars: Scalars,
        *,
        most_calls: int = MOST_CALLS,
        moves: bool = True,
    ) -> None:
        self.scalars = scalars
        self.moves = moves
        self.contracts: HeldCalls | None = None
        self.most_calls = most_calls
        self.unsolved: list[Sought] = []
        self._calls = 0
        self._depth = 0

    def leaves_open(self) -> bool:
        """Whether a call has left an implicit argument that is still to be found."""
        if self.unsolved:
            # One that is set to what depends on another is as unknown as that one, which stands here itself.
            self.unsolved = [unknown for unknown in self.unsolved if not unknown.found]
        return bool(self.unsolved)

    @contextmanager
    def calling(self, name: str) -> Iterator[None]:
        """One call of a definition, counted."""
        self._calls += 1
        self._depth += 1
        try:
            if self._calls > self.most_calls:
                raise NotEvaluatedError(f"more than {self.most_calls} calls: {name} does not seem to end")
            if self._depth > DEEPEST_CALL:
                raise NotEvaluatedError(f"calls are nested more than {DEEPEST_CALL} deep: {name} does not seem to end")
            yield
        finally:
            self._depth -= 1

    def counted(self, function: Callable[[LeanValue], LeanValue], argument: LeanValue, name: str) -> LeanValue:
        """A function applied to an argument, counted as a call."""
        with self.calling(name):
            return function(argument)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The outermost call: counts start anew, and Python's stack is long enough for what Lean text nests."""
        limit, depth, calls = sys.getrecursionlimit(), self._depth, self._calls
        self._calls = 0
        self.unsolved = []
        sys.setrecursionlimit(max(limit, _FRAMES))
        try:
            yield
        except RecursionError:
            raise NotEvaluatedError("terms are nested too deeply") from None
        finally:
            sys.setrecursionlimit(limit)
            self._depth, self._calls = depth, calls
