"""What type hints mean, however they are worded."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


class UnreadableHintError(Exception):
    """A hint that names what does not exist at run time; the message says whose it is."""


@cache
def hints(target: Callable[..., Any]) -> dict[str, Any]:
    """The resolved hints of a function or of the fields of a class, by name.

    Raises `UnreadableHintError` for one that names nothing.
    """
    try:
        return get_type_hints(target)
    except NameError as why:
        raise UnreadableHintError(f"the hints of {target.__qualname__} cannot be read: {why}") from None


def classes(hint: Any) -> frozenset[type]:
    """The classes that a hint admits: aliases are followed, unions taken apart, arguments and `None` left out."""
    named = getattr(hint, "__value__", getattr(hint, "__supertype__", hint))
    if named is not hint:
        return classes(named)
    if get_origin(hint) in (Union, UnionType):
        return frozenset().union(*map(classes, get_args(hint)))
    return frozenset((get_origin(hint) or hint,)) - {NoneType}
