"""Trying a derivative certificate: its two proof fields, along sampled directions."""

from __future__ import annotations

from collections.abc import Iterable

from mirror.arithmetic import Arithmetic, Array, AtBoundary, Undecided
from mirror.core.fderiv import NodeFDerivCorrectAt, forward_vec
from mirror.linear_map import LinearMap
from theorems.engine.evidence.derivatives import along
from theorems.engine.evidence.differentiability import Forward, every_input_moves, why_not_differentiable
from theorems.engine.evidence.verdicts import Claim, Equal, Verdict, judge


def node_certificate_holds(ar: Arithmetic, hn: NodeFDerivCorrectAt) -> bool:
    """Whether a certificate that is a hypothesis holds: its derivative is the forward map's jet.

    Raises `Undecided` at too low a precision.
    """
    return derivative_holds(ar, lambda a, z: forward_vec(a, hn.node, z), hn.deriv, hn.x)


def derivative_holds(ar: Arithmetic, f: Forward, derivative: LinearMap, x: Array) -> bool:
    """Whether the hypothesis `HasFDerivAt f derivative x` holds: the derivative is the forward map's jet.

    Tried along one direction that moves every input; False where f is seen to have no derivative. Raises
    `Undecided` at too low a precision, and `AtBoundary` where f meets a boundary and nothing shows its effect.
    """
    h = every_input_moves(x.shape[0])
    try:
        jet = along(f, x, h)
    except AtBoundary:
        if not why_not_differentiable(f, x, h):
            raise
        return False
    return decided([Equal("D h = d/dt f(x + t·h)", derivative(ar, h), jet)])


def decided(claims: Iterable[Claim]) -> bool:
    """Whether claims that make up a hypothesis hold; raises `Undecided` at too low a precision."""
    found = judge(claims)
    if found.verdict is Verdict.UNDECIDED:
        raise Undecided(str(found.mismatch))
    return found.verdict.passes
