"""Finding somebody's function by MODULE:FUNCTION, and what can be wrong with such a name."""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from threading import current_thread, main_thread
from typing import Any

from theorems.tools.conformance.kinds import Kind


class WrongCall(ValueError):
    """Nothing can be examined; the message says what was wrong and what would be right."""


def passed_on(why: BaseException) -> None:
    """Raise what somebody's code raised where it is an interrupt or a signal, which is ours to answer.

    Python raises these in its main thread alone. Everything else is the code's own fault, also where it is no
    `Exception`: a kernel may leave by `sys.exit`.
    """
    if isinstance(why, KeyboardInterrupt) and current_thread() is main_thread():
        raise why


def message(why: BaseException) -> str:
    """What an error says; one of somebody's own may raise when it is asked."""
    try:
        return str(why)
    except BaseException as other:
        passed_on(other)
        return f"(its message raises {type(other).__name__})"


def first_line(why: BaseException) -> str:
    """What was raised, in one line; JAX says more in further ones."""
    return next((line.strip().rstrip(".") for line in message(why).splitlines() if line.strip()), "")


def load(target: str, kind: Kind, vjp: bool = False) -> Callable[..., Any]:
    """The function that MODULE:FUNCTION names, imported as `python -m` would, the current folder included.

    Raises `WrongCall` where there is none, or where it cannot be called as the kind asks.
    """
    return checked(target, found_at(target, kind.name), kind, vjp)


def found_at(target: str, example: str) -> Any:
    """What MODULE:FUNCTION names; raises `WrongCall`, with an example of such a name, where there is nothing."""
    module, colon, path = target.partition(":")
    if not (module and colon and path):
        raise WrongCall(f"{target!r} is not MODULE:FUNCTION, such as kernels:{example}")
    value: Any = _imported(module)
    for name in path.split("."):
        try:
            value = getattr(value, name)
        except AttributeError as why:
            called = f"{name!r} is not an attribute of {_called(value)}"
            raise WrongCall(f"{module} has no {path!r}: {called}") from why
        except BaseException as why:  # modules that import lazily do it here
            raise _unobtainable(target, why) from why
    return value


def _unobtainable(name: str, why: BaseException) -> WrongCall:
    passed_on(why)
    return WrongCall(f"cannot get {name}: {type(why).__name__}: {message(why)}")


def checked(target: str, value: Any, kind: Kind, vjp: bool = False) -> Callable[..., Any]:
    """The value, which must be a function with the kind's arguments; raises `WrongCall`."""
    return bound(target, value, kind.signature(vjp), (*kind.parameters, *(["cotangent"] * vjp)))


def bound(
    target: str, value: Any, expected: str, arguments: Iterable[Any], keywords: Iterable[str] = ()
) -> Callable[..., Any]:
    """The value, which must be a function that can be called with these arguments; raises `WrongCall`."""
    if not callable(value):
        raise WrongCall(f"{target} is a {type(value).__name__}, expected a function {expected}")
    try:
        signature = inspect.signature(value)
    except (ValueError, TypeError):  # compiled functions may not tell, or tell what is no signature
        return value
    try:
        signature.bind(*arguments, **dict.fromkeys(keywords))
    except TypeError as why:
        raise WrongCall(f"{target} takes ({', '.join(signature.parameters)}), expected {expected}: {why}") from why
    return value


def _imported(name: str) -> Any:
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        return import_module(name)
    except BaseException as why:
        passed_on(why)
        if isinstance(why, ModuleNotFoundError) and why.name and f"{name}.".startswith(f"{why.name}."):
            raise WrongCall(f"no module is called {name!r}, here or in what is installed: {message(why)}") from why
        raise WrongCall(f"cannot import {name}: {type(why).__name__}: {message(why)}") from why


def _called(value: Any) -> str:
    return f"the module {value.__name__}" if inspect.ismodule(value) else getattr(value, "__name__", repr(value))


def own_vjp(target: str, function: object, kind: Kind) -> Callable[..., Any] | None:
    """The function's attribute `vjp`, where it has one; raises `WrongCall` where that cannot be called as one."""
    try:
        vjp = getattr(function, "vjp", None)
    except BaseException as why:
        raise _unobtainable(f"{target}.vjp", why) from why
    return None if vjp is None else checked(f"{target}.vjp", vjp, kind, vjp=True)
