"""The maps that theorems speak of are those that their Lean names stand for.

A theorem about another map, with ε₁ and ε₂ exchanged for one, would be as true: its run cannot tell. So the graphs and
maps of its instances are held here to plain formulas.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mirror.arithmetic import BALL, Array, precision
from mirror.core.fderiv import eval_vec
from tests.ops import plain_norm
from tests.ops.plain_block import block, block_shapes, core_shapes, feed_forward, masked_core
from tests.ops.plain_graph import cut, joined, rows, same
from theorems.engine.asking import given
from theorems.engine.case import Case
from theorems.engine.draws import draws
from theorems.engine.registry import select
from theorems.engine.sizes import PROFILES
from theorems.engine.theorem import PRECISIONS, Theorem

INSTANCES = 5


def norm(m: int, n: int, eps: Any, x: Any) -> Array:
    """The 17 entries of a norm, from its three inputs."""
    matrix, gamma, beta = cut(plain_norm.shapes(m, n), x)
    return joined(plain_norm.entries(rows(matrix, m, n), gamma, beta, eps))


def core(case: Case, x: Any) -> Array:
    """The eight entries of the masked core, from its three inputs."""
    n, heads, d = case["n"], case["num_heads"], case["head_dim"]
    inputs = cut(core_shapes(n, heads, d), x)
    return joined([*inputs, *masked_core(n, heads, d, case["c"], list(case["bias"]), *inputs)])


def two_norms(case: Case, x: Any) -> Array:
    m, n = case["seq_len"], case["d_model"]
    first = norm(m, n, case["eps1"], case["attn_pack"](BALL, x))
    return norm(m, n, case["eps2"], case["ffn_pack"](BALL, first))


# What each theorem's graph or composite gives at x, with all that it saves.
SAID: dict[str, Callable[[Case, Any], Array]] = {
    "maskedCore_backpropVec_eq_adjoint_fderiv": core,
    "maskedCoreAfterProjection_hasFDerivAt": lambda c, x: core(c, c["project_pack"](BALL, x)),
    "projectedMasked*_hasFDerivAt": lambda c, x: c["merge_pack"](BALL, core(c, c["project_pack"](BALL, x))),
    "backprop_eq_adjoint_fderiv_layerNorm_at": lambda c, x: norm(c["m"], c["n"], c["eps"], x),
    "*ostNorm_backpropVec_eq_adjoint_fderiv_at": lambda c, x: norm(c["m"], c["n"], c["eps"], x),
    "residualThenPostNorm_hasFDerivAt": lambda c, x: norm(
        c["seq_len"], c["d_model"], c["eps"], c["residual_pack"](BALL, x)
    ),
    "*Block_hasFDerivAt": two_norms,
    "seqFfnResidual_backpropVec_eq_adjoint_fderiv": lambda c, x: joined(
        [x, *feed_forward(c["fc1"], list(c["b1"]), c["fc2"], list(c["b2"]), list(x))]
    ),
    "decoderCore_backpropVec_eq_adjoint_fderiv_at": lambda c, x: joined(
        block(c["dims"], c["parameters"], cut(block_shapes(c["dims"]), x))
    ),
}


def value(theorem: Theorem, case: Case) -> Array:
    """What the theorem's map gives at the instance's point."""
    if theorem.differentiates:
        return given(theorem.differentiates, case, BALL).f(BALL, case["x"])
    (run,) = theorem.graph_runs(case)
    return eval_vec(BALL, run.graph, run.x)


@pytest.mark.parametrize("name", SAID)
def test_a_theorem_speaks_of_the_map_that_its_name_stands_for(name: str) -> None:
    for theorem in select([f"*.{name}"]):
        for case in draws(theorem.instances(PROFILES["quick"].sizes), 1, INSTANCES):
            with precision(PRECISIONS[1]):
                same(value(theorem, case), SAID[name](case, case["x"]), theorem.name)
