"""An unexpected exception in few lines, and whole on demand."""

from __future__ import annotations

import traceback

import pytest

from theorems.engine.sizes import profile
from theorems.tools.output import faults


def raised() -> Exception:
    """An exception from a module of ours, below this test's frame."""
    with pytest.raises(LookupError) as caught:
        profile("slow")
    return caught.value


def test_one_line_names_the_innermost_place_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(faults.WHOLE, raising=False)
    error = raised()
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if "/theorems/" in frame.filename][-1]
    line = faults.in_one_line(error)
    assert line.startswith(f"{type(error).__name__}: ")
    assert line.endswith(f" (theorems/engine/sizes.py:{ours.lineno} in {ours.name})")


def test_an_exception_from_elsewhere_has_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(faults.WHOLE, raising=False)
    assert faults.in_one_line(KeyError("a\n b")) == "KeyError: 'a\\n b'"
    assert faults.in_one_line(ValueError("of two\n  lines")) == "ValueError: of two lines"
    assert faults.in_one_line(MemoryError()) == "MemoryError"


def test_a_report_has_the_last_places_and_asks_to_be_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(faults.WHOLE, raising=False)
    first, *places, please, whole = faults.report_lines(raised())
    assert first.startswith("leanmirror: ")
    assert places
    assert all(place.startswith("  at theorems/engine/sizes.py:") for place in places)
    assert "Please report it" in please
    assert "LEANMIRROR_TRACEBACK=1" in whole


def test_a_deep_exception_is_cut_to_its_innermost_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "SHOWN", 1)
    assert sum(line.startswith("  at ") for line in faults.report_lines(raised())) == 1


def test_the_whole_traceback_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(faults.WHOLE, "1")
    error = raised()
    whole = "".join(traceback.format_exception(error)).rstrip()
    assert faults.in_one_line(error) == whole
    said, please = faults.report_lines(error)
    assert said == whole
    assert "Please report it" in please
