"""What holds for small instances holds far out: late positions, long entries, many nodes and heads, all magnitudes.

Strategies draw small instances, on which a fault that begins at position 21 or at the ninth node cannot be seen. Each
definition is therefore held once, here, to plain offsets and loops well beyond what they draw.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from mirror.algebra.soundness import TList
from mirror.arithmetic import BALL, EXACT, precision
from mirror.core.fderiv import (
    backprop_vec,
    ctx_size,
    eval_vec,
    flatten_ctx,
    forward_vec,
    jvp_vec,
    node_jvp_vec,
    node_vjp_vec,
    of_vec_t,
    snoc_ctx,
    to_vec_t,
    unflatten_ctx,
    unsnoc_ctx,
)
from mirror.core.soundness import Idx, backprop_ctx, dot_list, eval_graph, get_idx, jvp_ctx
from mirror.core.soundness import single as single_entry
from mirror.dims import Dims
from mirror.linear_map import PositionWise, merge_heads
from mirror.nodes.arithmetic import ADD, MUL, SUB, affine, scale
from mirror.nodes.batched import MATMUL, heads, matmul, matmul_certificate, softmax_last, unheads
from mirror.nodes.context import get, get_clm, get_clm_raw, get_raw, single, single_raw
from mirror.nodes.elementwise import GELU, INV, SQRT_CLAMP, TANH
from mirror.nodes.graph_composition import append, graph_certificate_at, weaken_context
from mirror.nodes.matrix import broadcast_col, broadcast_row, row_mean
from mirror.nodes.softmax import deriv_mn, forward_mn, rows, unrows
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from mirror.ops.norm.layer_norm import Inputs, layer_norm_graph, whole_node
from mirror.ops.transformer.decoder_block import decoder_core_graph
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor.core import tensor
from mirror.spec.core.tensor_reduction_shape.shape_change import flatten_spec, unflatten_spec
from mirror.util.idx import last, weaken
from tests.nodes.plain_nodes import Probe, assert_node
from tests.nodes.test_batched import product
from tests.ops import plain_norm
from tests.ops.plain_block import block, block_shapes, masked_core
from tests.ops.plain_graph import cut, joined, same
from tests.ops.plain_graph import rows as as_rows
from tests.ops.transformer.test_decoder_block import parameters
from tests.plain import Numbers, assert_matrix, enclosed, numbers, plus, scattered, total, vector
from tests.plain import block as stretch
from tests.plain_graphs import run_plainly
from tests.plain_softmax import by_rows, softmax, softmax_jacobian
from theorems.engine.graphs import GraphSpec, NodeSpec
from theorems.engine.strategies.values import Fill

A = "Proofs.Autograd."
N = "Proofs.Autograd.TapeNodes."

# 48 entries of few shapes, so that every position has others of its shape far from it.
LONG = tuple(Shape(*s) for s in ((2,), (), (1, 2), (0,), (3,), (2,)) * 8)
POSITIONS = pytest.mark.parametrize("i", [0, 11, 20, 21, 22, 30, 40, 47])


def values(n: int, start: int = 1) -> Numbers:
    """Numbers that all differ."""
    return [Fraction((-1) ** k * (k + start), 1 + k % 3) for k in range(n)]


def entries(xs: TList) -> Numbers:
    return [q for t in xs for q in numbers(t.entries)]


def typed(context: Sequence[Shape], flat: Sequence[Any]) -> TList:
    return TList(tuple(tensor(s, stretch(tuple(context), i, flat)) for i, s in enumerate(context)))


# ---- late positions


@pytest.mark.lean(f"{A}Idx", f"{A}CtxVec.get", f"{A}CtxVec.getRaw", f"{A}CtxVec.getCLM", f"{A}CtxVec.getCLMRaw")
@POSITIONS
def test_a_late_block_is_read_at_its_offset(i: int) -> None:
    idx, x = Idx(LONG, i, LONG[i]), values(total(LONG))
    start, length = total(LONG[:i]), prod(LONG[i])
    assert (idx.start, idx.stop, idx.total) == (start, start + length, total(LONG))
    expected = x[start : start + length]
    assert numbers(get(idx, vector(x))) == numbers(get_raw(LONG, i, vector(x))) == expected
    for linear in (get_clm(idx), get_clm_raw(LONG, i)):
        assert numbers(linear(EXACT, vector(x))) == expected
        assert numbers(linear.adjoint(EXACT, vector(expected))) == scattered(LONG, i, expected)


@pytest.mark.lean(f"{A}CtxVec.single", f"{A}CtxVec.singleRaw", f"{A}TList.single", f"{A}getIdx")
@POSITIONS
def test_a_late_block_is_written_at_its_offset(i: int) -> None:
    idx, v = Idx(LONG, i, LONG[i]), values(prod(LONG[i]))
    expected = scattered(LONG, i, v)
    assert numbers(single(EXACT, idx, vector(v))) == numbers(single_raw(EXACT, LONG, i, vector(v))) == expected
    assert entries(single_entry(EXACT, idx, tensor(LONG[i], v))) == expected
    x = values(total(LONG))
    assert numbers(get_idx(typed(LONG, x), idx).entries) == stretch(LONG, i, x)


@pytest.mark.lean(f"{A}Idx.weaken", f"{A}Idx.last")
@POSITIONS
def test_a_late_index_keeps_its_position(i: int) -> None:
    longer = weaken(Idx(LONG, i, LONG[i]), LONG)
    assert (longer.i, longer.shape, longer.context) == (i, LONG[i], (*LONG, *LONG))
    end = last(LONG[:i], LONG[i:], LONG[i])
    assert (end.i, end.shape, end.context) == (len(LONG), LONG[i], (*LONG, LONG[i]))


@pytest.mark.lean(
    f"{A}ctxSize", f"{A}flattenCtx", f"{A}unflattenCtx", f"{A}TList.dotList", f"{A}snocCtx", f"{A}unsnocCtx"
)
def test_a_long_context_is_laid_end_to_end() -> None:
    x, y = values(total(LONG)), values(total(LONG), 5)
    xs = typed(LONG, x)
    assert ctx_size(LONG) == len(x)
    assert numbers(flatten_ctx(EXACT, xs)) == x
    apart = unflatten_ctx(LONG, vector(x))
    assert (apart.context, entries(apart)) == (LONG, x)
    assert numbers(dot_list(EXACT, xs, typed(LONG, y))) == [sum(a * b for a, b in zip(x, y, strict=True))]
    longer = snoc_ctx(EXACT, vector(x), vector(y[:2]))
    head, end = unsnoc_ctx(Shape(2), longer)
    assert (numbers(longer), numbers(head), numbers(end)) == (x + y[:2], x, y[:2])


# ---- long entries


@pytest.mark.lean("Spec.Tensor.flattenSpec", "Spec.Tensor.unflattenSpec", f"{A}toVecT", f"{A}ofVecT")
@pytest.mark.parametrize("shape", [(13,), (60,), (5, 7), (3, 5, 4), (2, 3, 4, 5)], ids=str)
def test_a_long_entry_is_read_row_major(shape: tuple[int, ...]) -> None:
    flat, places = values(prod(shape)), list(np.ndindex(*shape))
    t = tensor(Shape(*shape), flat)
    for made in (
        t,
        of_vec_t(Shape(*shape), vector(flat)),
        unflatten_spec(Shape(*shape), tensor(Shape(len(flat)), flat)),
    ):
        assert made.shape == shape
        assert [numbers(made.entries[place])[0] for place in places] == flat
    assert numbers(to_vec_t(t)) == numbers(flatten_spec(t).entries) == flat


@pytest.mark.lean(f"{N}Batched.heads", f"{N}Batched.unheads")
@pytest.mark.lean(f"{N}SoftmaxLastAxis.rows", f"{N}SoftmaxLastAxis.unrows")
@pytest.mark.parametrize(("m", "n"), [(1, 13), (13, 1), (6, 9)])
def test_many_long_rows_are_stretches(m: int, n: int) -> None:
    flat = values(m * n)
    for cut_up, joined_up in ((heads, unheads), (rows, unrows)):
        split = cut_up(m, n, vector(flat))
        assert [numbers(row) for row in split] == by_rows(n, flat)
        assert numbers(joined_up(m, n, split)) == flat


# ---- many nodes


def long_graph(count: int) -> GraphSpec:
    """Nodes that each read the one before and one far before, of four kinds in turn."""
    context = (Shape(2), Shape(2))
    kinds = (("add", {}), ("scale", {"c": fmpq(-1, 2)}), ("sub", {}), ("mul", {}))
    nodes = []
    for k in range(count):
        kind, given = kinds[k % 4] if k % 8 != 7 else kinds[0]
        nodes.append(NodeSpec(kind, (k + 1,) if kind == "scale" else (k + 1, k // 3), given))
    return GraphSpec(context, tuple(nodes))


@pytest.mark.lean(f"{A}Graph.eval", f"{A}Graph.jvpCtx", f"{A}Graph.backpropCtx")
@pytest.mark.lean(f"{A}Graph.evalVec", f"{A}Graph.jvpVec", f"{A}Graph.backpropVec")
def test_a_long_graph_runs_as_it_does_plainly() -> None:
    spec, x, dx = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)], values(4)
    graph, plainly = spec.build(), run_plainly(spec, x)
    everything = (*graph.context, *graph.saved)
    seed = values(total(everything))
    assert numbers(eval_vec(EXACT, graph, vector(x))) == plainly.values
    assert numbers(jvp_vec(EXACT, graph, vector(x), vector(dx))) == plainly.tangent(dx)
    assert numbers(backprop_vec(EXACT, graph, vector(x), vector(seed))) == plainly.pulled_back(seed)
    inputs = typed(graph.context, x)
    assert entries(eval_graph(EXACT, graph, inputs)) == plainly.values
    assert entries(jvp_ctx(EXACT, graph, inputs, typed(graph.context, dx))) == plainly.tangent(dx)
    assert entries(backprop_ctx(EXACT, graph, inputs, typed(everything, seed))) == plainly.pulled_back(seed)


@pytest.mark.lean(f"{A}DGraph.graphFDerivCorrectAtOfCorrect", f"{A}DGraph.snoc", f"{A}GraphFDerivCorrectAt")
def test_a_long_graph_certificate_has_each_nodes_derivative_at_its_values() -> None:
    spec, x = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)]
    dg, plainly = spec.certified(), run_plainly(spec, x)
    at = graph_certificate_at(EXACT, dg.hg, vector(x))
    assert len(at.nodes) == len(dg.g.nodes) == 20
    tangents, start = plainly.tangent([Fraction(1)] * 4), 4
    for hn, node in zip(at.nodes, dg.g.nodes, strict=True):
        assert hn.node is node
        assert numbers(hn.x) == plainly.values[:start]
        assert numbers(hn.deriv(EXACT, vector(tangents[:start]))) == tangents[start : start + 2]
        start += 2


@pytest.mark.lean(f"{A}DGraph.append", f"{A}DGraph.appendCore")
@pytest.mark.lean(f"{A}DGraph.weakenContext", f"{A}DGraph.weakenContextCore", f"{A}DGraph.weakenNodeMiddle")
def test_long_graphs_are_appended_and_weakened_whole() -> None:
    spec, x, extra = long_graph(20), [Fraction(1), Fraction(-2), Fraction(1, 2), Fraction(3)], (Shape(3), Shape())
    plainly = run_plainly(spec, x)
    seed, aside = values(len(plainly.duals)), values(4)
    first = GraphSpec(spec.context, spec.nodes[:6])
    everything = (*first.context, *first.build().saved)
    both = append(first.certified(), GraphSpec(everything, spec.nodes[6:]).certified())
    assert numbers(eval_vec(EXACT, both.g, vector(x))) == plainly.values
    assert numbers(backprop_vec(EXACT, both.g, vector(x), vector(seed))) == plainly.pulled_back(seed)
    longer = weaken_context(spec.certified(), extra)
    assert numbers(eval_vec(EXACT, longer.g, vector(x + aside))) == x + aside + plainly.values[4:]
    pulled = backprop_vec(EXACT, longer.g, vector(x + aside), vector(seed[:4] + aside + seed[4:]))
    assert numbers(pulled) == plainly.pulled_back(seed) + aside


# ---- many heads, rows and columns


def probe(context: Sequence[Shape]) -> Probe:
    n = total(tuple(context))
    return Probe(tuple(context), Fill("integers", 1), values(n), values(n, 4))


@pytest.mark.lean(f"{N}Batched.matmul", f"{N}Batched.matmulFderiv", f"{N}Batched.matmulBilin")
def test_many_heads_are_multiplied_each_by_its_own() -> None:
    h, m, n, p = 5, 4, 6, 5
    context = (Shape(h, n, p), Shape(h, m, n))
    at, a, b = probe(context), Idx(context, 1, context[1]), Idx(context, 0, context[0])
    u, v, du, dv = at.read(a), at.read(b), at.tangent(a), at.tangent(b)
    delta = values(h * m * p, 3)
    to_a = product(h, m, p, n, delta, turned(h, n, p, v))
    to_b = product(h, n, m, p, turned(h, m, n, u), delta)
    tangent = plus(product(h, m, n, p, u, dv), product(h, m, n, p, du, v))
    cotangent = plus(scattered(context, 1, to_a), scattered(context, 0, to_b))
    node = matmul(a, b)
    assert_node(node, at, (h, m, p), product(h, m, n, p, u, v), tangent, delta, cotangent)
    deriv = matmul_certificate(node).deriv(EXACT, vector(at.x))
    assert numbers(deriv(EXACT, vector(at.dx))) == tangent
    assert numbers(deriv.adjoint(EXACT, vector(delta))) == cotangent


def turned(h: int, m: int, n: int, a: Sequence[Any]) -> list[Any]:
    """h matrices m × n, each transposed."""
    return [a[(g * m + i) * n + j] for g in range(h) for j in range(n) for i in range(m)]


@pytest.mark.lean(f"{N}Batched.softmaxLast", f"{N}SoftmaxLastAxis.forwardMN", f"{N}SoftmaxLastAxis.derivMN")
def test_many_rows_are_normalised_each_by_itself() -> None:
    h, m, n = 4, 2, 5
    shape = Shape(h, m, n)
    x = [q / 20 for q in values(h * m * n)]
    with precision(256):
        expected = [y for row in by_rows(n, x) for y in softmax(row)]
        enclosed(forward_vec(BALL, softmax_last(Idx((shape,), 0, shape)), vector(x)), expected)
        enclosed(forward_mn(BALL, h * m, n, vector(x)), expected)
        ones = [sum(row, start=arb(0)) for r in by_rows(n, x) for row in softmax_jacobian(r)]
        enclosed(deriv_mn(BALL, h * m, n, vector(x))(BALL, vector([1] * len(x))), ones)


@pytest.mark.lean(f"{N}broadcastRow", f"{N}broadcastCol", f"{N}rowMean")
def test_a_large_matrix_is_broadcast_and_averaged() -> None:
    m, n = 6, 7
    context = (Shape(m), Shape(n), Shape(m, n))
    at = probe(context)
    i, j, ij = (Idx(context, k, s) for k, s in enumerate(context))
    delta = values(m * n, 2)
    by_row = by_rows(n, delta)
    assert_node(
        broadcast_row(i, n),
        at,
        (m, n),
        [q for q in at.read(i) for _ in range(n)],
        [q for q in at.tangent(i) for _ in range(n)],
        delta,
        scattered(context, 0, [sum(row, Fraction(0)) for row in by_row]),
    )
    columns = [sum((row[k] for row in by_row), Fraction(0)) for k in range(n)]
    assert_node(
        broadcast_col(j, m), at, (m, n), at.read(j) * m, at.tangent(j) * m, delta, scattered(context, 1, columns)
    )
    means, moved = ([sum(r, Fraction(0)) / n for r in by_rows(n, v)] for v in (at.read(ij), at.tangent(ij)))
    back = [q / n for q in delta[:m] for _ in range(n)]
    assert_node(row_mean(ij), at, (m,), means, moved, delta[:m], scattered(context, 2, back))


def test_many_heads_are_merged_each_in_its_place() -> None:
    h, p, d, out = 5, 2, 3, 2
    weight = values(out * h * d)
    merged = merge_heads(h, PositionWise(p, out, h * d, tuple(vector(weight))))

    def entry(i: int, j: int) -> Fraction | int:
        head, position, feature = np.unravel_index(j, (h, p, d))
        return weight[i % out * h * d + head * d + feature] if i // out == position else 0

    assert_matrix(merged, p * out, h * p * d, entry)


@pytest.mark.lean(f"{A}MultiHeadAttention.maskedCoreDGraph")
def test_every_head_and_row_of_a_large_core_is_its_own() -> None:
    n, h, d, c = 5, 5, 3, fmpq(1, 7)
    x = Fill("fractions", 3).vector(3 * h * n * d)
    bias = [fmpq(k % 11 - 5, 3) for k in range(h * n * n)]
    inputs = cut([(h, n, d), (h, d, n), (h, n, d)], x)
    with precision(320):
        found = eval_vec(BALL, masked_core_dgraph(n, h, d, c, bias).g, x)
        same(found, joined([*inputs, *masked_core(n, h, d, c, bias, *inputs)]))


@pytest.mark.lean(f"{A}LayerNorm.layerNormGraph")
def test_every_row_of_a_large_norm_is_its_own() -> None:
    m, n, eps = 6, 9, fmpq(1, 100)
    x, gamma, beta = Fill("fractions", 3).vector(m * n), list(vector(values(n))), list(vector(values(n, 2)))
    with precision(320):
        expected = plain_norm.entries(as_rows(x, m, n), gamma, beta, eps)
        same(eval_vec(BALL, layer_norm_graph(m, n, eps), joined(expected[:3])), joined(expected))


@pytest.mark.lean(f"{A}Transformer.decoderCoreGraph")
def test_a_large_block_computes_entry_by_entry() -> None:
    dims = Dims(seq_len=5, d_model=7, num_heads=5, head_dim=2, d_ff=6)
    p, shapes = parameters(dims, 2), block_shapes(dims)
    x = Fill("fractions", 4).vector(sum(prod(s) for s in shapes))
    with precision(320):
        same(eval_vec(BALL, decoder_core_graph(dims, p), x), joined(block(dims, p, cut(shapes, x))))


# ---- one entry read twice


@pytest.mark.lean(f"{N}Batched.matmul", f"{N}Batched.matmulFderiv", f"{N}add", f"{N}addFderiv")
@pytest.mark.lean(f"{N}sub", f"{N}subFderiv", f"{N}mul", f"{N}mulFderiv")
@pytest.mark.parametrize("kind", [ADD, SUB, MUL, MATMUL], ids=lambda kind: kind.name)
def test_one_entry_read_twice_collects_both_cotangents(kind: Any) -> None:
    """With the entry copied, the two readings are apart: the tangents agree, and the two cotangents add up."""
    shape = Shape(2, 3, 3)
    n = prod(shape)
    once, copied = (shape,), (shape, shape)
    both = kind.make((Idx(once, 0, shape), Idx(once, 0, shape)))
    apart = kind.make((Idx(copied, 0, shape), Idx(copied, 1, shape)))
    x, dx, delta = vector(values(n)), vector(values(n, 4)), vector(values(n, 9))
    xx, dd = np.concatenate([x, x]), np.concatenate([dx, dx])
    assert numbers(forward_vec(EXACT, both, x)) == numbers(forward_vec(EXACT, apart, xx))
    tangent = numbers(node_jvp_vec(EXACT, apart, xx, dd))
    back = numbers(node_vjp_vec(EXACT, apart, xx, delta))
    back = plus(back[:n], back[n:])
    assert numbers(node_jvp_vec(EXACT, both, x, dx)) == tangent
    assert numbers(node_vjp_vec(EXACT, both, x, delta)) == back
    deriv = kind.certificate(both).deriv(EXACT, x)
    assert numbers(deriv(EXACT, dx)) == tangent
    assert numbers(deriv.adjoint(EXACT, delta)) == back


@pytest.mark.lean(f"{A}LayerNorm.wholeNode", f"{A}LayerNorm.wholeNodeFDerivCorrectAt")
def test_a_norm_whose_shift_is_its_gain_collects_both_cotangents() -> None:
    m, n, eps = 2, 3, fmpq(1, 4)
    once, copied = (Shape(m, n), Shape(n)), (Shape(m, n), Shape(n), Shape(n))
    both = whole_node(Inputs(*(Idx(once, i, once[i]) for i in (0, 1, 1))), eps)
    apart = whole_node(Inputs(*(Idx(copied, i, copied[i]) for i in (0, 1, 2))), eps)
    x, dx, delta = values(m * n + n), values(m * n + n, 4), vector(values(m * n))
    xx, dd = vector(x + x[m * n :]), vector(dx + dx[m * n :])
    with precision(320):
        same(node_jvp_vec(BALL, both, vector(x), vector(dx)), node_jvp_vec(BALL, apart, xx, dd))
        to_x, to_gamma, to_beta = cut([tuple(s) for s in copied], node_vjp_vec(BALL, apart, xx, delta))
        same(node_vjp_vec(BALL, both, vector(x), delta), joined([to_x, plus(to_gamma, to_beta)]))


# ---- all magnitudes


MAGNITUDES = [fmpq(s) * fmpq(2) ** (2 * k) for k in (-200, -70, -36, -20, 20, 60, 200) for s in (1, -1)]


@pytest.mark.lean(f"{A}MultiHeadAttention.maskedCoreDGraph")
def test_a_bias_of_any_size_is_added_as_it_is() -> None:
    n = len(MAGNITUDES)
    bias = [MAGNITUDES[(i + j) % n] for i in range(n) for j in range(n)]
    graph = masked_core_dgraph(n, 1, 0, fmpq(1), bias).g
    assert list(graph.nodes[2].parameters["b"]) == bias
    scores = vector([0] * (2 * n * n))
    assert list(forward_vec(EXACT, graph.nodes[2], scores)) == bias


@pytest.mark.lean(f"{N}affine", f"{N}scale", f"{N}inv", f"{N}mul", f"{N}add", f"{N}sub")
@pytest.mark.parametrize("q", MAGNITUDES, ids=str)
def test_numbers_of_any_size_are_kept_exactly(q: fmpq) -> None:
    one = (Shape(1), Shape(1))
    a, b = Idx(one, 0, Shape(1)), Idx(one, 1, Shape(1))
    x = joined([[q, 1 / q]])
    found = {
        "weight": (affine(a, Shape(1), PositionWise(1, 1, 1, (q,)), joined([[fmpq(0)]])), q * q),
        "shift": (affine(a, Shape(1), PositionWise(1, 1, 1, (fmpq(1),)), joined([[1 / q]])), q + 1 / q),
        "scale": (scale(a, q), q * q),
        "inv": (INV.make((a,)), 1 / q),
        "add": (ADD.make((a, b)), q + 1 / q),
        "sub": (SUB.make((a, b)), q - 1 / q),
        "mul": (MUL.make((a, a)), q * q),
    }
    for name, (node, expected) in found.items():
        assert list(forward_vec(EXACT, node, x)) == [expected], name


def _root_slope(q: fmpq) -> Any:
    return 1 / (2 * arb(q).sqrt()) if q > 0 else fmpq(0)


def _gelu_slope(q: fmpq) -> arb:
    c, root = fmpq(44715, 10**6), (2 / arb.pi()).sqrt()
    t = (root * (q + c * q * q * q)).tanh()
    return (1 + t) / 2 + q * (1 - t * t) * root * (1 + 3 * c * q * q) / 2


SLOPES: dict[str, tuple[Any, Callable[[fmpq], Any]]] = {
    "sqrtClamp": (SQRT_CLAMP, _root_slope),
    "inv": (INV, lambda q: -1 / (q * q)),
    "tanh": (TANH, lambda q: 1 - arb(q).tanh() * arb(q).tanh()),
    "gelu": (GELU, _gelu_slope),
}


@pytest.mark.lean(f"{N}sqrtClamp", f"{N}inv", f"{N}tanh", f"{N}gelu")
@pytest.mark.lean("Activation.Math.tanhDerivSpec", "Activation.Math.geluDerivSpec")
@pytest.mark.parametrize("name", SLOPES)
def test_a_slope_is_its_formula_at_every_magnitude(name: str) -> None:
    kind, slope = SLOPES[name]
    shape = Shape(len(MAGNITUDES))
    node, x, ones = kind.make((Idx((shape,), 0, shape),)), joined([MAGNITUDES]), vector([1] * len(MAGNITUDES))
    with precision(2000):
        expected = [slope(q) for q in MAGNITUDES]
        same(node_jvp_vec(BALL, node, x, ones), joined([expected]), name)
        same(node_vjp_vec(BALL, node, x, ones), joined([expected]), name)
