"""Which context a vector of an instance lies in, and what the context's entries are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from mirror.core.fderiv import ctx_size
from mirror.core.soundness import Graph, Idx
from mirror.dims import Dims
from mirror.ops.attention.masked_multi_head_self_attention import context_masked_core, saved_masked_core
from mirror.ops.norm.layer_norm import context_ln, saved_layer_norm
from mirror.ops.transformer.decoder_block import context_decoder_core, saved_decoder_core
from mirror.ops.transformer.feed_forward import context_seq_ffn, saved_seq_ffn_residual
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.case import Case
from theorems.engine.graphs import GraphSpec
from theorems.tools.output.counted import counted

DECODER_INPUTS = ("Q", "Kᵀ", "V", "residual stream", "γ1", "β1", "γ2", "β2")
DECODER_RESULTS = (
    *("scores", "scaled scores", "biased scores", "probabilities", "heads' output", "merged heads"),
    *("attention residual", "first norm", "hidden, before GELU", "hidden", "projected", "feed-forward residual"),
    "second norm",
)
NORM_INPUTS = ("X", "γ", "β")
NORM_RESULTS = (
    *("mean", "mean in each column", "centered", "centered²", "variance", "variance + ε", "standard deviation"),
    *("1/std", "1/std in each column", "normalized", "γ in each row", "scaled", "β in each row", "y"),
)
FEED_FORWARD_INPUTS = ("input",)
FEED_FORWARD_RESULTS = (*DECODER_RESULTS[8:11], "residual sum")


@dataclass(frozen=True, slots=True)
class NamedContext:
    """A context, with names for its entries where they have some; `first` is what its first entry is counted as."""

    context: Context
    names: tuple[str, ...] = ()
    first: int = 0

    def entries(self) -> Iterator[tuple[str, Shape, int]]:
        """What each entry is called, its shape, and where it starts in a context vector."""
        start = 0
        for k, shape in enumerate(self.context):
            name = f" ({self.names[k]})" if k < len(self.names) else ""
            yield f"entry {self.first + k}{name}", shape, start
            start += size(shape)

    def entry(self, k: int) -> str:
        """What entry k is called, and its shape."""
        name, shape, _ = next(islice(self.entries(), k, None))
        return f"{name} {shape}"

    def locate(self, position: int) -> str:
        """The entry that a flat position lies in, and its coordinate there; raises `IndexError` outside."""
        for name, shape, start in self.entries():
            if start <= position < start + size(shape):
                coordinate = [int(i) for i in np.unravel_index(position - start, shape)] if shape else []
                return f"{name} {shape}" + (f" at {coordinate}" if coordinate else "")
        raise IndexError(f"position {position} in a context vector of {counted(ctx_size(self.context), 'entry')}")


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


def named_graph(case: Case, graph: Graph) -> NamedContext:
    """The inputs and results of a graph that an instance runs, with their names where the instance says what it is."""
    everything = (*graph.context, *graph.saved)
    known = [*contexts_of(case), *_of_dimensions(case)]
    return next((found for found in known if found.names and found.context == everything), NamedContext(everything))


def _of_dimensions(case: Case) -> Iterator[NamedContext]:
    """The graph that an instance names by its dimensions alone: inputs, then inputs and results."""
    match case:
        case {"m": m, "n": n, "eps": _}:
            yield from _of_graph(context_ln(m, n), NORM_INPUTS, saved_layer_norm(m, n), NORM_RESULTS)
        case {"n": n, "num_heads": h, "head_dim": d}:
            inputs, saved = context_masked_core(n, h, d), saved_masked_core(n, h, d)
            yield from _of_graph(inputs, DECODER_INPUTS[:3], saved, DECODER_RESULTS[:5])
        case {"seq_len": n, "d_model": d, "d_ff": f}:
            inputs, saved = context_seq_ffn(n, d), saved_seq_ffn_residual(n, d, f)
            yield from _of_graph(inputs, FEED_FORWARD_INPUTS, saved, FEED_FORWARD_RESULTS)
        case {"seq_len": n, "d_model": d}:
            yield from _of_graph(context_ln(n, d), NORM_INPUTS, saved_layer_norm(n, d), NORM_RESULTS)


def _of_graph(
    inputs: Context, names: tuple[str, ...], saved: Context, result_names: tuple[str, ...]
) -> Iterator[NamedContext]:
    yield NamedContext(inputs, names)
    yield NamedContext((*inputs, *saved), (*names, *result_names))


def is_context(value: Any) -> bool:
    """Whether a value is a nonempty list of shapes."""
    return type(value) is tuple and bool(value) and all(isinstance(s, Shape) for s in value)


def _of_value(value: Any) -> Iterator[NamedContext]:
    match value:
        case Dims():
            saved = saved_decoder_core(value)
            yield from _of_graph(context_decoder_core(value), DECODER_INPUTS, saved, DECODER_RESULTS)
        case Idx():
            yield NamedContext(value.context)
        case GraphSpec():
            yield NamedContext(value.context)
            yield NamedContext((*value.context, *value.build().saved))
        case _ if is_context(value):
            yield NamedContext(value)
