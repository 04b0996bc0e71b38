"""The rows of a run: what they leave to be wished for is said, and the recorded ones leave nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.faults.pairs import __main__ as command
from tests.faults.pairs import rows
from tests.faults.pairs.catalogue import PAIRS, UNCONSTRAINED
from tests.faults.pairs.ending import Row
from tests.faults.pairs.rows import Result, fingerprint, lacking, read, summary, write
from tests.faults.pairs.running import chosen
from tests.mutants.result import Malformed
from tests.source import ROOT

PAIR = PAIRS[0]
NAME = PAIR.theorems[0]
GOOD = Row(PAIR.name, NAME, hold=1, fail=3, open=0)


def result_of(*found: Row) -> Result:
    return Result({PAIR.name: fingerprint(PAIR)}, {(row.pair, row.theorem): row for row in found})


def one(*found: Row) -> list[str]:
    return list(lacking(result_of(*found), [replace(PAIR, theorems=(NAME,))]))


def test_the_recorded_rows_leave_nothing_to_be_wished_for() -> None:
    assert list(lacking(read())) == []


def test_every_theorem_fails_on_both_sides_or_has_its_reason() -> None:
    assert summary(read()).startswith("88 of 91 theorems fail on both sides with a pair, 3 with none;")
    assert "All but three fail on both sides with a pair" in (ROOT / "docs" / "audit.md").read_text("utf-8")


def test_a_row_on_which_both_fail_is_right() -> None:
    assert one(GOOD) == []


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([], f"{NAME} has not run as the pair is now"),
        ([replace(GOOD, fail=0)], f"{NAME} fails nowhere: both hold on 1 instances, 0 undecided"),
        ([replace(GOOD, apart=("instance 2: a, b",))], f"{NAME} ends apart: instance 2: a, b"),
    ],
)
def test_what_is_missing_is_said(found: list[Row], why: str) -> None:
    assert one(*found) == [f"{PAIR.name}: {why}"]


def test_a_row_of_no_pair_is_said() -> None:
    assert one(GOOD, replace(GOOD, theorem="gone")) == [f"{PAIR.name}: gone is no row of a pair"]


def test_rows_of_another_version_of_a_pair_are_forgotten() -> None:
    result = Result({PAIR.name: "before"}, {(PAIR.name, "gone"): replace(GOOD, theorem="gone")})
    assert list(lacking(result, [replace(PAIR, theorems=("gone",))])) != []
    result.take(PAIR, GOOD)
    result.take(PAIR, replace(GOOD, theorem="next"))
    assert [name for _, name in result.rows] == [NAME, "next"]


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    before = result_of(GOOD, replace(GOOD, theorem="other", apart=("instance 0: a, b",)))
    write(before, tmp_path / "result.json")
    assert read(tmp_path / "result.json") == before
    assert read(tmp_path / "none.json") == Result()


@pytest.mark.parametrize("text", ["", "[]", '{"pairs": {}}', '{"pairs": {}, "rows": [{"pair": "a"}]}'])
def test_what_is_no_result_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(text)
    with pytest.raises(Malformed, match=r"result\.json holds no result of a run"):
        read(tmp_path / "result.json")


# ---- the command


def test_a_name_selects_a_pair_or_a_theorem() -> None:
    assert chosen([PAIR.name]) == [(PAIR.name, name) for name in PAIR.theorems]
    assert {name for _, name in chosen([NAME])} == {NAME}
    assert len(chosen([])) == sum(len(pair.theorems) for pair in PAIRS)


def test_what_was_run_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--show"]) == 0
    printed = capsys.readouterr().out
    assert all(f"no pair: {name}: {why}" in printed for name, why in UNCONSTRAINED.items())


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["no such pair", "--source", "."], "pairs: 'no such pair' is no pair, nor the full name of a theorem of one;"),
        ([], "pairs: no source is named: give --source DIR, or set LEANMIRROR_SOURCE"),
        ([PAIR.name, "--source", "empty"], "pairs: empty declares none of the definitions"),
    ],
)
def test_a_call_that_is_wrong_ends_2(
    arguments: list[str], why: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("LEANMIRROR_SOURCE", raising=False)
    monkeypatch.chdir(tmp_path)
    assert command.main(arguments) == 2
    assert capsys.readouterr().err.startswith(why)


def test_rows_are_kept_as_they_end_and_what_is_wrong_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_: object) -> Iterator[Row | str]:
        yield replace(GOOD, apart=("instance 0: a, b",))
        yield f"{PAIR.name}: the two are not the same fault"

    kept = Result()
    monkeypatch.setattr(command, "read", Result)
    monkeypatch.setattr(command, "read_source", lambda _: None)
    monkeypatch.setattr(command, "run", run)
    monkeypatch.setattr(command, "write", lambda result: kept.rows.update(result.rows))
    assert command.main([PAIR.name, "--source", str(tmp_path)]) == 1
    printed = capsys.readouterr()
    assert f"{PAIR.name}: the two are not the same fault\n" in printed.out
    assert f"{PAIR.name}: {NAME} ends apart: instance 0: a, b\n" in printed.out
    assert printed.err == f"{PAIR.name}: {NAME}: 3 fail, 1 hold, 0 undecided, 1 apart\n"
    assert list(kept.rows) == [(PAIR.name, NAME)]
    assert rows.RESULT.name == "result.json"
