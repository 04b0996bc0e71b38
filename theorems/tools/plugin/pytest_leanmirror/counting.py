"""How many examples of a Hypothesis test were tried, and how many of them were accepted."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest

from pytest_leanmirror.table import lean_names

# The name of what Hypothesis raises where `assume` is told something false: the class itself would cost its import.
_REJECTED = "UnsatisfiedAssumption"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    handle: Any = getattr(getattr(item, "obj", None), "hypothesis", None)
    if not lean_names(item.user_properties) or not hasattr(handle, "inner_test"):
        return (yield)
    test, examples = handle.inner_test, _Examples()
    handle.inner_test = examples.counted(test)
    try:
        return (yield)
    finally:
        handle.inner_test = test
        item.user_properties += [("tried", examples.tried), ("accepted", examples.accepted)]


class _Examples:
    """Counts the examples of one Hypothesis test, until one fails: what the shrinker tries is no evidence."""

    def __init__(self) -> None:
        self.tried = self.accepted = 0
        self._failed = False

    def counted(self, test: Callable[..., object]) -> Callable[..., object]:
        # `wraps`, because Hypothesis derives the examples of a deterministic run from the test's source.
        @functools.wraps(test)
        def counting(*args: Any, **kwargs: Any) -> object:
            __tracebackhide__ = True
            # One path for every outcome: Hypothesis would point at lines that only failing examples reach.
            try:
                return test(*args, **kwargs)
            finally:
                self._count(sys.exc_info()[0])

        return counting

    def _count(self, raised: type[BaseException] | None) -> None:
        self.tried += not self._failed
        self.accepted += not self._failed and raised is None
        self._failed |= raised is not None and issubclass(raised, Exception) and raised.__name__ != _REJECTED
