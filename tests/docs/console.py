"""The console sessions of a page: commands after `$ `, each with the output that is shown under it.

`…` stands for what is left out: on a line of its own for any lines, within a line for any text.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from tests.docs.pages import Page
from theorems.tools.cli import main

GAP = "…"


@dataclass(frozen=True, slots=True)
class Step:
    """A command, and the lines of output that the page shows under it; where it shows none, none are compared."""

    command: str
    shown: tuple[str, ...]


def steps(block: str) -> list[Step]:
    """The commands of a console block; raises `ValueError` for lines before the first one."""
    head, *parts = re.split(r"^\$ ", block, flags=re.MULTILINE)
    if head.strip():
        raise ValueError(f"a console block begins with a command after '$ ', not with: {head.splitlines()[0]}")
    return [Step(part.splitlines()[0], tuple(part.rstrip().splitlines()[1:])) for part in parts]


def all_steps(page: Page) -> list[Step]:
    """The commands of all console blocks of a page."""
    return [step for block in page.blocks if block.language == "console" for step in steps(block.text)]


@dataclass(frozen=True, slots=True)
class Change:
    """A `diff` block: in one file lines that go, and lines that come in their place."""

    file: str
    edits: tuple[tuple[str, str], ...]

    def apply(self, folder: Path) -> None:
        """Change the file; raises `ValueError` where what goes does not stand there once."""
        path = folder / self.file
        text = path.read_text("utf-8")
        for old, new in self.edits:
            if text.count(old) != 1:
                raise ValueError(f"{self.file} has {text.count(old)} times: {old}")
            text = text.replace(old, new)
        path.write_text(text, "utf-8")


def change(block: str) -> Change:
    """The change that a block of lines `--- FILE`, `-old` and `+new` shows."""
    head, *lines = block.splitlines()
    edits = re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)*)", "\n".join(lines) + "\n", re.MULTILINE)
    return Change(head.removeprefix("--- "), tuple((_without(old), _without(new)) for old, new in edits))


def _without(lines: str) -> str:
    return "".join(f"{line[1:]}\n" for line in lines.splitlines())


def acts(page: Page) -> list[Step | Change]:
    """What a reader does who follows a page: its commands and its changes of files, in order."""
    found: list[Step | Change] = []
    for block in page.blocks:
        if block.language == "diff":
            found.append(change(block.text))
        elif block.language == "console":
            found += steps(block.text)
    return found


# ---- shown and real output


def missing(shown: Sequence[str], real: Sequence[str]) -> str | None:
    """A shown line that the real output does not have in its place; None where it has them all.

    Lines without a gap between them must follow each other in the output too, the first must be its first, and the
    last its last. Any space is as good as another.
    """
    first, *others = _runs(shown)
    if not _fits(first, real) or (not others and len(first) < len(real)):
        return _named(first, real)
    at = len(first)
    for run in others:
        ends = [p + len(run) for p in range(at, len(real) - len(run) + 1) if _fits(run, real[p:])]
        if run is others[-1]:
            ends = [end for end in ends if end == len(real)]
        if not ends:
            return _named(run, real[at:])
        at = ends[0]
    return None


def _runs(shown: Sequence[str]) -> list[list[str]]:
    """The runs of lines between gaps; a gap at an end has an empty run beside it."""
    found: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == GAP:
            found.append([])
        else:
            found[-1].append(line)
    return found


def _fits(run: Sequence[str], real: Sequence[str]) -> bool:
    """The output begins with the run."""
    return len(run) <= len(real) and all(map(_same, run, real))


def _same(shown: str, real: str) -> bool:
    pattern = ".*".join(re.escape(" ".join(part.split())) for part in shown.split(GAP))
    return re.fullmatch(pattern, " ".join(real.split())) is not None


def _named(run: Sequence[str], real: Sequence[str]) -> str:
    """What to say of a run that does not fit: its first line that is nowhere, or that something else is in between."""
    lost = next((line for line in run if not any(_same(line, other) for other in real)), None)
    return f"{' / '.join(run)}, one after the other" if lost is None else lost


# ---- running


@dataclass(slots=True)
class Shell:
    """Runs commands in one folder: leanmirror in this process, which must stand there, the others in their own."""

    folder: Path
    status: int = field(default=0, init=False)

    def run(self, command: str) -> str:
        """The output of a command; its exit status is kept for `echo $?`."""
        match shlex.split(command):
            case ["echo", "$?"]:
                return f"{self.status}\n"
            case ["leanmirror", *arguments]:
                return self._leanmirror(arguments)
            case ["pytest", *arguments]:
                return self._python("-m", "pytest", "-p", "no:cacheprovider", *arguments)
            case ["python", *arguments]:
                return self._python(*arguments)
        raise ValueError(f"no test runs {command!r}: it is no call of leanmirror, pytest or python")

    def _leanmirror(self, arguments: list[str]) -> str:
        result = CliRunner().invoke(main, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        self.status = result.exit_code
        return result.output

    def _python(self, *arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=300, check=False)
        self.status = done.returncode
        return done.stdout + done.stderr
