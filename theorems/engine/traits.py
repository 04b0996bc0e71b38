"""What an instance is like, in words that can be counted: its dimensions, mask, values, ε, and what it is active in.

Counted over many instances they are a theorem's shares. All but the activity is read off the instance; that costs a
run of its own, so it is measured on a sample: the instances whose digest falls into one part of `SAMPLED`.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np
from flint import fmpq

from mirror.algebra.soundness import TList
from mirror.core.soundness import Idx
from mirror.dims import Dims
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import Tensor
from theorems.engine.case import FAMILIES as DRAWN_FROM
from theorems.engine.case import Case
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.reacting import reacts
from theorems.engine.theorem import Theorem

SAMPLED = 4
MEASURED, EVERY_INPUT, IN_SOME = "measured", "active in every input", "active in some input"
ACTIVE_IN = "active in "
# Each dimension of an instance is counted, and of an enclosed one the power of ten that its widest enclosure is above.
DIMENSION, WIDTH = "dimension: ", "width: "
LARGE = 4  # no dimension of a quick instance is larger but where it is stretched


def seen(case: Case) -> Iterator[str]:
    """What can be read off an instance."""
    dims = list(_dimensions(case))
    if dims:
        yield from (text for text, holds in _sizes(dims) if holds)
    yield from (f"{key}: {case[key]}" for key in DRAWN_FROM if isinstance(case.get(key), str))
    epsilons = set(_epsilons(case))
    signs = {"ε < 0": any(e < 0 for e in epsilons), "ε = 0": 0 in epsilons, "ε > 0": any(e > 0 for e in epsilons)}
    yield from (sign for sign, occurs in signs.items() if occurs)


def _sizes(dims: list[int]) -> Iterator[tuple[str, bool]]:
    yield "a dimension 0", 0 in dims
    yield "every dimension ≥ 2", min(dims) >= 2
    yield f"a dimension > {LARGE}", max(dims) > LARGE


def _dimensions(case: Case) -> Iterator[int]:
    """The dimensions that an instance names, or those of the shapes that it is about."""
    named = ("m", "n", "h", "num_heads", "head_dim", "seq_len", "d_model", "d_ff")
    if isinstance(dims := case.get("dims"), Dims):
        yield from (dims.seq_len, dims.d_model, dims.num_heads, dims.head_dim, dims.d_ff)
    elif any(type(case.get(name)) is int for name in named):
        yield from (case[name] for name in named if type(case.get(name)) is int)
    else:
        shapes = [n for value in case.values() for n in _of_shapes(value)]
        yield from shapes or (len(v) for v in case.values() if isinstance(v, np.ndarray) and v.ndim == 1)


def _of_shapes(value: Any) -> Iterator[int]:
    match value:
        case Shape():
            yield from value
        case GraphSpec():
            yield from _of_shapes(value.context)
        case tuple() if value and all(isinstance(s, Shape) for s in value):
            yield from (n for shape in value for n in shape)
        case Tensor():
            yield from value.shape
        case Idx() | TList():
            yield from _of_shapes(value.context)


def _epsilons(case: Case) -> Iterator[fmpq]:
    yield from (case[name] for name in ("eps", "eps1", "eps2") if name in case)
    if isinstance(p := case.get("parameters"), Parameters):
        yield from (p.eps1, p.eps2)
    nodes = case.get("node", ())
    graphs = [value for value in case.values() if isinstance(value, GraphSpec)]
    for spec in (*(nodes if isinstance(nodes, tuple) else (nodes,)), *(n for g in graphs for n in g.nodes)):
        if isinstance(spec, NodeSpec) and "ε" in spec.parameters:
            yield spec.parameters["ε"]


def dimensions(case: Case) -> Iterator[str]:
    """Each dimension of an instance, as often as it has it."""
    yield from (f"{DIMENSION}{n}" for n in _dimensions(case))


def widths(width: float) -> Iterator[str]:
    """The order of magnitude of an instance's widest enclosure; nothing where all was rational."""
    if 0 < width < math.inf:
        yield f"{WIDTH}{math.floor(math.log10(width))}"


def measured(theorem: Theorem, case: Case) -> dict[str, int]:
    """1 for all that an instance is active in, 0 for the rest; nothing of a theorem of which none can be active.

    Where the theorem has no derivative, it is active if it reacts to a change of a value.
    """
    if theorem.never_active:
        return {}
    inputs = theorem.active_inputs(case)
    if inputs is None:
        moves = int(reacts(theorem, case))
        return {MEASURED: 1, EVERY_INPUT: moves, IN_SOME: moves}
    named = {f"{ACTIVE_IN}{name}": int(moves) for name, moves in inputs.items() if name in theorem.inputs}
    every = bool(inputs) and all(inputs.values())
    return {MEASURED: 1, EVERY_INPUT: int(every), IN_SOME: int(any(inputs.values())), **named}


def traits(theorem: Theorem, case: Case, digest: bytes) -> Counter[str]:
    """All that is counted of an instance, its family first; measured where its digest says so."""
    found = Counter([str(theorem.family), *seen(case), *dimensions(case)])
    if digest[0] % SAMPLED == 0:
        found.update(measured(theorem, case))
    return found
