"""Nodes that read one entry twice: both cotangents are collected."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
from flint import fmpq

from mirror.arithmetic import BALL, EXACT, precision
from mirror.core.fderiv import (
    forward_vec,
    node_jvp_vec,
    node_vjp_vec,
)
from mirror.core.soundness import Idx
from mirror.nodes.arithmetic import ADD, MUL, SUB
from mirror.nodes.batched import MATMUL
from mirror.ops.norm.layer_norm import Inputs, whole_node
from mirror.spec.core.shape import Shape
from tests.far_out.plainly import values
from tests.ops.plain_graph import cut, joined, same
from tests.plain import numbers, plus, vector

A = "Proofs.Autograd."
N = "Proofs.Autograd.TapeNodes."


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
