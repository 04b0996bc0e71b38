"""Equation tests of the decoder block: contexts, indices, graphs and certificates.

Values are held to sums over indices (`tests.ops.plain_block`), entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from math import prod
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import BALL
from mirror.core.fderiv import NodeFDerivCorrectAt, ctx_size, eval_vec, forward_vec
from mirror.core.soundness import Graph, Idx
from mirror.core.vectorization import inner
from mirror.dims import Dims
from mirror.linear_map import PositionWise, scaled
from mirror.ops.norm.layer_norm import Inputs, whole_node_certificate_at
from mirror.ops.transformer import decoder_block as db
from mirror.ops.transformer.decoder_block import Parameters
from mirror.spec.core.shape import Shape
from tests.ops.plain_block import BLOCK_KINDS, block, block_shapes, core_shapes, masked_core
from tests.ops.plain_graph import check_graph, check_index, cut, joined, named, plain, same
from theorems.engine.evidence.derivatives import along
from theorems.engine.strategies.masks import MASKS, mask
from theorems.engine.strategies.values import Fill

T = "Proofs.Autograd.Transformer."
# All different, all one, and each dimension 0 in turn.
DIMS = (
    Dims(seq_len=3, d_model=4, num_heads=2, head_dim=1, d_ff=5),
    Dims(seq_len=2, d_model=3, num_heads=1, head_dim=2, d_ff=1),
    Dims(seq_len=1, d_model=1, num_heads=1, head_dim=1, d_ff=1),
    Dims(seq_len=0, d_model=2, num_heads=1, head_dim=2, d_ff=3),
    Dims(seq_len=2, d_model=0, num_heads=1, head_dim=2, d_ff=3),
    Dims(seq_len=2, d_model=3, num_heads=0, head_dim=2, d_ff=1),
    Dims(seq_len=2, d_model=3, num_heads=2, head_dim=0, d_ff=1),
    Dims(seq_len=2, d_model=3, num_heads=1, head_dim=2, d_ff=0),
    Dims(seq_len=0, d_model=0, num_heads=0, head_dim=0, d_ff=0),
)
EPS1 = fmpq(1, 9)
EVERY = tuple(
    Dims(seq_len=n, d_model=model, num_heads=heads, head_dim=d, d_ff=hidden)
    for n, model, heads, d, hidden in product((0, 1, 3), (0, 2), (0, 2), (0, 1), (0, 4))
)


def parameters(dims: Dims, seed: int, family: str = "random", eps1: fmpq = EPS1, mixing: bool = False) -> Parameters:
    """Random fixed arguments; the feed-forward maps keep positions apart or mix them."""
    fill = Fill("fractions", seed)
    n, model, hidden = dims.seq_len, dims.d_model, dims.d_ff

    def weight(rows: int, columns: int) -> PositionWise:
        if mixing:
            rows, columns = n * rows, n * columns
        return PositionWise(1 if mixing else n, rows, columns, tuple(fill.vector(rows * columns)))

    heads = dims.num_heads * n * dims.head_dim
    return Parameters(
        merge=PositionWise(1, n * model, heads, tuple(fill.vector(n * model * heads))),
        merge_bias=fill.vector(n * model),
        fc1=weight(hidden, model),
        b1=fill.vector(n * hidden),
        fc2=weight(model, hidden),
        b2=fill.vector(n * model),
        c=fmpq(-2, 5),
        eps1=eps1,
        eps2=fmpq(1, 13),
        bias=mask(family, fill, n, dims.num_heads).bias,
    )


def point(dims: Dims, seed: int, saved: int = 0) -> np.ndarray:
    return Fill("fractions", seed).vector(sum(prod(s) for s in block_shapes(dims, saved)))


def expected_entries(dims: Dims, p: Parameters, x: np.ndarray) -> list[list[Any]]:
    return block(dims, p, cut(block_shapes(dims), x))


# ---- contexts and indices


@pytest.mark.lean(f"{T}ΓDecoderCore", f"{T}ssDecoderCore")
def test_contexts() -> None:
    for dims in EVERY:
        n, model, heads, d, hidden = dims.seq_len, dims.d_model, dims.num_heads, dims.head_dim, dims.d_ff
        inputs = [(heads, n, d), (heads, d, n), (heads, n, d), (n, model), (model,), (model,), (model,), (model,)]
        assert plain(db.context_decoder_core(dims)) == inputs
        attention = [(heads, n, n)] * 4 + [(heads, n, d)]
        rest = [(n, model), (n, model), (n, model), (n, hidden), (n, hidden), (n, model), (n, model), (n, model)]
        assert plain(db.saved_decoder_core(dims)) == attention + rest
        # The table that the other tests read says the same.
        assert block_shapes(dims, 13) == inputs + attention + rest


INPUTS = (
    (pytest.mark.lean(f"{T}idxDecoderResidualInput"), db.idx_decoder_residual_input, 3),
    (pytest.mark.lean(f"{T}idxDecoderNorm1Gamma"), db.idx_decoder_norm1_gamma, 4),
    (pytest.mark.lean(f"{T}idxDecoderNorm1Beta"), db.idx_decoder_norm1_beta, 5),
    (pytest.mark.lean(f"{T}idxDecoderNorm2Gamma"), db.idx_decoder_norm2_gamma, 6),
    (pytest.mark.lean(f"{T}idxDecoderNorm2Beta"), db.idx_decoder_norm2_beta, 7),
)


@pytest.mark.parametrize(("index", "position"), [named(*row) for row in INPUTS])
def test_an_input_index_works_before_any_results(index: Callable[..., Idx], position: int) -> None:
    for dims in EVERY:
        inputs, others = block_shapes(dims), (Shape(dims.seq_len), Shape(), Shape(2, dims.d_ff))
        check_index(index(dims), position, inputs[position], inputs)
        check_index(index(dims, others), position, inputs[position], [*inputs, *others])


# Position, and how many of the 13 results its context holds.
RESULTS = (
    (pytest.mark.lean(f"{T}idxDecoderHeadOut"), db.idx_decoder_head_out, 12, 5),
    (pytest.mark.lean(f"{T}idxDecoderMergedAttention"), db.idx_decoder_merged_attention, 13, 6),
    (pytest.mark.lean(f"{T}idxDecoderResidualInputAfterMerge"), db.idx_decoder_residual_input_after_merge, 3, 6),
    (pytest.mark.lean(f"{T}idxDecoderAttentionResidual"), db.idx_decoder_attention_residual, 14, 7),
    (pytest.mark.lean(f"{T}idxDecoderNorm1Out"), db.idx_decoder_norm1_out, 15, 8),
    (pytest.mark.lean(f"{T}idxDecoderNorm1OutAfterFfn"), db.idx_decoder_norm1_out_after_ffn, 15, 11),
    (pytest.mark.lean(f"{T}idxDecoderFfnHiddenPre"), db.idx_decoder_ffn_hidden_pre, 16, 9),
    (pytest.mark.lean(f"{T}idxDecoderFfnHiddenAct"), db.idx_decoder_ffn_hidden_act, 17, 10),
    (pytest.mark.lean(f"{T}idxDecoderFfnProjected"), db.idx_decoder_ffn_projected, 18, 11),
    (pytest.mark.lean(f"{T}idxDecoderFfnResidual"), db.idx_decoder_ffn_residual, 19, 12),
)


@pytest.mark.parametrize(("index", "position", "saved"), [named(*row) for row in RESULTS])
def test_an_index_is_a_position_in_its_context(index: Callable[[Dims], Idx], position: int, saved: int) -> None:
    for dims in EVERY:
        context = block_shapes(dims, saved)
        check_index(index(dims), position, context[position], context)


NORMS = (
    (pytest.mark.lean(f"{T}decoderNorm1Inputs"), db.decoder_norm1_inputs, (14, 4, 5), 7),
    (pytest.mark.lean(f"{T}decoderNorm2Inputs"), db.decoder_norm2_inputs, (19, 6, 7), 12),
)


@pytest.mark.parametrize(("inputs", "positions", "saved"), [named(*row) for row in NORMS])
def test_a_norm_reads_its_three_inputs(inputs: Callable[[Dims], Inputs], positions: Any, saved: int) -> None:
    for dims in EVERY:
        found, context = inputs(dims), block_shapes(dims, saved)
        for idx, position in zip((found.x, found.gamma, found.beta), positions, strict=True):
            check_index(idx, position, context[position], context)


# ---- graphs


@pytest.mark.lean(f"{T}decoderMaskedCoreDGraph")
@pytest.mark.parametrize("dims", DIMS, ids=str)
def test_the_masked_core_runs_in_the_blocks_context(dims: Dims) -> None:
    p, x = parameters(dims, 1), point(dims, 2)
    dg = db.decoder_masked_core_dgraph(dims, p.c, p.bias)
    check_graph(dg.g, block_shapes(dims), BLOCK_KINDS[:5], block_shapes(dims, 5)[8:])
    inputs = cut(block_shapes(dims), x)
    core = masked_core(dims.seq_len, dims.num_heads, dims.head_dim, p.c, list(p.bias), *inputs[:3])  # type: ignore[arg-type]
    same(eval_vec(BALL, dg.g, x), joined([*inputs, *core]))
    for k, hn in enumerate(dg.hg.nodes):
        assert hn.node is dg.g.nodes[k]
        here, h = point(dims, 3, k), point(dims, 4, k)
        moved = along(lambda ar, z, node=hn.node: forward_vec(ar, node, z), here, h)
        same(hn.deriv(BALL, here)(BALL, h), moved, hn.node.kind)


@pytest.mark.lean(f"{T}decoderMaskedCoreDGraph")
def test_the_masked_core_does_not_read_the_extra_entries() -> None:
    dims = DIMS[0]
    dg = db.decoder_masked_core_dgraph(dims, fmpq(1), None)
    used = sum(prod(s) for s in core_shapes(3, 2, 1))
    x, other = point(dims, 1), point(dims, 2)
    other[:used] = x[:used]
    length = len(x)
    same(eval_vec(BALL, dg.g, x)[length:], eval_vec(BALL, dg.g, other)[length:])


Build = Callable[[Dims, Parameters], Graph]
GRAPHS: tuple[tuple[pytest.MarkDecorator, Build, int], ...] = (
    (pytest.mark.lean(f"{T}decoderAfterNorm1Graph"), db.decoder_after_norm1_graph, 8),
    (pytest.mark.lean(f"{T}decoderFfnResidualGraph"), db.decoder_ffn_residual_graph, 12),
    (pytest.mark.lean(f"{T}decoderCoreGraph"), db.decoder_core_graph, 13),
)
EVERY_GRAPH = pytest.mark.parametrize(("build", "count"), [named(*row) for row in GRAPHS])


@EVERY_GRAPH
def test_a_graph_is_its_nodes(build: Build, count: int) -> None:
    for dims in DIMS:
        p = parameters(dims, 3)
        graph = build(dims, p)
        check_graph(graph, block_shapes(dims), BLOCK_KINDS[:count], block_shapes(dims, count)[8:])
        fixed = {
            1: {"c": p.c},
            5: {"A": p.merge, "b": p.merge_bias},
            7: {"ε": p.eps1},
            8: {"A": p.fc1, "b": p.b1},
            10: {"A": p.fc2, "b": p.b2},
            12: {"ε": p.eps2},
        }
        for k, expected in fixed.items():
            if k < count:
                found = graph.nodes[k].parameters
                assert found.keys() == expected.keys()
                assert all(found[name] is value for name, value in expected.items())
        assert list(graph.nodes[2].parameters["b"]) == list(p.bias)  # type: ignore[arg-type]


@EVERY_GRAPH
@pytest.mark.parametrize("mixing", [False, True])
def test_a_graph_computes_entry_by_entry(build: Build, count: int, mixing: bool) -> None:
    for k, dims in enumerate(DIMS):
        p, x = parameters(dims, 10 + k, mixing=mixing), point(dims, 20 + k)
        same(eval_vec(BALL, build(dims, p), x), joined(expected_entries(dims, p, x)[: 8 + count]), str(dims))


@pytest.mark.lean(f"{T}decoderCoreGraph")
@pytest.mark.parametrize("family", MASKS)
def test_the_block_computes_under_every_mask(family: str) -> None:
    p, x = parameters(DIMS[0], 5, family), point(DIMS[0], 6)
    same(eval_vec(BALL, db.decoder_core_graph(DIMS[0], p), x), joined(expected_entries(DIMS[0], p, x)))


@pytest.mark.lean(f"{T}decoderCoreGraph")
def test_the_bias_is_zero_unless_given() -> None:
    dims, x = DIMS[1], point(DIMS[1], 6)
    given = parameters(dims, 5)
    without = Parameters(*(getattr(given, name) for name in Parameters.__dataclass_fields__ if name != "bias"))
    assert without.bias is None
    same(eval_vec(BALL, db.decoder_core_graph(dims, without), x), joined(expected_entries(dims, without, x)))


@pytest.mark.lean(f"{T}decoderCoreGraph")
def test_below_the_boundary_the_first_norm_is_beta() -> None:
    dims, x = DIMS[0], point(DIMS[0], 6)
    p = parameters(dims, 5, eps1=fmpq(-(10**6)))
    entries = cut(block_shapes(dims, 13), eval_vec(BALL, db.decoder_core_graph(dims, p), x))
    same(joined([entries[15]]), joined([entries[5] * 3]))
    same(joined(entries), joined(expected_entries(dims, p, x)))


# ---- certificates


def norm_certificates(dims: Dims, p: Parameters, x: np.ndarray) -> list[NodeFDerivCorrectAt]:
    """hNorm1 and hNorm2: the norms' certificates where the block evaluates them."""
    graph, everything = db.decoder_core_graph(dims, p), eval_vec(BALL, db.decoder_core_graph(dims, p), x)
    nodes = graph.nodes[7], graph.nodes[12]
    return [whole_node_certificate_at(BALL, node, everything[: ctx_size(node.context)]) for node in nodes]


