"""Which files are reports, of what, and in which words one is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools.page.reports import (
    BLOCK,
    audit,
    check,
    conform,
    entry,
    everything,
    finding,
    label,
    labels,
    line,
    mutants,
    tally,
    written,
)  # fmt: skip
from theorems.tools.page.documents import KINDS, UnusableReport, read_reports, whatever_is_in
from theorems.tools.page.page import page_view


def refusal(folder: Path, **reports: Any) -> str:
    with pytest.raises(UnusableReport) as raised:
        page_view(read_reports([written(folder, **reports)]), folder)
    return str(raised.value).replace(f"{folder}/", "").replace(str(folder), "FOLDER")


def test_a_report_is_known_by_what_it_says_and_not_by_its_name(tmp_path: Path) -> None:
    names = {f"x{k}": report for k, report in enumerate(everything().values())}
    found = read_reports([written(tmp_path, **names, other=[1], replay={"format": "leanmirror replay 2"})])
    assert [report.kind for report in found.found] == [*KINDS]
    assert [path.name for path in found.others] == ["other.json", "replay.json"]


def test_of_kernels_there_may_be_several(tmp_path: Path) -> None:
    found = read_reports([written(tmp_path, a=conform(), b=conform())])
    assert len(found.of("conform")) == 2
    assert found.only("check") is None


@pytest.mark.parametrize(
    ("reports", "says"),
    [
        (
            {"check": "{"},
            "check.json is no JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ({"check": "[" * 100_000}, "check.json is no JSON: maximum recursion depth exceeded"),
        (
            {"a": {"format": "leanmirror check 0"}},
            "a.json is 'leanmirror check 0', and this version reads 'leanmirror check 1': run `leanmirror check --json "
            "report/check.json` again, or leave the file out",
        ),
        (
            {"a": {"format": "leanmirror bench gpu 9"}},
            "a.json is 'leanmirror bench gpu 9', and this version reads 'leanmirror bench gpu 3': run `leanmirror "
            "bench --json report/bench.json` again, or leave the file out",
        ),
        (
            {"bench": {"schema": 2}},
            "bench.json does not say what it is, so another version wrote it: run `leanmirror bench --json "
            "report/bench.json` again, or leave the file out",
        ),
        (
            {"a": check(), "b": check()},
            "a.json and b.json are both of leanmirror check: the page shows one, leave one out",
        ),
        ({}, "no report of leanmirror in FOLDER: `leanmirror check --json report/check.json` writes one"),
        (
            {"a": {"format": "leanmirror check 1"}},
            "a.json says that it is 'leanmirror check 1', and is damaged (KeyError: 'theorems'): run `leanmirror check "
            "--json report/check.json` again, or leave the file out",
        ),
    ],
    ids=["no JSON", "too deep", "another version", "of a GPU", "none", "two", "empty", "damaged"],
)
def test_what_cannot_be_used_is_refused_in_one_line(tmp_path: Path, reports: dict[str, Any], says: str) -> None:
    assert refusal(tmp_path, **reports).startswith(says)


# By kind, the fields that the page does without.
UNREAD = {
    "check": {"format", "shares", "never_active"},
    "mutants": {"format", "drawn"},
    "bench": {"format", "gate"},
    "conform": {"format", "versions"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_without_any_of_its_fields_is_damaged_and_named(tmp_path: Path, kind: str) -> None:
    whole = everything()[kind]
    for field in whole.keys() - UNREAD.get(kind, {"format"}):
        less = {key: value for key, value in whole.items() if key != field}
        assert refusal(tmp_path, **{kind: less}).startswith(f"{kind}.json says that it is "), field


UNKNOWN = {
    "check": (check(entry(BLOCK, "fine")), f"the status of {BLOCK} is 'fine', expected equal, enclosed, undecided, "),
    "hypotheses": (labels(label(label="vital")), f"the label of hNorm1 of {BLOCK} is 'vital', expected necessary, "),
    "audit": (audit(finding(BLOCK, "broken")), f"the verdict of {BLOCK} is 'broken', expected holds, fails, changed, "),
    "mutants": (
        mutants() | {"modules": {"m": {"changes": 1, "mutants": [{"name": "m:a", "kind": "luck"}]}}},
        "how m:a ended is 'luck', expected theorem, test, ",
    ),
    "conform": (
        conform(line("blocks", tally(1.0, 1.0, "near"))), "a verdict of small is 'near', expected inside, undecided",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_word_that_nobody_writes_is_damage_and_named(tmp_path: Path, kind: str) -> None:
    report, says = UNKNOWN[kind]
    said = refusal(tmp_path, **{kind: report})
    assert said.startswith(f"{kind}.json says that it is {report['format']!r}, and is damaged ({says}")


def test_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UnusableReport, match=r"nowhere is not there: `leanmirror check --json report/check.json` writes"
    ):
        read_reports([tmp_path / "nowhere"])


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, check=check()) / "check.json"

    def denied(*_: Any, **__: Any) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(UnusableReport, match=r"^cannot read .*check\.json: Permission denied$"):
        read_reports([path])


def test_text_in_another_encoding_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "check.json").write_bytes(json.dumps({"format": "ε"}, ensure_ascii=False).encode("utf-16"))
    with pytest.raises(UnusableReport, match=r"check\.json is no JSON: 'utf-8' codec can't decode"):
        read_reports([tmp_path])


def test_where_not_all_is_needed_the_rest_is_used_and_told(tmp_path: Path) -> None:
    found = whatever_is_in([written(tmp_path, audit="{", conform=conform())], [tmp_path / "conform.json"])
    assert [report.kind for report in found.found] == ["conform"]
    assert len(found.unusable) == 1
    assert "audit.json is no JSON" in found.unusable[0]


def test_what_is_committed_stands_in_for_a_kind_that_is_not_there(tmp_path: Path) -> None:
    own, committed = written(tmp_path / "own", check=check()), written(tmp_path / "committed", conform=conform())
    found = whatever_is_in([own], [committed / "conform.json"])
    assert [report.kind for report in found.found] == ["check", "conform"]
