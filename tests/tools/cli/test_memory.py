"""Objects that only refer to each other are not looked for while a short call runs, and are afterwards as before."""

from __future__ import annotations

import gc
from contextlib import suppress
from pathlib import Path

import pytest

from tests.lean_refs import mini_lean
from tests.tools.cli.conftest import Call
from theorems.tools.cli.memory import without_collecting


@pytest.mark.parametrize("before", [True, False])
def test_what_was_before_is_afterwards(before: bool) -> None:
    try:
        (gc.enable if before else gc.disable)()
        with suppress(KeyError), without_collecting():
            assert not gc.isenabled()
            raise KeyError
        assert gc.isenabled() is before
    finally:
        gc.enable()


def test_what_was_made_meanwhile_is_not_looked_through_at_once() -> None:
    with without_collecting():
        kept = [[] for _ in range(10_000)]
        before = [generation["collections"] for generation in gc.get_stats()]
    kept += [[] for _ in range(10)]
    assert [generation["collections"] for generation in gc.get_stats()] == before
    assert gc.get_freeze_count() == 0


@pytest.mark.parametrize(
    ("options", "collects"),
    [
        ((), False),
        (("--source", "lean", "--no-values"), False),
        (("--source", "lean", "--against", "lean"), False),
        (("--source", "lean"), True),
    ],
)
def test_an_audit_that_evaluates_no_text_does_not_collect(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], collects: bool
) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("theorems.tools.cli.audit_sections.sections_of", lambda *_: seen.append(gc.isenabled()) or [])
    mini_lean.write(tmp_path / "lean")
    assert call("audit", *options).exit_code == 0
    assert seen == [collects]
    assert gc.isenabled()
