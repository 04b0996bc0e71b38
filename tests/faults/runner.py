"""Which theorem and which definition test catches a fault, each against an unfaulted control."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice, product
from typing import Any

import pytest

from lean_refs import load_pin
from mirror.arithmetic import precision
from tests.faults.fault import Fault
from tests.source import lean_marks, module_files
from theorems.engine.checking import check
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem

BITS = 256
NEAREST = 12  # theorems to try before it is left to the definition tests
# These rest on no definition of a node in Lean, but are tried on nodes of every kind.
OVER_ALL_NODES = ("Proofs.Autograd.Node.correct_inner", "Proofs.Autograd.Graph.jvpVec_eq_fderiv_at")


@dataclass(frozen=True, slots=True)
class Caught:
    """What caught a fault: theorems by Lean name, definition tests by pytest's name."""

    theorems: tuple[str, ...]
    tests: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.theorems or self.tests)


def catch(fault: Fault, *, examples: int, everything: bool = False) -> Caught:
    """Run theorems and the faulted definition's own tests until something catches the fault.

    Whatever catches it must pass without the fault. With `everything` all theorems run to the end,
    so that none means that none can see it; otherwise the nearest, and those over all kinds of node.
    """
    chosen = by_distance(fault.definition) if everything else nearest(fault.definition)
    by_theorem = (t.name for t in chosen if not _with(fault, lambda t=t: _holds(t, examples)) and _passes(t, examples))
    by_test = (name for name, run in definition_tests(fault.definition) if fails(fault, name, run))
    return Caught(_collect(by_theorem, everything), _collect(by_test, everything))


def fails(fault: Fault, name: str, run: Callable[[], None]) -> bool:
    """Whether a definition test fails with the fault and passes without it."""
    return not _with(fault, lambda: _runs(run)) and _succeeds(name, run)


def _with(fault: Fault, attempt: Callable[[], bool]) -> bool:
    with fault.applied():
        return attempt()


def _collect(names: Iterator[str], everything: bool) -> tuple[str, ...]:
    return tuple(names) if everything else tuple(islice(names, 1))


def _holds(theorem: Theorem, examples: int) -> bool:
    try:
        return check(theorem, examples=examples, seed=1).passed
    except Exception:  # a fault may break a construction outright: that is caught, too
        return False


def _runs(run: Callable[[], None]) -> bool:
    try:
        with precision(BITS):  # as the fixture of the block's tests sets it
            run()
    except (Exception, pytest.fail.Exception):
        return False
    return True


_CONTROL: dict[Any, bool] = {}


def _passes(theorem: Theorem, examples: int) -> bool:
    """The control: the same run without a fault."""
    key = (theorem.name, examples)
    if key not in _CONTROL:
        _CONTROL[key] = _holds(theorem, examples)
    return _CONTROL[key]


def _succeeds(name: str, run: Callable[[], None]) -> bool:
    if name not in _CONTROL:
        _CONTROL[name] = _runs(run)
    return _CONTROL[name]


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


def nearest(definition: str) -> list[Theorem]:
    """The nearest theorems that rest on a definition, then those that draw nodes of every kind."""
    near = [t for t in by_distance(definition) if t.name in _distances(definition)][:NEAREST]
    return near + [theorems()[name] for name in OVER_ALL_NODES if theorems()[name] not in near]


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