def certificates(dims: Dims, p: Parameters, x: np.ndarray) -> tuple[Any, Any]:
    first, second = norm_certificates(dims, p, x)
    return (
        db.decoder_ffn_residual_certificate_at(BALL, dims, p, x, first),
        db.decoder_core_certificate_at(BALL, dims, p, x, first, second),
    )


@pytest.mark.lean(f"{T}decoderFfnResidualGraphFDerivCorrectAt", f"{T}decoderCoreGraphFDerivCorrectAt")
@pytest.mark.parametrize("dims", DIMS, ids=str)
def test_the_certificates_have_each_nodes_derivative_where_it_is_evaluated(dims: Dims) -> None:
    p, x = parameters(dims, 5), point(dims, 6)
    expected = expected_entries(dims, p, x)
    for certificate, count in zip(certificates(dims, p, x), (12, 13), strict=True):
        check_graph(certificate.graph, block_shapes(dims), BLOCK_KINDS[:count], block_shapes(dims, count)[8:])
        assert certificate.x is x
        assert len(certificate.nodes) == count
        for k, hn in enumerate(certificate.nodes):
            assert hn.node is certificate.graph.nodes[k]
            same(hn.x, joined(expected[: 8 + k]), f"point of node {k}")
            h, w = Fill("integers", 7).vector(len(hn.x)), Fill("integers", 8).vector(hn.deriv.codomain)
            moved = along(lambda ar, z, node=hn.node: forward_vec(ar, node, z), hn.x, h)
            same(hn.deriv(BALL, h), moved, f"derivative of node {k}")
            same(inner(BALL, h, hn.deriv.adjoint(BALL, w)), inner(BALL, moved, w), f"adjoint at node {k}")


@pytest.mark.lean(f"{T}decoderFfnResidualGraphFDerivCorrectAt", f"{T}decoderCoreGraphFDerivCorrectAt")
def test_the_certificates_take_the_norms_derivatives_from_their_hypotheses() -> None:
    dims, p, x = DIMS[1], parameters(DIMS[1], 5), point(DIMS[1], 6)
    genuine = norm_certificates(dims, p, x)
    claims = [scaled(fmpq(0), hn.deriv) for hn in genuine]
    first, second = (NodeFDerivCorrectAt(hn.node, hn.x, claim) for hn, claim in zip(genuine, claims, strict=True))
    assert db.decoder_ffn_residual_certificate_at(BALL, dims, p, x, first).nodes[7].deriv is claims[0]
    whole = db.decoder_core_certificate_at(BALL, dims, p, x, first, second)
    assert (whole.nodes[7].deriv, whole.nodes[12].deriv) == tuple(claims)
