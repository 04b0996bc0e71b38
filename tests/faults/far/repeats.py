"""Faults that show only where a node reads one entry twice."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.core.fderiv import NodeFDerivCorrect
from mirror.linear_map import LinearFunction
from mirror.nodes.context import get_clm, single
from tests.faults.fault import Fault, fault, node_fault

_CORE = "Proofs.Autograd."
_NODES = _CORE + "TapeNodes."
_FAR = "tests.far_out."


def _first_reading_only(node: Any) -> Any:
    a, b = node.inputs
    if a != b:
        return node.vec.vjp
    return lambda ar, x, delta: node.vec.vjp(ar, x, delta) * fmpq(1, 2)


def _sub_first_reading_only(node: Any) -> Any:
    a, b = node.inputs
    return node.vec.vjp if a != b else lambda ar, x, delta: single(ar, a, delta)


def _first_reading_only_in_the_certificate(original: Any) -> Any:
    def certificate(node: Any) -> NodeFDerivCorrect:
        right = original(node)
        if len(set(node.inputs)) == len(node.inputs):
            return right

        def deriv(ar: Any, x: Any) -> Any:
            whole = right.deriv(ar, x)
            return LinearFunction(
                whole.domain, whole.codomain, whole.apply, lambda ar, w: whole.apply_adjoint(ar, w) * fmpq(1, 2)
            )

        return NodeFDerivCorrect(node, deriv)

    return certificate


def _gamma_forgotten_where_it_is_beta(node: Any) -> Any:
    _, gamma, beta = node.inputs
    if gamma != beta:
        return node.vec.vjp

    def vjp(ar: Any, x: Any, delta: Any) -> Any:
        right = node.vec.vjp(ar, x, delta)
        to_both = get_clm(gamma).apply(ar, right)
        to_beta = ar.sum(delta.reshape(*node.shape), axis=0)
        return right - single(ar, gamma, to_both - to_beta)

    return vjp


def _same(name: str, lean: str, target: str, vjp: Any = _first_reading_only) -> Fault:
    owner = _CORE + "Node.correct_inner"
    return fault(f"{name}: one entry read twice counts once", _NODES + lean, owner, target, node_fault(vjp=vjp))


FAULTS = (
    _same("matmul", "Batched.matmul", "nodes.batched:matmul"),
    _same("mul", "mul", "nodes.arithmetic:mul"),
    _same("add", "add", "nodes.arithmetic:add"),
    _same("sub", "sub", "nodes.arithmetic:sub", _sub_first_reading_only),
    fault(
        "matmul's certificate: one entry read twice counts once",
        _NODES + "Batched.matmulFderiv",
        _FAR + "test_repeats::test_one_entry_read_twice_collects_both_cotangents",
        "nodes.batched:matmul_certificate",
        _first_reading_only_in_the_certificate,
        seldom="few graphs multiply an entry with itself",
    ),
    fault(
        "mul's certificate: one entry read twice counts once",
        _NODES + "mulFderiv",
        "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp",
        "nodes.arithmetic:mul_certificate",
        _first_reading_only_in_the_certificate,
    ),
    fault(
        "add's certificate: one entry read twice counts once",
        _NODES + "addFderiv",
        "Proofs.Autograd.Graph.hasFDerivAt_evalVec_and_jvp_at",
        "nodes.arithmetic:add_certificate",
        _first_reading_only_in_the_certificate,
    ),
    fault(
        "LayerNorm as a node: γ forgotten where it is β",
        _CORE + "LayerNorm.wholeNode",
        "Proofs.Autograd.Node.correct_inner",
        "ops.norm.layer_norm.whole:whole_node",
        node_fault(vjp=_gamma_forgotten_where_it_is_beta),
    ),
)
