"""What can be changed in a module's source, mechanically: every place, in the order of the source.

What computes nothing is no place: docstrings, messages (formatted strings and what a `raise` says), annotations,
aliases of types, decorators, imports, abstract methods, and flags (`True`, `False`, `None`).
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import filterfalse
from typing import Any

ARITHMETIC: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
COMPARISONS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
LONGEST, AROUND = 90, 30  # characters of a change's text, and of a longer one on each side of the change
OPERATORS = ("operator", "comparison", "condition", "constant", "index", "axis", "term", "arguments", "return")


IMPORT = (0, 0)


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree: where it hangs, and the lines of the smallest statement or lambda around it.

    What stands in no function is run by the import alone: its lines are `IMPORT`.
    """

    parent: ast.AST
    field: str
    at: int | None
    qualname: str
    lines: tuple[int, int]

    def put(self, node: Any) -> None:
        """Hang another node there."""
        if self.at is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.at] = node


@dataclass(frozen=True, slots=True)
class Change:
    """One change: which operator makes it, where, the node that was there and the one that comes there."""

    operator: str
    place: Place
    old: Any
    new: Any

    def text(self) -> tuple[str, str]:
        """The smallest expression around the change, or the statement, before it and after it."""
        match self.old, self.new:
            case ast.FunctionDef(name=name), ast.FunctionDef(body=[ast.Return() as early, *_]):
                return f"def {name}", f"{_shown(early)} at once"
            case ast.For(), _:
                head = _shown(_with(self.old, body=[ast.Expr(ast.Constant(...))]))
                return head, "break after the first turn"
        if not isinstance(self.place.parent, ast.expr | ast.keyword):
            return _where_they_differ(_shown(self.old), _shown(self.new))
        before = _shown(self.place.parent)
        self.place.put(self.new)
        after = _shown(self.place.parent)
        self.place.put(self.old)
        return _where_they_differ(before, after)


def _shown(node: Any) -> str:
    return " ".join(ast.unparse(ast.fix_missing_locations(node)).split())


def _where_they_differ(before: str, after: str) -> tuple[str, str]:
    """Two texts, of long ones only the difference with some characters on both sides."""
    if max(len(before), len(after)) <= LONGEST:
        return before, after
    start = max(_alike(before, after) - AROUND, 0)
    same = _alike(before[:start:-1], after[:start:-1])
    return _cut(before, start, len(before) - same + AROUND), _cut(after, start, len(after) - same + AROUND)


def _alike(a: str, b: str) -> int:
    """How many characters two texts begin with alike."""
    return next((k for k, (p, q) in enumerate(zip(a, b, strict=False)) if p != q), min(len(a), len(b)))


def _cut(text: str, start: int, stop: int) -> str:
    return ("…" if start else "") + text[start:stop] + ("…" if stop < len(text) else "")


def changes(tree: ast.Module) -> Iterator[Change]:
    """Every change of a module, in the order of its source; the tree is left as it was."""
    for place, node in _places(tree, "", IMPORT):
        for operator, new in _of(place, node):
            yield Change(operator, place, node, new)


def mutated(source: str, number: int) -> ast.Module:
    """The module with its change of that number made."""
    tree = ast.parse(source)
    for k, change in enumerate(changes(tree)):
        if k == number:
            change.place.put(ast.copy_location(change.new, change.old))
            return ast.fix_missing_locations(tree)
    raise LookupError(f"there is no change number {number}")


# ---- where


def _places(node: ast.AST, qualname: str, lines: tuple[int, int]) -> Iterator[tuple[Place, Any]]:
    for field, value in ast.iter_fields(node):
        if _computes_nothing(node, field):
            continue
        for at, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if not isinstance(child, ast.AST) or _is_no_place(child):
                continue
            here = _lines(child, lines, runs=lines != IMPORT)
            inner = _inside(qualname, child)
            yield Place(node, field, at, inner, here), child
            yield from _places(child, inner, here)


