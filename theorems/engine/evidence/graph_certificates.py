"""A graph's certificate: whether it holds as a hypothesis, and the derivative that it claims."""

from __future__ import annotations

from collections.abc import Iterator

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import GraphFDerivCorrectAt
from mirror.core.vectorization import inner
from theorems.engine.evidence.certificates import node_certificate_holds
from theorems.engine.evidence.differentiability import every_input_moves
from theorems.engine.evidence.verdicts import Claim, Equal


def graph_certificate_holds(ar: Arithmetic, hg: GraphFDerivCorrectAt) -> bool:
    """Whether every node has, where the graph evaluates it, the derivative that its certificate claims.

    False where a node meets a corner or jump. Raises `Undecided` at too low a precision.
    """
    return all(node_certificate_holds(ar, hn) for hn in hg.nodes)


def claimed_derivative(ar: Arithmetic, hg: GraphFDerivCorrectAt, h: Array) -> Array:
    """The image of h under the derivative that the certificates make together, by the chain rule.

    Node by node: the tangents so far, then the node's claimed derivative applied to them.
    """
    for hn in hg.nodes:
        h = ar.concat([h, hn.deriv(ar, h)])
    return h


def adjoints_belong(ar: Arithmetic, hg: GraphFDerivCorrectAt) -> Iterator[Claim]:
    """⟨D h, w⟩ = ⟨h, D† w⟩ for the derivative D of each certificate, and the adjoint that it brings along.

    In Lean the adjoint of D is what its inner products say. Here it is a function of its own, that the reverse run's
    proof relies on and that nothing about D alone would see.
    """
    for position, hn in enumerate(hg.nodes):
        # The other way round: where h and w are one vector, ⟨D h, h⟩ = ⟨h, D h⟩ holds without a transpose.
        h, w = every_input_moves(hn.deriv.domain), every_input_moves(hn.deriv.codomain)[::-1]
        left, right = inner(ar, hn.deriv(ar, h), w), inner(ar, h, hn.deriv.apply_adjoint(ar, w))
        yield Equal(f"⟨D h, w⟩ = ⟨h, D† w⟩ for the certificate of node {position}, {hn.node.kind}", left, right)
