"""The encoder's name for the two-sublayer chain rule.

Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/EncoderBlock.lean`.
"""

from __future__ import annotations

from theorems.ops.transformer.post_norm import two_sublayer_theorem

post_norm_encoder_block_has_fderiv_at = two_sublayer_theorem(
    "postNormEncoderBlock_hasFDerivAt",
    "attnPack",
    "The chain rule of two post-norm sublayers, under the encoder's name.",
    "it is twoSublayerPostNormBlock_hasFDerivAt: no attention and no feed-forward occurs; E is ℝ^k here",
)
