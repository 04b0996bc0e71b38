"""The Lean names of the types whose values have a form of their own in the mirror."""

from __future__ import annotations

CORE = "Proofs.Autograd."
SHAPE, TENSOR, TLIST = "Spec.Shape", "Spec.Tensor", CORE + "Algebra.TList"
IDX, NODE, GRAPH, DGRAPH = CORE + "Idx", CORE + "Node", CORE + "Graph", CORE + "DGraph"
INPUTS = CORE + "LayerNorm.Inputs"
NODE_CERTIFICATE, NODE_CERTIFICATE_AT = CORE + "NodeFDerivCorrect", CORE + "NodeFDerivCorrectAt"
GRAPH_CERTIFICATE, GRAPH_CERTIFICATE_AT = CORE + "GraphFDerivCorrect", CORE + "GraphFDerivCorrectAt"
