"""Functions that are put together from others and ask an instance for what those ask for, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from theorems.engine.case import Case


def named_by(function: Callable[..., Any]) -> list[str]:
    """What a function asks an instance for: its parameters without the arithmetic `ar`."""
    return [name for name in inspect.signature(function).parameters if name != "ar"]


def given(function: Callable[..., Any], values: Case, *first: Any) -> Any:
    """Call a function with `first` and with those of the values that it asks for."""
    return function(*first, **{name: values[name] for name in named_by(function)})


def asks_for(
    names: list[str], *, instead_of: Callable[..., Any], marks: tuple[str, ...] = ()
) -> Callable[[Callable[..., Any]], Any]:
    """Let a function `(ar, **values)` ask for those names, and stand in the source where another one does.

    `marks` are what an instance may say of itself: False where it does not.
    """

    def mark(function: Any) -> Any:
        kinds = inspect.Parameter
        parameters = [kinds(name, kinds.POSITIONAL_OR_KEYWORD) for name in dict.fromkeys(["ar", *names])]
        parameters += [kinds(name, kinds.POSITIONAL_OR_KEYWORD, default=False) for name in marks]
        function.__signature__ = inspect.Signature(parameters)
        for attribute in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(function, attribute, getattr(instead_of, attribute))
        function.__wrapped__ = instead_of
        return function

    return mark
