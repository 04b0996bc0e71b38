"""The repository's own source as data: module files, imports, and the Lean names on tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# Where a package lies that is installed under a shorter name than its path in the repository says.
HOMES = {"pytest_leanmirror": Path("theorems", "tools", "plugin")}


def module_files(package: str, root: Path = ROOT) -> dict[str, Path]:
    """Every module of a package on disk by its dotted name; a package goes by its folder's name."""
    home = root / HOMES.get(package, ".")
    elsewhere = {root / path / name for name, path in HOMES.items() if name != package}
    found = {}
    for path in sorted((home / package).rglob("*.py")):
        parts = path.relative_to(home).with_suffix("").parts
        if elsewhere.isdisjoint(path.parents):
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def rooms_without_twin(modules: Iterable[str], twins: Iterable[str]) -> set[str]:
    """The outermost modules that are no twin, hold none and lie in none."""
    twins = set(twins)
    holders = {t.rsplit(".", k)[0] for t in twins for k in range(1, t.count(".") + 1)} - twins
    return {_outermost(module, holders) for module in modules} - twins - holders


def _outermost(module: str, holders: set[str]) -> str:
    """The shortest ancestor of a module, itself included, that holds no twin; the module where all do."""
    parts = module.split(".")
    ancestors = (".".join(parts[:k]) for k in range(1, len(parts) + 1))
    return next((a for a in ancestors if a not in holders), module)


class _Import(NamedTuple):
    """A module that a file imports, what it takes from it, and whether it does so when it is itself imported."""

    module: str
    taken: tuple[str, ...]
    at_once: bool


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """The dotted names that a file imports, each with whether it does so when it is itself imported."""
    yield from ((found.module, found.at_once) for found in _imports(path.read_text("utf-8"), path))


@cache
def _imports(text: str, path: Path) -> tuple[_Import, ...]:
    """The imports of a file with this text, in no order."""
    found = []
    # A call can import where a name of these stands; else no expression does.
    waiting: list[tuple[ast.AST, bool]] = [(ast.parse(text), True)]
    skipped = () if "import_module" in text or "__import__" in text else (ast.expr, ast.arguments)
    while waiting:
        node, at_once = waiting.pop()
        at_once = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        match node:
            case ast.Import(names=names):
                found += [_Import(alias.name, (), at_once) for alias in names]
            case ast.ImportFrom(module=module, level=0, names=names):
                found.append(_Import(str(module), tuple(alias.name for alias in names), at_once))
            case ast.Call() if name := _loaded(node):
                found.append(_Import(name, (), at_once))
            case ast.ImportFrom():
                raise ValueError(f"{path}:{node.lineno}: a relative import; write the full name of the module")
        waiting += ((child, at_once) for child in ast.iter_child_nodes(node) if not isinstance(child, skipped))
    return tuple(found)


def at_run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a file but those that stand under `if TYPE_CHECKING:`."""
    yield tree
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            child = ast.Module(body=child.orelse, type_ignores=[])
        yield from at_run_time(child)


def _loaded(node: ast.AST) -> str:
    """The module that `import_module("…")` or `__import__("…")` names; empty for every other piece of code."""
    match node:
        case ast.Call(func=ast.Name(id=loads) | ast.Attribute(attr=loads), args=[ast.Constant(value=str(name)), *_]):
            return name if loads in ("import_module", "__import__") else ""
    return ""


def modules_imported(files: Mapping[str, Path]) -> dict[str, set[str]]:
    """Which of the modules each of them imports, at its own import or in a function of it."""
    found = {}
    for module, path in files.items():
        names = set()
        for one in _imports(path.read_text("utf-8"), path):
            inner = {f"{one.module}.{name}" for name in one.taken}  # modules of the package, or names of the module
            names |= inner & files.keys()
            names |= {one.module} if not inner or inner - files.keys() else set()
        found[module] = names & files.keys() - {module}
    return found


def import_cycles(files: Mapping[str, Path]) -> list[list[str]]:
    """Every set of modules that import each other, sorted; what stands under `if TYPE_CHECKING:` counts too."""
    graph = modules_imported(files)
    reached = {module: _reached(module, graph) for module in graph}
    cycles = {tuple(sorted(n for n in reached[m] if m in reached[n])) for m in graph if m in reached[m]}
    return sorted(map(list, cycles))


def _reached(module: str, graph: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    ahead = set(graph[module])
    while ahead:
        seen |= ahead
        ahead = {further for name in ahead for further in graph[name]} - seen
    return seen


def lean_marks(path: Path) -> frozenset[str]:
    """The names that the `lean` markers of a test file carry, written out there or in a constant of it."""
    text = path.read_text("utf-8")
    return _lean_marks(text) if "mark.lean" in text else frozenset()


@cache
def _lean_marks(text: str) -> frozenset[str]:
    tree = ast.parse(text)
    assignments = (n for n in tree.body if isinstance(n, ast.Assign))
    constants = {t.id: n.value for n in assignments for t in n.targets if isinstance(t, ast.Name)}
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_lean_mark(n.func))
    return frozenset(name for call in calls for argument in call.args for name in _strings(argument, constants))


def _is_lean_mark(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and ast.unparse(function) == "pytest.mark.lean"


def _strings(argument: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.Name(id=name) if name in constants:
            yield from _strings(constants[name], constants)
        case ast.Starred(value=several):
            yield from _strings(several, constants)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                yield from _strings(part, constants)
        case ast.JoinedStr(values=parts):
            pieces = [list(_strings(p.value if isinstance(p, ast.FormattedValue) else p, constants)) for p in parts]
            if all(len(piece) == 1 for piece in pieces):
                yield "".join(piece[0] for piece in pieces)


def public_types(path: Path) -> Iterator[str]:
    """The classes, and what is assigned to a name written as a class is, that a module gives a public name."""
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.ClassDef(name=name):
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                pass
            case _:
                continue
        if re.fullmatch(r"[A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*", name):
            yield name


def defined_twice(files: Mapping[str, Path]) -> dict[str, list[str]]:
    """The modules that define it, for each public class or alias that several do."""
    homes: dict[str, list[str]] = {}
    for module, path in files.items():
        for name in public_types(path):
            homes.setdefault(name, []).append(module)
    return {name: modules for name, modules in homes.items() if len(modules) > 1}
