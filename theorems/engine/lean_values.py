"""What a theorem's `in_lean` makes of an instance: values that Lean takes in a form which they do not show themselves.

The text runs on them. Everything else of an instance goes to Lean by its name, its kind, or what types tell.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mirror.arithmetic import Array, Scalar


@dataclass(frozen=True, slots=True, eq=False)
class OnNumbers:
    """A function of the mirror that acts entry by entry: in Lean ℝ → ℝ."""

    function: Callable[..., Array]


@dataclass(frozen=True, slots=True, eq=False)
class OnVectors:
    """A function of the mirror of one or more vectors of these lengths, which gives one of length `result`."""

    function: Callable[..., Array]
    lengths: tuple[int, ...]
    result: int


@dataclass(frozen=True, slots=True)
class ListOfNumbers:
    """A list of numbers, which in an instance looks like a context: in Lean `List ℝ`."""

    entries: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, eq=False)
class FoldStep:
    """A step of a fold from `start`: in Lean α → ℝ → α, where α is the type of `start`."""

    function: Callable[[Any, Scalar], Any]
    start: Any


@dataclass(frozen=True, slots=True)
class ProofOf:
    """A proof whose binder has no type written: of what `definition` wants as its parameter of that name."""

    definition: str
    parameter: str
