"""The list of faults that the page shows: every one, with an owner that there is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.catalogue import FAULTS
from tests.faults.listed import main
from theorems.engine.registry import theorems
from theorems.tools.page.documents import read_reports


def test_every_fault_is_listed_as_the_page_reads_it(tmp_path: Path) -> None:
    assert main([str(tmp_path / "faults.json")]) == 0
    listed = json.loads((tmp_path / "faults.json").read_text("utf-8"))["faults"]
    assert [fault["name"] for fault in listed] == [fault.name for fault in FAULTS]
    assert all(fault["owner"] in theorems() or "::" in fault["owner"] for fault in listed)
    assert read_reports([tmp_path]).only("faults")


def test_a_wrong_call_and_a_file_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main([str(tmp_path)]) == 3
    assert capsys.readouterr().err.splitlines() == [
        "python -m tests.faults.listed FILE: one file is expected",
        f"cannot write {tmp_path}: Is a directory",
    ]
