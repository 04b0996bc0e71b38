"""Reads one file of tests: what pytest would find in it, and the marks on that."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from theorems.tools.tracing.mark_words import follow, is_lean, is_marking, names_in
from theorems.tools.tracing.marks import LeanMark, UnclearMark, WrittenName
from theorems.tools.tracing.scopes import Imported, Modules, PythonScope, View, statements
from theorems.tools.tracing.settings import Collected

_MARKS = "pytestmark"
RUN = "a run with --lean-source sees it"


class _Given(NamedTuple):
    """A mark, and the call that makes it, by which it is known whether a test got it."""

    call: int
    mark: LeanMark


@dataclass(eq=False, slots=True)
class _Carrier:
    """A function or a class, under whatever names it goes, with the marks on itself; None where no text has it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | None
    marks: list[_Given]
    inside: dict[str, _Carrier] = field(default_factory=dict)
    bases: list[_Carrier] = field(default_factory=list)

    def family(self) -> dict[_Carrier, None]:
        """A class and those that it inherits from, as far as texts have them."""
        found: dict[_Carrier, None] = {self: None}
        for base in self.bases:
            found |= {one: None for one in base.family() if one not in found}
        return found


@dataclass(slots=True)
class MarkFiles:
    """What the readers of all files share: the files, what is unclear, and which marks were met, by their nodes."""

    root: Path
    modules: Modules
    collected: Collected
    unclear: dict[UnclearMark, None] = field(default_factory=dict)
    met: set[int] = field(default_factory=set)
    _readers: dict[Path, FileReader] = field(default_factory=dict)

    def reader(self, path: Path) -> FileReader:
        """The reader of a file, which has read it once."""
        if (key := path.absolute()) not in self._readers:
            self._readers[key] = FileReader(path, self)
            self._readers[key].read()
        return self._readers[key]

    def tell(self, file: str, line: int, why: str) -> None:
        """Name a place that is unclear, once."""
        self.unclear[UnclearMark(file, line, why)] = None

    def shown(self, path: Path) -> str:
        """A file as it is told."""
        root = self.root if path.is_relative_to(self.root) else self.root.absolute()
        return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


