"""What an expression of a test file says: whether it is the marker `lean`, and which string it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from theorems.tools.tracing.scopes import PythonScope, View, WhatItIs


def follow(expression: ast.expr, view: View) -> WhatItIs | None:
    """What a name stands for, one of a module or of a class too; None for what is no name, or what no text tells."""
    if isinstance(expression, ast.Name):
        return view.get(expression.id)
    if not isinstance(expression, ast.Attribute) or (owner := follow(expression.value, view)) is None:
        return None
    of, there = owner
    if isinstance(of, ast.expr):
        return follow(ast.Attribute(of, expression.attr), there)
    if isinstance(of, PythonScope):
        return View(of, there.passed).get(expression.attr)
    inner = there.scope.inside(of)
    return View(inner, there.passed).get(expression.attr) if expression.attr in inner.names else None


def is_mark(expression: ast.expr, view: View) -> bool:
    """Whether it is `pytest.mark`, under whatever name."""
    if isinstance(expression, ast.Name):
        imported = view.imported(expression.id)
        return (imported.name if imported else expression.id) == "mark" or _stands_for(is_mark, expression, view)
    is_attribute = isinstance(expression, ast.Attribute)
    return is_attribute and (expression.attr == "mark" or _stands_for(is_mark, expression, view))


def is_lean(expression: ast.expr, view: View) -> bool:
    """Whether it is `pytest.mark.lean`, under whatever names pytest and its marks go."""
    match expression:
        case ast.Attribute(attr="lean", value=owner) if is_mark(owner, view):
            return True
        case ast.Attribute(attr="with_args", value=marker):
            return is_lean(marker, view)
        case ast.Call(func=ast.Name(id="getattr"), args=[owner, ast.Constant(value="lean")]):
            return is_mark(owner, view)
    return _stands_for(is_lean, expression, view)


def is_marking(expression: ast.expr, view: View) -> bool:
    """Whether it is some mark, with its arguments or without."""
    if isinstance(expression, ast.Call):
        return is_marking(expression.func, view) or is_lean(expression, view)
    is_attribute = isinstance(expression, ast.Attribute)
    return (is_attribute and is_mark(expression.value, view)) or _stands_for(is_marking, expression, view)


def _stands_for(what: Callable[[ast.expr, View], bool], expression: ast.expr, view: View) -> bool:
    found = follow(expression, view)
    return found is not None and isinstance(found[0], ast.expr) and what(found[0], found[1])


def names_in(argument: ast.expr, view: View) -> Iterator[tuple[ast.expr, str | None, View]]:
    """The strings that an argument gives, several where it has a star; None for one that no constant tells."""
    if isinstance(argument, ast.Starred):
        several = settled(argument.value, view)
        if several is None or not isinstance(several[0], ast.Tuple | ast.List):
            yield argument, None, view
        else:
            for part in several[0].elts:
                yield from names_in(part, several[1])
    else:
        yield argument, text(argument, view), view


def settled(expression: ast.expr, view: View) -> tuple[ast.expr, View] | None:
    """What an expression is once no name stands for it; None where that is not told."""
    if not isinstance(expression, ast.Name | ast.Attribute):
        return expression, view
    found = follow(expression, view)
    return settled(found[0], found[1]) if found and isinstance(found[0], ast.expr) else None


def text(expression: ast.expr, view: View) -> str | None:
    """The string that an expression is, where constants tell; None where they do not."""
    match expression:
        case ast.Constant(value=str() as said):
            return said
        case ast.Name() | ast.Attribute():
            found = settled(expression, view)
            return text(*found) if found else None
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = [text(left, view), text(right, view)]
        case ast.JoinedStr(values=values):
            parts = [text(value, view) for value in values]
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            parts = [text(value, view)]
        case _:
            return None
    return None if None in parts else "".join(part for part in parts if part)
