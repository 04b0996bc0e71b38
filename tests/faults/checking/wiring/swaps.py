"""Two values of an instance that a conclusion could take for each other: what it says then is false, or no sentence.

Where it says the same then, as ⟨x, y⟩ = ⟨y, x⟩ does, there is nothing to see and the theorem does not stand here.
"""

from __future__ import annotations

from functools import cache

from lean_refs.names import matching
from theorems.engine.registry import theorems

_SWAPPED: dict[tuple[str, str], tuple[str, ...]] = {
    ("a", "b"): ("inner_append",),
    ("v", "t"): ("unsnocCtx_snocCtx",),
    ("f", "p"): ("toVecT_dim_apply",),
    ("i", "j"): ("flattenSpec_dim_apply",),
    ("x", "v"): ("inner_getRaw_singleRaw", "inner_get_single", "inner_getVec_singleVec"),
    ("x", "delta"): ("vjpVec_ofVec",),
    ("dctxV", "δV"): ("Node.correct_inner",),
    ("x", "seed"): ("*backprop*",),
    ("n", "num_heads"): ("maskedCoreAfterProjection_hasFDerivAt",),
    ("project_pack", "merge_pack"): (
        "projectedMaskedAttention_hasFDerivAt",
        "projectedMaskedDecoderAttentionPack_hasFDerivAt",
    ),
    ("d_attn_pack", "d_ffn_pack"): (
        "postNormGptDecoderBlock_hasFDerivAt",
        "postNormEncoderBlock_hasFDerivAt",
        "twoSublayerPostNormBlock_hasFDerivAt",
    ),
    ("seq_len", "d_model"): ("residualThenPostNorm_hasFDerivAt",),
}


@cache
def swaps() -> dict[str, tuple[str, str]]:
    """By the theorem's full name, the two values."""
    return {name: pair for pair, names in _SWAPPED.items() for given in names for name in matching(given, theorems())}
