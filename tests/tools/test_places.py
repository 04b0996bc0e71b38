"""Where counterparts stand: theorems that share a conclusion, names that are given twice, paths to follow."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from mirror.arithmetic import Arithmetic
from theorems.engine.evidence.verdicts import Claim
from theorems.nodes.context import inner_get_single
from theorems.tools.places import followable, of_theorem


def test_a_theorem_that_its_twin_does_not_name_is_where_its_conclusion_is() -> None:
    def of_nothing(ar: Arithmetic) -> Iterator[Claim]:
        yield from ()

    unnamed = dataclasses.replace(inner_get_single, name="Proofs.eventually_of_forall", conclusion=of_nothing)
    place = of_theorem(unnamed)
    assert (place.module, place.file) == (__name__, Path(__file__).resolve())
    assert "def of_nothing(" in place.file.read_text(encoding="utf-8").splitlines()[place.line - 1]


def test_a_path_is_relative_below_the_current_folder_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a" / "b.py"
    monkeypatch.chdir(tmp_path)
    assert followable(file) == str(Path("a", "b.py"))
    (tmp_path / "a2").mkdir()
    monkeypatch.chdir(tmp_path / "a2")
    assert followable(file) == str(file)
