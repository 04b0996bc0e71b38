"""Graphs with a node that has no derivative certificate where it is evaluated."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from mirror.arithmetic import rational_vector
from mirror.core.fderiv import ctx_size
from mirror.nodes.elementwise import ELEMWISE, INV, SQRT_CLAMP
from mirror.ops.norm.layer_norm import WHOLE_NODE
from mirror.spec.core.shape import size
from theorems.engine.case import Case
from theorems.engine.graphs import MISDECLARED, GraphSpec, NodeSpec
from theorems.engine.strategies.graph_points import norm_at_corner


def with_uncertified_node(draw: st.DrawFn, case: Case) -> Case:
    """The graph with one node more, which has no certificate at the input; x is 0 where that node wants it."""
    g, x = case["g"], case["x"]
    nonempty = [i for i, shape in enumerate(g.context) if size(shape)]
    if not nonempty:
        return case
    i = draw(st.sampled_from(nonempty))
    kind = draw(st.sampled_from((ELEMWISE, INV, SQRT_CLAMP, WHOLE_NODE)))
    if kind is ELEMWISE:
        return _with(case, NodeSpec(kind.name, (i,), {"f": next(iter(MISDECLARED))}), x)
    if kind is WHOLE_NODE:
        return _with_norm(draw, case)
    start = ctx_size(g.context[:i])
    place = draw(st.integers(start, start + size(g.context[i]) - 1))
    x = x.copy()
    x[place] = fmpq(0)
    return _with(case, NodeSpec(kind.name, (i,)), x)


def _with_norm(draw: st.DrawFn, case: Case) -> Case:
    """With a LayerNorm at var + ε = 0, of a matrix with at least one row of length 2, if the inputs have one."""
    context = case["g"].context
    wide = [inputs for inputs in WHOLE_NODE.reads(context) if context[inputs[0]][0] and context[inputs[0]][1] > 1]
    if not wide:
        return case
    return _with(case, norm_at_corner(draw(st.sampled_from(wide)), context, case["x"]), case["x"])


def _with(case: Case, last: NodeSpec, x: np.ndarray) -> Case:
    g: GraphSpec = case["g"]
    known = (*g.context, *g.build().saved)
    ones = [1] * size(last.build(known).shape)
    longer: dict[str, Any] = {"g": GraphSpec(g.context, (*g.nodes, last)), "x": x}
    return {**case, **longer, "seed": rational_vector([*case["seed"], *ones])}
