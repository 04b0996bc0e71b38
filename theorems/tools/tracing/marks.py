"""The Lean names on tests: what `@pytest.mark.lean("Full.Name")` says, read from the text of the tests.

Nothing is imported or run. A name may be a constant of its module, or a sum of some; what is computed otherwise is
named.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from theorems.tools.tracing.settings import Collected

_SKIPPED = frozenset((".git", ".hg", ".tox", ".nox", ".venv", "venv", "node_modules", "__pycache__", ".lake", "build"))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True, slots=True)
class WrittenName:
    """Where a string stands in a text: line, and offsets in its bytes, for whoever wants to write another there."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class LeanMark:
    """One Lean name on one test; `literal` is where the name is written, if it is written whole."""

    name: str
    test: str
    file: str
    line: int
    literal: WrittenName | None = None


@dataclass(frozen=True, slots=True)
class UnclearMark:
    """A mark, or a file of tests, that cannot be read without running it."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class MarkReading:
    """What the tests say: their marks, how many files were read, and what was not understood."""

    marks: tuple[LeanMark, ...]
    files: int
    unclear: tuple[UnclearMark, ...] = ()

    @property
    def tests(self) -> int:
        """How many tests carry a mark."""
        return len({mark.test for mark in self.marks})


def read_marks(folders: Iterable[Path], root: Path, collected: Collected | None = None) -> MarkReading:
    """The marks of all tests below the folders (a folder may be a file); places are told from `root`."""
    collected = collected or Collected()
    readers = [MarkReader(path, _shown(path, root), collected) for path in _files(folders, collected.files)]
    for reader in readers:
        reader.read()
    marks = tuple(mark for reader in readers for mark in reader.marks)
    return MarkReading(marks, len(readers), tuple(one for reader in readers for one in reader.unclear))


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


def _shown(path: Path, root: Path) -> str:
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


@dataclass(slots=True)
class MarkReader:
    """Reads one file of tests."""

    path: Path
    file: str
    collected: Collected
    marks: list[LeanMark] = field(default_factory=list)
    unclear: list[UnclearMark] = field(default_factory=list)
    _bound: dict[str, ast.expr] = field(default_factory=dict)
    _classes: dict[str, ast.ClassDef] = field(default_factory=dict)

    def read(self) -> None:
        """Fill `marks` and `unclear`; a file that is no Python is unclear as a whole."""
        try:
            tree = ast.parse(self.path.read_bytes())
        except OSError as why:
            self._unclear(1, f"the file cannot be opened: {why.strerror}")
            return
        except (SyntaxError, ValueError) as why:
            self._unclear(getattr(why, "lineno", None) or 1, f"the file is no Python: {getattr(why, 'msg', why)}")
            return
        self._bound = _assigned(tree.body)
        self._body(tree.body, self.file, self._own_marks(tree.body, self._bound))

    def _unclear(self, line: int, why: str) -> None:
        self.unclear.append(UnclearMark(self.file, line, why))

    def _own_marks(self, body: Sequence[ast.stmt], bound: dict[str, ast.expr]) -> list[LeanMark]:
        """Those of `pytestmark`."""
        own = _assigned(body).get("pytestmark")
        return list(self._in(own, bound)) if own is not None else []

    def _body(self, body: Sequence[ast.stmt], place: str, around: list[LeanMark]) -> None:
        for one in _statements(body):
            if isinstance(one, _FUNCTIONS) and _is_one(one.name, self.collected.functions):
                self._tell(f"{place}::{one.name}", [*self._decorated(one), *around])
            elif isinstance(one, ast.ClassDef):
                self._classes[one.name] = one
                if _is_one(one.name, self.collected.classes) or _is_case(one):
                    self._class(one, f"{place}::{one.name}", around)

    def _class(self, found: ast.ClassDef, place: str, around: list[LeanMark]) -> None:
        """The tests of a class and of the classes of this file that it inherits from, with the marks of all of them."""
        family = self._family(found)
        marks = [mark for one in family for mark in (*self._decorated(one), *self._own_marks(one.body, self._bound))]
        seen: set[str] = set()
        for one in family:
            fresh = [s for s in one.body if getattr(s, "name", "") not in seen]
            seen |= {getattr(s, "name", "") for s in one.body} - {""}
            self._body(fresh, place, [*marks, *around])

    def _family(self, found: ast.ClassDef, passed: tuple[str, ...] = ()) -> list[ast.ClassDef]:
        bases = [base.id for base in found.bases if isinstance(base, ast.Name) and base.id not in passed]
        above = [self._classes[name] for name in bases if name in self._classes]
        return [found, *(one for base in above for one in self._family(base, (*passed, found.name)))]

    def _decorated(self, found: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> list[LeanMark]:
        return [mark for decorator in found.decorator_list for mark in self._in(decorator, self._bound)]

    def _tell(self, test: str, marks: list[LeanMark]) -> None:
        """Each name once, the mark that is nearest to the test first."""
        found: dict[str, LeanMark] = {}
        for mark in marks:
            found.setdefault(mark.name, LeanMark(mark.name, test, mark.file, mark.line, mark.literal))
        self.marks += found.values()

    # ---- what an expression says

    def _in(self, expression: ast.expr, bound: dict[str, ast.expr], passed: tuple[str, ...] = ()) -> Iterator[LeanMark]:
        """The marks anywhere in an expression: of a parametrised test in its parameters too."""
        for node in ast.walk(expression):
            if isinstance(node, ast.Name) and node.id in bound and node.id not in passed:
                yield from self._in(bound[node.id], bound, (*passed, node.id))
            elif isinstance(node, ast.Call) and _is_lean(node.func, bound):
                yield from self._names(node, bound)

    def _names(self, call: ast.Call, bound: dict[str, ast.expr]) -> Iterator[LeanMark]:
        if call.keywords or not call.args:
            self._unclear(call.lineno, 'lean(…) should be lean("Full.Name", …)')
        for argument in call.args:
            name = _text(argument, bound)
            if name is None:
                said = ast.unparse(argument)
                self._unclear(call.lineno, f"the name {said} is computed: a run with --lean-source sees it")
            elif not name.strip():
                self._unclear(call.lineno, f"lean({name!r}) names nothing")
            else:
                yield LeanMark(name, "", self.file, argument.lineno, _literal(argument))


def _literal(argument: ast.expr) -> WrittenName | None:
    """Where a string is written, on one line."""
    if not isinstance(argument, ast.Constant) or argument.end_lineno != argument.lineno:
        return None
    return WrittenName(argument.lineno, argument.col_offset, argument.end_col_offset or 0)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, with those under an `if`, a loop, a `with` or a `try`."""
    for one in body:
        yield one
        for inner in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(one, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.ExceptHandler):
                yield from _statements(getattr(one, inner, []))


