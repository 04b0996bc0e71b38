"""Claims about tensors and typed lists: the shapes agree, and so does every entry."""

from __future__ import annotations

from collections.abc import Iterator

from mirror.algebra.soundness import TList
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.evidence.verdicts import Claim, Equal, Holds


def same_tensor(label: str, left: Tensor, right: Tensor) -> Iterator[Claim]:
    """Two tensors have one shape and the same entries."""
    agree = left.shape == right.shape
    yield Holds(f"{label}: the shapes", agree, f"{left.shape} against {right.shape}", compared=0)
    yield Equal(label, left.entries, right.entries)


def same_list(label: str, left: TList, right: TList) -> Iterator[Claim]:
    """Two typed lists have one context and the same tensors."""
    agree = left.context == right.context
    yield Holds(f"{label}: the contexts", agree, f"{left.context} against {right.context}", compared=0)
    for k, (a, b) in enumerate(zip(left, right, strict=True)):
        yield from same_tensor(f"{label}, entry {k}", a, b)
