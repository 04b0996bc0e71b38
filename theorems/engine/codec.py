"""Instances as JSON and back, exactly: every number is a rational written out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from typing import Any, get_type_hints

import numpy as np
from flint import fmpq, fmpz

from mirror.algebra.soundness import TList
from mirror.arithmetic import rational, rational_vector
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.linear_map import Identity, PositionWise
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Shape, size
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.case import FAMILIES
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.kinds import is_a
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.strategies.masks import Mask

# What an instance may consist of, besides numbers, text, tuples, shapes and vectors.
_CLASSES = {
    c.__name__: c
    for c in (
        Differential,
        Dims,
        GraphSpec,
        Identity,
        Idx,
        Mask,
        NodeSpec,
        Parameters,
        PositionWise,
        SmoothMap,
        TList,
        Tensor,
    )
}


_NOT_REAL = ("nan", "inf", "infinity")
_WRITTEN = re.compile(r"(-?[0-9]+)(?:/([1-9][0-9]*))?")  # what `str` makes of a rational, and no other text


class MalformedInstance(ValueError):
    """JSON that is no encoded instance."""


def encode(value: Any) -> Any:
    """A value of an instance as plain JSON data; raises `TypeError` for a kind it does not know."""
    match value:
        case bool() | str() | None:
            return value
        case int():
            return value
        case fmpq():
            return {"rational": str(value)}
        case Shape():
            return {"shape": list(value)}
        case tuple():
            return {"tuple": [encode(v) for v in value]}
        case dict():
            return {"dict": {k: encode(v) for k, v in value.items()}}
        case np.ndarray():
            return {"array": [str(v) for v in value.reshape(-1)], "of": list(value.shape)}
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        members = {f.name: encode(getattr(value, f.name)) for f in fields(value) if f.init}
        return {type(value).__name__: members}
    raise TypeError(f"an instance cannot hold a {type(value).__name__}")


def fingerprint(case: Mapping[str, Any]) -> bytes:
    """What two instances share if and only if they give the same names the same values (a digest of 16 bytes).

    From which families these were drawn is no value: two families may give the same.
    """
    values = {name: v for name, v in case.items() if name not in FAMILIES or not isinstance(v, str)}
    return blake2b(repr(_told(values)).encode(), digest_size=16).digest()


def _told(value: Any) -> Any:
    """What tells a value from every other, without the zeros that most matrices are made of."""
    match value:
        case PositionWise():
            return "PositionWise", value.positions, value.out_features, value.in_features, _but_zeros(value.weight)
        case np.ndarray():
            return value.shape, _but_zeros(value.reshape(-1))
        case tuple():
            return type(value).__name__, [_told(v) for v in value]
        case dict():
            return [(key, _told(value[key])) for key in sorted(value)]
    if is_dataclass(value) and type(value).__name__ in _CLASSES:
        return type(value).__name__, [_told(getattr(value, f.name)) for f in fields(value) if f.init]
    return encode(value)


def _but_zeros(entries: Iterable[Any]) -> list[tuple[int, str]]:
    return [(k, str(v)) for k, v in enumerate(entries) if v]


def decode(data: Any) -> Any:
    """The value that `encode` wrote; raises `MalformedInstance` for anything else."""
    if data is None or isinstance(data, bool | str | int):
        return data
    try:
        return _decode(data)
    except MalformedInstance:
        raise
    except (ValueError, IndexError) as why:
        raise MalformedInstance(str(why)) from why
    except (KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as why:
        raise MalformedInstance(f"{type(why).__name__}: {why}") from why


def _decode(data: Any) -> Any:
    if not isinstance(data, dict) or len(data) != (2 if "array" in data else 1):
        raise MalformedInstance(f"{str(data)[:60]} is no part of an instance")
    match data:
        case {"rational": text}:
            return _rational(text)
        case {"shape": list(dims)}:
            return Shape(*dims)
        case {"tuple": list(items)}:
            return tuple(decode(v) for v in items)
        case {"dict": dict(members)}:
            return {k: decode(v) for k, v in members.items()}
        case {"array": list(entries), "of": list(dims)}:
            return _array(entries, Shape(*dims))
    name = next(iter(data))
    if name not in _CLASSES:
        raise MalformedInstance(f"an instance holds no {name}{_but(data[name])}")
    return _record(_CLASSES[name], data[name])


def _but(found: Any) -> str:
    return f" of {str(found)[:60]}" if not isinstance(found, dict) else ""


def _array(entries: list[Any], shape: Shape) -> np.ndarray:
    if len(entries) != size(shape):
        raise MalformedInstance(f"an array of the shape {shape} has {size(shape)} entries, got {len(entries)}")
    return rational_vector([_rational(e) for e in entries]).reshape(shape)


def _record(made: type[Any], members: Any) -> Any:
    """A value of one of the classes; each member is there, is of the annotated kind, and is the only one so called."""
    annotated = {f.name: f.type for f in fields(made) if f.init}
    if not isinstance(members, dict) or set(members) != set(annotated):
        got = ", ".join(members) if isinstance(members, dict) else str(members)[:60]
        raise MalformedInstance(f"a {made.__name__} holds {', '.join(annotated)}, got {got or 'nothing'}")
    values = {name: decode(members[name]) for name in annotated}
    for name, kind in _kinds(made).items():
        if not is_a(values[name], kind):
            said = f"{made.__name__}.{name} is {str(members[name])[:60]}"
            raise MalformedInstance(f"{said}, expected {annotated[name]}")
    return made(**values)


@cache
def _kinds(made: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(made)
    return {f.name: hints[f.name] for f in fields(made) if f.init}


def _rational(text: Any) -> fmpq:
    if isinstance(text, float) or (isinstance(text, str) and text.lstrip("+-").lower() in _NOT_REAL):
        rational(float(text))  # refuses what is not a real number, and says why
    written = _WRITTEN.fullmatch(text) if isinstance(text, str) else None
    if not written:
        raise MalformedInstance(f'a number is written as text, such as "-3/2", got {repr(text)[:60]}')
    numerator, denominator = written.groups("1")
    return fmpq(fmpz(numerator), fmpz(denominator))
