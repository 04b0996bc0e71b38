"""What the names of a Python file stand for, as far as its text and that of the files that it imports tell."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

_Passed = frozenset[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that comes from a module; the module itself where `name` is empty."""

    module: str
    level: int = 0
    name: str = ""


@dataclass(eq=False, slots=True)
class PythonScope:
    """The names of a module or of a class body, as they stand after the statements that were bound so far.

    None is the meaning of a name that is bound to what no text tells.
    """

    path: Path
    modules: Modules
    around: PythonScope | None = None
    names: dict[str, ast.expr | ast.ClassDef | Imported | None] = field(default_factory=dict)
    stars: list[Imported] = field(default_factory=list)
    _inside: dict[int, PythonScope] = field(default_factory=dict)

    def bind(self, one: ast.stmt, sure: bool = True) -> None:
        """Bind what a statement binds; one that is not `sure` to run leaves a name unknown that had another value."""
        match one:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value, sure)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value, sure)
            case ast.AugAssign(target=ast.Name(id=name), value=value):
                self.add(name, value, sure)
            case ast.Import(names=aliases):
                for alias in aliases:
                    whole = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.names[alias.asname or whole] = Imported(whole)
            case ast.ImportFrom(module=module, level=level, names=aliases):
                for alias in aliases:
                    imported = Imported(module or "", level, alias.name)
                    if alias.name == "*":
                        self.stars.append(imported)
                    else:
                        self.names[alias.asname or alias.name] = imported
            case ast.ClassDef(name=name):
                self.names[name] = one
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self.names[name] = None
            case ast.For(target=target):
                self._forget(target)
            case ast.With(items=items):
                for item in items:
                    self._forget(item.optional_vars)

    def add(self, name: str, value: ast.expr, sure: bool = True) -> None:
        """Bind a name to what it is bound to and `value` beside it."""
        before = self.names.get(name)
        self._set(name, ast.BinOp(before, ast.Add(), value) if isinstance(before, ast.expr) else None, sure)

    def _assign(self, target: ast.expr, value: ast.expr, sure: bool) -> None:
        if isinstance(target, ast.Name):
            self._set(target.id, value, sure)
        elif (pairs := _unpacked(target, value)) is not None:
            for inner, part in pairs:
                self._assign(inner, part, sure)
        else:
            self._forget(target)

    def _set(self, name: str, value: ast.expr | None, sure: bool) -> None:
        before = self.names.get(name, value)
        differs = before is not value and not (
            isinstance(before, ast.expr) and value is not None and ast.dump(before) == ast.dump(value)
        )
        self.names[name] = None if differs and not sure else value

    def _forget(self, target: ast.expr | None) -> None:
        for node in ast.walk(target) if target is not None else ():
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.names[node.id] = None

    def inside(self, one: ast.ClassDef) -> PythonScope:
        """The scope of a class body, in which nothing is bound yet at first: made once."""
        # A class inside a class does not see the names of that.
        return self._inside.setdefault(id(one), PythonScope(self.path, self.modules, self.around or self))

    def holding(self, name: str) -> PythonScope | None:
        """This scope, or that of the module around it, where the name is bound."""
        return self if name in self.names else self.around and self.around.holding(name)


@dataclass(frozen=True, slots=True)
class View:
    """A scope, and the names that were already followed, so that a circle of names ends."""

    scope: PythonScope
    passed: _Passed = frozenset()

    def get(self, name: str) -> WhatItIs | None:
        """What a name stands for, and where that is read: a module is its scope. None where no text tells."""
        scope = self.scope.holding(name) or self.scope
        key = (id(scope), name)
        if key in self.passed:
            return None
        meaning, passed = scope.names.get(name), self.passed | {key}
        if isinstance(meaning, Imported):
            return self._imported(meaning, scope, passed)
        if meaning is not None:
            return meaning, View(scope, passed)
        stars = [star for star in scope.stars if name not in scope.names]
        found = (self._imported(Imported(star.module, star.level, name), scope, passed) for star in stars)
        return next((one for one in found if one is not None), None)

    def imported(self, name: str) -> Imported | None:
        """What a name is imported as, if it is."""
        scope = self.scope.holding(name)
        meaning = scope.names[name] if scope else None
        return meaning if isinstance(meaning, Imported) else None

    def _imported(self, one: Imported, scope: PythonScope, passed: _Passed) -> WhatItIs | None:
        """A module, or a name of it; `from package import module` is a module too."""
        module = scope.modules.scope(scope.path, one)
        if module is not None and one.name:
            found = View(module, passed).get(one.name)
            if found is not None or one.name in module.names:
                return found
        if one.name:
            inner = Imported(".".join(filter(None, (one.module, one.name))), one.level)
            module = scope.modules.scope(scope.path, inner)
        return (module, View(module, passed)) if module else None


