"""Faults of attention, LayerNorm, the feed-forward sublayer and the decoder block."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from mirror.core.fderiv import NodeFDerivCorrectAt, backprop_vec, ctx_size, jvp_vec
from mirror.core.soundness import Idx
from mirror.linear_map import Identity, LinearFunction, scaled
from mirror.nodes import arithmetic, batched
from mirror.nodes.context import get, single
from mirror.nodes.elementwise import elemwise, sqrt_clamp
from mirror.nodes.graph_composition import nil, snoc
from mirror.nodes.matrix import row_mean, row_sum_clm
from mirror.ops.attention import masked_multi_head_self_attention as attention
from mirror.ops.attention.multi_head_self_attention import scores_shape
from mirror.ops.norm import layer_norm
from mirror.spec.core.shape import size
from mirror.util.idx import last
from tests.faults.fault import fault, node_fault, with_maps

_ATTENTION = "Proofs.Autograd.MultiHeadAttention."
_NORM = "Proofs.Autograd.LayerNorm."
_BLOCK = "Proofs.Autograd.Transformer."


def _core(order: str, value_index: int = 2) -> Any:
    """The masked core with its scale (s), bias (b) and softmax (p) nodes in another order."""

    def breaks(_: Any) -> Any:
        def core(n: int, num_heads: int, head_dim: int, c: fmpq, bias: Any = None) -> Any:
            context = attention.context_masked_core(n, num_heads, head_dim)
            scores = scores_shape(n, num_heads)
            q = attention.idx_masked_core_q(n, num_heads, head_dim)
            kt = attention.idx_masked_core_kt(n, num_heads, head_dim)
            dg = snoc(nil(context), batched.matmul_certificate(batched.matmul(q, kt)))
            for k, step in enumerate(order):
                at = last(context, (scores,) * k, scores)
                if step == "s":
                    node = arithmetic.scale_certificate(arithmetic.scale(at, c))
                elif step == "b":
                    vector = attention.score_bias(n, num_heads, bias)
                    shift = arithmetic.affine(at, scores, Identity(size(scores)), vector)
                    node = arithmetic.affine_certificate(shift)
                else:
                    node = batched.softmax_last_certificate(batched.softmax_last(at))
                dg = snoc(dg, node)
            everything = (*context, *(scores,) * 4)
            v = Idx(everything, value_index, everything[value_index])
            output = batched.matmul(last(context, (scores,) * 3, scores), v)
            return snoc(dg, batched.matmul_certificate(output))

        return core

    return breaks


def _swapped_keys(node: Any) -> Any:
    """Kᵀ read as K: the entry's memory taken in the order (n, d), in the value alone."""
    a, b = node.inputs
    (h, m, n), p = a.shape, b.shape[2]

    def forward(ar: Any, x: Any) -> Any:
        keys = get(b, x).reshape(h, p, n).swapaxes(1, 2).reshape(-1)
        return batched.batched_product(ar, h, m, n, p, get(a, x), keys)

    return forward


def _index(i: int) -> Any:
    """An index constant of the decoder block that points to entry i, of the same shape."""

    def breaks(original: Any) -> Any:
        def index(*args: Any, **kwargs: Any) -> Idx:
            right = original(*args, **kwargs)
            return Idx(right.context, i, right.context[i])

        return index

    return breaks


def _sees_the_future(original: Any) -> Any:
    def bias(n: int, num_heads: int, given: Any) -> Any:
        vector = original(n, num_heads, given)
        return vector.reshape(num_heads, n, n).swapaxes(1, 2).reshape(-1)

    return bias


def _unbiased(_: Any) -> Any:
    def node_var(m: int, n: int) -> Any:
        right = row_mean(layer_norm.idx_centered_sq(m, n))
        factor = fmpq(n, n - 1) if n > 1 else fmpq(1)
        linear = scaled(factor, right.parameters["linear"])
        idx = right.inputs[0]
        return with_maps(
            right,
            forward=lambda ar, x: linear(ar, get(idx, x)),
            jvp=lambda ar, x, dx: linear(ar, get(idx, dx)),
            vjp=lambda ar, x, delta: single(ar, idx, linear.apply_adjoint(ar, delta)),
        )

    return node_var


def _no_epsilon(original: Any) -> Any:
    return lambda m, n, eps: original(m, n, fmpq(0))


def _epsilon_outside(_: Any) -> Any:
    def node_std(m: int, n: int) -> Any:
        at = layer_norm.idx_var_eps(m, n)
        thousandth = fmpq(1, 1000)
        root = sqrt_clamp(at).parameters
        return elemwise(at, lambda ar, x: root["f"](ar, x) + ar.constant(thousandth), root["f'"])

    return node_std


