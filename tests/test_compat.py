"""What `make compat` compares and how it says what differs; the trials themselves need a network."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.compat import __main__ as compat
from tests.compat import commands, environments
from tests.compat.environments import PLUGINS, Environment, constraints
from tests.compat.projects import OWN, USER, WITH
from tests.compat.suites import Run, differences, run, trials, without_others
from tests.source import ROOT
from theorems.tools.cli import main

ROWS = {"Mine.one": "passed"}
SAME = Run(1, {"test_it::test_one": "passed"}, ROWS, "")


def changed(**fields: Any) -> Run:
    return Run(**{"code": 1, "outcomes": SAME.outcomes, "rows": ROWS, "said": "", **fields})


def test_a_suite_that_runs_the_same_does_not_differ() -> None:
    assert differences(changed(rows={}), SAME, ROWS) == []
    assert differences(None, changed(code=0), ROWS) == []


@pytest.mark.parametrize(
    ("bare", "ours", "said"),
    [
        (SAME, changed(code=0), ["exit code 1 without leanmirror, 0 with it"]),
        (None, SAME, ["exit code 1"]),
        (changed(outcomes={}), changed(outcomes={}), ["no test ran without leanmirror"]),
        (
            SAME,
            changed(outcomes={}),
            ["test_it::test_one: passed without leanmirror, nothing with it"],
        ),
        (
            SAME,
            changed(outcomes={"test_it::test_one": "failure"}),
            ["test_it::test_one: passed without leanmirror, failure with it"],
        ),
        (SAME, changed(rows={}), ["Mine.one: passed expected in the table, nothing there"]),
        (SAME, changed(rows={**ROWS, "Mine.two": "error"}), ["Mine.two: nothing expected in the table, error there"]),
    ],
)
def test_what_differs_is_said(bare: Run | None, ours: Run, said: list[str]) -> None:
    assert differences(bare, ours, ROWS) == said


def test_a_lock_gives_constraints_without_hashes() -> None:
    hashed = "click==8.5.1 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11\n    # via us\n"
    lock = f"# by uv\n{hashed}colorama==0.4.6 ; x == 'y' \\\n"
    assert constraints(lock) == "click==8.5.1\ncolorama==0.4.6 ; x == 'y'\n"
    assert "\nhypothesis==" in constraints((ROOT / "requirements.lock").read_text("utf-8"))


def test_each_plugin_is_tried_alone_and_with_the_others() -> None:
    assert PLUGINS.keys() == WITH.keys()
    names = [name for name, *_ in trials()]
    assert names == ["no other plugin", *PLUGINS.values(), "all of them"]
    assert without_others(PLUGINS) == []
    assert without_others(["xdist"]).count("-p") == len(PLUGINS) - 1


def test_each_name_on_a_test_of_a_project_has_its_row() -> None:
    for project in (OWN, USER, *WITH.values()):
        text = "".join(project.tests.values())
        compile(text, "tests", "exec")
        assert [name for name in project.rows if name.startswith("Mine.") and f'"{name}"' not in text] == []
        assert text.count("mark.lean(") == sum(name.startswith("Mine.") for name in project.rows)


# ---- the comparison runs what it says: here in the environment that is there


@pytest.fixture
def here(tmp_path: Path) -> Environment:
    """An environment whose programs are small shell scripts."""
    (tmp_path / "bin").mkdir()
    return Environment(tmp_path)


def program(environment: Environment, name: str, body: str) -> None:
    path = environment.program(name)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


JUNIT = """<testsuites><testsuite>
<testcase classname="test_it" name="test_one"/>
<testcase classname="test_it" name="test_two"><failure/></testcase>
<testcase classname="test_it" name="test_three"><properties/><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_run_is_read_from_its_report_and_its_table(here: Environment, tmp_path: Path) -> None:
    table = "kind     verdict  tried  accepted  widest    time  name\\ntheorem  passed      20  20  -  0.00 s  Mine.one"
    program(here, "python", f"cat >junit.xml <<'E'\n{JUNIT}\nE\nprintf '{table}\\n'; exit 1")
    found = run(here, tmp_path)
    assert (found.code, found.rows) == (1, ROWS)
    assert found.outcomes == {
        "test_it::test_one": "passed",
        "test_it::test_two": "failure",
        "test_it::test_three": "skipped",
    }


def test_a_run_that_dies_at_once_has_no_outcomes(here: Environment, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(JUNIT)  # of the run before
    program(here, "python", "echo broken >&2; exit 4")
    assert run(here, tmp_path) == Run(4, {}, {}, "broken\n")


def test_a_program_that_does_not_end_is_stopped(
    here: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "LIMIT", 0.2)
    program(here, "leanmirror", "exec sleep 60")
    said = commands.fault(here, tmp_path, commands.Step(("list",), ""))
    assert said == "exit code 124, expected 0: stopped after 0.2 seconds"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (commands.Step(("list",), "inner"), None),
        (commands.Step(("list",), "outer"), "does not print 'outer'"),
        (commands.Step(("list",), "inner", 2), "exit code 0, expected 2: inner_get_single"),
    ],
)
def test_a_command_is_held_to_its_exit_code_and_output(
    here: Environment, tmp_path: Path, step: commands.Step, said: str | None
) -> None:
    program(here, "leanmirror", "echo inner_get_single")
    assert commands.fault(here, tmp_path, step) == said


def test_every_command_is_tried() -> None:
    tried = {step.arguments[0] for step in commands.steps(None)}
    assert tried == {"--version", *main.commands}


def test_a_file_that_is_written_into_a_package_is_seen(here: Environment) -> None:
    folder = here.packages() / "mirror"
    folder.mkdir(parents=True)
    (folder / "rooms.py").write_text("A = 1\n")
    before = here.fingerprint()
    (folder / "rooms.pyc").touch()
    assert here.fingerprint() == before
    (folder / "new.json").touch()
    assert here.fingerprint() != before


@pytest.mark.parametrize(
    ("found", "code", "total"),
    [
        ([("one", []), ("two", [])], 0, "2 of 2 trials are as they should be"),
        ([("one", []), ("two", ["it differs"])], 1, "1 of 2 trials are as they should be"),
    ],
)
def test_the_exit_code_says_whether_anything_differs(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    found: Any,
    code: int,
    total: str,
) -> None:
    monkeypatch.setattr(compat, "environments", lambda *_: (None, None))
    monkeypatch.setattr(compat, "_all", lambda *_: iter(found))
    assert compat.main(["--folder", str(tmp_path), "--wheel", "any.whl"]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == total
    assert ("          it differs" in lines) is bool(code)


def test_what_cannot_be_installed_is_no_difference(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(*_: object) -> None:
        raise subprocess.CalledProcessError(1, ["pip", "install"])

    monkeypatch.setattr(compat, "environments", fails)
    assert compat.main(["--folder", str(tmp_path), "--wheel", "any.whl"]) == 2
    assert capsys.readouterr().err == "compat: pip install ended with 1\n"
