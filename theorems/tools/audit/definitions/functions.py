"""Whether a Python function on numbers is the Lean function that a node was given, written as text."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from flint import fmpq

from mirror.arithmetic import EXACT, rational_vector

# More points than an affine function, or a product of two, could agree at by chance.
POINTS = (-3, fmpq(-1, 2), 0, 1, fmpq(7, 5), 40)
_FUNCTION = re.compile(r"fun (\S+) => (.+)")
_NAME = re.compile(r"[^\W\d₀-₉][\w₀-₉']*")
_OPERATIONS: dict[type[ast.operator], Callable[[fmpq, fmpq], fmpq]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


class NotReadError(Exception):
    """A text that is not a function built from numbers, names, `+`, `-` and `*`."""


def same_function(text: str, function: Callable[..., Any], values: Mapping[str, fmpq]) -> bool:
    """Whether both agree exactly at `POINTS`; `values` are the names that the text uses.

    Raises `NotReadError` where the text is outside what is read here.
    """
    expected = [_value(text, fmpq(point), values) for point in POINTS]
    return list(function(EXACT, rational_vector(POINTS))) == expected


def _value(text: str, at: fmpq, values: Mapping[str, fmpq]) -> fmpq:
    found = _FUNCTION.fullmatch(text)
    if found is None:
        raise NotReadError(text)
    variable, body = found.groups()
    names = list(dict.fromkeys(_NAME.findall(body)))
    spelled = _NAME.sub(lambda name: f"v{names.index(name.group())}", body)
    known = {**values, variable: at}
    try:
        tree = ast.parse(spelled, mode="eval").body
        return _evaluated(tree, {f"v{k}": known[name] for k, name in enumerate(names)})
    except (SyntaxError, KeyError) as why:
        raise NotReadError(text) from why


def _evaluated(tree: ast.expr, names: Mapping[str, fmpq]) -> fmpq:
    match tree:
        case ast.Constant(int(value)):
            return fmpq(value)
        case ast.Name(name):
            return names[name]
        case ast.UnaryOp(ast.USub(), inner):
            return -_evaluated(inner, names)
        case ast.BinOp(left, op, right):
            return _OPERATIONS[type(op)](_evaluated(left, names), _evaluated(right, names))
    raise KeyError(type(tree).__name__)
