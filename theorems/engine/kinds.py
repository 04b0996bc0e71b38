"""Of what kind a value of an instance is: what an annotation says, and what the values that are drawn show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

import numpy as np
from flint import fmpq

from mirror.spec.core.shape import Shape

_WORDS = {
    bool: "true or false",
    int: "a whole number",
    str: "text",
    fmpq: "a rational",
    Shape: "a shape",
    np.ndarray: "a vector",
}


def is_a(value: Any, annotation: Any) -> bool:
    """Whether a value is of the annotated kind, its parts included: a truth value is no number, a shape no tuple."""
    if annotation is Any:
        return True
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return any(is_a(value, one) for one in arguments)
    if origin is tuple:
        return _is_tuple(value, arguments)
    if annotation is int:
        return type(value) is int
    return isinstance(value, origin or annotation) and not (origin is Sequence and isinstance(value, str | Shape))


def _is_tuple(value: Any, arguments: tuple[Any, ...]) -> bool:
    if type(value) is not tuple:
        return False
    each = arguments[:1] * len(value) if arguments[-1:] == (...,) else arguments
    return len(each) == len(value) and all(map(is_a, value, each))


def fits(value: Any, drawn: Sequence[Any]) -> bool:
    """Whether a value is of the kind of one of those: the same class, and for a tuple so are its parts."""
    alike = [one for one in drawn if type(one) is type(value)]
    if type(value) is not tuple:
        return bool(alike)
    parts = [part for one in alike for part in one]
    return bool(alike) and all(fits(part, parts) for part in value)


def in_words(drawn: Iterable[Any]) -> str:
    """What such values are, for a person."""
    return " or ".join(dict.fromkeys(map(_in_words, drawn)))


def _in_words(value: Any) -> str:
    if type(value) is tuple:
        return f"a tuple of {in_words(value)}" if value else "a tuple"
    return _WORDS.get(type(value), f"the kind {type(value).__name__}")
