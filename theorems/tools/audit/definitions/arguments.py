"""From Lean arguments to those of the counterpart: names by one rule, values by what both sides take."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from flint import fmpq

from lean_refs.fingerprint import BinderPrint
from lean_refs.normal import digest
from lean_refs.twin_paths import snake_case
from mirror.linear_map import LinearMap
from mirror.ops.attention.multi_head_self_attention import scores_shape
from mirror.spec.core.shape import Context, Shape, size
from theorems.tools.audit.definitions.hints import UnreadableHintError, classes, hints
from theorems.tools.audit.definitions.markers import MarkedMap, Markers

# Lean names whose Python spelling is not the snake_case of them; `ε₁` is `eps1`, by the digits below.
_SPELLED = {"ss": "saved", "ε": "eps", "Γ": "context", "τ": "shape"}
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
# What a dimension is that Lean does not hand over: used by mistake, it shows.
_NOT_GIVEN = 29
# The normal form of the Lean type that a class here stands for. Maps and vectors have one for each size.
_IN_LEAN = {int: "Nat", Shape: "Spec.Shape", tuple: "(List Spec.Shape)", fmpq: "ℝ"}
_LEAN_TYPES = {digest(text): text for text in _IN_LEAN.values()}


class UnknownArgumentError(Exception):
    """A parameter of a counterpart that no rule gives a value; the message names it."""


def python_name(lean: str) -> str:
    """The Python spelling of a Lean argument: `numHeads` is `num_heads`, `ε₂` is `eps2`, `ss` is `saved`."""
    base = lean.rstrip("₀₁₂₃₄₅₆₇₈₉")
    return _SPELLED.get(base, snake_case(base)) + lean[len(base) :].translate(_SUBSCRIPTS)


class PythonArguments:
    """What a counterpart is called with, for Lean arguments at given dimensions."""

    def __init__(self, binders: Sequence[BinderPrint], dims: Mapping[str, int], saved: Context, shape: Shape) -> None:
        self._lean = {python_name(b.name): b for b in binders if b.name}
        self._dims = {python_name(name): value for name, value in dims.items()}
        self.markers = Markers(_score_count(self._dims))
        # By what a parameter takes: from its own name, and Lean's.
        self._make: dict[type, Callable[[str, str], Any]] = {
            int: lambda name, _: self._dims.get(name, _NOT_GIVEN),
            Shape: lambda *_: shape,
            tuple: lambda *_: saved,
            fmpq: lambda _, lean: self.markers.number(lean),
            LinearMap: lambda _, lean: MarkedMap(lean),
            np.ndarray: lambda _, lean: self.markers.vector(lean),
        }

    def of(self, target: Callable[..., Any]) -> dict[str, Any]:
        """The arguments of `target` by name; raises `UnknownArgumentError` for one that no rule covers."""
        meant = _hints(target)
        return {name: self._given(name, meant.get(name, Any)) for name in inspect.signature(target).parameters}

    def _given(self, name: str, hint: Any) -> Any:
        """One argument of Lean, or a record of several, which may have more than Lean takes here."""
        if name in self._lean:
            return self._value(name, hint)
        record = next((c for c in classes(hint) if isinstance(c, type) and is_dataclass(c)), None)
        if record is None:
            raise _unmatched(name, hint)
        meant = _hints(record)
        return record(**{f.name: self._value(f.name, meant[f.name]) for f in fields(record)})

    def _value(self, name: str, hint: Any) -> Any:
        kind = next((kind for kind in self._make if kind in classes(hint)), None)
        if kind is None:
            raise _unmatched(name, hint)
        binder = self._lean.get(name)
        if binder is None:
            return self._make[kind](name, f"{name}, which Lean does not take here")
        if (lean := _LEAN_TYPES.get(binder.type)) != _IN_LEAN.get(kind):
            there = lean or "a type that depends on dimensions"
            raise UnknownArgumentError(f"the parameter {name} is of type {kind.__name__} here, {there} in Lean")
        return self._make[kind](name, binder.name)


def _hints(target: Callable[..., Any]) -> dict[str, Any]:
    try:
        return hints(target)
    except UnreadableHintError as why:
        raise UnknownArgumentError(str(why)) from why


def _unmatched(name: str, hint: Any) -> UnknownArgumentError:
    shown = inspect.formatannotation(hint)
    return UnknownArgumentError(f"the parameter {name} of type {shown} matches no Lean argument")


def _score_count(dims: Mapping[str, int]) -> int:
    """H·n·n, as far as the dimensions (under their Python names) say what H and n are."""
    return size(scores_shape(dims.get("seq_len", dims.get("n", 0)), dims.get("num_heads", 0)))


def omitted(arguments: Mapping[str, Any], lean: Iterable[str]) -> dict[str, Any]:
    """The arguments without those of the Lean names `lean`, so that Python's own defaults take their place."""
    gone = {python_name(name) for name in lean}
    return {name: _without(value, gone) for name, value in arguments.items() if name not in gone}


def _without(value: Any, gone: set[str]) -> Any:
    """A record made again without the fields `gone`, and anything else as it is."""
    if not is_dataclass(value) or isinstance(value, type) or gone.isdisjoint(f.name for f in fields(value)):
        return value
    kept = {f.name: getattr(value, f.name) for f in fields(value) if f.name not in gone}
    return type(value)(**kept)
