"""Numbers and typed lists to compute with, all different."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from mirror.algebra.soundness import TList
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from tests.plain import Numbers, numbers
from tests.plain import block as stretch


def values(n: int, start: int = 1) -> Numbers:
    """Numbers that all differ."""
    return [Fraction((-1) ** k * (k + start), 1 + k % 3) for k in range(n)]


def entries(xs: TList) -> Numbers:
    return [q for t in xs for q in numbers(t.entries)]


def typed(context: Sequence[Shape], flat: Sequence[Any]) -> TList:
    return TList(tuple(tensor(s, stretch(tuple(context), i, flat)) for i, s in enumerate(context)))
