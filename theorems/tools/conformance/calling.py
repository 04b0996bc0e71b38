"""Calling somebody's function at one instance: what it returned, and its cotangents where they can be had."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jax
import numpy as np

from theorems.tools.conformance.frameworks import Framework
from theorems.tools.conformance.kinds import Function, KernelCall, Kind
from theorems.tools.conformance.layouts import LEAN, AxisOrder
from theorems.tools.conformance.presets.preset import Preset
from theorems.tools.conformance.target import WrongCall, first_line, passed_on
from theorems.tools.output.counted import counted

OUTPUT = "output"
# What the framework that differentiates a function computes once more on the way.
AGAIN = "output under "
FORWARD_ONLY = "not checked: --forward-only"
WITHOUT_GRADIENTS = "; give its own VJP with --vjp, or --forward-only"


@dataclass(frozen=True, slots=True)
class Part:
    """The output or one of the cotangents: its float64 values, or what is wrong with what was returned instead.

    Entries that are `ignored` are not judged.
    """

    name: str
    values: np.ndarray | None
    fault: str = ""
    ignored: np.ndarray | None = None

    def filled(self, values: np.ndarray) -> Part:
        """The part with other values where they are ignored."""
        if self.values is None or self.ignored is None:
            return self
        return replace(self, values=np.where(self.ignored, values, self.values))


@dataclass(frozen=True, slots=True)
class Returned:
    """What was returned at one instance; no gradients where nobody can say what they are.

    `changed` are the arguments that the function wrote into, `differing` the results that a second run had otherwise
    (None: there was no second run).
    """

    output: Part
    gradients: tuple[Part, ...] | None
    changed: tuple[str, ...] = ()
    differing: tuple[str, ...] | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The output and whatever came with the gradients."""
        return (self.output, *(self.gradients or ()))


@dataclass(frozen=True, slots=True)
class Implementation:
    """Somebody's function of arrays of some framework, `asked` for or found, which lie in some layout.

    With a preset it is a library's function, or called as one.
    """

    name: str
    kind: Kind
    function: Function
    vjp: Function | None
    arrays: Framework
    forward_only: bool = False
    layout: AxisOrder = LEAN
    asked: str | None = None
    preset: Preset | None = None

    @property
    def library(self) -> str:
        """Whose exp and tanh it has."""
        return self.arrays.name.lower()

    @property
    def gradients(self) -> str:
        """Where the cotangents come from, or that they are not checked, and why."""
        if self.forward_only:
            return FORWARD_ONLY
        return "by its own vjp" if self.vjp else self.arrays.gradients

    @property
    def _own(self) -> Kind:
        """The kind as this function is called."""
        return self.layout.kind(self.kind)

    def at(self, call: KernelCall, twice: bool = False) -> Returned:
        """Call it, and where wanted a second time to see whether the results are the same bit for bit.

        Raises `WrongCall` where it raises.
        """
        found = self._once(call)
        return replace(found, differing=_differing(found, self._once(call))) if twice else found

    def _once(self, call: KernelCall) -> Returned:
        laid = self.layout.laid(call)
        given = self.arrays.given(laid)
        found = _named(self.name, self.function, *self._arguments(given))
        output = self._part(OUTPUT, found, laid, self._own.result, laid.cotangent)
        return Returned(output, self._gradients(laid, output), self._changed(laid, given))

    def _arguments(self, call: KernelCall) -> tuple[Any, ...]:
        return self._own.arguments(call.inputs, call.fixed)

    def _changed(self, laid: KernelCall, given: KernelCall) -> tuple[str, ...]:
        """The names of the arguments that are not what was given."""
        if not self.arrays.writable:
            return ()
        before, after = (_leaves(self._own.parameters, self._arguments(c)) for c in (laid, given))
        values = {name: (a.astype(np.float64), self.arrays.values(after[name])) for name, a in before.items()}
        return tuple(name for name, pair in values.items() if not np.array_equal(*pair, equal_nan=True))

    def _gradients(self, laid: KernelCall, output: Part) -> tuple[Part, ...] | None:
        if self.forward_only or not (self.vjp or self.arrays.pullback):
            return None
        if output.fault:
            return (Part("cotangents", None, f"no cotangents: {output.fault}"),)
        return self._by_own(laid, self.vjp) if self.vjp else self._by_framework(laid)

    def _by_own(self, laid: KernelCall, vjp: Function) -> tuple[Part, ...]:
        given, inputs = self.arrays.given(laid), self._own.inputs
        found = _named(f"the vjp of {self.name}", vjp, *self._arguments(given), given.cotangent)
        if not isinstance(found, tuple | list) or len(found) != len(inputs):
            count = counted(len(found), "cotangent") if isinstance(found, tuple | list) else f"a {type(found).__name__}"
            expected = f"a tuple of {len(inputs)}: {', '.join(inputs)}"
            return (Part("cotangents", None, f"the vjp returned {count}, expected {expected}"),)
        return self._cotangents(laid, found)

    def _by_framework(self, laid: KernelCall) -> tuple[Part, ...]:
        given, by = self.arrays.given(laid), self.arrays.pullback

        def pulled_back() -> tuple[Any, Any]:
            of_inputs = lambda inputs: self.function(*self._own.arguments(inputs, given.fixed))  # noqa: E731
            return self.arrays.pulled_back(of_inputs, given.inputs, given.cotangent)

        output, found = _named(f"{by} of {self.name}", pulled_back, source=self.function, advice=WITHOUT_GRADIENTS)
        # A rule of one's own computes the output a second time, and may compute another.
        again = self._part(f"{AGAIN}{by}", output, laid, self._own.result, laid.cotangent)
        return (again, *self._cotangents(laid, found))

    def _cotangents(self, laid: KernelCall, found: Any) -> tuple[Part, ...]:
        named = zip(self._own.inputs, self.kind.inputs, found, laid.inputs, strict=True)
        return tuple(self._part(f"cotangent of {n}", a, laid, f"that of {own}", like, own) for own, n, a, like in named)

    def _part(self, name: str, value: Any, laid: KernelCall, symbols: str, like: np.ndarray, of: str = "") -> Part:
        """The values of an array that has the shape and dtype of another, or what is wrong with it.

        They lie as Lean's do; `of` is the function's own name for the input whose cotangent it is.
        """
        expected, named = f"expected {symbols} = {like.shape} in {like.dtype.name}", _own_name(name, of)
        if not self.arrays.owns(value):
            return Part(name, None, f"{named} is a {type(value).__name__}, {expected}")
        try:
            shape, dtype = tuple(value.shape), self.arrays.dtype(value)
            if shape != like.shape:
                return Part(name, None, f"{named} has shape {shape}, {expected}")
            if dtype != like.dtype.name:
                return Part(name, None, f"{named} has dtype {dtype}, {expected}")
            values = self.arrays.values(value)
        except BaseException as why:  # an array's class may be somebody's own, and JAX may have deleted it
            passed_on(why)
            return Part(name, None, f"{named} cannot be read: {type(why).__name__}: {first_line(why)}")
        return Part(name, self.layout.back(laid, of, values))


