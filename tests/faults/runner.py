"""Which theorem and which definition test catches a fault, each against an unfaulted control."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from hypothesis import settings

from lean_refs import load_pin
from mirror.arithmetic import precision
from pytest_leanmirror import register_hypothesis_profiles
from tests.faults.fault import Fault
from tests.source import lean_marks, module_files
from theorems.engine.checking import check
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem

BITS = 256
PASSES = "passes"
REFUTED = str(Verdict.REFUTED)


@dataclass(frozen=True, slots=True)
class Caught:
    """What catches a fault: theorems by Lean name with how each ends, definition tests by pytest's name."""

    theorems: dict[str, str]
    tests: tuple[str, ...]

    @property
    def refuting(self) -> list[str]:
        """The theorems that end in a counterexample."""
        return [name for name, ending in self.theorems.items() if ending == REFUTED]


def as_in_a_test_run() -> None:
    """Load the profile of the tests: Hypothesis's own has deadlines and health checks, which a busy machine fails."""
    register_hypothesis_profiles()
    settings.load_profile("quick")


def catch(fault: Fault, *, examples: int) -> Caught:
    """Everything that catches the fault, the nearest first: none means that none can see it.

    A theorem is run on so many instances. Whatever catches the fault must pass without it.
    """
    by_theorem = {t.name: _seen(fault, t.name, lambda t=t: _ends(t, examples)) for t in by_distance(fault.definition)}
    by_test = (name for name, run in definition_tests(fault.definition) if _seen(fault, name, lambda r=run: _runs(r)))
    return Caught({name: ending for name, ending in by_theorem.items() if ending}, tuple(by_test))


def owner_sees(fault: Fault, *, examples: int, control: bool = True) -> bool:
    """Whether the owner passes without the fault, and with it is refuted by a counterexample or, as a test, fails.

    A suite that runs the theorems too may leave out their control; a test is run here without pytest, and always has
    its own. Raises `LookupError` for an owner that is neither a theorem nor a test of the faulted definition.
    """
    if fault.owner in theorems():
        theorem = theorems()[fault.owner]
        return _seen(fault, fault.owner, lambda: _ends(theorem, examples), control) == REFUTED
    runs = {n: run for n, run in definition_tests(fault.definition) if n.partition("[")[0] == fault.owner}
    if not runs:
        raise LookupError(f"{fault.owner} is no theorem, and no test that is marked with {fault.definition}")
    return any(_seen(fault, name, lambda r=run: _runs(r)) for name, run in runs.items())


_CONTROL: dict[str, str] = {}


def _seen(fault: Fault, name: str, run: Callable[[], str], control: bool = True) -> str:
    """How a run ends that does not pass with the fault, and does without it; else nothing."""
    with fault.applied():
        found = run()
    if found == PASSES:
        return ""
    if not control:
        return found
    if name not in _CONTROL:
        _CONTROL[name] = run()
    return found if _CONTROL[name] == PASSES else ""


def _ends(theorem: Theorem, examples: int) -> str:
    try:
        report = check(theorem, examples=examples, seed=1, shrink=False)  # a plainer instance ends alike
    except Exception as error:  # a fault may break a construction outright
        return type(error).__name__
    return PASSES if report.passed else str(report.verdict)


def _runs(run: Callable[[], None]) -> str:
    try:
        with precision(BITS):  # as the fixture of the block's tests sets it
            run()
    except (Exception, pytest.fail.Exception) as error:
        return type(error).__name__
    return PASSES


@cache
def _distances(definition: str) -> dict[str, int]:
    """How far each declaration that uses `definition`, directly or not, is from it."""
    users: dict[str, list[str]] = {}
    for d in load_pin().declarations.values():
        for reference in d.references:
            users.setdefault(reference, []).append(d.name)
    found, frontier, distance = {definition: 0}, [definition], 0
    while frontier:
        distance += 1
        frontier = [u for name in frontier for u in users.get(name, ()) if u not in found]
        found.update((name, distance) for name in frontier)
    return found


def by_distance(definition: str) -> list[Theorem]:
    """All theorems, those that rest on a definition first, nearest first."""
    distance = _distances(definition)
    return sorted(theorems().values(), key=lambda t: distance.get(t.name, len(distance)))


@cache
def _marked_modules() -> dict[str, list[str]]:
    """The test modules that carry each Lean name in a `lean` marker."""
    carried: dict[str, list[str]] = {}
    for module, path in module_files("tests").items():
        if path.name.startswith("test_"):
            for name in lean_marks(path):
                carried.setdefault(name, []).append(module)
    return carried


def definition_tests(definition: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The tests that pin a definition, as functions without arguments."""
    for module_name in _marked_modules().get(definition, ()):
        for name, function in vars(import_module(module_name)).items():
            if name.startswith("test_"):
                for label, marks, arguments in _runs_of(function):
                    if any(definition in mark.args for mark in marks if mark.name == "lean"):
                        yield f"{module_name}::{name}{label}", lambda f=function, a=arguments: f(**a)


def _runs_of(function: Any) -> Iterator[tuple[str, list[pytest.Mark], dict[str, Any]]]:
    """Each parametrised run of a test: its label, its marks, its keyword arguments."""
    marks = list(getattr(function, "pytestmark", []))
    axes = [_axis(mark) for mark in marks if mark.name == "parametrize"]
    for k, combination in enumerate(product(*axes)):
        own = [mark for row_marks, _ in combination for mark in row_marks]
        arguments = {name: value for _, row in combination for name, value in row.items()}
        yield (f"[{k}]" if axes else ""), marks + own, arguments


def _axis(mark: pytest.Mark) -> list[tuple[list[pytest.Mark], dict[str, Any]]]:
    names, rows = mark.args[0], mark.args[1]
    names = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names)
    found = []
    for row in rows:
        values = getattr(row, "values", None) if hasattr(row, "marks") else None
        if values is None:
            values = row if len(names) > 1 else (row,)
        marks = [getattr(m, "mark", m) for m in getattr(row, "marks", ())]
        found.append((marks, dict(zip(names, values, strict=True))))
    return found
