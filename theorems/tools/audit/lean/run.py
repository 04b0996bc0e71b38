"""Runs the derived Lean files in a built TorchLean checkout and reports what Lean says, by declaration."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lean_refs.home import lean_refs_folder
from lean_refs.reader.tree import revision_of
from theorems.tools.audit.lean.files import DECLS, FACTS
from theorems.tools.audit.lean.messages import Answer, Asked, Message, answers, asked, outside, read_message
from theorems.tools.audit.lean.process import started
from theorems.tools.output.counted import counted

LAKE = ("lake", "env", "lean")
# Lean stops after 100 errors unless it is told otherwise. Where it does not know the option, the weak form is no error.
OPTIONS = ("--json", "-Dweak.maxErrors=1000000")
TIMEOUT = 600.0
_LAST_WORDS = 300  # characters of standard error that a report repeats

Progress = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class FileRun:
    """One file given to Lean: exit code, what it says of each declaration, and what went wrong besides."""

    file: str
    exit_code: int | None
    answers: tuple[Answer, ...]
    problems: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """Exit code 0, nothing wrong, and every declaration passes."""
        return self.exit_code == 0 and not self.problems and all(answer.passes for answer in self.answers)


@dataclass(frozen=True, slots=True)
class LeanReport:
    """What Lean says in one checkout. `missing` says what keeps it from being asked: then it is not checked."""

    folder: Path
    revision: str | None = None
    missing: tuple[str, ...] = ()
    runs: tuple[FileRun, ...] = field(default=())

    @property
    def checked(self) -> bool:
        """Whether Lean was asked."""
        return not self.missing

    @property
    def passes(self) -> bool:
        """Whether Lean was asked about every file and accepts all of it; `not checked` is no pass."""
        return self.checked and bool(self.runs) and all(run.passes for run in self.runs)


def missing(folder: Path, command: Sequence[str] = LAKE) -> tuple[str, ...]:
    """What is missing for running `command` in a built checkout at `folder`; empty where nothing is."""
    if not folder.is_dir():
        return (f"{folder} is not a folder",)
    found = [] if is_project(folder) else [f"{folder} has no lakefile.lean or lakefile.toml: no Lake project"]
    if not (folder / ".lake" / "build").is_dir():
        found.append(f"{folder} has no build (.lake/build): run `lake build` there")
    programs = dict.fromkeys((command[0], "lean") if tuple(command) == LAKE else command[:1])
    return (*found, *(f"{program} is not on PATH" for program in programs if not shutil.which(program)))


def is_project(folder: Path) -> bool:
    """Whether Lake finds its configuration there."""
    return any((folder / name).is_file() for name in ("lakefile.lean", "lakefile.toml"))


def check_in_lean(
    folder: Path,
    *,
    command: Sequence[str] = LAKE,
    timeout: float = TIMEOUT,
    files: Path | None = None,
    progress: Progress = lambda file, name: None,
) -> LeanReport:
    """Ask Lean about both derived files in the checkout at `folder`.

    `command` is the program, to which `OPTIONS` and the file are added; `timeout` holds for each file, in seconds;
    `files` is where the derived files are (`lean_refs` by default); `progress` is called with the file and
    each declaration that Lean has reached.
    """
    if lacking := missing(folder, command):
        return LeanReport(folder, missing=lacking)
    home = files or lean_refs_folder()
    runs = tuple(run_file(home / name, folder, command, timeout, progress) for name in (FACTS, DECLS))
    return LeanReport(folder, revision_of(folder), runs=runs)


def questions_in(files: Path | None = None) -> int:
    """How many declarations the derived files ask about: what `progress` is called for at most."""
    home = files or lean_refs_folder()
    return sum(len(asked((home / name).read_text("utf-8"))) for name in (FACTS, DECLS))


def run_file(
    file: Path,
    folder: Path,
    command: Sequence[str] = LAKE,
    timeout: float = TIMEOUT,
    progress: Progress = lambda file, name: None,
) -> FileRun:
    """Run `command` with `OPTIONS` and the file in `folder` and read its exit code and every message.

    Raises `FileNotFoundError` where the file, the folder or the program is not there.
    """
    questions = asked(file.read_text("utf-8"))
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        with started([*command, *OPTIONS, str(file.resolve())], folder, words, timeout) as running:
            messages, stray = _read(running.lines, questions, lambda name: progress(file.name, name))
        code = running.process.returncode
        problems = (
            [f"{counted(len(stray), 'line')} besides the messages, the first: {stray[0][:_LAST_WORDS]}"]
            if stray
            else []
        )
        problems += [f"stopped at the time limit of {timeout:g} s"] if running.late else []
        problems += _cut_short([*(message.text for message in messages), *stray, _said(words)])
        problems += [f"line {message.line}: {message.text}" for message in outside(questions, messages)]
        problems += _exit_problems(code, messages, words, running.late)
    return FileRun(file.name, code, tuple(answers(questions, messages)), tuple(problems))


def _read(
    lines: Iterable[str], questions: Iterable[Asked], reached: Callable[[str], None]
) -> tuple[list[Message], list[str]]:
    """The messages as they come, and the lines that are none."""
    checks = {question.check: question.name for question in questions}
    messages: list[Message] = []
    stray: list[str] = []
    for line in filter(str.strip, lines):
        message = read_message(line)
        if message is None:
            stray.append(line.strip())
            continue
        messages.append(message)
        if message.line in checks:
            reached(checks.pop(message.line))
    return messages, stray


def _exit_problems(code: int, messages: Sequence[Message], words: IO[str], late: bool) -> list[str]:
    """An exit code that the messages do not explain, with the end of standard error."""
    if code == 0 or late or any(message.severity == "error" for message in messages):
        return []
    said = _said(words)[-_LAST_WORDS:]
    return [f"exit code {code} without an error message" + (f": {said}" if said else "")]


def _said(words: IO[str]) -> str:
    words.seek(0)
    return " ".join(words.read().split())


def _cut_short(texts: Iterable[str]) -> list[str]:
    """Whether Lean says that it stopped at its own limit of errors: then silence after that is no answer."""
    met = any("maxErrors" in text or "maximum number of errors" in text for text in texts)
    return ["Lean stopped at its limit of errors (maxErrors): what comes after was not asked"] if met else []
