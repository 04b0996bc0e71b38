"""Names for functions that are made inside others, as tracebacks and profiles show them."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

# Code under another name, by the identity of the code that was renamed, which the entry keeps alive. Not by the code
# itself: that is slow to compare, and code in two files may be equal. A graph names some hundred functions.
_RENAMED: dict[tuple[int, str, str], tuple[CodeType, CodeType]] = {}


def named(function: F, owner: str, role: str) -> F:
    """The same function under the name `owner.role`, as in `affine.vjp`; one that stands in a module keeps its own.

    A copy: somebody else may have the function too.
    """
    local: Any = function
    if type(local) is not FunctionType or "<" not in local.__qualname__:
        return function
    code = local.__code__
    entry = _RENAMED.get((id(code), owner, role)) or _renamed(code, owner, role)
    local = FunctionType(entry[1], local.__globals__, None, local.__defaults__, local.__closure__)
    local.__kwdefaults__ = function.__kwdefaults__
    return local


def _renamed(code: CodeType, owner: str, role: str) -> tuple[CodeType, CodeType]:
    name = f"{owner}.{role}"
    return _RENAMED.setdefault((id(code), owner, role), (code, code.replace(co_name=name, co_qualname=name)))
