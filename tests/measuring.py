"""Which of a test's many parameters are measured: Python takes up to four times as long where its coverage is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

import pytest


def one_of_each(values: Iterable[Any], kind: Callable[[Any], Hashable]) -> list[Any]:
    """The values as parameters; after the first of a kind the others run the same lines, and are not measured."""
    seen: set[Hashable] = set()
    found = []
    for value in values:
        marks = [pytest.mark.unmeasured] if kind(value) in seen else []
        found.append(pytest.param(value, marks=marks))
        seen.add(kind(value))
    return found
