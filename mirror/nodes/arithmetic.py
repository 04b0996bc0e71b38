"""Affine maps, sums, differences, multiples and entrywise products of context entries.

Twin of `NN/Proofs/Autograd/Tape/Nodes/Arithmetic.lean`. Each node comes with its certificate.
"""

from __future__ import annotations

import numpy as np
from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import NodeFDerivCorrect
from mirror.core.soundness import Idx, Node
from mirror.core.vectorization import Vec
from mirror.linear_map import LinearMap, entrywise, scaled
from mirror.links import mirrors
from mirror.node_kinds import NodeKind, Parameter, any_entry, two_of_one_shape
from mirror.nodes.context import get, get_clm, node_of_vec, single
from mirror.spec.core.shape import Shape, size


@mirrors("Proofs.Autograd.TapeNodes.affine")
def affine(idx: Idx, s_out: Shape, a: LinearMap, b: np.ndarray) -> Node:
    """A·x[idx] + b with a constant linear map A and a constant rational vector b.

    Raises `ValueError` where A or b does not fit the two shapes.
    """
    if (a.domain, a.codomain) != (size(idx.shape), size(s_out)):
        raise ValueError(
            f"A maps ℝ^{a.domain} to ℝ^{a.codomain}, expected ℝ^{size(idx.shape)} to ℝ^{size(s_out)} "
            f"for an affine node from {idx.shape} to {s_out}"
        )
    if b.shape != (size(s_out),):
        raise ValueError(f"b has shape {b.shape}, expected ({size(s_out)},) for an affine node to {s_out}")
    return node_of_vec(
        idx.context,
        s_out,
        lambda ar, x: a(ar, get(idx, x)) + ar.embed(b),
        lambda ar, x, dx: a(ar, get(idx, dx)),
        lambda ar, x, delta: single(ar, idx, a.apply_adjoint(ar, delta)),
        kind="affine",
        inputs=(idx,),
        parameters={"A": a, "b": b},
    )


@mirrors("Proofs.Autograd.TapeNodes.affineFderiv")
def affine_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of an affine node: A ∘ get, at every point."""
    deriv = node.parameters["A"].comp(get_clm(node.inputs[0]))
    return NodeFDerivCorrect(node, lambda ar, x: deriv)


def _pair_context(a: Idx, b: Idx, name: str) -> None:
    if a.shape != b.shape:
        raise ValueError(f"{name} needs two entries of one shape, got {a.shape} at {a.i} and {b.shape} at {b.i}")


@mirrors("Proofs.Autograd.TapeNodes.add")
def add(a: Idx, b: Idx) -> Node:
    """x[a] + x[b]; the cotangent goes to both, twice to the same where a = b."""
    _pair_context(a, b, "add")
    return node_of_vec(
        a.context,
        a.shape,
        lambda ar, x: get(a, x) + get(b, x),
        lambda ar, x, dx: get(a, dx) + get(b, dx),
        lambda ar, x, delta: single(ar, a, delta) + single(ar, b, delta),
        kind="add",
        inputs=(a, b),
    )


@mirrors("Proofs.Autograd.TapeNodes.addFderiv")
def add_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a sum: get a + get b, at every point."""
    a, b = node.inputs
    deriv = get_clm(a) + get_clm(b)
    return NodeFDerivCorrect(node, lambda ar, x: deriv)


@mirrors("Proofs.Autograd.TapeNodes.sub")
def sub(a: Idx, b: Idx) -> Node:
    """x[a] - x[b]."""
    _pair_context(a, b, "sub")
    return node_of_vec(
        a.context,
        a.shape,
        lambda ar, x: get(a, x) - get(b, x),
        lambda ar, x, dx: get(a, dx) - get(b, dx),
        lambda ar, x, delta: single(ar, a, delta) - single(ar, b, delta),
        kind="sub",
        inputs=(a, b),
    )


@mirrors("Proofs.Autograd.TapeNodes.subFderiv")
def sub_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a difference: get a - get b, at every point."""
    a, b = node.inputs
    deriv = get_clm(a) + scaled(fmpq(-1), get_clm(b))
    return NodeFDerivCorrect(node, lambda ar, x: deriv)


@mirrors("Proofs.Autograd.TapeNodes.scale")
def scale(idx: Idx, c: fmpq) -> Node:
    """c·x[idx] with a constant rational c."""
    return node_of_vec(
        idx.context,
        idx.shape,
        lambda ar, x: get(idx, x) * ar.constant(c),
        lambda ar, x, dx: get(idx, dx) * ar.constant(c),
        lambda ar, x, delta: single(ar, idx, delta * ar.constant(c)),
        kind="scale",
        inputs=(idx,),
        parameters={"c": c},
    )


@mirrors("Proofs.Autograd.TapeNodes.scaleFderiv")
def scale_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a multiple: c • get, at every point."""
    deriv = scaled(node.parameters["c"], get_clm(node.inputs[0]))
    return NodeFDerivCorrect(node, lambda ar, x: deriv)


@mirrors("Proofs.Autograd.TapeNodes.mul")
def mul(a: Idx, b: Idx) -> Node:
    """The entrywise product x[a]·x[b]; a = b squares."""
    _pair_context(a, b, "mul")

    def jvp(ar: Arithmetic, x: Array, dx: Array) -> Vec:
        return get(a, x) * get(b, dx) + get(b, x) * get(a, dx)

    def vjp(ar: Arithmetic, x: Array, delta: Vec) -> Array:
        return single(ar, a, delta * get(b, x)) + single(ar, b, delta * get(a, x))

    return node_of_vec(
        a.context,
        a.shape,
        lambda ar, x: get(a, x) * get(b, x),
        jvp,
        vjp,
        kind="mul",
        inputs=(a, b),
    )


@mirrors("Proofs.Autograd.TapeNodes.mulFderiv")
def mul_certificate(node: Node) -> NodeFDerivCorrect:
    """The certificate of a product: x[a]·d[b] + x[b]·d[a], at the point x."""
    a, b = node.inputs

    def deriv(ar: Arithmetic, x: Array) -> LinearMap:
        through_b = entrywise(get(a, x)).comp(get_clm(b))
        return through_b + entrywise(get(b, x)).comp(get_clm(a))

    return NodeFDerivCorrect(node, deriv)


# ---- the kinds of this module

AFFINE = NodeKind.of(
    "affine",
    affine,
    reads=any_entry,
    parameters={"shape": Parameter.SHAPE, "A": Parameter.MAP, "b": Parameter.VECTOR},
    certificate=affine_certificate,
    rational=True,
)
ADD = NodeKind.of("add", add, reads=two_of_one_shape, certificate=add_certificate, rational=True)
SUB = NodeKind.of("sub", sub, reads=two_of_one_shape, certificate=sub_certificate, rational=True)
SCALE = NodeKind.of(
    "scale", scale, reads=any_entry, parameters={"c": Parameter.NUMBER}, certificate=scale_certificate, rational=True
)
MUL = NodeKind.of("mul", mul, reads=two_of_one_shape, certificate=mul_certificate, rational=True)
