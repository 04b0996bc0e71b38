"""Typed lists of tensors over any scalars. Twin of `NN/Proofs/Autograd/Tape/Algebra/Soundness.lean`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mirror.arithmetic import Arithmetic
from mirror.links import mirrors
from mirror.spec.core.shape import Context
from mirror.spec.core.tensor.core import Tensor, fill
from mirror.spec.core.tensor_ops import add_spec


@mirrors("Proofs.Autograd.Algebra.TList")
@dataclass(frozen=True, slots=True, eq=False)
class TList:
    """A list of tensors whose shapes are the entries of a context."""

    tensors: tuple[Tensor, ...]

    @property
    def context(self) -> Context:
        """The shapes, in order."""
        return tuple(t.shape for t in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors)

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self.tensors)

    def __getitem__(self, i: int) -> Tensor:
        return self.tensors[i]


# Lean's `Algebra.TList.zero/add/snoc/unsnoc/cast`, which the pinned closure uses without naming them.


def zero(ar: Arithmetic, context: Context) -> TList:
    """The zero tensor at every entry."""
    return TList(tuple(fill(ar, 0, s) for s in context))


def add(a: TList, b: TList) -> TList:
    """Entrywise sum; raises `ValueError` for two contexts."""
    if a.context != b.context:
        raise ValueError(f"cannot add typed lists of contexts {a.context} and {b.context}")
    return TList(tuple(add_spec(x, y) for x, y in zip(a, b, strict=True)))


def snoc(xs: TList, t: Tensor) -> TList:
    """Append one tensor at the end."""
    return TList((*xs.tensors, t))


def unsnoc(xs: TList) -> tuple[TList, Tensor]:
    """Split off the last tensor; raises `ValueError` for the empty list."""
    if not len(xs):
        raise ValueError("the empty typed list has no last entry")
    return TList(xs.tensors[:-1]), xs[-1]


def cast(context: Context, xs: TList) -> TList:
    """The same list along an equality of contexts; raises `ValueError` where they differ."""
    if xs.context != context:
        raise ValueError(f"cannot cast a typed list of context {xs.context} to {context}")
    return xs
