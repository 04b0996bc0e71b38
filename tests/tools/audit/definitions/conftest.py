"""What the tests of definitions share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from theorems.tools.audit.definitions.hints import hints


@pytest.fixture(autouse=True)
def hints_read_anew() -> Iterator[None]:
    """Tests plant other hints, which are read once in a process."""
    hints.cache_clear()
    yield
    hints.cache_clear()