class FileReader:
    """Reads one file of tests, or one that such a file imports a class or a test from."""

    def __init__(self, path: Path, files: MarkFiles) -> None:
        self.file = files.shown(path)
        self.tree = ast.Module([], [])
        self.scope = PythonScope(path, files.modules)
        self.carriers: dict[str, _Carrier] = {}
        self._path, self._shared = path, files
        self._own: list[_Given] = []

    def read(self) -> None:
        """Find what carries marks; a file that is no Python, or too deeply nested, is unclear as a whole."""
        try:
            self._read()
        except RecursionError:
            self.tree, self.carriers = ast.Module([], []), {}
            self._shared.tell(self.file, 1, f"the file is nested too deeply to be read: {RUN}")

    def _read(self) -> None:
        try:
            self.tree = self._shared.modules.tree(self._path)
        except OSError as why:
            self._shared.tell(self.file, 1, f"the file cannot be opened: {why.strerror}")
        except (SyntaxError, ValueError) as why:
            line = getattr(why, "lineno", None) or 1
            self._shared.tell(self.file, line, f"the file is no Python: {getattr(why, 'msg', why)}")
        self._body(self.tree.body, self.scope, self.carriers)
        self._own = self._own_marks(self.scope)

    def tests(self) -> Iterator[LeanMark]:
        """The marks of the tests that pytest finds in the file."""
        yield from self._told(self.carriers, self.file, self._own)

    # ---- what pytest finds

    def _told(self, carriers: dict[str, _Carrier], place: str, around: Sequence[_Given]) -> Iterator[LeanMark]:
        for name, one in carriers.items():
            test = f"{place}::{name}"
            if isinstance(one.node, ast.ClassDef):
                if _is_one(name, self._shared.collected.classes) or _is_case(one.node):
                    family = one.family()
                    members = {n: inner for above in reversed(family) for n, inner in above.inside.items()}
                    yield from self._told(members, test, [*(m for above in family for m in above.marks), *around])
            elif _is_one(name, self._shared.collected.functions):
                # Each name once, the mark that is nearest to the test first.
                given = [*one.marks, *around]
                self._shared.met.update(call for call, _ in given)
                nearest = {mark.name: mark for _, mark in reversed(given)}
                for mark in reversed(nearest.values()):
                    yield LeanMark(mark.name, test, mark.file, mark.line, mark.literal)

    # ---- what carries marks

    def _body(self, body: Sequence[ast.stmt], scope: PythonScope, carriers: dict[str, _Carrier]) -> None:
        for one, sure in statements(body):
            found = self._carried(one, scope, carriers)
            for name, carrier in found.items():
                if not sure and name in carriers:
                    carrier.marks += carriers[name].marks
                carriers[name] = carrier
            scope.bind(one, sure)

    def _carried(self, one: ast.stmt, scope: PythonScope, carriers: dict[str, _Carrier]) -> dict[str, _Carrier]:
        """What a statement makes that carries marks, by name; what it marks otherwise is marked."""
        view = View(scope)
        match one:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                return {name: _Carrier(one, self._decorated(one, view))}
            case ast.ClassDef(name=name):
                return {name: self._class(one, scope, carriers)}
            case ast.ImportFrom(names=aliases):
                return self._imported(one, scope, [alias.asname or alias.name for alias in aliases])
            case ast.Assign(targets=targets, value=value):
                carrier = self._marked(value, view, carriers)
                for target in targets:
                    self._set(target, value, view, carriers, replaced=not _has_marks(value))
                return {t.id: carrier for t in targets if isinstance(t, ast.Name)} if carrier else {}
            case ast.AugAssign(target=target, value=value):
                self._set(target, value, view, carriers, replaced=False)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=target, attr="append" | "extend"), args=[value])):
                if isinstance(target, ast.Name) and target.id == _MARKS:
                    scope.add(_MARKS, value)
                self._set(target, value, view, carriers, replaced=False)
            case ast.Expr(
                value=ast.Call(func=ast.Name(id="setattr"), args=[of, ast.Constant(value="pytestmark"), value])
            ):
                self._set(ast.Attribute(of, _MARKS), value, view, carriers, replaced=True)
            case ast.Expr(value=value):
                self._marked(value, view, carriers)
            case _:
                pass
        return {}

    def _class(self, one: ast.ClassDef, scope: PythonScope, carriers: dict[str, _Carrier]) -> _Carrier:
        inner = scope.inside(one)
        found = _Carrier(one, self._decorated(one, View(scope)))
        found.bases = [above for base in one.bases if (above := self._base(base, View(scope), carriers)) is not None]
        self._body(one.body, inner, found.inside)
        found.marks += self._own_marks(inner)
        return found

    def _base(self, base: ast.expr, view: View, carriers: dict[str, _Carrier]) -> _Carrier | None:
        if (known := _named(base, carriers) or _named(base, self.carriers)) is not None:
            return known
        found = follow(base, view)
        if found is None or not isinstance(found[0], ast.ClassDef):
            return None
        elsewhere = self._shared.reader(found[1].scope.path).carriers.values()
        return next((one for one in elsewhere if one.node is found[0]), None)

    def _imported(self, one: ast.ImportFrom, scope: PythonScope, names: Sequence[str]) -> dict[str, _Carrier]:
        """Tests that are imported, which pytest finds in this file too."""
        collected = self._shared.collected
        if not any(_is_one(name, (*collected.functions, *collected.classes)) for name in names):
            return {}
        path = self._shared.modules.file(scope.path, Imported(one.module or "", one.level))
        theirs = self._shared.reader(path).carriers if path else {}
        return {a.asname or a.name: theirs[a.name] for a in one.names if a.name in theirs}

    def _set(
        self, target: ast.expr, value: ast.expr, view: View, carriers: dict[str, _Carrier], *, replaced: bool
    ) -> None:
        """`test.pytestmark = …`, where the target is that."""
        of = target.value if isinstance(target, ast.Attribute) and target.attr == _MARKS else None
        if of is not None and (carrier := _named(of, carriers)) is not None:
            marks = list(self._in(value, view))
            carrier.marks[:] = marks if replaced else [*carrier.marks, *marks]

    def _marked(self, value: ast.expr, view: View, carriers: dict[str, _Carrier]) -> _Carrier | None:
        """The test that an expression is, under another name or as `mark(test)`, with the marks that it gets so."""
        if not (isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords):
            return _named(value, carriers)
        marker, (argument,) = value.func, value.args
        inner = self._marked(argument, view, carriers)
        if not is_marking(marker, view) or (inner is None and not isinstance(marker, ast.Call)):
            return None
        found = inner or _Carrier(None, [])
        found.marks[:0] = self._in(marker, view)
        return found

    def _own_marks(self, scope: PythonScope) -> list[_Given]:
        """Those of `pytestmark`."""
        own = scope.names.get(_MARKS)
        return list(self._in(own, View(scope))) if isinstance(own, ast.expr) else []

    def _decorated(self, one: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, view: View) -> list[_Given]:
        return [mark for decorator in one.decorator_list for mark in self._in(decorator, view)]

    # ---- what an expression says

    def _in(self, expression: ast.expr, view: View) -> Iterator[_Given]:
        """The marks anywhere in an expression: of a parametrised test in its parameters too."""
        for node in ast.walk(expression):
            if isinstance(node, ast.Call) and is_lean(node.func, view):
                yield from self._names(node, view)
            elif isinstance(node, ast.Name | ast.Attribute):
                found = follow(node, view)
                if found is not None and isinstance(found[0], ast.expr):
                    yield from self._in(found[0], found[1])

    def _names(self, call: ast.Call, view: View) -> Iterator[_Given]:
        if call.keywords or not call.args:
            self._unclear(call, view, 'lean(…) should be lean("Full.Name", …)')
        told = (one for argument in call.args for one in names_in(argument, view))
        for argument, name, there in told:
            if name is None:
                self._unclear(call, view, f"the name {ast.unparse(argument)} is computed: {RUN}")
            elif not name.strip():
                self._unclear(call, view, f"lean({name!r}) names nothing")
            else:
                where = self._shared.shown(there.scope.path)
                yield _Given(id(call), LeanMark(name, "", where, argument.lineno, _literal(argument)))

    def _unclear(self, call: ast.Call, view: View, why: str) -> None:
        self._shared.met.add(id(call))
        self._shared.tell(self._shared.shown(view.scope.path), call.lineno, why)


