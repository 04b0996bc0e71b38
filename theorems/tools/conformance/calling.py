"""Calling somebody's function at one instance: what it returned, and its cotangents where they can be had."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from theorems.tools.conformance.kinds import Function, KernelCall, Kind
from theorems.tools.conformance.target import WrongCall, passed_on

OUTPUT = "output"
NO_VJP = "not checked: NumPy has none, and the function brings no vjp (its attribute vjp, or --vjp)"
FORWARD_ONLY = "not checked: --forward-only"


@dataclass(frozen=True, slots=True)
class Part:
    """The output or one of the cotangents: its float64 values, or what is wrong with what was returned instead."""

    name: str
    values: np.ndarray | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Returned:
    """What was returned at one instance; no gradients where nobody can say what they are."""

    output: Part
    gradients: tuple[Part, ...] | None


@dataclass(frozen=True, slots=True)
class Implementation:
    """Somebody's function; `numpy` says that it is given NumPy arrays, and that JAX cannot differentiate it."""

    name: str
    kind: Kind
    function: Function
    vjp: Function | None
    numpy: bool
    forward_only: bool = False

    @property
    def library(self) -> str:
        """Whose exp and tanh it has."""
        return "numpy" if self.numpy else "jax"

    @property
    def gradients(self) -> str:
        """Where the cotangents come from, or that they are not checked, and why."""
        if self.forward_only:
            return FORWARD_ONLY
        if self.vjp:
            return "by its own vjp"
        return NO_VJP if self.numpy else "by jax.vjp"

    def at(self, call: KernelCall) -> Returned:
        """Call it; raises `WrongCall` where it raises."""
        call = call if self.numpy else _in_jax(call)
        found = _named(self.name, self.function, *self.kind.arguments(call.inputs, call.fixed))
        output = _part(OUTPUT, found, self.kind.result, call.cotangent)
        if self.gradients in (NO_VJP, FORWARD_ONLY):
            return Returned(output, None)
        if output.fault:
            return Returned(output, (Part("cotangents", None, f"no cotangents: {output.fault}"),))
        return Returned(output, self._by_own(call, self.vjp) if self.vjp else self._by_jax(call))

    def _by_own(self, call: KernelCall, vjp: Function) -> tuple[Part, ...]:
        arguments = self.kind.arguments(call.inputs, call.fixed)
        found = _named(f"the vjp of {self.name}", vjp, *arguments, call.cotangent)
        if not isinstance(found, tuple | list) or len(found) != len(self.kind.inputs):
            count = f"{len(found)} cotangents" if isinstance(found, tuple | list) else f"a {type(found).__name__}"
            expected = f"a tuple of {len(self.kind.inputs)}: {', '.join(self.kind.inputs)}"
            return (Part("cotangents", None, f"the vjp returned {count}, expected {expected}"),)
        return self._cotangents(call, found)

    def _by_jax(self, call: KernelCall) -> tuple[Part, ...]:
        def pulled_back() -> tuple[Any, Any]:
            of_inputs = lambda inputs: self.function(*self.kind.arguments(inputs, call.fixed))  # noqa: E731
            output, pullback = jax.vjp(of_inputs, call.inputs)
            return output, pullback(call.cotangent)[0]

        output, found = _named(f"jax.vjp of {self.name}", pulled_back, source=self.function)
        # A rule of one's own computes the output a second time, and may compute another.
        again = _part("output under jax.vjp", output, self.kind.result, call.cotangent)
        return (again, *self._cotangents(call, found))

    def _cotangents(self, call: KernelCall, found: Any) -> tuple[Part, ...]:
        named = zip(self.kind.inputs, found, call.inputs, strict=True)
        return tuple(_part(f"cotangent of {name}", value, f"that of {name}", like) for name, value, like in named)


def returns_numpy(kind: Kind, function: Function, call: KernelCall) -> bool:
    """Whether a function returns NumPy arrays for NumPy arrays.

    One that cannot take them is called with JAX's, and says then what is wrong.
    """
    try:
        found = function(*kind.arguments(call.inputs, call.fixed))
    except BaseException as why:
        passed_on(why)
        return False
    return isinstance(found, np.ndarray | np.generic)


def _in_jax(call: KernelCall) -> KernelCall:
    """The same call in JAX arrays; a scale stays the number that it is."""
    parts = (call.inputs, call.fixed, call.cotangent)
    return KernelCall(*jax.tree.map(lambda a: a if isinstance(a, float) else jnp.asarray(a), parts))


def _part(name: str, value: Any, symbols: str, like: Any) -> Part:
    """The values of an array that has the shape and dtype of another, or what is wrong with it."""
    expected = f"expected {symbols} = {like.shape} in {like.dtype.name}"
    if not isinstance(value, np.ndarray | np.generic | jax.Array):
        return Part(name, None, f"{name} is a {type(value).__name__}, {expected}")
    if value.shape != like.shape:
        return Part(name, None, f"{name} has shape {value.shape}, {expected}")
    if value.dtype != like.dtype:
        return Part(name, None, f"{name} has dtype {value.dtype.name}, {expected}")
    return Part(name, np.asarray(value).astype(np.float64))


def _named(name: str, function: Callable[..., Any], *arguments: Any, source: Any = None) -> Any:
    """What a function returns; raises `WrongCall` with the function's name, its error and the line in its file."""
    try:
        return function(*arguments)
    except BaseException as why:  # who leaves in the middle has not conformed
        passed_on(why)
        place = next(_places(why, source or function), "")
        raise WrongCall(f"{name} raised {type(why).__name__}{place}: {why}") from why


def _places(why: BaseException, function: Any) -> Iterator[str]:
    """Where in the function's own file it was raised, the innermost place first."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    for frame in reversed(traceback.extract_tb(why.__traceback__)):
        if code and frame.filename == code.co_filename:
            yield f" at {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