def _mean_down_columns(_: Any) -> Any:
    def node_mean(m: int, n: int) -> Any:
        right = row_mean(layer_norm.idx_x(m, n))
        if m != n:
            return right
        idx = right.inputs[0]

        def flip(a: Any) -> Any:
            return a.reshape(m, n).swapaxes(0, 1).reshape(-1)

        linear = right.parameters["linear"]
        return with_maps(
            right,
            forward=lambda ar, x: linear(ar, flip(get(idx, x))),
            jvp=lambda ar, x, dx: linear(ar, flip(get(idx, dx))),
            vjp=lambda ar, x, delta: single(ar, idx, flip(linear.apply_adjoint(ar, delta))),
        )

    return node_mean


def _sign_flipped(_: Any) -> Any:
    def node_centered(m: int, n: int) -> Any:
        saved = layer_norm.saved_layer_norm(m, n)[:2]
        return arithmetic.sub(layer_norm.idx_mean_b(m, n), layer_norm.idx_x(m, n, saved))

    return node_centered


def _summed(original: Any) -> Any:
    return lambda m, n: row_sum_clm(m, n)


def _whole_node_without_beta(node: Any) -> Any:
    _, _, beta = node.inputs
    return lambda ar, x, delta: node.vec.vjp(ar, x, delta) - single(ar, beta, get(beta, node.vec.vjp(ar, x, delta)))


def _whole_node_swapped(node: Any) -> Any:
    _, gamma, beta = node.inputs

    def vjp(ar: Any, x: Any, delta: Any) -> Any:
        right = node.vec.vjp(ar, x, delta)
        to_gamma, to_beta = get(gamma, right), get(beta, right)
        change = single(ar, gamma, to_beta - to_gamma) + single(ar, beta, to_gamma - to_beta)
        return right + change

    return vjp


def _derivative_at_the_boundary(original: Any) -> Any:
    """The whole node with the 14-node graph's runs everywhere, also where Lean's fderiv is 0."""

    def whole_node(inputs: Any, eps: fmpq) -> Any:
        node = original(inputs, eps)
        m, n = inputs.x.shape
        pack, out = layer_norm.pack_inputs_clm(inputs), layer_norm.output_clm(m, n)
        graph = layer_norm.layer_norm_graph(m, n, eps)

        def jvp(ar: Any, x: Any, dx: Any) -> Any:
            tangents = jvp_vec(ar, graph, pack(ar, x), pack(ar, dx))
            return get(layer_norm.idx_y(m, n), tangents)

        def vjp(ar: Any, x: Any, delta: Any) -> Any:
            seed = out.apply_adjoint(ar, delta)
            return pack.apply_adjoint(ar, backprop_vec(ar, graph, pack(ar, x), seed))

        return with_maps(node, jvp=jvp, vjp=vjp)

    return whole_node


def _pack_swaps(original: Any) -> Any:
    def pack(inputs: Any) -> Any:
        return original(replace(inputs, gamma=inputs.beta, beta=inputs.gamma))

    return pack


def _pack_adjoint_keeps_x_only(original: Any) -> Any:
    def pack(inputs: Any) -> Any:
        right = original(inputs)
        mat = size(inputs.x.shape)
        return LinearFunction(right.domain, right.codomain, right.apply, lambda ar, w: single(ar, inputs.x, w[:mat]))

    return pack


def _first_norm_eps_twice(original: Any) -> Any:
    def graph(dims: Any, p: Any) -> Any:
        return original(dims, replace(p, eps2=p.eps1))

    return graph


def _merge_bias_lost(original: Any) -> Any:
    def graph(dims: Any, p: Any) -> Any:
        return original(dims, replace(p, merge_bias=p.merge_bias * 0))

    return graph


def _certificate_of_zero(_: Any) -> Any:
    def certificate(ar: Any, node: Any, x: Any) -> Any:
        n, m = ctx_size(node.context), size(node.shape)
        zero = LinearFunction(n, m, lambda ar, v: ar.zeros(m), lambda ar, w: ar.zeros(n))
        return NodeFDerivCorrectAt(node, x, zero)

    return certificate


_MASKED = "ops.attention.masked_multi_head_self_attention"
_LN = "ops.norm.layer_norm"
_DECODER = "ops.transformer.decoder_block"

