"""A graph's certificate: whether it holds as a hypothesis, and the derivative that it claims."""

from __future__ import annotations

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import GraphFDerivCorrectAt
from theorems.engine.evidence.certificates import node_certificate_holds


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
