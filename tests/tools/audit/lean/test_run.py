"""What Lean says is read to the letter: errors, exit codes, silence, axioms, `sorry`, time limits."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.tools.audit.lean.fake_lean import checkout, rejected
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.lean.files import cited
from theorems.tools.audit.lean.messages import STANDARD_AXIOMS, Answer, LeanVerdict, asked, read_message
from theorems.tools.audit.lean.process import started
from theorems.tools.audit.lean.run import FileRun, LeanReport, check_in_lean, missing, questions_in, run_file
from theorems.tools.audit.lean.section import in_lean

# Lines 5 to 7 are about A.one, 9 and 10 about A.two'.
TEXT = """\
import A

open A

/-! A.one -/
example : A.one = 1 := rfl
#check @A.one

#check @A.two'
#print axioms A.two'
"""
ACCEPTED, REJECTED, SILENT = LeanVerdict.ACCEPTED, LeanVerdict.REJECTED, LeanVerdict.SILENT


def run(folder: Path, timeout: float = 60, **script: Any) -> FileRun:
    """The fake Lean on `TEXT`, behaving as `script` says."""
    home, command = checkout(folder / "checkout", **script)
    file = folder / "Text.lean"
    file.write_text(TEXT, "utf-8")
    return run_file(file, home, command, timeout)


def verdicts(done: FileRun) -> list[LeanVerdict]:
    return [answer.verdict for answer in done.answers]


def test_the_lines_of_each_declaration() -> None:
    one, two = asked(TEXT)
    assert (one.name, one.first, one.check, one.last, one.axioms) == ("A.one", 5, 7, 7, False)
    assert (two.name, two.first, two.check, two.last, two.axioms) == ("A.two'", 9, 9, 10, True)
    assert asked("#check @A.last")[0].last == 1


def test_a_file_that_lean_accepts_passes(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.passes
    assert (done.exit_code, done.problems, verdicts(done)) == (0, (), [ACCEPTED, ACCEPTED])
    one, two = done.answers
    assert one.axioms is None
    assert not one.exactly_standard
    assert set(two.axioms or ()) == STANDARD_AXIOMS, "the list goes over three lines"
    assert two.exactly_standard


def test_an_error_in_the_lines_of_a_declaration_rejects_it_whatever_the_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"6": [["type mismatch", "error"]]})
    assert done.exit_code == 0
    assert not done.passes
    assert verdicts(done) == [REJECTED, ACCEPTED]
    assert done.answers[0].errors == ("type mismatch",)


def test_an_error_explains_the_exit_code(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"7": [["unknown constant", "error"]]}, exit=1)
    assert (verdicts(done), done.problems) == ([REJECTED, ACCEPTED], ())
    assert not done.passes


def test_an_error_about_no_declaration_is_a_problem(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"1": [["unknown module", "error"]], "7": [], "9": [], "10": []}, exit=1)
    assert done.problems == ("line 1: unknown module",)
    assert verdicts(done) == [SILENT, SILENT]
    assert not done.passes


def test_an_exit_code_without_an_error_message_is_a_problem(tmp_path: Path) -> None:
    done = run(tmp_path, exit=1, words="out of\nmemory")
    assert done.problems == ("exit code 1 without an error message: out of memory",)
    assert verdicts(done) == [ACCEPTED, ACCEPTED]
    assert not done.passes


def test_an_exit_code_without_any_word_is_a_problem(tmp_path: Path) -> None:
    assert run(tmp_path, exit=3).problems == ("exit code 3 without an error message",)


def test_silence_is_no_pass(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"7": [], "9": [], "10": []})
    assert (done.exit_code, done.problems, verdicts(done)) == (0, (), [SILENT, SILENT])
    assert not done.passes


@pytest.mark.parametrize("said", [[], [["something else"]], [["'A.one' does not depend on any axioms"]]])
def test_axioms_that_are_not_told_are_no_pass(tmp_path: Path, said: list[list[str]]) -> None:
    done = run(tmp_path, instead={"10": said})
    assert verdicts(done) == [ACCEPTED, SILENT]


def test_axioms_of_another_name_are_no_answer(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"10": [["'A.one' depends on axioms: [propext]"]]})
    assert verdicts(done) == [ACCEPTED, SILENT]


def test_no_axioms_pass(tmp_path: Path) -> None:
    done = run(tmp_path, axioms="does not depend on any axioms")
    assert done.passes
    assert done.answers[1].axioms == ()
    assert not done.answers[1].exactly_standard


def test_an_axiom_of_somebodys_own_fails(tmp_path: Path) -> None:
    done = run(tmp_path, axioms="depends on axioms: [propext, A.believe]")
    assert not done.passes
    assert done.answers[1].other_axioms == ("A.believe",)


@pytest.mark.parametrize(
    "warning",
    [
        ["declaration uses 'sorry'", "warning"],
        ["declaration uses `sorry`", "warning"],
        ["worded in another way", "warning", "hasSorry"],
    ],
)
def test_a_sorry_in_the_lines_of_a_declaration_fails(tmp_path: Path, warning: list[str]) -> None:
    done = run(tmp_path, instead={"6": [warning]})
    assert [answer.sorry for answer in done.answers] == [True, False]
    assert not done.passes


def test_a_sorry_below_a_declaration_shows_in_its_axioms(tmp_path: Path) -> None:
    done = run(tmp_path, axioms="depends on axioms: [propext, sorryAx]")
    assert done.answers[1].sorry
    assert not done.passes


def test_a_warning_is_no_error(tmp_path: Path) -> None:
    assert run(tmp_path, instead={"6": [["unused variable", "warning"]]}).passes


@pytest.mark.parametrize(
    "text",
    ["garbage", "[1]", "1", "{}", '{"severity": "error"}', '{"severity": "error", "pos": 3, "data": ""}'],
)
def test_output_that_is_no_message_is_a_problem(tmp_path: Path, text: str) -> None:
    assert read_message(text) is None
    done = run(tmp_path, output=[text, "", text])
    assert done.problems == (f"2 lines besides the messages, the first: {text}",)
    assert not done.passes


def test_a_program_that_hangs_is_stopped_and_what_it_said_is_kept(tmp_path: Path) -> None:
    started = time.monotonic()
    done = run(tmp_path, timeout=2, sleep=60)
    assert time.monotonic() - started < 30
    assert done.problems == ("stopped at the time limit of 2 s",)
    assert verdicts(done) == [ACCEPTED, ACCEPTED]
    assert not done.passes


def test_what_a_program_wrote_before_the_limit_is_read_though_it_would_write_large_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    done = run(tmp_path, timeout=2, sleep=60, flush=False)
    assert done.problems == ("stopped at the time limit of 2 s",)
    assert verdicts(done) == [ACCEPTED, ACCEPTED]


def test_what_a_program_leaves_behind_is_stopped_and_not_waited_for(tmp_path: Path) -> None:
    started = time.monotonic()
    done = run(tmp_path, timeout=60, child=True)
    assert time.monotonic() - started < 30
    assert done.passes
    beats = tmp_path / "checkout" / "beat"
    heard = len(beats.read_text("utf-8"))
    time.sleep(0.2)
    assert len(beats.read_text("utf-8")) == heard


def test_a_last_line_without_an_end_is_read(tmp_path: Path) -> None:
    program = [sys.executable, "-c", r"import sys; sys.stdout.buffer.write(b'one\ntw\xc3\xb6\xff')"]
    with (tmp_path / "words").open("w") as words, started(program, tmp_path, words, 60) as run:
        assert list(run.lines) == ["one", "twö\ufffd"]


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="the system does not list what is open")
def test_a_program_that_is_not_there_leaves_nothing_open(tmp_path: Path) -> None:
    before = len(os.listdir("/dev/fd"))
    for _ in range(5):
        with (tmp_path / "words").open("w") as words, pytest.raises(FileNotFoundError):
            started(["no-such-program"], tmp_path, words, 60).__enter__()
    assert len(os.listdir("/dev/fd")) == before


REACHED = "maximum number of errors (100; from option `maxErrors`) reached, exiting"


@pytest.mark.parametrize(
    "script", [{"instead": {"6": [[REACHED, "error"]]}}, {"output": [REACHED]}, {"words": REACHED}]
)
def test_where_lean_stopped_at_its_own_limit_it_is_said(tmp_path: Path, script: dict[str, Any]) -> None:
    done = run(tmp_path, exit=1, **script)
    assert "Lean stopped at its limit of errors (maxErrors): what comes after was not asked" in done.problems


def test_what_comes_after_a_hundred_errors_is_read(tmp_path: Path) -> None:
    done = run(tmp_path, instead={"6": [["type mismatch", "error"]] * 101})
    assert (len(done.answers[0].errors), done.problems) == (101, ())
    assert verdicts(done) == [REJECTED, ACCEPTED]


def test_an_interruption_ends_the_program(tmp_path: Path) -> None:
    home, command = checkout(tmp_path / "checkout", sleep=60)
    file = tmp_path / "Text.lean"
    file.write_text(TEXT, "utf-8")

    def interrupted(file: str, name: str) -> None:
        raise KeyboardInterrupt

    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_file(file, home, command, progress=interrupted)
    assert time.monotonic() - started < 30


# ---- a checkout


def test_every_question_of_both_files_is_asked_and_progress_tells_each(tmp_path: Path) -> None:
    home, command = checkout(tmp_path / "checkout")
    reached: list[tuple[str, str]] = []
    report = check_in_lean(home, command=command, progress=lambda file, name: reached.append((file, name)))
    assert report.checked
    assert report.passes
    assert [r.file for r in report.runs] == ["MirrorFacts.lean", "CheckDecls.lean"]
    assert len(reached) == questions_in() == sum(len(r.answers) for r in report.runs) > 300
    section = in_lean(report)
    assert not section.failed
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS}
    standard = f"{len(cited())} declarations on exactly propext, Classical.choice and Quot.sound"
    assert section.summary.endswith(f"{standard}, 0 with a sorry")


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert missing(tmp_path / "nowhere") == (f"{tmp_path / 'nowhere'} is not a folder",)
    assert missing(tmp_path) == (
        f"{tmp_path} has no lakefile.lean or lakefile.toml: no Lake project",
        f"{tmp_path} has no build (.lake/build): run `lake build` there",
        "lake is not on PATH",
        "lean is not on PATH",
    )
    home, _ = checkout(tmp_path / "checkout")
    assert missing(home, ("other",)) == ("other is not on PATH",)
    report = check_in_lean(home)
    assert not report.checked
    assert not report.passes
    assert in_lean(report).findings[0].verdict is AuditVerdict.NOT_CHECKED
    assert not in_lean(report).failed


def test_a_report_of_nothing_is_no_pass(tmp_path: Path) -> None:
    assert not LeanReport(tmp_path).passes


# ---- the audit's section


def test_each_way_to_fail_fails_in_words(tmp_path: Path) -> None:
    answers = (
        Answer("a", ACCEPTED, axioms=()),
        Answer("b", ACCEPTED),
        Answer("c", REJECTED, ("type\nmismatch", "more")),
        Answer("d", SILENT),
        Answer("e", ACCEPTED, axioms=("propext", "mine")),
        Answer("f", ACCEPTED, sorry=True),
        Answer("g", ACCEPTED, axioms=("sorryAx",), sorry=True),
    )
    section = in_lean(LeanReport(tmp_path, "1234567890", runs=(FileRun("F.lean", 1, answers, ("line 1: no",)),)))
    assert [(f.name, f.verdict is AuditVerdict.FAILS, f.basis) for f in section.findings] == [
        ("F.lean", True, "line 1: no"),
        ("a", False, "F.lean: accepted, axioms: none"),
        ("b", False, "F.lean: accepted"),
        ("c", True, "F.lean: rejected: type mismatch / more"),
        ("d", True, "F.lean: Lean gave no answer"),
        ("e", True, "F.lean: accepted, on axioms that are not Lean's own: mine"),
        ("f", True, "F.lean: accepted; it rests on a sorry"),
        ("g", True, "F.lean: accepted, on axioms that are not Lean's own: sorryAx; it rests on a sorry"),
    ]
    assert section.summary.startswith("2 of 7 questions accepted at 1234567,")
    unknown = in_lean(LeanReport(tmp_path, runs=(FileRun("F.lean", 1, answers, ()),)))
    assert unknown.summary.startswith("2 of 7 questions accepted at an unknown revision,")


def test_a_rejection_fails_the_section(tmp_path: Path) -> None:
    assert in_lean(rejected(tmp_path)).failed


# ---- the real program, where there is one

REAL = """\
/-! Nat.succ -/
example : Nat.succ 1 = 2 := rfl
#check @Nat.succ

/-! Nat.add -/
example : Nat.add 1 1 = 3 := rfl
#check @Nat.add

#check @Nat.lt_irrefl
#print axioms Nat.lt_irrefl

theorem unproved : 1 = 2 := sorry
#check @unproved
#print axioms unproved
"""


@pytest.mark.skipif(not shutil.which("lean"), reason="lean is not on PATH")
def test_the_real_program_on_a_file_that_needs_no_library(tmp_path: Path) -> None:
    file = tmp_path / "Real.lean"
    file.write_text(REAL, "utf-8")
    done = run_file(file, tmp_path, ("lean",), timeout=120)
    assert verdicts(done) == [ACCEPTED, REJECTED, ACCEPTED, ACCEPTED]
    assert [answer.sorry for answer in done.answers] == [False, False, False, True]
    assert done.exit_code == 1
    assert not done.passes