FAULTS = (
    fault(
        "attention: swapped Kᵀ",
        "Proofs.Autograd.TapeNodes.Batched.matmul",
        "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
        "nodes.batched:matmul",
        node_fault(forward=_swapped_keys),
    ),
    fault(
        "attention: bias before the scale",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("bsp"),
    ),
    fault(
        "attention: bias after the softmax",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("spb"),
    ),
    fault(
        "attention: Q in place of V",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:masked_core_dgraph",
        _core("sbp", value_index=0),
    ),
    fault(
        "attention: mask transposed",
        _ATTENTION + "maskedCoreDGraph",
        "tests.ops.attention.test_masked_multi_head_self_attention::test_the_core_is_five_nodes",
        f"{_MASKED}:score_bias",
        _sees_the_future,
    ),
    fault(
        "residual index off",
        _BLOCK + "idxDecoderResidualInputAfterMerge",
        "tests.ops.transformer.test_decoder_block::test_an_index_is_a_position_in_its_context",
        f"{_DECODER}:idx_decoder_residual_input_after_merge",
        _index(13),
    ),
    fault(
        "γ1 off by one",
        _BLOCK + "idxDecoderNorm1Gamma",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm1_gamma",
        _index(5),
    ),
    fault(
        "β1 off by one",
        _BLOCK + "idxDecoderNorm1Beta",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm1_beta",
        _index(6),
    ),
    fault(
        "γ1 for γ2",
        _BLOCK + "idxDecoderNorm2Gamma",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm2_gamma",
        _index(4),
    ),
    fault(
        "β1 for β2",
        _BLOCK + "idxDecoderNorm2Beta",
        "tests.ops.transformer.test_decoder_block::test_an_input_index_works_before_any_results",
        f"{_DECODER}:idx_decoder_norm2_beta",
        _index(5),
    ),
    fault(
        "second residual skips the first norm",
        _BLOCK + "idxDecoderNorm1OutAfterFfn",
        "tests.ops.transformer.test_decoder_block::test_an_index_is_a_position_in_its_context",
        f"{_DECODER}:idx_decoder_norm1_out_after_ffn",
        _index(14),
    ),
    fault(
        "LayerNorm: unbiased variance",
        _NORM + "nodeVar",
        "tests.ops.norm.test_layer_norm::test_a_node_reads_and_computes",
        f"{_LN}:node_var",
        _unbiased,
    ),
    fault(
        "LayerNorm: ε forgotten",
        _NORM + "nodeVarEps",
        "tests.ops.norm.test_layer_norm::test_a_node_reads_and_computes",
        f"{_LN}:node_var_eps",
        _no_epsilon,
    ),
    fault(
        "LayerNorm: ε outside the root",
        _NORM + "nodeStd",
        "tests.ops.norm.test_layer_norm::test_a_node_reads_and_computes",
        f"{_LN}:node_std",
        _epsilon_outside,
    ),
    fault(
        "LayerNorm: mean over the wrong axis",
        _NORM + "nodeMean",
        "tests.ops.norm.test_layer_norm::test_a_node_reads_and_computes",
        f"{_LN}:node_mean",
        _mean_down_columns,
    ),
    fault(
        "LayerNorm: mean minus x",
        _NORM + "nodeCentered",
        "tests.ops.norm.test_layer_norm::test_a_node_reads_and_computes",
        f"{_LN}:node_centered",
        _sign_flipped,
    ),
    fault(
        "row mean undivided",
        "Proofs.Autograd.TapeNodes.MatrixLinear.rowMeanCLM",
        "tests.nodes.test_matrix::test_row_sums_and_means",
        "nodes.matrix:row_mean_clm",
        _summed,
    ),
    fault(
        "whole norm: β's cotangent lost",
        _NORM + "wholeNode",
        "Proofs.Autograd.Node.correct_inner",
        f"{_LN}:whole_node",
        node_fault(vjp=_whole_node_without_beta),
    ),
    fault(
        "whole norm: γ's and β's cotangents swapped",
        _NORM + "wholeNode",
        "Proofs.Autograd.Node.correct_inner",
        f"{_LN}:whole_node",
        node_fault(vjp=_whole_node_swapped),
    ),
    fault(
        "whole norm: a derivative where there is none",
        _NORM + "wholeNode",
        "tests.ops.norm.test_layer_norm_whole_node::test_jvp_and_vjp_are_the_derivative_and_its_adjoint",
        f"{_LN}:whole_node",
        _derivative_at_the_boundary,
    ),
    fault(
        "whole norm: γ and β packed in the wrong order",
        _NORM + "packInputsCLM",
        "tests.ops.norm.test_layer_norm_whole_node::test_packing_reads_the_three_in_order",
        f"{_LN}:pack_inputs_clm",
        _pack_swaps,
    ),
    fault(
        "whole norm: only x's cotangent unpacked",
        _NORM + "packInputsCLM",
        "Proofs.Autograd.Node.correct_inner",
        f"{_LN}:pack_inputs_clm",
        _pack_adjoint_keeps_x_only,
    ),
    fault(
        "whole norm: certificate of zero",
        _NORM + "wholeNodeFDerivCorrectAt",
        "tests.ops.norm.test_layer_norm_whole_node::test_the_certificate_is_the_derivative_at_its_point",
        f"{_LN}:whole_node_certificate_at",
        _certificate_of_zero,
    ),
    fault(
        "ε1 for ε2",
        _BLOCK + "decoderCoreGraph",
        "tests.ops.transformer.test_decoder_block::test_a_graph_is_its_nodes",
        f"{_DECODER}:decoder_core_graph",
        _first_norm_eps_twice,
    ),
    fault(
        "merge bias lost",
        _BLOCK + "decoderCoreGraph",
        "tests.ops.transformer.test_decoder_block::test_a_graph_is_its_nodes",
        f"{_DECODER}:decoder_core_graph",
        _merge_bias_lost,
    ),
)
