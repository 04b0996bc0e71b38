"""Faults of LayerNorm: its fourteen nodes, and the whole norm as one node."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from mirror.core.fderiv import NodeFDerivCorrectAt, backprop_vec, ctx_size, jvp_vec
from mirror.linear_map import LinearFunction, scaled
from mirror.nodes import arithmetic
from mirror.nodes.context import get, single
from mirror.nodes.elementwise import elemwise, sqrt_clamp
from mirror.nodes.matrix import row_mean, row_sum_clm
from mirror.ops.norm import layer_norm
from mirror.spec.core.shape import size
from tests.faults.fault import fault, node_fault, with_maps

_NORM = "Proofs.Autograd.LayerNorm."
_LN = "ops.norm.layer_norm"


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


def _certificate_of_zero(_: Any) -> Any:
    def certificate(ar: Any, node: Any, x: Any) -> Any:
        n, m = ctx_size(node.context), size(node.shape)
        zero = LinearFunction(n, m, lambda ar, v: ar.zeros(m), lambda ar, w: ar.zeros(n))
        return NodeFDerivCorrectAt(node, x, zero)

    return certificate


FAULTS = (
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
)
