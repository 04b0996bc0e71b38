"""What functions ask an instance for: values, by their names; and functions that are put together from others."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from theorems.engine.case import MARKS, Case


class LackingValue(LookupError):
    """A theorem asks for a value that its instances do not have: a name is misspelt, or the strategy lacks it."""


@cache
def asked(function: Callable[..., Any]) -> Mapping[str, bool]:
    """The names that a function asks an instance for, and whether each must be there: a mark need not.

    Raises `TypeError` for a default of anything but a mark: a misspelt name would go unseen.
    """
    parameters = [p for p in inspect.signature(function).parameters.values() if p.name != "ar"]
    for p in parameters:
        if p.default is not p.empty and p.name not in MARKS:
            raise TypeError(f"{_signature(function)}: {p.name} is no mark ({', '.join(MARKS)}), so it has no default")
    return {p.name: p.default is p.empty for p in parameters}


def takes_arithmetic(function: Callable[..., Any]) -> None:
    """Raises `TypeError` unless the function takes the arithmetic first, and then what it asks an instance for."""
    if next(iter(inspect.signature(function).parameters), None) != "ar":
        raise TypeError(f"{_signature(function)} should take the arithmetic `ar`, then values of the instance")
    asked(function)


def _signature(function: Callable[..., Any]) -> str:
    said = getattr(function, "__qualname__", str(function))
    return f"{said}({', '.join(inspect.signature(function).parameters)})"


def named_by(function: Callable[..., Any]) -> list[str]:
    """The names that a function asks an instance for, the marks aside."""
    return [name for name, must in asked(function).items() if must]


def given(function: Callable[..., Any], values: Case, *first: Any) -> Any:
    """Call a function with `first` and with those of the values that it asks for."""
    return function(*first, **{n: values[n] for n, must in asked(function).items() if must or n in values})


def lacking(readers: Mapping[str, Callable[..., Any]], case: Case) -> dict[str, list[str]]:
    """The names that an instance has no value for, each with those of the readers that ask for it."""
    found: dict[str, list[str]] = {}
    for reader, function in readers.items():
        for name in named_by(function):
            if name not in case:
                found.setdefault(name, []).append(reader)
    return found


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
