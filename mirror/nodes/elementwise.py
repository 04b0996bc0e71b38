"""Entrywise nodes: any function with its declared derivative, inverse, clamped root, GELU, tanh.

Twin of `NN/Proofs/Autograd/Tape/Nodes/Elementwise.lean`.
"""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import CtxVec, NodeFDerivCorrect, NodeFDerivCorrectAt, cast_clm, cast_vec
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import Vec
from mirror.fderiv.elementwise import RealFunction, elemwise_deriv_clm, elemwise_vec
from mirror.linear_map import LinearMap
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, Parameter, any_entry
from mirror.nodes.context import get, get_clm, node_of_vec, single
from mirror.spec.core.shape import size
from mirror.spec.layers.activation import gelu_deriv_spec, gelu_spec, tanh_deriv_spec, tanh_spec


@mirrors("Proofs.Autograd.TapeNodes.getVec")
def get_vec(idx: Idx, x: CtxVec) -> Vec:
    """A block of shape [n] as a vector of length n; raises `ValueError` for another rank."""
    if len(idx.shape) != 1:
        raise ValueError(f"getVec needs an index of a one-dimensional entry, got shape {idx.shape}")
    return cast_vec(idx.shape[0], get(idx, x))


@mirrors("Proofs.Autograd.TapeNodes.getVecCLM")
def get_vec_clm(idx: Idx) -> LinearMap:
    """`get_vec` as a linear map."""
    return cast_clm(size(idx.shape), idx.shape[0]).comp(get_clm(idx))


@mirrors("Proofs.Autograd.TapeNodes.singleVec")
def single_vec(ar: Arithmetic, idx: Idx, v: Vec) -> CtxVec:
    """The injection of ℝ^n into a block of shape [n]: the adjoint of `get_vec`."""
    return single(ar, idx, cast_vec(idx.shape[0], v))


@mirrors("Proofs.Autograd.TapeNodes.elemwise")
def elemwise(idx: Idx, f: RealFunction, f_prime: RealFunction, *, kind: str = "elemwise") -> Node:
    """f applied to every entry of x[idx], with `f_prime` declared to be its derivative.

    The node exists whether or not the declaration is true; its certificate does not.
    """
    return node_of_vec(
        idx.context,
        idx.shape,
        lambda ar, x: elemwise_vec(ar, f, get(idx, x)),
        lambda ar, x, dx: get(idx, dx) * f_prime(ar, get(idx, x)),
        lambda ar, x, delta: single(ar, idx, delta * f_prime(ar, get(idx, x))),
        kind=kind,
        inputs=(idx,),
        parameters={"f": f, "f'": f_prime},
    )


def _elemwise_deriv(ar: Arithmetic, node: Node, x: CtxVec) -> LinearMap:
    (idx,) = node.inputs
    return elemwise_deriv_clm(ar, node.parameters["f'"], get(idx, x)).comp(get_clm(idx))


@mirrors("Proofs.Autograd.TapeNodes.elemwiseFderiv")
def elemwise_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate where f has derivative f' everywhere."""
    return NodeFDerivCorrect(node, lambda ar, x: _elemwise_deriv(ar, node, x))


@mirrors("Proofs.Autograd.TapeNodes.elemwiseFderivAt")
def elemwise_certificate_at(ar: Arithmetic, node: Node, x: CtxVec) -> NodeFDerivCorrectAt:
    """The certificate at x where f has derivative f' at every entry of x[idx]."""
    return NodeFDerivCorrectAt(node, x, _elemwise_deriv(ar, node, x))


def inverse(ar: Arithmetic, x: Array) -> Array:
    """1/x, and 0 at 0."""
    return ar.inverse(x)


def inverse_deriv(ar: Arithmetic, x: Array) -> Array:
    """-1/x², and 0 at 0."""
    return -ar.inverse(x * x)


def sqrt_clamp_value(ar: Arithmetic, x: Array) -> Array:
    """√max(x, 0)."""
    return ar.sqrt(ar.positive_part(x))


def sqrt_clamp_deriv(ar: Arithmetic, x: Array) -> Array:
    """1/(2·√x), and 0 for x ≤ 0, where Lean divides by 0."""
    return ar.inverse(2 * ar.sqrt(x))


@mirrors("Proofs.Autograd.TapeNodes.inv")
def inv(idx: Idx) -> Node:
    """The entrywise inverse with declared derivative -1/x²; both are 0 at 0."""
    return elemwise(idx, inverse, inverse_deriv, kind="inv")


@mirrors("Proofs.Autograd.TapeNodes.invFderivAt")
def inv_certificate_at(ar: Arithmetic, node: Node, x: CtxVec) -> NodeFDerivCorrectAt:
    """The certificate where every entry is nonzero (`hx`)."""
    return elemwise_certificate_at(ar, node, x)


@mirrors("Proofs.Autograd.TapeNodes.sqrtClamp")
def sqrt_clamp(idx: Idx) -> Node:
    """√max(x, 0) entrywise with declared derivative 1/(2·√x); both are 0 for x ≤ 0."""
    return elemwise(idx, sqrt_clamp_value, sqrt_clamp_deriv, kind="sqrtClamp")


@mirrors("Proofs.Autograd.TapeNodes.sqrtClampFderivAt")
def sqrt_clamp_certificate_at(ar: Arithmetic, node: Node, x: CtxVec) -> NodeFDerivCorrectAt:
    """The certificate where every entry is positive (`hx`)."""
    return elemwise_certificate_at(ar, node, x)


@mirrors("Proofs.Autograd.TapeNodes.gelu")
def gelu(idx: Idx) -> Node:
    """The tanh form of GELU, entrywise."""
    return elemwise(idx, gelu_spec, gelu_deriv_spec, kind="gelu")


@mirrors("Proofs.Autograd.TapeNodes.geluFderiv")
def gelu_certificate(node: Node) -> NodeFDerivCorrect:
    """GELU's certificate: it is differentiable everywhere."""
    return elemwise_certificate(node)


@mirrors("Proofs.Autograd.TapeNodes.tanh")
def tanh(idx: Idx) -> Node:
    """tanh, entrywise, with declared derivative 1 - tanh²."""
    return elemwise(idx, tanh_spec, tanh_deriv_spec, kind="tanh")


@mirrors("Proofs.Autograd.TapeNodes.tanhFderiv")
def tanh_certificate(node: Node) -> NodeFDerivCorrect:
    """tanh's certificate: it is differentiable everywhere."""
    return elemwise_certificate(node)


# ---- the kinds of this module

ELEMWISE = NodeKind.of(
    "elemwise",
    elemwise,
    reads=any_entry,
    parameters={"f": Parameter.FUNCTION},
    certificate=elemwise_certificate,
    rational=True,
)
INV = NodeKind.of("inv", inv, reads=any_entry, local_certificate=inv_certificate_at)
SQRT_CLAMP = NodeKind.of("sqrtClamp", sqrt_clamp, reads=any_entry, local_certificate=sqrt_clamp_certificate_at)
GELU = NodeKind.of("gelu", gelu, reads=any_entry, certificate=gelu_certificate)
TANH = NodeKind.of("tanh", tanh, reads=any_entry, certificate=tanh_certificate)