def _assigned(body: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """What single names are bound to."""
    found: dict[str, ast.expr] = {}
    for one in _statements(body):
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        value = one.value if isinstance(one, ast.Assign | ast.AnnAssign) else None
        found |= {target.id: value for target in targets if isinstance(target, ast.Name) and value is not None}
    return found


def _is_lean(function: ast.expr, bound: dict[str, ast.expr]) -> bool:
    """Whether it is `pytest.mark.lean`, under whatever names pytest and its marks go."""
    if isinstance(function, ast.Name) and function.id in bound:
        return _is_lean(bound[function.id], {k: v for k, v in bound.items() if k != function.id})
    if not isinstance(function, ast.Attribute) or function.attr != "lean":
        return False
    owner = function.value
    return "mark" in (getattr(owner, "attr", ""), getattr(owner, "id", ""))


def _text(expression: ast.expr, bound: dict[str, ast.expr]) -> str | None:
    """The string that an expression is, where constants tell; None where they do not."""
    match expression:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name(id=name) if name in bound:
            return _text(bound[name], {k: v for k, v in bound.items() if k != name})
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [_text(left, bound), _text(right, bound)]
        case ast.JoinedStr(values=values):
            parts = [_text(value, bound) for value in values]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            parts = [_text(value, bound)]
        case _:
            return None
    return None if None in parts else "".join(part for part in parts if part)


def _is_one(name: str, patterns: Sequence[str]) -> bool:
    """As pytest reads `python_classes` and `python_functions`: a prefix, or a glob."""
    return any(name.startswith(p) or fnmatchcase(name, p) for p in patterns)


def _is_case(found: ast.ClassDef) -> bool:
    """Whether it looks like one of unittest's classes, which pytest takes by what they are."""
    return any(ast.unparse(base).endswith("TestCase") for base in found.bases)
