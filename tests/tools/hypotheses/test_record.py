"""What was found survives being written, exactly."""

from __future__ import annotations

import json

import pytest

from tests.tools.hypotheses.made_up import LENT, at
from theorems.tools.hypotheses.record import Known, from_text, recorded, to_text
from theorems.tools.hypotheses.search import Found


def test_what_is_written_is_read_again() -> None:
    found = {(LENT, ("a", "b")): Found({"false": 3}, 1, at(-1)), (LENT, ("c",)): Found({"true": 2}, separates=at(2))}
    record = Known(7, 5, {LENT: at(1), "other": None}, found)
    assert from_text(to_text(record)) == record


def test_what_is_kept_is_as_it_is_written() -> None:
    assert from_text(to_text(recorded())).searches.keys() == recorded().searches.keys()
    assert to_text(from_text(to_text(recorded()))) == to_text(recorded())


def test_another_format_is_refused() -> None:
    text = to_text(Known(0, 0)).replace("hypotheses 1", "hypotheses 0")
    assert json.loads(text)["met"] == {}
    with pytest.raises(
        ValueError, match="expected the format 'leanmirror hypotheses 1', got 'leanmirror hypotheses 0'"
    ):
        from_text(text)
