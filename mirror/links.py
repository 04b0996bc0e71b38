"""Which Lean declaration an object mirrors, said where the object is defined."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from operator import attrgetter
from typing import Any, TypeVar

from lean_refs import load_pin

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Link:
    """One counterpart: the full Lean name and the Python object's dotted place."""

    lean: str
    module: str
    qualname: str

    @property
    def python(self) -> str:
        """The counterpart's dotted Python name."""
        return f"{self.module}.{self.qualname}"

    @property
    def target(self) -> Any:
        """The counterpart itself; imports its module where nobody has."""
        return attrgetter(self.qualname)(import_module(self.module))


_LINKS: dict[str, Link] = {}


def mirrors(lean: str) -> Callable[[T], T]:
    """Say that the decorated object is the counterpart of the Lean declaration `lean`.

    Raises `LookupError` for a name that the pinned revision does not have, and `ValueError` for a
    declaration that already has a counterpart elsewhere.
    """

    def decorate(target: T) -> T:
        link_as(lean, target.__module__, target.__qualname__)  # type: ignore[attr-defined]
        return target

    return decorate


def link_as(lean: str, module: str, qualname: str) -> None:
    """Link a declaration to an object that cannot be decorated, such as a type alias."""
    if lean not in load_pin().declarations:
        how = f"bring it into scope: leanmirror pin --add {lean} --source DIR"
        raise LookupError(f"{lean} is not a declaration of the pinned TorchLean revision; {how}")
    link = Link(lean, module, qualname)
    if _LINKS.setdefault(lean, link) != link:
        raise ValueError(f"{lean} is mirrored twice: {_LINKS[lean].python} and {link.python}")


def linked() -> dict[str, Link]:
    """What has been linked so far; `mirror.rooms.links` imports every module first."""
    return _LINKS
