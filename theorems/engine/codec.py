"""Instances as JSON and back, exactly: every number is a rational written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from flint import fmpq

from mirror.algebra.soundness import TList
from mirror.arithmetic import rational, rational_vector
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.linear_map import Identity, PositionWise
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.case import FAMILIES
from theorems.engine.graphs import GraphSpec, NodeSpec
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
    match data:
        case {"rational": text}:
            return _rational(text)
        case {"shape": dims}:
            return Shape(*dims)
        case {"tuple": items}:
            return tuple(decode(v) for v in items)
        case {"dict": members}:
            return {k: decode(v) for k, v in members.items()}
        case {"array": entries, "of": shape}:
            return rational_vector([_rational(e) for e in entries]).reshape(shape)
    if not isinstance(data, dict) or len(data) != 1:
        raise MalformedInstance(f"{str(data)[:60]} is no part of an instance")
    ((name, members),) = data.items()
    if name not in _CLASSES:
        raise MalformedInstance(f"an instance holds no {name}")
    return _CLASSES[name](**{k: decode(v) for k, v in members.items()})


def _rational(text: str | int | float) -> fmpq:
    if not isinstance(text, str) or text.lstrip("+-").lower() in ("nan", "inf", "infinity"):
        return rational(float(text) if isinstance(text, str) else text)  # refuses what is not a real number
    numerator, _, denominator = text.partition("/")
    return fmpq(int(numerator), int(denominator or 1))