def _inside(qualname: str, node: ast.AST) -> str:
    """The qualified name of a function or class, or of what a node stands in."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return f"{qualname}.{node.name}".lstrip(".")
    return qualname


def _lines(node: ast.AST, around: tuple[int, int], runs: bool) -> tuple[int, int]:
    """The lines that run if the node does; of a compound statement only its head."""
    if not runs and not isinstance(node, ast.FunctionDef | ast.Lambda):
        return IMPORT
    if isinstance(node, ast.stmt) and hasattr(node, "body"):
        first = next(filterfalse(_is_no_place, vars(node)["body"]), node)
        head: Any = getattr(node, "test", None) or getattr(node, "iter", None) or first
        return head.lineno, head.end_lineno
    if isinstance(node, ast.stmt | ast.Lambda):
        return node.lineno, node.end_lineno or node.lineno
    return around


def _computes_nothing(node: ast.AST, field: str) -> bool:
    says = ("annotation", "returns", "decorator_list", "type_params", "exc")
    return field in says or (field == "keywords" and isinstance(node, ast.ClassDef))


def _is_no_place(node: ast.AST) -> bool:
    match node:
        case ast.Import() | ast.ImportFrom() | ast.JoinedStr() | ast.Pass():
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return name == "__all__" or (name[:1].isupper() and not name.isupper() and _is_type(value))
    return False


def _is_type(node: ast.expr) -> bool:
    """Whether an expression says a type: names, subscripts of them, and `|`."""
    kinds = (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp, ast.BitOr, ast.Tuple, ast.List, ast.Load, ast.Constant)
    return all(isinstance(n, kinds) for n in ast.walk(node))


# ---- what


def _of(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    for make in MAKERS:
        yield from make(place, node)


def _with(node: Any, **fields: Any) -> Any:
    """A copy of a node with other fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _operators(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) if type(op) in ARITHMETIC:
            yield "operator", _with(node, op=ARITHMETIC[type(op)]())
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield "operator", operand
        case ast.BoolOp(op=ast.And()):
            yield "operator", _with(node, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield "operator", _with(node, op=ast.And())
        case ast.Compare(ops=ops):
            for k, op in enumerate(ops):
                if type(op) in COMPARISONS:
                    yield "comparison", _with(node, ops=[*ops[:k], COMPARISONS[type(op)](), *ops[k + 1 :]])


def _conditions(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    if place.field == "test" or (place.field == "ifs" and place.at is not None):
        yield "condition", ast.Constant(True)
        yield "condition", ast.Constant(False)


def _constants(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            role = _role(place)
            yield role, ast.Constant(value + 1)
            yield role, ast.Constant(value - 1)


def _role(place: Place) -> str:
    match place.parent:
        case ast.Subscript() | ast.Slice():
            return "index"
        case ast.keyword(arg="axis") | ast.Call(func=ast.Attribute(attr="swapaxes")):
            return "axis"
    return "constant"


def _indices(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Slice(lower=lower, upper=upper):
            if lower is not None:
                yield "index", _with(node, lower=None)
            if upper is not None:
                yield "index", _with(node, upper=None)
        case ast.Name() | ast.BinOp() | ast.Attribute() if _is_index(place):
            yield "index", ast.BinOp(node, ast.Add(), ast.Constant(1))


def _is_index(place: Place) -> bool:
    return place.field == "slice" or isinstance(place.parent, ast.Slice)


def _axes(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Call(func=ast.Attribute(value=value, attr="swapaxes" | "transpose")):
            yield "axis", value


def _terms(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
            yield "term", left
            yield "term", right
        case ast.BoolOp(values=values):
            for k in range(len(values)):
                rest = [*values[:k], *values[k + 1 :]]
                yield "term", rest[0] if len(rest) == 1 else _with(node, values=rest)
        case ast.Tuple(elts=elts, ctx=ast.Load()) | ast.List(elts=elts, ctx=ast.Load()):
            for k in range(len(elts)):
                yield "term", _with(node, elts=[*elts[:k], *elts[k + 1 :]])
        case ast.Expr():
            yield "term", ast.Pass()


def _arguments(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Call(args=args):
            for swapped in _swapped(args):
                yield "arguments", _with(node, args=swapped)
        case ast.Tuple(elts=elts, ctx=ast.Load()) | ast.List(elts=elts, ctx=ast.Load()):
            for swapped in _swapped(elts):
                yield "arguments", _with(node, elts=swapped)
        case ast.IfExp(body=body, orelse=orelse):
            yield "arguments", _with(node, body=orelse, orelse=body)


def _swapped(values: list[Any]) -> Iterator[list[Any]]:
    """The list with two neighbours exchanged, for each pair that reads differently."""
    for k in range(len(values) - 1):
        a, b = values[k : k + 2]
        if ast.dump(a) != ast.dump(b):
            yield [*values[:k], b, a, *values[k + 2 :]]


def _returns(place: Place, node: Any) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.FunctionDef(body=[ast.Expr(value=ast.Constant())]):
            return
        case ast.FunctionDef(args=args, body=body) if names := _values(args):
            yield "return", _with(node, body=[ast.Return(ast.Name(names[-1], ast.Load())), *body])
        case ast.Lambda(args=args, body=body) if names := _values(args):
            if not (isinstance(body, ast.Name) and body.id == names[-1]):
                yield "return", _with(node, body=ast.Name(names[-1], ast.Load()))
        case ast.For(body=body):
            yield "return", _with(node, body=[*body, ast.Break()])
        case ast.Return(value=ast.expr()) if name := _assigned_before(place):
            yield "return", ast.Return(ast.Name(name, ast.Load()))


def _values(args: ast.arguments) -> list[str]:
    """The parameters that hold a value to work on."""
    return [a.arg for a in (*args.posonlyargs, *args.args) if a.arg not in ("self", "cls", "ar", "_")]


def _assigned_before(place: Place) -> str | None:
    """The name that the statement before this one binds, where the statement does not return just that."""
    if place.at is None or place.at == 0:
        return None
    block = getattr(place.parent, place.field)
    before, now = block[place.at - 1], block[place.at]
    match before:
        case ast.Assign(targets=[ast.Name(id=name)]) if not (isinstance(now.value, ast.Name) and now.value.id == name):
            return name
    return None


Maker = Callable[[Place, Any], Iterator[tuple[str, Any]]]
MAKERS: tuple[Maker, ...] = (_operators, _conditions, _constants, _indices, _axes, _terms, _arguments, _returns)
