"""Which argument of Lean each parameter of a counterpart gets: by name, or by kind in order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from itertools import takewhile
from typing import Any, cast

import numpy as np
from flint import fmpq

from mirror.arithmetic import BALL, Arithmetic
from mirror.core.soundness import Node
from mirror.dims import Dims
from mirror.ops.transformer.decoder_block import Parameters
from theorems.tools.audit.definitions.arguments import python_name
from theorems.tools.audit.definitions.hints import classes, hints
from theorems.tools.audit.evaluated.arguments import DrawnArgument

# Makes the node of a certificate, for whatever parameter takes it.
MakeNode = Callable[[], Node]
# Parameters that hold several arguments of Lean; a field that Lean does not take shows where it is used by mistake.
_RECORDS: Mapping[type, Any] = {Dims: 29, Parameters: None}


class UnmatchedError(Exception):
    """A parameter of a counterpart that gets no argument of Lean; the message names it."""


def spelled(lean: str) -> str:
    """The Python name of a Lean argument: `xV` is `x`, `f'` is `f_prime`, others as `python_name` spells them."""
    base = lean[:-1] if len(lean) > 1 and lean.endswith("V") else lean
    return python_name(base.replace("'", "")) + ("_prime" if lean.endswith("'") else "")


def matched(
    target: Callable[..., Any], arguments: Sequence[DrawnArgument], node: MakeNode | None = None
) -> dict[str, Any]:
    """The arguments of `target`, by name; raises `UnmatchedError` for a parameter that gets none."""
    match = _Match(arguments, node)
    meant = hints(target)
    parameters = [p for p in _parameters(target).values() if p.kind is not p.KEYWORD_ONLY]
    for p in parameters:
        match.by_name(p.name, classes(meant.get(p.name, Any)))
    for p in parameters:
        if not match.by_kind(p.name, classes(meant.get(p.name, Any))) and p.default is p.empty:
            names = ", ".join(spelled(a.name) for a in arguments if a.name)
            raise UnmatchedError(
                f"the parameter {p.name} of {target.__qualname__} gets no argument of Lean: none is called so "
                f"({names or 'none has a name'}), and none of its kind is left"
            )
    return match.found


def call_matched(target: Callable[..., Any], arguments: Sequence[DrawnArgument], node: MakeNode | None = None) -> Any:
    """What `target` gives for its arguments: by position where that can be, as those take them who stand in for it."""
    found = matched(target, arguments, node)
    names = list(_parameters(target))
    by_position = [found.pop(name) for name in list(takewhile(found.__contains__, names))]
    return target(*by_position, **found)


@cache
def _parameters(target: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(target).parameters


class _Match:
    """What parameters have got so far, and the arguments that are left."""

    def __init__(self, arguments: Sequence[DrawnArgument], node: MakeNode | None) -> None:
        self.found: dict[str, Any] = {}
        self._node = node
        self._given = {spelled(a.name): a.mirror for a in arguments if a.name}
        usable = [a for a in arguments if a.mirror is not None]
        # Explicit ones first: the mirror reads most implicit ones off the others.
        self._left = sorted(usable, key=lambda a: a.kind != "(")

    def by_name(self, name: str, kinds: frozenset[type]) -> None:
        """As the arithmetic, under its own name, as a record of several, or as the node that is certified."""
        record = next((kind for kind in kinds if kind in _RECORDS), None)
        if kinds == {Arithmetic}:
            self.found[name] = BALL
        elif name in self._given:
            self.found[name] = _as(self._given[name], kinds)
            self._left = [a for a in self._left if spelled(a.name) != name]
        elif record is not None:
            self.found[name] = self._record(record)
        elif kinds == {Node} and self._node is not None:
            self.found[name] = self._node()

    def by_kind(self, name: str, kinds: frozenset[type]) -> bool:
        """By the first argument left of its kind; False where there is none."""
        if name in self.found:
            return True
        argument = next((a for a in self._left if _fits(a.mirror, kinds)), None)
        if argument is None:
            return False
        self._left.remove(argument)
        self.found[name] = _as(argument.mirror, kinds)
        return True

    def _record(self, record: type) -> Any:
        names = [f.name for f in fields(record)]
        return record(**{name: self._given.get(name, _RECORDS[record]) for name in names})


def _fits(value: Any, kinds: frozenset[type]) -> bool:
    if cast("type", Any) in kinds:  # an array or a number
        return isinstance(value, np.ndarray | fmpq)
    return any(_is_a(value, kind) for kind in kinds)


def _is_a(value: Any, kind: type) -> bool:
    if kind is Callable:
        return callable(value) or isinstance(value, np.ndarray)
    # A shape is a tuple, and no context.
    return type(value) is tuple if kind is tuple else isinstance(value, kind)


def _as(value: Any, kinds: frozenset[type]) -> Any:
    """A vector as a function of positions, where one is wanted."""
    return value.__getitem__ if Callable in kinds and isinstance(value, np.ndarray) else value
