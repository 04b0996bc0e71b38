"""One mutant, in a process of its own: import the mirror with it, run what executes it, report step by step."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.mutants.executed import failure, pytest_arguments, register_profile

Tell = Callable[[dict[str, Any]], None]


@dataclass(slots=True)
class Mutated(MetaPathFinder):
    """Finds one module as it always is found, and gives it other code."""

    module: str
    tree: ast.Module

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _OtherCode(fullname, spec.origin, compile(self.tree, spec.origin, "exec"))
        return spec


class _OtherCode(SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code


def put_in_place(module: str, tree: ast.Module) -> None:
    """Let the module be imported with that code; raises `RuntimeError` where somebody has imported it already."""
    if module in sys.modules:
        raise RuntimeError(f"{module} is imported already: a mutant must come first")
    sys.meta_path.insert(0, Mutated(module, tree))


Work = Sequence[tuple[str, list[Any]]]
"""Theorems by name, each with its encoded instances."""


def examine(module: str, tree: ast.Module, work: Work, tests: Sequence[str], tell: Tell) -> None:
    """Run a mutant's theorems, and its tests until one fails."""
    put_in_place(module, tree)
    if work and not _run_theorems(work, tell):
        return
    tell({"begins": "the tests"})
    if tests:
        register_profile()
        telling = _Telling(tell)
        status = pytest.main(["-x", *pytest_arguments(*tests)], plugins=[telling])
        if status != pytest.ExitCode.OK and not telling.failed:
            raise RuntimeError(f"pytest ended with {status!r} and no failing test")


def _run_theorems(work: Work, tell: Tell) -> bool:
    """Run theorems on their instances; False where they cannot even be imported."""
    try:
        from theorems.engine.registry import theorems

        everything = theorems()
    except Exception as why:
        tell({"import": f"{type(why).__name__}: {why}"})
        return False
    for name, instances in work:
        tell({"begins": name})
        failures = (failure(everything[name], data) for data in instances)
        tell({"theorem": name, "fails": next(filter(None, failures), "")})
    return True


@dataclass(slots=True, eq=False)
class _Telling:
    """A plugin of pytest: says which test begins, and which fails."""

    tell: Tell
    failed: bool = False

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.tell({"begins": nodeid})

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._see(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._see(report)

    def _see(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed and not self.failed:
            self.failed = True
            self.tell({"test": report.nodeid})


def line_by_line(write: Callable[[bytes], Any]) -> Tell:
    """Tell by writing one line of JSON."""
    return lambda said: write(json.dumps(said).encode() + b"\n")
