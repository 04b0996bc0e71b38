"""Arguments that can be told apart: a distinct marker for each Lean parameter, known again where it ends up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.linear_map import Identity, LinearMap
from mirror.spec.core.shape import size


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
    """A vector that is nothing but a name."""

    name: str
    shape: tuple[int, ...] = (_FITS,)


class Markers:
    """The markers of one evaluation: made for Lean parameters by name, and read back from what was built."""

    def __init__(self, scores: int) -> None:
        self._scores = scores
        self._names: list[str] = []
        self._vectors: list[str] = []

    def _nth(self, lean: str) -> int:
        if lean not in self._names:
            self._names.append(lean)
        return self._names.index(lean) + 1

    def number(self, lean: str) -> fmpq:
        """A rational number that no other parameter has."""
        return fmpq(1000 + self._nth(lean), 7)

    def scores(self, lean: str) -> np.ndarray:
        """A vector with one entry a score, all different, for a mask: the mirror reads its entries."""
        if lean not in self._vectors:
            self._vectors.append(lean)
        out = np.empty(self._scores, dtype=object)
        out[:] = [fmpq(1000 + self._nth(lean), 11 + 2 * i) for i in range(self._scores)]
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
        named = next((n for n in self._vectors if entries == list(self.scores(n))), None)
        return named or ("0" if all(entry == 0 for entry in entries) else f"a vector of {len(entries)} entries")

    def values(self) -> Mapping[str, fmpq]:
        """The numbers made so far, by Lean name."""
        return {name: self.number(name) for name in self._names}


def score_count(dims: Mapping[str, int]) -> int:
    """H·n·n, as far as the dimensions (under their Python names) say what H and n are."""
    from mirror.ops.attention.multi_head_self_attention import scores_shape

    return size(scores_shape(dims.get("seq_len", dims.get("n", 0)), dims.get("num_heads", 0)))
