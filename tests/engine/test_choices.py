"""The choices behind a failure: saved without reading anything, and enough to meet it again."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import strategies as st

from tests.tools.cli.conftest import NAME, only_the_block
from theorems.engine.blocks import Drawing, examine_block, examine_saved
from theorems.engine.choices import Choices
from theorems.engine.registry import get
from theorems.engine.sizes import Sizes

RUN = Drawing(4, Sizes(), 50)
FALSE = dataclasses.replace(get(NAME), conclusion=only_the_block)


@pytest.mark.unmeasured
def test_saving_choices_changes_nothing_and_they_give_the_failure_again() -> None:
    saved: set[bytes] = set()
    found = examine_block(FALSE, RUN, 0, database=Choices(saved))
    assert str(found) == str(examine_block(FALSE, RUN, 0))
    assert len(saved) == 1
    again = examine_saved(FALSE, RUN.sizes, Choices(saved))
    assert (again.tried, str(again.failure)) == (1, str(found.failure))


@pytest.mark.unmeasured
def test_nothing_is_read_before_a_block() -> None:
    """Choices that would fail are there, and the block draws what it draws without them."""
    choices = Choices(set())
    first = examine_block(FALSE, RUN, 0, database=choices)
    assert first.tried == 2
    assert str(examine_block(FALSE, RUN, 0, database=choices)) == str(first)


@pytest.mark.unmeasured
def test_a_mended_theorem_forgets_them() -> None:
    choices = Choices(set())
    examine_block(FALSE, RUN, 0, database=choices)
    mended = examine_saved(get(NAME), RUN.sizes, choices)
    assert (mended.tried, mended.failure) == (1, None)


def test_choices_that_give_no_instance_are_no_failure() -> None:
    none = dataclasses.replace(FALSE, instances=lambda sizes: st.integers().filter(lambda n: False))
    assert examine_saved(none, RUN.sizes, Choices({b"a"})).tried == 0
    assert examine_saved(FALSE, RUN.sizes, Choices(set())).tried == 0


def test_what_hypothesis_keeps_aside_is_dropped() -> None:
    saved = {b"a"}
    choices = Choices(saved)
    for key in (b"key.secondary", b"key.pareto"):
        choices.save(key, b"b")
        choices.delete(key, b"a")
        assert list(choices.fetch(key)) == []
    choices.move(b"key", b"key.secondary", b"a")
    assert (saved, list(choices.fetch(b"key"))) == (set(), [])
