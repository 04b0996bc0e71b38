"""Arguments that can be told apart: a distinct marker for each Lean parameter, known again where it ends up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.linear_map import Identity, LinearMap
from theorems.tools.output.counted import counted


class _Fitting(int):
    """A dimension that fits every other.

    Which marker stands where is compared, and the shapes around it are too; its own size adds nothing.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int)

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = int.__hash__


_FITS = _Fitting()


@dataclass(frozen=True)
class MarkedMap(LinearMap):
    """A linear map that is nothing but a name; it cannot be applied."""

    name: str
    domain: int = _FITS  # type: ignore[override]
    codomain: int = _FITS  # type: ignore[override]

    def apply(self, ar: Arithmetic, v: Array) -> Array:
        raise TypeError(f"the marker {self.name} stands for a linear map and is not one")

    def apply_adjoint(self, ar: Arithmetic, w: Array) -> Array:
        return self.apply(ar, w)


@dataclass(frozen=True)
class MarkedVector:
    """A vector that is a name, and its entries where the mirror reads them: then `read` has the name."""

    name: str
    entries: np.ndarray
    read: list[str]
    shape: tuple[int, ...] = (_FITS,)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The entries (numpy's protocol), which tell this vector from the others once its name is gone."""
        self.read.append(self.name)
        return self.entries


class Markers:
    """The markers of one evaluation: made for Lean parameters by name, and read back from what was built.

    `entries` is the length of a vector whose entries the mirror reads: a mask, with one for each score.
    """

    def __init__(self, entries: int) -> None:
        self._entries = entries
        self._names: list[str] = []
        self._read: list[str] = []

    def _nth(self, lean: str) -> int:
        if lean not in self._names:
            self._names.append(lean)
        return self._names.index(lean) + 1

    def number(self, lean: str) -> fmpq:
        """A rational number that no other parameter has."""
        return fmpq(1000 + self._nth(lean), 7)

    def vector(self, lean: str) -> MarkedVector:
        """A vector with entries that no other parameter has."""
        return MarkedVector(lean, self._vector(lean), self._read)

    def _vector(self, lean: str) -> np.ndarray:
        out = np.empty(self._entries, dtype=object)
        out[:] = [fmpq(1000 + self._nth(lean), 11 + 2 * i) for i in range(self._entries)]
        return out

    def name_of(self, value: Any) -> str:
        """The Lean name of what was found as a parameter of a node, or what it is instead."""
        if isinstance(value, MarkedMap | MarkedVector):
            return value.name
        if isinstance(value, Identity):
            return "1"
        if isinstance(value, np.ndarray):
            return self._name_of_vector(value)
        named = next((n for n in self._names if isinstance(value, fmpq) and value == self.number(n)), None)
        return named or f"{value}"

    def _name_of_vector(self, value: np.ndarray) -> str:
        entries = list(value)
        named = next((n for n in self._read if entries == list(self._vector(n))), None)
        return named or (
            "0" if all(entry == 0 for entry in entries) else f"a vector of {counted(len(entries), 'entry')}"
        )

    def values(self) -> Mapping[str, fmpq]:
        """The numbers made so far, by Lean name."""
        return {name: self.number(name) for name in self._names}
