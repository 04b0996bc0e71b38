"""Objects that only refer to each other are not looked for while a short call runs, and are afterwards as before."""

from __future__ import annotations

import gc
from contextlib import suppress

import pytest

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


def test_an_audit_without_a_source_does_not_collect(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr("theorems.tools.cli.render_audit.print_audit", lambda *_, **__: seen.append(gc.isenabled()))
    assert call("audit", "inner_append").exit_code == 0
    assert seen == [False]
    assert gc.isenabled()
