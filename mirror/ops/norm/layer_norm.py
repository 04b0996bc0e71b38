"""LayerNorm as a graph of 14 nodes, and as one whole node inside another graph.

Twin of `NN/Proofs/Autograd/Tape/Ops/Norm/LayerNorm.lean`. Per row of an m × n matrix:
y = (x - mean)·(√max(var + ε, 0))⁻¹·γ + β, with the biased variance, 0⁻¹ = 0, and any real ε.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import (
    CtxVec,
    GraphFDerivCorrectAt,
    NodeFDerivCorrectAt,
    backprop_vec,
    ctx_size,
    eval_vec,
    jvp_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Graph, Idx, Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, Parameter, node_certificate_at
from mirror.nodes.arithmetic import add, mul, sub
from mirror.nodes.context import get, get_clm, node_of_vec, single
from mirror.nodes.elementwise import (
    elemwise,
    inv,
    sqrt_clamp,
)
from mirror.nodes.matrix import (
    broadcast_col,
    broadcast_row,
    row_mean,
)
from mirror.spec.core.shape import Context, Shape, size
from mirror.util.idx import last, weaken


@mirrors("Proofs.Autograd.LayerNorm.MatShape")
def mat_shape(m: int, n: int) -> Shape:
    """[m, n]."""
    return Shape(m, n)


@mirrors("Proofs.Autograd.LayerNorm.VecShape")
def vec_shape(k: int) -> Shape:
    """[k]."""
    return Shape(k)


@mirrors("Proofs.Autograd.LayerNorm.ΓLN")
def context_ln(m: int, n: int) -> Context:
    """The inputs: X [m, n], γ [n], β [n]."""
    return (mat_shape(m, n), vec_shape(n), vec_shape(n))


@mirrors("Proofs.Autograd.LayerNorm.ssPrefix6")
def saved_prefix6(m: int, n: int) -> Context:
    """mean, mean broadcast, centered, centered², variance, variance + ε (positions 3 to 8)."""
    vec, mat = vec_shape(m), mat_shape(m, n)
    return (vec, mat, mat, mat, vec, vec)


@mirrors("Proofs.Autograd.LayerNorm.ssPrefix7")
def saved_prefix7(m: int, n: int) -> Context:
    """`saved_prefix6`, then the standard deviation (position 9)."""
    return (*saved_prefix6(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.ssLayerNorm")
def saved_layer_norm(m: int, n: int) -> Context:
    """`saved_prefix7`, then 1/std, its broadcast, normalized, γ and scaled, β and y (positions 10 to 16)."""
    mat = mat_shape(m, n)
    return (*saved_prefix7(m, n), vec_shape(m), mat, mat, mat, mat, mat, mat)


def _before(m: int, n: int, k: int) -> Context:
    """The first k saved shapes: what the (k + 1)-th node finds after the three inputs."""
    return saved_layer_norm(m, n)[:k]


@mirrors("Proofs.Autograd.LayerNorm.idxX")
def idx_x(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 0: X."""
    return Idx((*context_ln(m, n), *saved), 0, mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxGamma")
def idx_gamma(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 1: γ."""
    return Idx((*context_ln(m, n), *saved), 1, vec_shape(n))


@mirrors("Proofs.Autograd.LayerNorm.idxBeta")
def idx_beta(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 2: β."""
    return Idx((*context_ln(m, n), *saved), 2, vec_shape(n))


# ---- the graph, node by node


@mirrors("Proofs.Autograd.LayerNorm.nodeMean")
def node_mean(m: int, n: int) -> Node:
    """The mean of each row of X."""
    return row_mean(idx_x(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g1")
def g1(m: int, n: int) -> Graph:
    """The graph up to the mean."""
    return Graph.nil(context_ln(m, n)).snoc(node_mean(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxMean")
def idx_mean(m: int, n: int) -> Idx:
    """Index 3: the mean."""
    return last(context_ln(m, n), _before(m, n, 0), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.nodeMeanB")
def node_mean_b(m: int, n: int) -> Node:
    """The mean, constant along each row."""
    return broadcast_row(idx_mean(m, n), n)


@mirrors("Proofs.Autograd.LayerNorm.g2")
def g2(m: int, n: int) -> Graph:
    """The graph up to the broadcast mean."""
    return g1(m, n).snoc(node_mean_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxMeanB")
def idx_mean_b(m: int, n: int) -> Idx:
    """Index 4: the broadcast mean."""
    return last(context_ln(m, n), _before(m, n, 1), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeCentered")
def node_centered(m: int, n: int) -> Node:
    """X minus its row means."""
    return sub(idx_x(m, n, _before(m, n, 2)), idx_mean_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g3")
def g3(m: int, n: int) -> Graph:
    """The graph up to the centered matrix."""
    return g2(m, n).snoc(node_centered(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxCentered")
def idx_centered(m: int, n: int) -> Idx:
    """Index 5: the centered matrix."""
    return last(context_ln(m, n), _before(m, n, 2), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeCenteredSq")
def node_centered_sq(m: int, n: int) -> Node:
    """The centered matrix, squared entrywise."""
    return mul(idx_centered(m, n), idx_centered(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g4")
def g4(m: int, n: int) -> Graph:
    """The graph up to the squares."""
    return g3(m, n).snoc(node_centered_sq(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxCenteredSq")
def idx_centered_sq(m: int, n: int) -> Idx:
    """Index 6: the squares."""
    return last(context_ln(m, n), _before(m, n, 3), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeVar")
def node_var(m: int, n: int) -> Node:
    """The biased variance: the row mean of the squares."""
    return row_mean(idx_centered_sq(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g5")
def g5(m: int, n: int) -> Graph:
    """The graph up to the variance."""
    return g4(m, n).snoc(node_var(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxVar")
def idx_var(m: int, n: int) -> Idx:
    """Index 7: the variance."""
    return last(context_ln(m, n), _before(m, n, 4), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.nodeVarEps")
def node_var_eps(m: int, n: int, eps: fmpq) -> Node:
    """The variance plus ε, an entrywise shift with declared derivative 1."""

    def shift(ar: Arithmetic, z: Array) -> Array:
        return z + ar.constant(eps)

    def one(ar: Arithmetic, z: Array) -> Array:
        return ar.zeros(z.shape) + ar.constant(fmpq(1))

    return elemwise(idx_var(m, n), shift, one)


@mirrors("Proofs.Autograd.LayerNorm.layerNormPrefix6")
def layer_norm_prefix6(m: int, n: int, eps: fmpq) -> Graph:
    """The first six nodes, through variance + ε."""
    return g5(m, n).snoc(node_var_eps(m, n, eps))


@mirrors("Proofs.Autograd.LayerNorm.idxVarEps")
def idx_var_eps(m: int, n: int) -> Idx:
    """Index 8: variance + ε."""
    return last(context_ln(m, n), _before(m, n, 5), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.nodeStd")
def node_std(m: int, n: int) -> Node:
    """√max(variance + ε, 0)."""
    return sqrt_clamp(idx_var_eps(m, n))


@mirrors("Proofs.Autograd.LayerNorm.layerNormPrefix7")
def layer_norm_prefix7(m: int, n: int, eps: fmpq) -> Graph:
    """The first seven nodes, through the standard deviation."""
    return layer_norm_prefix6(m, n, eps).snoc(node_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxStd")
def idx_std(m: int, n: int) -> Idx:
    """Index 9: the standard deviation."""
    return last(context_ln(m, n), saved_prefix6(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.nodeInvStd")
def node_inv_std(m: int, n: int) -> Node:
    """1/std, with 0⁻¹ = 0."""
    return inv(idx_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g8")
def g8(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to 1/std."""
    return layer_norm_prefix7(m, n, eps).snoc(node_inv_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxInvStd")
def idx_inv_std(m: int, n: int) -> Idx:
    """Index 10: 1/std."""
    return last(context_ln(m, n), saved_prefix7(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.nodeInvStdB")
def node_inv_std_b(m: int, n: int) -> Node:
    """1/std, constant along each row."""
    return broadcast_row(idx_inv_std(m, n), n)


@mirrors("Proofs.Autograd.LayerNorm.g9")
def g9(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast 1/std."""
    return g8(m, n, eps).snoc(node_inv_std_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxCentered9")
def idx_centered9(m: int, n: int) -> Idx:
    """Index 5, weakened past six more entries."""
    return weaken(idx_centered(m, n), _before(m, n, 9)[3:])


@mirrors("Proofs.Autograd.LayerNorm.idxInvStdB9")
def idx_inv_std_b9(m: int, n: int) -> Idx:
    """Index 11: the broadcast 1/std."""
    return last(context_ln(m, n), _before(m, n, 8), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeNorm")
def node_norm(m: int, n: int) -> Node:
    """The normalized matrix: centered times 1/std."""
    return mul(idx_centered9(m, n), idx_inv_std_b9(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g10")
def g10(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the normalized matrix."""
    return g9(m, n, eps).snoc(node_norm(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeGammaB")
def node_gamma_b(m: int, n: int) -> Node:
    """γ in every row."""
    return broadcast_col(idx_gamma(m, n, _before(m, n, 10)), m)


@mirrors("Proofs.Autograd.LayerNorm.g11")
def g11(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast γ."""
    return g10(m, n, eps).snoc(node_gamma_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxNorm11")
def idx_norm11(m: int, n: int) -> Idx:
    """Index 12, weakened past the broadcast γ: the normalized matrix."""
    return weaken(last(context_ln(m, n), _before(m, n, 9), mat_shape(m, n)), (mat_shape(m, n),))


@mirrors("Proofs.Autograd.LayerNorm.idxGammaB11")
def idx_gamma_b11(m: int, n: int) -> Idx:
    """Index 13: the broadcast γ."""
    return last(context_ln(m, n), _before(m, n, 10), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeScaled")
def node_scaled(m: int, n: int) -> Node:
    """The normalized matrix times γ."""
    return mul(idx_norm11(m, n), idx_gamma_b11(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g12")
def g12(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the scaled matrix."""
    return g11(m, n, eps).snoc(node_scaled(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeBetaB")
def node_beta_b(m: int, n: int) -> Node:
    """β in every row."""
    return broadcast_col(idx_beta(m, n, _before(m, n, 12)), m)


@mirrors("Proofs.Autograd.LayerNorm.g13")
def g13(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast β."""
    return g12(m, n, eps).snoc(node_beta_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxScaled13")
def idx_scaled13(m: int, n: int) -> Idx:
    """Index 14, weakened past the broadcast β: the scaled matrix."""
    return weaken(last(context_ln(m, n), _before(m, n, 11), mat_shape(m, n)), (mat_shape(m, n),))


@mirrors("Proofs.Autograd.LayerNorm.idxBetaB13")
def idx_beta_b13(m: int, n: int) -> Idx:
    """Index 15: the broadcast β."""
    return last(context_ln(m, n), _before(m, n, 12), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeY")
def node_y(m: int, n: int) -> Node:
    """The output: scaled plus β."""
    return add(idx_scaled13(m, n), idx_beta_b13(m, n))


@mirrors("Proofs.Autograd.LayerNorm.layerNormGraph")
@lru_cache(maxsize=256)
def layer_norm_graph(m: int, n: int, eps: fmpq) -> Graph:
    """All 14 nodes; the output y is entry 16 of inputs and results together."""
    return g13(m, n, eps).snoc(node_y(m, n))


@mirrors("Proofs.Autograd.LayerNorm.layerNormGraphFderivCorrectAt")
def layer_norm_certificate_at(ar: Arithmetic, m: int, n: int, eps: fmpq, x: CtxVec) -> GraphFDerivCorrectAt:
    """The graph's certificate at x, from `hVarEpsPos` and `hStdNe0`.

    Only the standard deviation and its inverse need those hypotheses; the other nodes have global
    certificates.
    """
    graph = layer_norm_graph(m, n, eps)
    everything = eval_vec(ar, graph, x)
    nodes = (node_certificate_at(ar, node, everything[: ctx_size(node.context)]) for node in graph.nodes)
    return GraphFDerivCorrectAt(graph, x, tuple(nodes))


# ---- LayerNorm as one node of another graph


@mirrors("Proofs.Autograd.LayerNorm.Inputs")
@dataclass(frozen=True, slots=True)
class Inputs:
    """Where x [m, n], γ [n] and β [n] lie in an arbitrary context.

    Raises `ValueError` where the three do not fit each other.
    """

    x: Idx
    gamma: Idx
    beta: Idx

    def __post_init__(self) -> None:
        contexts = {self.x.context, self.gamma.context, self.beta.context}
        if len(contexts) != 1:
            raise ValueError("the three inputs of LayerNorm index different contexts")
        if len(self.x.shape) != 2 or self.gamma.shape != self.x.shape[1:] or self.beta.shape != self.gamma.shape:
            raise ValueError(
                f"LayerNorm needs x [m, n], gamma [n], beta [n]; got {self.x.shape}, "
                f"{self.gamma.shape}, {self.beta.shape}"
            )


@mirrors("Proofs.Autograd.LayerNorm.idxY")
def idx_y(m: int, n: int) -> Idx:
    """Index 16: y."""
    return Idx((*context_ln(m, n), *saved_layer_norm(m, n)), 16, mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.packInputsCLM")
def pack_inputs_clm(inputs: Inputs) -> LinearMap:
    """x, γ and β of an arbitrary context, as an input of the LayerNorm graph."""

    def pack(ar: Arithmetic, v: CtxVec) -> CtxVec:
        return ar.concat([get(inputs.x, v), get(inputs.gamma, v), get(inputs.beta, v)])

    m, n = inputs.x.shape
    mat = m * n

    def unpack(ar: Arithmetic, w: CtxVec) -> CtxVec:
        to_x = single(ar, inputs.x, w[:mat])
        to_gamma = single(ar, inputs.gamma, w[mat : mat + n])
        return to_x + to_gamma + single(ar, inputs.beta, w[mat + n :])

    return LinearFunction(inputs.x.total, mat + n + n, pack, unpack)


@mirrors("Proofs.Autograd.LayerNorm.outputCLM")
def output_clm(m: int, n: int) -> LinearMap:
    """y of the LayerNorm graph's inputs and results."""
    return get_clm(idx_y(m, n))


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
    pack, out = pack_inputs_clm(inputs), output_clm(m, n)

    def forward(ar: Arithmetic, x: CtxVec) -> Vec:
        return get(idx_y(m, n), eval_vec(ar, graph, pack(ar, x)))

    def zero_at_boundary(ar: Arithmetic, x: CtxVec, derivative: Vec) -> Vec:
        if n < 2:  # a row of length 0 or 1 has variance 0 everywhere: y is β whatever ε is
            return derivative
        prefix = layer_norm_prefix6(m, n, eps)
        return ar.keep_if_nonzero(derivative, get(idx_var_eps(m, n), eval_vec(ar, prefix, x)))

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


@mirrors("Proofs.Autograd.LayerNorm.wholeNodeFDerivCorrectAt")
def whole_node_certificate_at(ar: Arithmetic, node: Node, x: CtxVec) -> NodeFDerivCorrectAt:
    """The whole node's certificate at x, from `hVarEpsPos` and `hStdNe0` on its packed inputs."""
    deriv = LinearFunction(
        ctx_size(node.context),
        size(node.shape),
        lambda ar, dx: node_jvp_vec(ar, node, x, dx),
        lambda ar, delta: node_vjp_vec(ar, node, x, delta),
    )
    return NodeFDerivCorrectAt(node, x, deriv)


def norm_inputs(context: Context) -> list[tuple[int, ...]]:
    """A matrix [m, n] and two vectors [n]."""
    vectors = [(j, s) for j, s in enumerate(context) if len(s) == 1]
    return [
        (i, j, k)
        for i, x in enumerate(context)
        if len(x) == 2
        for j, gamma in vectors
        for k, beta in vectors
        if gamma == beta == vec_shape(x[1])
    ]


WHOLE_NODE = NodeKind.of(
    "wholeNode",
    whole_node,
    reads=norm_inputs,
    gather=Inputs,
    parameters={"ε": Parameter.EPSILON},
    local_certificate=whole_node_certificate_at,
)
