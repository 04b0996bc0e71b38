"""`leanmirror pin`: the numbers beside the pin, made anew where the text changed and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pinning import make_pin, read_checkout
from lean_refs.scope import Entry, Scope
from tests.tools.audit.evaluated.statements import STATEMENTS
from tests.tools.audit.evaluated.texts import TEXT
from theorems.tools.audit.pinned.record import PinnedDefinition
from theorems.tools.cli import numbers
from theorems.tools.cli.calls import ToolFailure
from theorems.tools.cli.pools import Work

FILE = "NN/Small.lean"
SUM, APPEND = "Proofs.Autograd.sumExp", "Proofs.Autograd.appendVec"
ADD, EXP = "Proofs.Autograd.castVec_add", "Proofs.tanh_exp_eq"
SCOPE = Scope(FILE, {name: Entry("A fact.") for name in (SUM, APPEND, "Proofs.Autograd.Vec")})


def pin_of(root: Path, text: str = TEXT) -> dict[str, Any]:
    (root / "NN").mkdir(parents=True, exist_ok=True)
    (root / FILE).write_text(text, "utf-8")
    return make_pin(read_checkout(root), SCOPE, "0" * 40).data


def definitions(text: str) -> list[Any]:
    return json.loads(text)["definitions"]


def test_conclusions_are_made_beside_the_definitions_and_again_where_the_text_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.SCOPE", Scope(FILE, {name: Entry("A fact.") for name in (ADD, EXP)}))
    first = json.loads(numbers.renewed(tmp_path / "a", pin_of(tmp_path / "a", TEXT + STATEMENTS), [], 1))
    assert first["definitions"] == []
    assert {e["name"]: len(e["statements"]) for e in first["theorems"]} == {ADD: 3, EXP: 3}
    changed = TEXT + STATEMENTS.replace("Real.tanh x =", "2 * Real.tanh x =")
    asked: list[str] = []
    make = numbers.concluded
    monkeypatch.setattr(numbers, "concluded", lambda ev, name, text: asked.append(name) or make(ev, name, text))
    other = json.loads(numbers.renewed(tmp_path / "b", pin_of(tmp_path / "b", changed), first["theorems"], 1))
    assert asked == [EXP]
    before, after = ({e["name"]: e for e in data["theorems"]} for data in (first, other))
    assert before[ADD] == after[ADD]
    assert before[EXP]["statements"][0]["conclusion"]["left"] != after[EXP]["statements"][0]["conclusion"]["left"]


def test_numbers_are_made_once_and_again_where_the_text_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    make = numbers.made
    monkeypatch.setattr(numbers, "made", lambda ev, link, text: asked.append(link.lean) or make(ev, link, text))
    first = numbers.renewed(tmp_path / "a", pin_of(tmp_path / "a"), [], 1)
    assert sorted(asked) == sorted(e["name"] for e in definitions(first)) == sorted(SCOPE.entries)
    again = numbers.renewed(tmp_path / "a", pin_of(tmp_path / "a"), [*definitions(first), {"name": 3}], 1)
    assert again == first
    assert len(asked) == 3
    changed = pin_of(tmp_path / "b", TEXT.replace("Real.exp (x k)", "Real.tanh (x k)"))
    other = numbers.renewed(tmp_path / "b", changed, definitions(first), 1)
    assert asked[3:] == [SUM]
    before, after = ({e["name"]: e for e in definitions(text)} for text in (first, other))
    assert {name for name in before if before[name] != after[name]} == {SUM}


def test_several_jobs_receive_what_was_made_and_a_lost_one_fails_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Future[PinnedDefinition] = Future()
    done.set_result(PinnedDefinition(SUM, "0", outside="why"))

    def in_processes(
        names: Sequence[str], work: Work[str, PinnedDefinition, PinnedDefinition], jobs: int
    ) -> list[PinnedDefinition]:
        assert (len(names), jobs) == (3, 2)
        with pytest.raises(ToolFailure, match=f"{SUM}: killed"):
            work.lost(SUM, "killed")
        return [PinnedDefinition(name, "0", outside=work.received(name, done).outside) for name in names]

    monkeypatch.setattr(numbers, "in_processes", in_processes)
    found = numbers.renewed(tmp_path, pin_of(tmp_path), [], 2)
    assert {e["outside"] for e in definitions(found)} == {"why"}


def test_a_damaged_file_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []
    monkeypatch.setattr(numbers, "renewed", lambda root, pin, before, jobs: seen.append(before) or "{}\n")
    write = import_module("theorems.tools.cli.pin")._write_numbers
    target = tmp_path / "numbers" / "0000000.json"
    write(target, tmp_path, {}, 1)
    write(target, tmp_path, {}, 1)
    assert seen == [[], []]
    assert target.read_text("utf-8") == "{}\n"
