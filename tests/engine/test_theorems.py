"""Every theorem that runs, as one test under its full Lean name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from theorems import theorems
from theorems.engine.report import Report
from theorems.engine.theorem import Theorem

EVERY = [pytest.param(theorem, id=name, marks=pytest.mark.lean(name)) for name, theorem in theorems().items()]


@pytest.mark.unmeasured
@pytest.mark.parametrize("theorem", EVERY)
def test_theorem(theorem: Theorem, check_theorem: Callable[[Theorem], Report]) -> None:
    check_theorem(theorem)
