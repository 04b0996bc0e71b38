"""The three linear maps of the block as a user has them: the same weights at every position, or any matrix."""

from __future__ import annotations

from dataclasses import dataclass

from mirror.arithmetic import Arithmetic, Array
from mirror.jit.formulas import transposed


@dataclass(frozen=True, slots=True)
class RowWise:
    """`x ↦ x W` at every position; `weight` is (in, out)."""

    weight: Array

    def apply(self, ar: Arithmetic, x: Array) -> Array:
        return ar.matmul(x, self.weight)

    def apply_adjoint(self, ar: Arithmetic, g: Array) -> Array:
        return ar.matmul(g, transposed(self.weight))


@dataclass(frozen=True, slots=True)
class MergeHeads:
    """Heads [.., H, n, d] side by side at every position, times `weight` (H, d, D)."""

    weight: Array

    def _flat(self) -> Array:
        heads, dim, model = self.weight.shape
        return self.weight.reshape(heads * dim, model)

    def apply(self, ar: Arithmetic, heads: Array) -> Array:
        *batch, _, n, _ = heads.shape
        rows = heads.swapaxes(-3, -2).reshape(*batch, n, self.weight.shape[0] * self.weight.shape[1])
        return ar.matmul(rows, self._flat())

    def apply_adjoint(self, ar: Arithmetic, g: Array) -> Array:
        rows = ar.matmul(g, transposed(self._flat()))
        return rows.reshape(*g.shape[:-1], *self.weight.shape[:2]).swapaxes(-3, -2)


@dataclass(frozen=True, slots=True)
class AnyMap:
    """Any matrix (out, in) between flattened arrays: it may mix positions, as the theorem's maps may."""

    matrix: Array
    domain: tuple[int, ...]
    codomain: tuple[int, ...]

    def apply(self, ar: Arithmetic, x: Array) -> Array:
        return _on_flat(ar, x, transposed(self.matrix), len(self.domain), self.codomain)

    def apply_adjoint(self, ar: Arithmetic, g: Array) -> Array:
        return _on_flat(ar, g, self.matrix, len(self.codomain), self.domain)


def _on_flat(ar: Arithmetic, x: Array, matrix: Array, axes: int, out: tuple[int, ...]) -> Array:
    batch = x.shape[: len(x.shape) - axes]
    rows = x.reshape(*batch, 1, matrix.shape[0])
    return ar.matmul(rows, matrix).reshape(*batch, *out)
