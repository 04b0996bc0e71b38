"""The campaign of a million instances that is kept: what it covers, and how its figures come from a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import million
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import theorems

KEPT = json.loads(million.FIGURES.read_text(encoding="utf-8"))
MOST, LEAST, LEAST_OF_A_BLOCK = 1_000_000, 8_000, 10_000


def lacking(kept: dict[str, Any]) -> list[str]:
    """What is missing for a million instances that all hold, so many of each theorem and more of the blocks'."""
    rows = kept["theorems"]
    found = [name for name in theorems() if name not in rows]
    for name, row in rows.items():
        least = LEAST_OF_A_BLOCK if ".Transformer." in name else LEAST
        if row["cases"] < least or not Verdict(row["verdict"]).passes:
            found.append(name)
    cases = sum(row["cases"] for row in rows.values())
    return found + ["cases"] * (cases < MOST or cases != kept["cases"])


def test_a_million_instances_held() -> None:
    assert lacking(KEPT) == []


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"cases": 9_999}, ["Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt", "cases"]),
        ({"verdict": "undecided"}, ["Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt"]),
        (None, ["Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt", "cases"]),
    ],
)
def test_what_is_lacking_is_named(changes: dict[str, Any] | None, named: list[str]) -> None:
    rows = dict(KEPT["theorems"])
    row = rows.pop(named[0])
    if changes:
        rows[named[0]] = row | changes
    assert lacking(KEPT | {"theorems": rows}) == named


def report() -> dict[str, Any]:
    row = {"theorem": "T", "status": "equal", "tried": 5, "distinct": 4, "accepted": 3, "empty": 2, "width": 0.0}
    campaign: dict[str, Any] = dict.fromkeys(("cases", "shards", "processor_seconds", "elapsed_seconds"), 1)
    campaign |= {"versions": {"Python": "3"}, "theorems": {"T": {"processor_seconds": 2.5}}}
    return {"format": "leanmirror check 1", "profile": "quick", "seed": 7, "campaign": campaign, "theorems": [row]}


def test_figures_are_those_of_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(million, "FIGURES", tmp_path / "kept.json")
    (tmp_path / "report.json").write_text(json.dumps(report()))
    assert million.main([str(tmp_path / "report.json")]) == 0
    kept = json.loads(million.FIGURES.read_text())
    assert (kept["seed"], kept["versions"]) == (7, {"Python": "3"})
    assert kept["theorems"]["T"] == {
        "verdict": "equal",
        "cases": 5,
        "distinct": 4,
        "accepted": 3,
        "empty": 2,
        "widest enclosure": 0.0,
        "processor_seconds": 2.5,
    }


DAMAGED = {**report(), "theorems": [{"theorem": "T"}]}


@pytest.mark.parametrize("text", ['{"format": "leanmirror check 1"}', "[]", "{", None, json.dumps(DAMAGED)])
def test_what_is_no_report_of_a_campaign_is_refused(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(million, "FIGURES", tmp_path / "kept.json")
    path = tmp_path / "report.json"
    if text is not None:
        path.write_text(text)
    assert million.main([str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"benchmarks.million: {path}: ")
    assert not million.FIGURES.exists()
