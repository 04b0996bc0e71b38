"""Runs the derived Lean files in a built TorchLean checkout and reports what Lean says, by declaration."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import IO

from lean_refs.home import lean_refs_folder
from lean_refs.reader.tree import revision_of
from theorems.tools.audit.lean.files import DECLS, FACTS
from theorems.tools.audit.lean.messages import Answer, Asked, Message, answers, asked, outside, read_message

LAKE = ("lake", "env", "lean")
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
    found = [] if _is_project(folder) else [f"{folder} has no lakefile.lean or lakefile.toml: no Lake project"]
    if not (folder / ".lake" / "build").is_dir():
        found.append(f"{folder} has no build (.lake/build): run `lake build` there")
    programs = dict.fromkeys((command[0], "lean") if tuple(command) == LAKE else command[:1])
    return (*found, *(f"{program} is not on PATH" for program in programs if not shutil.which(program)))


def _is_project(folder: Path) -> bool:
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

    `command` is the program, to which `--json FILE` is added; `timeout` holds for each file, in seconds;
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
    """Run `command --json file` in `folder` and read its exit code and every message.

    Raises `FileNotFoundError` where the file, the folder or the program is not there.
    """
    questions = asked(file.read_text("utf-8"))
    messages: list[Message] = []
    problems: list[str] = []
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as words:
        with _started([*command, "--json", str(file.resolve())], folder, words, timeout) as (process, late):
            _read(process, questions, messages, problems, lambda name: progress(file.name, name))
        if late:
            problems.append(f"stopped at the time limit of {timeout:g} s")
        problems += [f"line {message.line}: {message.text}" for message in outside(questions, messages)]
        problems += _exit_problems(process.returncode, messages, words, bool(late))
    return FileRun(file.name, process.returncode, tuple(answers(questions, messages)), tuple(problems))


def _read(
    process: subprocess.Popen[str],
    questions: Sequence[Asked],
    messages: list[Message],
    problems: list[str],
    reached: Callable[[str], None],
) -> None:
    """Read messages as they come; what is no message is a problem, but only the first such line is repeated."""
    checks = {question.check: question.name for question in questions}
    stray: list[str] = []
    assert process.stdout is not None
    for line in process.stdout:
        message = read_message(line)
        if message is None:
            stray += [line.strip()] if line.strip() else []
            continue
        messages.append(message)
        if message.line in checks:
            reached(checks.pop(message.line))
    if stray:
        problems.append(f"{len(stray)} lines that are no message, the first: {stray[0][:_LAST_WORDS]}")


def _exit_problems(code: int, messages: Sequence[Message], words: IO[str], late: bool) -> list[str]:
    """An exit code that the messages do not explain, with the end of standard error."""
    if code == 0 or late or any(message.severity == "error" for message in messages):
        return []
    words.seek(0)
    said = " ".join(words.read().split())[-_LAST_WORDS:]
    return [f"exit code {code} without an error message" + (f": {said}" if said else "")]


@contextmanager
def _started(
    command: Sequence[str], folder: Path, words: IO[str], timeout: float
) -> Iterator[tuple[subprocess.Popen[str], list[bool]]]:
    """A process in `folder` with `words` for its errors, and a list that is not empty once the limit has ended it."""
    late: list[bool] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=words,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    ) as process:
        timer = Timer(timeout, lambda: (late.append(True), _kill(process)))
        timer.start()
        try:
            yield process, late
            process.wait()
        except BaseException:  # Ctrl-C: Lean runs in a session of its own and would not hear of it
            _kill(process)
            raise
        finally:
            timer.cancel()


def _kill(process: subprocess.Popen[str]) -> None:
    """End the process and what it started: `lake env` hands over to another program."""
    if hasattr(os, "killpg"):
        # The program may be over while what it started still holds its output open: then its group lives on.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:  # pragma: no cover - Windows has no process groups
        process.kill()
