"""The theorem of the feed-forward sublayer.

Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/FeedForward.lean`.
"""

from __future__ import annotations

from mirror.arithmetic import Array
from mirror.core.soundness import Graph
from mirror.linear_map import LinearMap
from mirror.ops.transformer.feed_forward import seq_ffn_residual_dgraph
from theorems.engine.families import Family
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.strategies.blocks import feed_forwards


@reverse_mode_theorem(
    "Proofs.Autograd.Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv",
    g="seqFfnResidualDGraph fc1 b1 fc2 b2",
    says="The reverse run of the residual feed-forward sublayer is the adjoint of its derivative, at every point.",
    binders="{seqLen dModel dFF} (fc1) (b1) (fc2) (b2) (xV) (seedV)",
    family=Family.FEED_FORWARD,
    instances=feed_forwards,
    inputs=("x",),
    covers_not="fc1, fc2 and their biases are fixed: nothing differentiates them",
)
def seq_ffn_residual_backprop_vec_eq_adjoint_fderiv(
    seq_len: int, d_model: int, d_ff: int, fc1: LinearMap, b1: Array, fc2: LinearMap, b2: Array
) -> Graph:
    return seq_ffn_residual_dgraph(seq_len, d_model, d_ff, fc1, b1, fc2, b2).g
