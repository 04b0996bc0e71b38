"""The mirror's facts for dimensions that are names: what it builds at several dimensions, made generic.

A dimension of a result is called after the Lean argument that it equals in every evaluation, so a mirror that
mixes two of them up names the wrong one, and Lean's kernel refuses the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from lean_refs.fingerprint import BinderPrint
from lean_refs.pin import pinned_fingerprints, raw_pin
from mirror.core.soundness import Idx
from mirror.ops.norm.layer_norm import Inputs
from mirror.rooms import links
from mirror.spec.core.shape import Context, Shape
from theorems.tools.audit.definitions.arguments import PythonArguments

# What the i-th dimension is in each evaluation: distinct primes, other primes, then small ones with 0 and 1.
SIZES = ((2, 3, 5, 7, 11, 13), (17, 19, 23, 29, 31, 37), (1, 0, 4, 6, 8, 9))
# What the saved list `ss` is in each evaluation: no dimension occurs in it twice or in `SIZES`.
SAVED = ((), (Shape(41),), (Shape(43), Shape(53, 47)))
LIST = "ss"

GenericShape = tuple[str, ...]
GenericContext = tuple[GenericShape, ...]
T = TypeVar("T")


class NotGenericError(Exception):
    """The mirror's result at several dimensions is no one expression in their names."""


@dataclass(frozen=True, slots=True)
class GenericIndex:
    """A position, the shape there and the context up to `ss`."""

    position: int
    shape: GenericShape
    context: GenericContext


Generic = GenericShape | GenericContext | GenericIndex | dict[str, GenericIndex] | None


@dataclass(frozen=True, slots=True)
class Fact:
    """One definition as the mirror has it.

    `dims` are the Lean names of its dimensions in order, `takes_list` says whether it takes the list `ss`.
    `values` are the mirror's results at `SIZES`, `generic` is what they have in common (None for numbers).
    """

    name: str
    dims: tuple[str, ...]
    takes_list: bool
    values: tuple[Any, ...]
    generic: Generic


def facts() -> list[Fact]:
    """A fact for every definition of shapes, lists of shapes, indices, index records and sizes, in the pin's order.

    Raises `NotGenericError` naming the definition whose counterpart follows no one pattern.
    """
    mirrored = links()
    found = []
    for name, made in pinned_fingerprints(raw_pin()).items():
        if made.values and name in mirrored:
            dims = tuple(dim for dim, _ in made.values[0].dims)
            names = [b.name for b in made.binders]
            fact = _fact(name, dims, made.binders) if set(names) <= {*dims, LIST} else None
            found += [fact] if fact else []
    return found


def _fact(name: str, dims: tuple[str, ...], binders: Sequence[BinderPrint]) -> Fact | None:
    values = tuple(_value(name, dict(zip(dims, sizes, strict=False)), saved, binders) for sizes, saved in _AT)
    if not isinstance(values[0], int | Shape | tuple | Idx | Inputs):
        return None  # a node or a graph: that audit section compares those, their Lean values are functions
    try:
        return Fact(name, dims, LIST in {b.name for b in binders}, values, _generic(values, dims))
    except NotGenericError as why:
        raise NotGenericError(f"{name}: {why}") from None


_AT = tuple(zip(SIZES, SAVED, strict=True))


def _value(name: str, dims: dict[str, int], saved: Context, binders: Sequence[BinderPrint]) -> Any:
    target = links()[name].target
    target = getattr(target, "__wrapped__", target)  # not a cache: a test may exchange what it calls
    return target(**PythonArguments(binders, dims, saved, Shape()).of(target))


def _generic(values: Sequence[Any], dims: tuple[str, ...]) -> Generic:
    match values[0]:
        case int():
            return None
        case Shape():
            return _shape(values, dims)
        case tuple():
            return _context(values, dims)
        case Idx():
            return _index(values, dims)
    return {f.name: _index([getattr(value, f.name) for value in values], dims) for f in fields(values[0])}


def _index(values: Sequence[Idx], dims: tuple[str, ...]) -> GenericIndex:
    contexts = [_without(v.context, saved) for v, saved in zip(values, SAVED, strict=True)]
    position = _same([v.i for v in values], "the position")
    return GenericIndex(position, _shape([v.shape for v in values], dims), _context(contexts, dims))


def _without(context: Context, saved: Context) -> Context:
    """The context before `ss`; where the definition takes no list, the whole of it."""
    return context[: -len(saved)] if saved and context[-len(saved) :] == saved else context


def _context(values: Sequence[Context], dims: tuple[str, ...]) -> GenericContext:
    _same([len(v) for v in values], "the length")
    return tuple(_shape(shapes, dims) for shapes in zip(*values, strict=True))


def _shape(values: Sequence[Shape], dims: tuple[str, ...]) -> GenericShape:
    _same([len(v) for v in values], "the number of dimensions")
    return tuple(_dimension(sizes, dims) for sizes in zip(*values, strict=True))


def _dimension(sizes: tuple[int, ...], dims: tuple[str, ...]) -> str:
    """The Lean name that has these sizes in the evaluations, or the number that they all are."""
    columns = zip(*SIZES, strict=True)
    named: dict[tuple[int, ...], str] = dict(zip(columns, dims, strict=False))
    if sizes in named:
        return named[sizes]
    return str(_same(sizes, "a dimension, which is none of " + ", ".join(dims)))


def _same(values: Sequence[T], what: str) -> T:
    if any(value != values[0] for value in values):
        raise NotGenericError(f"{what}, is {', '.join(map(str, values))} at different dimensions")
    return values[0]