WhatItIs: TypeAlias = tuple[ast.expr | ast.ClassDef | PythonScope, View]


class Modules:
    """The Python files of a project, each read once.

    A module is looked for beside the file that imports it, and in the folders above up to the root.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self._trees: dict[Path, ast.Module] = {}
        self._scopes: dict[Path, PythonScope | None] = {}
        self._texts: dict[Path, bytes] = {}
        self._files: dict[tuple[Path, str, int], Path | None] = {}

    def tree(self, path: Path) -> ast.Module:
        """The tree of a file; raises `OSError`, or `SyntaxError` or `ValueError` where it is no Python."""
        if (key := path.absolute()) not in self._trees:
            self._trees[key] = ast.parse(path.read_bytes())
        return self._trees[key]

    def file(self, path: Path, one: Imported) -> Path | None:
        """The file of the module that a file imports, where it is one of the project."""
        key = (path.parent, one.module, one.level)
        if key not in self._files:
            self._files[key] = self._file(path, one)
        return self._files[key]

    def _file(self, path: Path, one: Imported) -> Path | None:
        parts = one.module.split(".") if one.module else []
        for base in self._bases(path, one.level):
            whole = base.joinpath(*parts)
            if parts and (found := whole.with_name(f"{whole.name}.py")).is_file():
                return found
            if (found := whole / "__init__.py").is_file():
                return found
        return None

    def _bases(self, path: Path, level: int) -> Sequence[Path]:
        above = path.absolute().parents
        if level:
            return above[level - 1 : level]
        return [folder for folder in above if folder.is_relative_to(self._root)] or above[:1]

    def says(self, path: Path, one: Imported, word: bytes) -> bool:
        """Whether the text of the module that a file imports has a word at all: much quicker than its tree."""
        found = self.file(path, one) or self.file(path, Imported(f"{one.module}.{one.name}".strip("."), one.level))
        if found is not None and found not in self._texts:
            self._texts[found] = found.read_bytes()
        return found is not None and word in self._texts[found]

    def scope(self, path: Path, one: Imported) -> PythonScope | None:
        """The names of the module that a file imports, all its statements bound; None where that cannot be read."""
        found = self.file(path, one)
        return self.whole(found) if found else None

    def whole(self, path: Path) -> PythonScope | None:
        """The names of a file after its last statement; None where it cannot be read."""
        if path not in self._scopes:
            try:
                self._scopes[path] = bound(self.tree(path).body, PythonScope(path, self))
            except (OSError, SyntaxError, ValueError, RecursionError):
                self._scopes[path] = None
        return self._scopes[path]


def _unpacked(target: ast.expr, value: ast.expr) -> list[tuple[ast.expr, ast.expr]] | None:
    """What `a, b = x, y` binds to what; None where the text does not tell."""
    if not isinstance(target, ast.Tuple | ast.List) or not isinstance(value, ast.Tuple | ast.List):
        return None
    starred = any(isinstance(one, ast.Starred) for one in (*target.elts, *value.elts))
    return None if starred or len(target.elts) != len(value.elts) else list(zip(target.elts, value.elts, strict=True))


def bound(body: Sequence[ast.stmt], scope: PythonScope) -> PythonScope:
    """The scope with all statements of a body bound, and those of the classes in it."""
    for one, sure in statements(body):
        scope.bind(one, sure)
        if isinstance(one, ast.ClassDef):
            bound(one.body, scope.inside(one))
    return scope


def statements(body: Sequence[ast.stmt], sure: bool = True) -> Iterator[tuple[ast.stmt, bool]]:
    """The statements of a body, with those under an `if`, a loop, a `with` or a `try`, and whether each surely runs."""
    for one in body:
        yield one, sure
        for inner in ("body", "orelse", "finalbody", "handlers"):
            if isinstance(one, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.ExceptHandler):
                runs = sure and (isinstance(one, ast.With) or (isinstance(one, ast.Try) and inner != "handlers"))
                yield from statements(getattr(one, inner, []), runs)
