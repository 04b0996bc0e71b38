"""Which context a vector of an instance lies in, and what the context's entries are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from mirror.core.fderiv import ctx_size
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.ops.transformer.decoder_block import context_decoder_core, saved_decoder_core
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.case import Case
from theorems.engine.graphs import GraphSpec

DECODER_INPUTS = ("Q", "Kᵀ", "V", "residual stream", "γ1", "β1", "γ2", "β2")
DECODER_RESULTS = (
    *("scores", "scaled scores", "biased scores", "probabilities", "heads' output", "merged heads"),
    *("attention residual", "first norm", "hidden, before GELU", "hidden", "projected", "feed-forward residual"),
    "second norm",
)


@dataclass(frozen=True, slots=True)
class NamedContext:
    """A context, with names for its entries where they have some."""

    context: Context
    names: tuple[str, ...] = ()

    def entries(self) -> Iterator[tuple[str, Shape, int]]:
        """What each entry is called, its shape, and where it starts in a context vector."""
        start = 0
        for k, shape in enumerate(self.context):
            name = f" ({self.names[k]})" if k < len(self.names) else ""
            yield f"entry {k}{name}", shape, start
            start += size(shape)

    def locate(self, position: int) -> str:
        """The entry that a flat position lies in, and its coordinate there; raises `IndexError` outside."""
        for name, shape, start in self.entries():
            if start <= position < start + size(shape):
                coordinate = [int(i) for i in np.unravel_index(position - start, shape)] if shape else []
                return f"{name} {shape}" + (f" at {coordinate}" if coordinate else "")
        raise IndexError(f"position {position} in a context vector of {ctx_size(self.context)} entries")


def context_of(case: Case, n: int) -> NamedContext | None:
    """The first context that the instance speaks of whose vectors have n > 0 entries."""
    return next((found for found in contexts_of(case) if n and ctx_size(found.context) == n), None)


def contexts_of(case: Case) -> Iterator[NamedContext]:
    """The contexts that an instance speaks of, the named ones first."""
    values = sorted(case.values(), key=lambda v: not isinstance(v, Dims))
    for value in values:
        yield from _of_value(value)
    # A context and what is saved after it, or stands between, are values of their own in some instances.
    contexts = [v for v in values if is_context(v)]
    yield from (NamedContext((*a, *b)) for a in contexts for b in contexts if a is not b)


def is_context(value: Any) -> bool:
    """Whether a value is a nonempty list of shapes."""
    return type(value) is tuple and bool(value) and all(isinstance(s, Shape) for s in value)


def _of_value(value: Any) -> Iterator[NamedContext]:
    match value:
        case Dims():
            inputs = context_decoder_core(value)
            yield NamedContext(inputs, DECODER_INPUTS)
            yield NamedContext((*inputs, *saved_decoder_core(value)), (*DECODER_INPUTS, *DECODER_RESULTS))
        case Idx():
            yield NamedContext(value.context)
        case GraphSpec():
            yield NamedContext(value.context)
            yield NamedContext((*value.context, *value.build().saved))
        case _ if is_context(value):
            yield NamedContext(value)
