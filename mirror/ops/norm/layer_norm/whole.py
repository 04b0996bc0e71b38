"""LayerNorm as one node of another graph."""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import CtxVec, backprop_vec, eval_vec, jvp_vec
from mirror.core.soundness import Node
from mirror.core.vectorization import Vec
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, Parameter
from mirror.nodes.context import get, node_of_vec
from mirror.ops.norm.layer_norm.certificates import whole_node_certificate_at
from mirror.ops.norm.layer_norm.context import mat_shape
from mirror.ops.norm.layer_norm.graph import layer_norm_graph
from mirror.ops.norm.layer_norm.indices import idx_var_eps, idx_y
from mirror.ops.norm.layer_norm.inputs import Inputs, norm_inputs, output_clm, pack_inputs_clm
from mirror.util.idx import weaken


@mirrors("Proofs.Autograd.LayerNorm.wholeNode")
def whole_node(inputs: Inputs, eps: fmpq) -> Node:
    """LayerNorm as one node, with Lean's jvp and vjp: `fderiv` of its forward map, and the adjoint.

    The map is differentiable iff var + ε ≠ 0 in every row of length 2 or more; where it is not,
    Mathlib's `fderiv` is 0 and so are jvp and vjp, for all rows and β included. Where it is, they
    are the runs of the 14-node graph, which `wholeNodeFDerivCorrectAt` says are the derivative
    (a row with var + ε < 0 is locally constant β, and the graph's declared derivatives give that).
    """
    m, n = inputs.x.shape
    graph = layer_norm_graph(m, n, eps)
    var_eps = weaken(idx_var_eps(m, n), graph.saved[6:])
    pack, out = pack_inputs_clm(inputs), output_clm(m, n)

    def forward(ar: Arithmetic, x: CtxVec) -> Vec:
        return get(idx_y(m, n), eval_vec(ar, graph, pack(ar, x)))

    def zero_at_boundary(ar: Arithmetic, x: CtxVec, derivative: Vec) -> Vec:
        if n < 2:  # a row of length 0 or 1 has variance 0 everywhere: y is β whatever ε is
            return derivative
        return ar.keep_if_nonzero(derivative, get(var_eps, eval_vec(ar, graph, x)))

    def jvp(ar: Arithmetic, x: CtxVec, dx: CtxVec) -> Vec:
        packed = pack(ar, x)
        tangents = jvp_vec(ar, graph, packed, pack(ar, dx))
        return zero_at_boundary(ar, packed, get(idx_y(m, n), tangents))

    def vjp(ar: Arithmetic, x: CtxVec, delta: Vec) -> CtxVec:
        packed = pack(ar, x)
        cotangent = backprop_vec(ar, graph, packed, out.apply_adjoint(ar, delta))
        return pack.apply_adjoint(ar, zero_at_boundary(ar, packed, cotangent))

    return node_of_vec(
        inputs.x.context,
        mat_shape(m, n),
        forward,
        jvp,
        vjp,
        kind="wholeNode",
        inputs=(inputs.x, inputs.gamma, inputs.beta),
        parameters={"ε": eps},
    )


WHOLE_NODE = NodeKind.of(
    "wholeNode",
    whole_node,
    reads=norm_inputs,
    gather=Inputs,
    parameters={"ε": Parameter.EPSILON},
    local_certificate=whole_node_certificate_at,
)
