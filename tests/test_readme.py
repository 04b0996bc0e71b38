"""The README's Python examples run as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BLOCKS = re.findall(
    r"^```python\n(.*?)^```", (Path(__file__).parent.parent / "README.md").read_text("utf-8"), re.M | re.S
)


def _tests(names: dict[str, Any]) -> list[Callable[[], None]]:
    return [value for name, value in names.items() if name.startswith("test_")]


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_runs(block: str) -> None:
    names: dict[str, Any] = {}
    exec(compile(block, "README.md", "exec"), names)
    for test in _tests(names):
        test()


def test_the_example_of_a_test_is_one() -> None:
    assert any("def test_" in block for block in BLOCKS)
