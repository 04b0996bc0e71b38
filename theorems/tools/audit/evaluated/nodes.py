"""Nodes that give a result of a wanted shape, and the derivative of a node of Lean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from flint import fmpq
from hypothesis import strategies as st

from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import LeanValue
from mirror.arithmetic import BALL, Arithmetic, Array
from mirror.core.fderiv import NodeFDerivCorrectAt, ctx_size, flatten_ctx, of_vec_t, unflatten_ctx
from mirror.core.soundness import Node
from mirror.linear_map import LinearFunction, LinearMap, PositionWise, basis_vector
from mirror.node_kinds import Parameter
from mirror.spec.core.shape import Context, Shape, size
from theorems.engine.graphs import KINDS, NodeSpec
from theorems.engine.strategies.graphs import ALL_KINDS, SMOOTH_KINDS
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.coordinates import array
from theorems.tools.audit.evaluated.errors import NoArgumentError

# ε of a norm.
EPSILONS = (fmpq(1), fmpq(1, 100), fmpq(3, 2))


def node_into(draw: st.DrawFn, fill: Fill, context: Context, shape: Shape, *, smooth: bool) -> Node:
    """A node from the context to that shape; if `smooth`, of a kind with a certificate at every point."""
    fits = list(_fitting(context, shape, SMOOTH_KINDS if smooth else ALL_KINDS))
    if not fits:
        raise NoArgumentError("a node without an entry to read")
    kind = draw(st.sampled_from(sorted({kind for kind, _ in fits})))
    inputs = draw(st.sampled_from([places for found, places in fits if found == kind]))
    parameters = {
        name: _parameter(draw, fill, name, parameter, context[inputs[0]], shape)
        for name, parameter in KINDS[kind].parameters.items()
    }
    return NodeSpec(kind, inputs, parameters).build(context)


def _fitting(context: Context, shape: Shape, kinds: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The kinds and the entries that they may read for a result of that shape."""
    for kind in kinds:
        for places in KINDS[kind].reads(context):
            if _result(kind, [context[i] for i in places], shape) == shape:
                yield kind, places


def _result(kind: str, read: list[Shape], wanted: Shape) -> Shape | None:
    """The shape that a kind gives for entries of those shapes, where its parameters are chosen for `wanted`."""
    first = read[0]
    match kind:
        case "affine":
            return wanted
        case "broadcastRow":
            return Shape(first[0], wanted[1]) if len(wanted) == 2 else None
        case "broadcastCol":
            return Shape(wanted[0], first[0]) if len(wanted) == 2 else None
        case "rowMean":
            return Shape(first[0])
        case "matmul":
            return Shape(first[0], first[1], read[1][2])
    return first


def _parameter(draw: st.DrawFn, fill: Fill, name: str, parameter: Parameter, read: Shape, result: Shape) -> Any:
    match parameter:
        case Parameter.SHAPE:
            return result
        case Parameter.MAP:
            return PositionWise(1, size(result), size(read), fill.weights(size(result) * size(read)))
        case Parameter.VECTOR:
            return fill.vector(size(result))
        case Parameter.NUMBER:
            return fill.nonzero()
        case Parameter.DIMENSION:
            return result[1] if name == "n" else result[0]
        case Parameter.FUNCTION:
            return draw(st.sampled_from(["cube", "tanh"]))
    return draw(st.sampled_from(EPSILONS))


def derivative_of(context: Context, shape: Shape, node: LeanValue, x: LeanValue) -> NodeFDerivCorrectAt:
    """The derivative of a node of Lean at a point, by the node's own vjp: its proof fields say that it is that."""
    here = forms.typed_list(unflatten_ctx(context, array([force(entry) for entry in force(x)])))
    vjp = force(force(node).fields["vjp"])
    rows = [
        flatten_ctx(
            BALL, forms.read_list(force(vjp(here))(forms.tensor(of_vec_t(shape, basis_vector(size(shape), i)))))
        )
        for i in range(size(shape))
    ]
    matrix = np.array(rows, dtype=object).reshape(size(shape), ctx_size(context))
    return NodeFDerivCorrectAt(None, array(force(x)), of_matrix(matrix))  # pyright: ignore[reportArgumentType]


def of_matrix(matrix: np.ndarray) -> LinearMap:
    """The linear map of a matrix of any numbers."""
    rows, columns = matrix.shape

    def apply(ar: Arithmetic, v: Array) -> Array:
        return ar.sum(v.reshape(1, columns) * matrix, axis=1)

    def adjoint(ar: Arithmetic, w: Array) -> Array:
        return ar.sum(w.reshape(rows, 1) * matrix, axis=0)

    return LinearFunction(columns, rows, apply, adjoint)
