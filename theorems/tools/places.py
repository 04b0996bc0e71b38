"""Where the counterparts stand in the source: the file and the line that an editor can open."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lean_refs import twin_module
from mirror.links import Link
from theorems.engine.theorem import Theorem


@dataclass(frozen=True, slots=True)
class Place:
    """A name, the module that gives it its meaning, and the line of that module's file where it does."""

    module: str
    name: str
    file: Path
    line: int

    def __str__(self) -> str:
        return f"{followable(self.file)}:{self.line}"


def followable(file: Path) -> str:
    """A file as a path from the current folder where it is below it, else in full."""
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)


def of_theorem(theorem: Theorem) -> Place:
    """Where a theorem gets its name: in the twin of its Lean file or below, whatever conclusion it shares.

    A theorem that its twin does not name is where its conclusion is.
    """
    for module in _loaded(f"theorems.{twin_module(theorem.declaration.file)}"):
        for name in _lines(module):
            value = vars(sys.modules[module]).get(name)
            if isinstance(value, Theorem) and value.name == theorem.name:
                return _place(module, name)
    conclusion = theorem.conclusion
    line = inspect.getsourcelines(conclusion)[1]
    return Place(conclusion.__module__, conclusion.__qualname__, _file(conclusion.__module__), line)


def of_link(link: Link) -> Place:
    """Where the counterpart of a definition is defined, which for a class may be another module of the mirror."""
    if link.qualname in _lines(link.module):
        return _place(link.module, link.qualname)
    return _place(link.target.__module__, link.target.__qualname__)


def _place(module: str, name: str) -> Place:
    return Place(module, name, _file(module), _lines(module)[name])


def _file(module: str) -> Path:
    return Path(str(sys.modules[module].__file__)).resolve()


def _loaded(module: str) -> list[str]:
    return sorted(name for name in sys.modules if f"{name}.".startswith(f"{module}."))


@cache
def _lines(module: str) -> dict[str, int]:
    """The line that defines or assigns each name of a module, and of its classes; a later line replaces an earlier."""
    return dict(_named(ast.parse(_file(module).read_text(encoding="utf-8")).body))


def _named(body: list[ast.stmt], within: str = "") -> Iterator[tuple[str, int]]:
    for node in body:
        match node:
            case ast.FunctionDef(name=name):
                yield within + name, node.lineno
            case ast.ClassDef(name=name):
                yield within + name, node.lineno
                yield from _named(node.body, f"{within}{name}.")
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield within + name, node.lineno
