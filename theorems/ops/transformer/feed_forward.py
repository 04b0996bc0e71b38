"""The theorem of the feed-forward sublayer.

Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/FeedForward.lean`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import backprop_vec, eval_vec
from mirror.linear_map import LinearMap
from mirror.ops.transformer.feed_forward import seq_ffn_residual_dgraph
from theorems.engine.evidence.derivatives import adjoint_of_fderiv
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.strategies.blocks import feed_forwards
from theorems.engine.theorem import theorem


@theorem(
    "Proofs.Autograd.Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv",
    formula="backpropVec g x seed = (fderiv ℝ (evalVec g) x)† seed,  g = seqFfnResidualDGraph fc1 b1 fc2 b2",
    says="The reverse run of the residual feed-forward sublayer is the adjoint of its derivative, at every point.",
    binders="{seqLen dModel dFF} (fc1) (b1) (fc2) (b2) (xV) (seedV)",
    instances=feed_forwards,
    covers_not="fc1, fc2 and their biases are fixed: nothing differentiates them",
)
def seq_ffn_residual_backprop_vec_eq_adjoint_fderiv(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    d_ff: int,
    fc1: LinearMap,
    b1: Array,
    fc2: LinearMap,
    b2: Array,
    x: Array,
    seed: Array,
    directions: tuple[Array, ...],
) -> Iterator[Claim]:
    graph = seq_ffn_residual_dgraph(seq_len, d_model, d_ff, fc1, b1, fc2, b2).g
    pulled_back = backprop_vec(ar, graph, x, seed)
    return adjoint_of_fderiv(lambda a, z: eval_vec(a, graph, z), x, seed, pulled_back, directions)