def _own_name(name: str, of: str) -> str:
    return f"cotangent of {of}" if of else name


def _differing(first: Returned, second: Returned) -> tuple[str, ...]:
    """The names of what a second run of the same instance does not have bit for bit."""
    again = {part.name: _bits(part) for part in second.parts}
    return tuple(part.name for part in first.parts if again.get(part.name) != _bits(part))


def _bits(part: Part) -> tuple[str, bytes]:
    return part.fault, b"" if part.values is None else part.values.tobytes()


def _leaves(names: Sequence[str], arguments: Sequence[Any]) -> dict[str, Any]:
    """The arrays among a function's arguments, by their names; `context.q` is one inside another."""
    found = {}
    for name, argument in zip(names, arguments, strict=True):
        for path, leaf in jax.tree_util.tree_leaves_with_path(argument):
            found[f"{name}{jax.tree_util.keystr(path)}"] = leaf
    return {name: leaf for name, leaf in found.items() if not isinstance(leaf, float)}


def _named(name: str, function: Callable[..., Any], *arguments: Any, source: Any = None, advice: str = "") -> Any:
    """What a function returns; raises `WrongCall` with the function's name, its error and the line in its file."""
    try:
        return function(*arguments)
    except BaseException as why:  # who leaves in the middle has not conformed
        passed_on(why)
        place = next(_places(why, source or function), "")
        raise WrongCall(f"{name} raised {type(why).__name__}{place}: {first_line(why)}{advice}") from why


def _places(why: BaseException, function: Any) -> Iterator[str]:
    """Where in the function's own file it was raised, the innermost place first."""
    code = getattr(getattr(function, "__wrapped__", function), "__code__", None)
    for frame in reversed(traceback.extract_tb(why.__traceback__)):
        if code and frame.filename == code.co_filename:
            yield f" at {frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}"
