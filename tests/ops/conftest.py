"""Balls in this room's tests are at the precision at which theorems start."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mirror.arithmetic import precision
from theorems.engine.theorem import PRECISIONS


@pytest.fixture(autouse=True)
def _at_working_precision() -> Iterator[None]:
    with precision(PRECISIONS[0]):
        yield
