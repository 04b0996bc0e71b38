"""Holds functions to the shapes that their annotations write."""

from __future__ import annotations

import inspect
import typing
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import is_dataclass
from functools import wraps
from importlib import import_module
from itertools import repeat
from types import FunctionType, ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import jaxtyping
import numpy as np
from jaxtyping import jaxtyped

# A type variable stands for any kind of array.
ANY = {"A": Any, "E": Any}


class WrongShape(AssertionError):
    """An array has another shape than its annotation writes."""


def held(function: Callable[..., Any], count: Counter[str]) -> Callable[..., Any]:
    """The function, which raises `WrongShape`; `count` gets how many arrays were held."""
    signature, name = inspect.signature(function), f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def checked(*arguments: Any, **keywords: Any) -> Any:
        hints = get_type_hints(function, localns=ANY, include_extras=True)
        bound = signature.bind(*arguments, **keywords).arguments
        with jaxtyped("context"):
            for parameter, value in bound.items():
                count[name] += _hold(f"{name}: {parameter}", value, hints.get(parameter))
            result = function(*arguments, **keywords)
            count[name] += _hold(f"{name}: what it returns", result, hints.get("return"))
        return result

    return checked


def _hold(where: str, value: Any, hint: Any) -> int:
    """How many arrays there are in a value; raises `WrongShape`."""
    if _is_record(value):
        fields = get_type_hints(type(value), localns=ANY, include_extras=True)
        with jaxtyped("context"):  # the letters of a record are its own
            return sum(_hold(f"{where}.{name}", getattr(value, name), hint) for name, hint in fields.items())
    if get_origin(hint) in (Union, UnionType):
        return _hold_to_one(where, value, get_args(hint))
    if isinstance(value, tuple) and get_origin(hint) is tuple:
        inner = get_args(hint)
        each = repeat(inner[0]) if inner[1:] == (...,) else inner
        return sum(_hold(f"{where}[{k}]", v, h) for k, (v, h) in enumerate(zip(value, each, strict=False)))
    letters, shape = getattr(hint, "dim_str", None), getattr(value, "shape", None)
    if letters is None or shape is None:
        return 0
    # Of the same shape: an array of balls has no dtype, which jaxtyping would ask for.
    kind: Any = jaxtyping.Shaped[np.ndarray, letters]
    if not isinstance(np.broadcast_to(0.0, shape), kind):
        raise WrongShape(f"{where} has the shape {tuple(shape)}, annotated {letters!r}")
    return 1


def _hold_to_one(where: str, value: Any, hints: Iterable[Any]) -> int:
    """Held to the first hint that is about arrays as the value has them, and fits."""
    wrong = None
    for hint in hints:
        try:
            if arrays := _hold(where, value, hint):
                return arrays
        except WrongShape as why:
            wrong = why
    if wrong:
        raise wrong
    return 0


def _is_record(value: Any) -> bool:
    ours = type(value).__module__.startswith(("mirror.jit", "tests.jit"))
    return ours and (hasattr(value, "_fields") or is_dataclass(value))


def hold_all(modules: list[ModuleType], count: Counter[str]) -> None:
    """Replace every function and method of the modules, wherever one of them has it."""
    replaced = {id(f): held(f, count) for module in modules for f in _functions(module)}
    for module in modules:
        for owner in (module, *(c for c in vars(module).values() if _defined_in(c, module, type))):
            for name, value in list(vars(owner).items()):
                if id(value) in replaced:
                    setattr(owner, name, replaced[id(value)])


def writes_shapes(modules: list[ModuleType]) -> list[str]:
    """The functions and methods that have a body and a shape in an annotation."""
    functions = (f for module in modules for f in _functions(module))
    return [
        f"{f.__module__}.{f.__qualname__}"
        for f in functions
        if any("'" in str(a) or '"' in str(a) for a in f.__annotations__.values())
        and not getattr(f, "__isabstractmethod__", False)
    ]


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if _defined_in(value, module, FunctionType):
            yield value
        elif _defined_in(value, module, type):
            yield from (f for n, f in vars(value).items() if _defined_in(f, module, FunctionType) and n[:2] != "__")


def _defined_in(value: Any, module: ModuleType, kind: type) -> bool:
    return isinstance(value, kind) and value.__module__ == module.__name__


def as_type_checkers_see_them(names: list[str]) -> list[ModuleType]:
    """The modules, imported with what stands under `if TYPE_CHECKING:`."""
    typing.TYPE_CHECKING = True  # type: ignore[misc]
    try:
        return [import_module(name) for name in names]
    finally:
        typing.TYPE_CHECKING = False  # type: ignore[misc]
