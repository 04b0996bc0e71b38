"""Trying a derivative certificate: its two proof fields, along sampled directions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from mirror.arithmetic import Arithmetic, AtBoundary, Undecided, rational_vector
from mirror.core.fderiv import NodeFDerivCorrectAt, ctx_size, forward_vec, node_jvp_vec
from theorems.evidence.derivatives import along, has_fderiv_at
from theorems.evidence.verdicts import Claim, Equal, Verdict, judge


def node_certificate(ar: Arithmetic, hn: NodeFDerivCorrectAt, directions: Sequence[np.ndarray]) -> Iterator[Claim]:
    """`hasFDerivAt` and `jvp_eq` of a certificate at its point."""
    yield from has_fderiv_at(lambda a, z: forward_vec(a, hn.node, z), hn.x, lambda h: hn.deriv(ar, h), directions)
    for k, h in enumerate(directions):
        yield Equal(f"jvp h = deriv h, direction {k}", node_jvp_vec(ar, hn.node, hn.x, h), hn.deriv(ar, h))


def node_certificate_holds(ar: Arithmetic, hn: NodeFDerivCorrectAt) -> bool:
    """Whether a certificate that is a hypothesis holds: its derivative is the forward map's jet.

    Tried along one direction that moves every input unevenly; False where the forward map meets a
    boundary, since it has no derivative there. Raises `Undecided` at too low a precision.
    """
    h = rational_vector([j % 5 - 2 for j in range(ctx_size(hn.node.context))])
    try:
        jet = along(lambda a, z: forward_vec(a, hn.node, z), hn.x, h)
    except AtBoundary:
        return False
    found = judge([Equal("deriv h = d/dt f(x + t·h)", hn.deriv(ar, h), jet)])
    if found.verdict is Verdict.UNDECIDED:
        raise Undecided(str(found.mismatch))
    return found.verdict.passes
