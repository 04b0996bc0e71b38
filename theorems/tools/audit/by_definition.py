"""Definitions that make a part of what theorems conclude true by definition, or carry it as an assumption."""

from __future__ import annotations

BY_DEFINITION: dict[str, str] = {
    "Proofs.Autograd.LayerNorm.wholeNode": (
        "its jvp and vjp are Lean's fderiv of its forward map and the adjoint of that, by definition: "
        "no reverse formula of LayerNorm is proved at this node"
    ),
    "Proofs.Autograd.NodeFDerivCorrectAt": (
        "it holds a derivative of the node's forward map and the proof that the node's jvp applies it: "
        "who supplies it supplies that node's part of the conclusion"
    ),
    "Proofs.Autograd.NodeFDerivCorrect": (
        "it holds a derivative at every point and the proof that the node's jvp applies it"
    ),
    "Proofs.Autograd.GraphFDerivCorrectAt": "it holds such a certificate for every node of a graph, at one input",
    "Proofs.Autograd.GraphFDerivCorrect": "it holds such a certificate for every node of a graph",
    "Proofs.Autograd.Node": "its field `correct` says that vjp is the adjoint of jvp: that law is part of the type",
}