def _named(expression: ast.expr, carriers: dict[str, _Carrier]) -> _Carrier | None:
    """The carrier of a name, or of one in a class."""
    if isinstance(expression, ast.Attribute):
        owner = _named(expression.value, carriers)
        return owner.inside.get(expression.attr) if owner else None
    return carriers.get(expression.id) if isinstance(expression, ast.Name) else None


def _has_marks(value: ast.expr) -> bool:
    """Whether an expression has the marks of something in it."""
    names = (getattr(node, "attr", getattr(node, "id", None)) for node in ast.walk(value))
    return _MARKS in names


def _literal(argument: ast.expr) -> WrittenName | None:
    """Where a string is written, on one line."""
    if not isinstance(argument, ast.Constant) or argument.end_lineno != argument.lineno:
        return None
    return WrittenName(argument.lineno, argument.col_offset, argument.end_col_offset or 0)


def _is_one(name: str, patterns: Sequence[str]) -> bool:
    """As pytest reads `python_classes` and `python_functions`: a prefix, or a glob."""
    return any(name.startswith(p) or fnmatchcase(name, p) for p in patterns)


def _is_case(found: ast.ClassDef) -> bool:
    """Whether it looks like one of unittest's classes, which pytest takes by what they are."""
    return any(ast.unparse(base).endswith("TestCase") for base in found.bases)
