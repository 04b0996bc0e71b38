"""The theorems of the decoder block. Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/DecoderBlock.lean`."""

from __future__ import annotations

from functools import lru_cache

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import ctx_size, eval_vec
from mirror.core.soundness import Graph
from mirror.dims import Dims
from mirror.ops.norm.layer_norm import whole_node_certificate_at
from mirror.ops.transformer.decoder_block import Parameters, decoder_core_graph
from theorems.engine.chain_rule import chain_rule_theorem
from theorems.engine.evidence.certificates import node_certificate_holds
from theorems.engine.families import Family
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.strategies.blocks import decoder_blocks
from theorems.engine.strategies.chains import projected_decoder_attentions
from theorems.engine.theorem import Hypothesis
from theorems.ops.attention.masked_multi_head_self_attention import PROJECT, h_merge, projected_and_merged
from theorems.ops.transformer.post_norm import two_sublayer_theorem

# Both hypotheses and the conclusion speak of one graph of one instance.
_graph = lru_cache(maxsize=2)(decoder_core_graph)


def _norm_certified(ar: Arithmetic, graph: Graph, position: int, x: Array) -> bool:
    """Whether the norm at `position` has a derivative, given by its certificate, where it is evaluated."""
    node = graph.nodes[position]
    here = eval_vec(ar, graph, x)[: ctx_size(node.context)]
    return node_certificate_holds(ar, whole_node_certificate_at(ar, node, here))


def h_norm1(ar: Arithmetic, dims: Dims, parameters: Parameters, x: Array) -> bool:
    return _norm_certified(ar, _graph(dims, parameters), 7, x)


def h_norm2(ar: Arithmetic, dims: Dims, parameters: Parameters, x: Array) -> bool:
    return _norm_certified(ar, _graph(dims, parameters), 12, x)


@reverse_mode_theorem(
    "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at",
    g="decoderCoreGraph",
    says=(
        "For the 13-node decoder core, the reverse run on all 21 entries' cotangents is the adjoint of the "
        "derivative of the forward run, wherever both norms have a derivative."
    ),
    binders=(
        "{seqLen dModel numHeads headDim dFF} (merge) (mergeBias) (fc1) (b1) (fc2) (b2) (c ε₁ ε₂) (bias := 0) "
        "(xV) (seedV) (hNorm1) (hNorm2)"
    ),
    family=Family.DECODER,
    instances=decoder_blocks,
    inputs=("Q", "Kᵀ", "V", "residual stream", "γ1", "β1", "γ2", "β2"),
    hypotheses=(
        Hypothesis("hNorm1", "the first norm has this derivative where it is evaluated", h_norm1, data=True),
        Hypothesis("hNorm2", "the second norm has this derivative where it is evaluated", h_norm2, data=True),
    ),
    covers_not="merge, fc1, fc2, their biases, c, ε₁, ε₂ and bias are fixed: nothing differentiates them",
)
def decoder_core_backprop_vec_eq_adjoint_fderiv_at(dims: Dims, parameters: Parameters) -> Graph:
    return _graph(dims, parameters)


projected_masked_decoder_attention_pack_has_fderiv_at = chain_rule_theorem(
    "Proofs.Autograd.Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt",
    formula=(
        "HasFDerivAt (attentionPack ∘ evalVec g ∘ projectPack) "
        "(DattentionPack ∘ fderiv ℝ (evalVec g) (projectPack x) ∘ DprojectPack) x"
    ),
    says=(
        "Projection, masked core and a pack into the first norm's input have together the derivative of the chain rule."
    ),
    binders=(
        "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {seqLen dModel numHeads headDim} (c) (bias := 0) "
        "(projectPack) (DprojectPack) (attentionPack) "
        "(DattentionPack) (x) (hProject) (hAttentionPack)"
    ),
    family=Family.PACKS,
    instances=projected_decoder_attentions,
    hypotheses=(
        PROJECT,
        Hypothesis("hAttentionPack", "attentionPack has derivative DattentionPack at the core's values", h_merge),
    ),
    covers_not=(
        "attentionPack sees the core's eight entries, not x: a residual stream has to be read from those; "
        "it is projectedMaskedAttention_hasFDerivAt with F the first norm's input; E is ℝ^k here"
    ),
)(projected_and_merged)

post_norm_gpt_decoder_block_has_fderiv_at = two_sublayer_theorem(
    "postNormGptDecoderBlock_hasFDerivAt",
    "maskedAttentionPack",
    "The chain rule of two post-norm sublayers, under the decoder's name.",
    "it is twoSublayerPostNormBlock_hasFDerivAt: no attention, mask or feed-forward occurs; E is ℝ^k here",
)
