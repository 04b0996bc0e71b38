"""Folds over all entries. Twin of `NN/Spec/Core/TensorReductionShape/Reductions.lean`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mirror.arithmetic import Arithmetic, Scalar
from mirror.links import mirrors
from mirror.spec.core.tensor.core import Tensor

B = TypeVar("B")


@mirrors("Spec.Tensor.tensorFoldlSpec")
def tensor_foldl_spec(f: Callable[[B, Scalar], B], init: B, t: Tensor) -> B:
    """Left fold over the entries in row-major order; `init` where there are none."""
    if not t.shape:
        return f(init, t.entries.reshape(-1)[0])
    return tensor_foldl_go(f, t.slices(), 0, init)


def tensor_foldl_go(f: Callable[[B, Scalar], B], values: list[Tensor], k: int, acc: B) -> B:
    """The fold's loop from outer position `k` on (Lean's `tensorFoldlSpec.go`, local to the fold)."""
    for t in values[k:]:
        acc = tensor_foldl_spec(f, acc, t)
    return acc


@mirrors("Spec.Tensor.sumSpec")
def sum_spec(ar: Arithmetic, t: Tensor) -> Scalar:
    """The sum of all entries; 0 for a tensor without entries."""
    return ar.sum(t.entries.reshape(-1), axis=0)
