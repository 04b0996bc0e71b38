"""Pairs of nodes' and graphs' runs."""

from __future__ import annotations

from tests.faults.catalogue import named
from tests.faults.pairs.maps import doubled
from tests.faults.pairs.pair import CORE, Edit, Pair, broken, core

PAIRS = (
    Pair(
        broken("forwardVec doubled", CORE + "Node.forwardVec", "core.fderiv:forward_vec", doubled),
        (Edit(CORE + "Node.forwardVec", "toVecT (", "(2 : ℝ) • toVecT ("),),
        core("Node.forwardVec_ofVec"),
    ),
    Pair(
        broken("jvpVec doubled", CORE + "Node.jvpVec", "core.fderiv:node_jvp_vec", doubled),
        (Edit(CORE + "Node.jvpVec", "toVecT (", "(2 : ℝ) • toVecT ("),),
        core("Node.jvpVec_ofVec", "Node.correct_inner"),
    ),
    Pair(
        named("jvp evaluated at the tangent"),
        (Edit(CORE + "Graph.jvpVec", "(τ := τ) ctxV dctxV", "(τ := τ) dctxV dctxV"),),
        core(
            *("Graph.hasFDerivAt_evalVec_and_jvp", "Graph.jvpVec_eq_fderiv", "Graph.backprop_correct_inner"),
            *("Graph.hasFDerivAt_evalVec_and_jvp_at", "Graph.jvpVec_eq_fderiv_at"),
        ),
    ),
    Pair(
        broken("vjpVec doubled", CORE + "Node.vjpVec", "core.fderiv:node_vjp_vec", doubled),
        (Edit(CORE + "Node.vjpVec", "flattenCtx (Γ := Γ) (node.vjp ", "(2 : ℝ) • flattenCtx (Γ := Γ) (node.vjp "),),
        core(
            *("Node.vjpVec_ofVec", "Node.correct_inner", "Graph.backprop_correct_inner"),
            *("Graph.backpropVec_eq_adjoint_fderiv", "Graph.backpropVec_eq_adjoint_fderiv_at"),
            *("DGraph.weakenContext_backpropVec_eq_adjoint_fderiv", "DGraph.append_backpropVec_eq_adjoint_fderiv"),
            "DGraph.backpropVec_eq_adjoint_fderiv",
            "MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
            "LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
            "Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at",
            "Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv",
            "Transformer.postNorm_backpropVec_eq_adjoint_fderiv_at",
            "Transformer.residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at",
            "Transformer.residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at",
        ),
    ),
)
