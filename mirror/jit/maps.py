"""The three linear maps of the block as a user has them: the same weights at every position, or any matrix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from mirror.jit.arrays import A
from mirror.jit.formulas import transposed
from mirror.jit.numbers import Numbers

if TYPE_CHECKING:
    from jaxtyping import Shaped


@dataclass(frozen=True, slots=True)
class RowWise(Generic[A]):
    """`x ↦ x W` at every position."""

    weight: Shaped[A, "inputs outputs"]

    def apply(self, ar: Numbers[A], x: Shaped[A, "*B inputs"]) -> Shaped[A, "*B outputs"]:
        return ar.matmul(x, self.weight)

    def apply_adjoint(self, ar: Numbers[A], g: Shaped[A, "*B outputs"]) -> Shaped[A, "*B inputs"]:
        return ar.matmul(g, transposed(self.weight))


@dataclass(frozen=True, slots=True)
class MergeHeads(Generic[A]):
    """Heads side by side at every position, times `weight`."""

    weight: Shaped[A, "H d D"]

    def _flat(self) -> Shaped[A, "Hd D"]:
        heads, dim, model = self.weight.shape
        return self.weight.reshape(heads * dim, model)

    def apply(self, ar: Numbers[A], heads: Shaped[A, "*B H n d"]) -> Shaped[A, "*B n D"]:
        *batch, _, n, _ = heads.shape
        rows = heads.swapaxes(-3, -2).reshape(*batch, n, self.weight.shape[0] * self.weight.shape[1])
        return ar.matmul(rows, self._flat())

    def apply_adjoint(self, ar: Numbers[A], g: Shaped[A, "*B n D"]) -> Shaped[A, "*B H n d"]:
        rows = ar.matmul(g, transposed(self._flat()))
        return rows.reshape(*g.shape[:-1], *self.weight.shape[:2]).swapaxes(-3, -2)


@dataclass(frozen=True, slots=True)
class AnyMap(Generic[A]):
    """Any matrix between flattened arrays: it may mix positions, as the theorem's maps may."""

    matrix: Shaped[A, "outputs inputs"]
    domain: tuple[int, ...]
    codomain: tuple[int, ...]

    def apply(self, ar: Numbers[A], x: Shaped[A, "*inputs"]) -> Shaped[A, "*outputs"]:
        return _on_flat(ar, x, transposed(self.matrix), len(self.domain), self.codomain)

    def apply_adjoint(self, ar: Numbers[A], g: Shaped[A, "*outputs"]) -> Shaped[A, "*inputs"]:
        return _on_flat(ar, g, self.matrix, len(self.codomain), self.domain)


def _on_flat(
    ar: Numbers[A], x: Shaped[A, "*inputs"], matrix: Shaped[A, "m k"], axes: int, out: tuple[int, ...]
) -> Shaped[A, "*outputs"]:
    batch = x.shape[: len(x.shape) - axes]
    rows = x.reshape(*batch, 1, matrix.shape[0])
    return ar.matmul(rows, matrix).reshape(*batch, *out)
