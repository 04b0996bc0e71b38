"""Exchanging functions for faulty ones for a while, whoever holds them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from importlib import import_module
from inspect import signature
from types import FunctionType
from typing import Any

# What makes the faulty function from the right one.
Breaks = Callable[[Any], Any]


@contextmanager
def exchanged(changes: Iterable[tuple[str, Breaks]]) -> Iterator[None]:
    """Run with each target `module:name`, a function or a constant, exchanged for what is made of it.

    A function is changed for everybody who holds it, a constant in that module alone. All is undone afterwards.
    """
    with ExitStack() as stack:
        for target, breaks in changes:
            holder, name = _place(target)
            found = getattr(holder, name)
            function = _function_of(found)
            if isinstance(function, FunctionType):
                stack.enter_context(_broken(function, breaks))
            else:
                stack.enter_context(_replaced(holder, name, breaks(found)))
        _forget_caches()
        try:
            yield
        finally:
            stack.close()
            _forget_caches()


def _function_of(found: Any) -> Any:
    """The function behind a property, a method of a class, or one that keeps its results."""
    for behind in ("fget", "__func__", "__wrapped__" if hasattr(found, "cache_clear") else ""):
        if behind and getattr(found, behind, None):
            return getattr(found, behind)
    return found


def _place(target: str) -> tuple[Any, str]:
    """The module or class that holds a target, and its name there."""
    module, _, path = target.partition(":")
    parts = path.split(".")
    holder = import_module(module)
    for part in parts[:-1]:
        holder = getattr(holder, part)
    return holder, parts[-1]


@contextmanager
def _replaced(holder: Any, name: str, value: Any) -> Iterator[None]:
    before = getattr(holder, name)
    setattr(holder, name, value)
    try:
        yield
    finally:
        setattr(holder, name, before)


@contextmanager
def _broken(function: FunctionType, breaks: Breaks) -> Iterator[None]:
    """Exchange the code of the function object itself: it may be held in closures, tables and caches."""
    code, closure = function.__code__, function.__closure__
    right = FunctionType(code, function.__globals__, function.__name__, function.__defaults__, closure)
    right.__kwdefaults__ = function.__kwdefaults__
    hidden = f"_faulty_{function.__name__}"
    function.__globals__[hidden] = breaks(right)
    stand_in: dict[str, Any] = {}
    exec(f"def {hidden}(*args, **kwargs): return {hidden}(*args, **kwargs)", stand_in)
    # A function keeps its closure, so what stands in has to ask for one of that length.
    function.__code__ = stand_in[hidden].__code__.replace(co_freevars=code.co_freevars)
    function.__defaults__ = function.__kwdefaults__ = None
    own = "__signature__" in vars(function)
    vars(function).setdefault("__signature__", signature(right))  # a theorem asks for values by the names in it
    try:
        yield
    finally:
        if not own:
            del vars(function)["__signature__"]
        function.__code__, function.__defaults__ = right.__code__, right.__defaults__
        function.__kwdefaults__ = right.__kwdefaults__
        del function.__globals__[hidden]


def _forget_caches() -> None:
    """Forget what was built before the fault, or with it: a graph, for one, must not outlive the change."""
    for function in _cached_in(frozenset(name for name in list(sys.modules) if name.startswith(_OURS))):
        function.cache_clear()


_OURS = ("mirror.", "theorems.", "tests.")


@cache
def _cached_in(modules: frozenset[str]) -> list[Any]:
    """The functions of those modules that keep results.

    Not those of `lean_refs`: they keep what is read from files, which takes a second and which no fault changes. Nor
    those of this package, which keeps what was so before a fault.
    """
    found = {id(value): value for name in modules for value in vars(sys.modules[name]).values() if _keeps(value)}
    return list(found.values())


def _keeps(value: Any) -> bool:
    home = str(getattr(value, "__module__", ""))
    return hasattr(value, "cache_clear") and home.startswith(_OURS) and not home.startswith("tests.faults")
