"""Definitions and theorems in parallel processes: the text of each is evaluated and compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from functools import cache
from pathlib import Path

from lean_refs import load_pin
from lean_refs.drift import EvaluatedMeaning, Meaning
from lean_refs.evaluator import Evaluator
from lean_refs.evaluator.sources import read_with_imports
from lean_refs.fingerprint import Fingerprint
from lean_refs.pin import DamagedNumbersError
from mirror.rooms import links
from theorems.tools.audit.evaluated.agreed import agreed
from theorems.tools.audit.evaluated.numbers import RealNumbers
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import compared
from theorems.tools.audit.pinned.kept import PinnedNumbers, meaning_in
from theorems.tools.cli.pools import Work, in_processes
from theorems.tools.output.faults import in_one_line
from theorems.tools.weights import weight

FEW, MANY = 2, 12  # instances of each besides the simplest one, and with --deep


def evaluated(
    root: Path, names: Sequence[str], count: int, jobs: int, meanwhile: Callable[[], None] = lambda: None
) -> Iterator[FunctionComparison]:
    """The outcome of each declaration of the source below `root`, as they end; one job runs in this process.

    `meanwhile` is done in this process before the first is asked for, while others are at work.
    """
    ordered = sorted(names, key=weight, reverse=True)  # the slow ones first
    if min(jobs, len(ordered)) < 2:
        meanwhile()
        yield from (_examined(name, root, count) for name in ordered)
    else:
        yield from in_processes(
            ordered, Work(_examined, (root, count), _received, _lost), min(jobs, len(ordered)), meanwhile
        )


def _examined(name: str, root: Path, count: int) -> FunctionComparison:
    try:
        link = links().get(name)
        if link:
            return compared(evaluator_of(root), link, count)
        return agreed(evaluator_of(root), name, count)
    except Exception as error:
        return _lost(name, in_one_line(error))


def _received(name: str, future: Future[FunctionComparison]) -> FunctionComparison:
    try:
        return future.result()
    except Exception as error:
        return _lost(name, in_one_line(error))


def _lost(name: str, why: str) -> FunctionComparison:
    return FunctionComparison(name, ComparisonEnding.FAILED, why=why)


def evaluator_of(root: Path, *, moves: bool = True) -> Evaluator:
    """The evaluator of a source; without `moves` one that runs everything anew."""
    return evaluator_in(root, _pinned_files(), moves)


@cache
def evaluator_in(root: Path, files: tuple[str, ...], moves: bool = True) -> Evaluator:
    """That of some files of a source and of what they import, read once in each process."""
    return Evaluator(read_with_imports(root, files), RealNumbers(), moves=moves)


@cache
def _pinned_files() -> tuple[str, ...]:
    return tuple(sorted({made.file for made in load_pin().declarations.values()}))


def meanings(root: Path, files: Iterable[str], revision: str, pinned: Mapping[str, Fingerprint]) -> EvaluatedMeaning:
    """What the pinned numbers say of texts of the source that are others now; read when the first is asked for."""
    try:
        return meaning_in(lambda: evaluator_in(root, tuple(files)), PinnedNumbers(revision, pinned))
    except DamagedNumbersError as damaged:
        why = f"not evaluated: {damaged}"
        return lambda _, __: (Meaning.UNKNOWN, why)
