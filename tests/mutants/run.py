"""Run mutants: see once what executes what, then each mutant against that, a few at a time."""

from __future__ import annotations

import ast
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from lean_refs import load_pin
from tests.mutants import child, executed
from tests.mutants.drive import LIMIT, Task, Write, forked
from tests.mutants.executed import Executed
from tests.mutants.operators import mutated
from tests.mutants.outcome import Outcome, against, outcome
from tests.mutants.sample import Mutant, sources

LONG = 1200.0  # seconds for seeing what executes what


def look(jobs: int = 2) -> Executed:
    """What executes what, seen in processes of their own, so that this one never imports the mirror."""
    with tempfile.TemporaryDirectory() as folder:
        looks = {"theorems": executed.by_theorems, "tests": executed.by_tests}
        files = {name: Path(folder) / name for name in looks}
        tuple(forked(((name, partial(_look, see, files[name])) for name, see in looks.items()), jobs, LONG))
        theorems, tests = (pickle.loads(file.read_bytes()) for file in files.values())
    return replace(theorems, tests=tests.tests, seconds=tests.seconds, failing=theorems.failing + tests.failing)


def _look(see: Callable[[], Executed], file: Path, write: Write) -> None:
    file.write_bytes(pickle.dumps(see()))


def run(mutants: Sequence[Mutant], known: Executed, jobs: int, limit: float = LIMIT) -> Iterator[Outcome]:
    """What became of each mutant, in the order in which they end."""
    load_pin()  # once, for all the processes
    for told in forked(_tasks(mutants, known), jobs, limit):
        yield outcome(told.key, told)


def _tasks(mutants: Sequence[Mutant], known: Executed) -> Iterator[Task[Mutant]]:
    for mutant in mutants:
        theorems, tests = against(mutant, known)
        work = [(name, known.instances[name]) for name in theorems]
        tree = mutated(sources()[mutant.module].read_text("utf-8"), mutant.number)
        yield mutant, partial(_examine, mutant.module, tree, work, tests)


def _examine(module: str, tree: ast.Module, work: child.Work, tests: Sequence[str], write: Write) -> None:
    child.examine(module, tree, work, tests, child.line_by_line(write))
