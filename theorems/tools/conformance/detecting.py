"""Finding whose arrays a function takes: by calling it, with those of one library after the other."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from theorems.tools.conformance.frameworks import JAX, NUMPY, Framework
from theorems.tools.conformance.kinds import Function, KernelCall, Kind
from theorems.tools.conformance.target import WrongCall, passed_on

FRAMEWORKS = ("numpy", "jax", "torch")


def framework_of(name: str, kind: Kind, function: Function, call: KernelCall, asked: str | None = None) -> Framework:
    """The framework of the array that a function returns for arrays of NumPy, of torch or of JAX.

    torch is tried where something has imported it. A function that raises with all of them is called with JAX's, or
    with torch's where its module knows torch, and says then what is wrong. Raises `WrongCall` where it returns no
    array, and where the framework that is asked for is not installed.
    """
    tried = [_by_name(asked)] if asked else _candidates(function)
    for framework in tried:
        given = framework.given(call)
        try:
            found = function(*kind.arguments(given.inputs, given.fixed))
        except BaseException as why:
            passed_on(why)
        else:
            owner = _owner(name, tried, found, f"{kind.result} = {call.cotangent.shape}")
            return _settled(owner, kind, function, owner.given(call))
    return tried[-1]


def _settled(owner: Framework, kind: Kind, function: Function, given: KernelCall) -> Framework:
    return owner.settled(lambda inputs: function(*kind.arguments(inputs, given.fixed)), given.inputs)


def _owner(name: str, tried: Sequence[Framework], found: Any, expected: str) -> Framework:
    for framework in tried:
        if framework.owns(found):
            return framework
    whose = " or ".join(framework.name for framework in tried)
    raise WrongCall(f"{name} returns {_called(found)}, expected one array {expected} of {whose}")


def _called(value: Any) -> str:
    return f"a {type(value).__name__}" + (f" of {len(value)}" if isinstance(value, tuple | list | dict) else "")


def _candidates(function: Function) -> list[Framework]:
    """The frameworks to try; the last is the one to stay with where all fail."""
    if "torch" not in sys.modules:
        return [NUMPY, JAX]
    return [NUMPY, JAX, _torch()] if _knows_torch(function) else [NUMPY, _torch(), JAX]


def _knows_torch(function: Function) -> bool:
    names = getattr(inspect.unwrap(function), "__globals__", {}).values()
    return any((getattr(v, "__module__", None) or getattr(v, "__name__", "")).startswith("torch") for v in names)


def _by_name(name: str) -> Framework:
    return {"numpy": lambda: NUMPY, "jax": lambda: JAX, "torch": _torch}[name]()


def _torch() -> Framework:
    try:
        return import_module("theorems.tools.conformance.with_torch").Torch()
    except ModuleNotFoundError as why:
        raise WrongCall(f"torch is not installed: pip install torch ({why})") from why
