"""The marks of all tests below some folders."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from theorems.tools.tracing.mark_reader import RUN, FileReader, MarkFiles
from theorems.tools.tracing.mark_words import is_lean
from theorems.tools.tracing.marks import MarkReading
from theorems.tools.tracing.scopes import Modules, View
from theorems.tools.tracing.settings import Collected

_SKIPPED = frozenset((".git", ".hg", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__", ".lake", "build"))
_HOOKS = "conftest.py"
_ON_NO_TEST = f"no test is seen to get this mark: {RUN}"


def read_marks(folders: Iterable[Path], root: Path, collected: Collected | None = None) -> MarkReading:
    """The marks of all tests below the folders (a folder may be a file); places are told from `root`."""
    collected = collected or Collected()
    shared = MarkFiles(root, Modules(root), collected)
    files = _files(folders, (*collected.files, _HOOKS))
    tests = [path for path in files if path.name != _HOOKS]
    marks = tuple(mark for path in tests for mark in shared.reader(path).tests())
    for path in files:
        for line in _on_no_test(shared.reader(path), shared):
            shared.tell(shared.shown(path), line, _ON_NO_TEST)
    place = {shared.shown(path): k for k, path in enumerate(files)}
    unclear = sorted(shared.unclear, key=lambda one: (place.get(one.file, len(files)), one.line))
    return MarkReading(marks, len(tests), tuple(unclear))


def _files(folders: Iterable[Path], patterns: Sequence[str]) -> list[Path]:
    found: dict[Path, None] = {}
    for folder in folders:
        if folder.is_file():
            found[folder] = None
            continue
        for path in sorted(folder.rglob("*.py")):
            skipped = path.is_dir() or _SKIPPED.intersection(path.relative_to(folder).parts)
            if not skipped and any(fnmatchcase(path.name, p) for p in patterns):
                found[path] = None
    return list(found)


def _on_no_test(reader: FileReader, shared: MarkFiles) -> Iterator[int]:
    """The lines of marks that were not met on a test: such as a function makes, a loop, a hook or a fixture."""
    view = View(reader.scope)
    nodes = list(ast.walk(reader.tree))
    calls = [node for node in nodes if isinstance(node, ast.Call) and _may_be(node.func, view)]
    calls = [node for node in calls if is_lean(node.func, view)]
    named = {id(node.func) for node in calls}
    named |= {id(node.value) for node in nodes if isinstance(node, ast.Assign | ast.AnnAssign | ast.Attribute)}
    markers = [node for node in nodes if isinstance(node, ast.Attribute) and id(node) not in named]
    for node in (*calls, *(marker for marker in markers if is_lean(marker, view))):
        if id(node) not in shared.met:
            yield node.lineno


def _may_be(function: ast.expr, view: View) -> bool:
    """Whether it may be the marker: what comes from a module whose text does not say `lean` is not looked at."""
    root, said = function, ""
    while isinstance(root, ast.Attribute):
        root, said = root.value, said or root.attr
    imported = view.imported(root.id) if isinstance(root, ast.Name) else None
    scope = view.scope
    return imported is None or said in ("lean", "with_args") or scope.modules.says(scope.path, imported, b"lean")
