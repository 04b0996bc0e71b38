"""The fast path: the decoder core and its masked attention under `jax.jit`, with a hand-written pullback.

On one device, and split over several (`mesh_of`, `shardings` and the functions `…_on` a mesh).
"""

from mirror.jit.arguments import BlockContext, BlockParameters, Dense
from mirror.jit.attention import masked_attention
from mirror.jit.block import decoder_core
from mirror.jit.mesh import mesh_of, shardings
from mirror.jit.plan import BiasPlan
from mirror.jit.sharded import decoder_core_on, masked_attention_on

__all__ = [
    "BiasPlan",
    "BlockContext",
    "BlockParameters",
    "Dense",
    "decoder_core",
    "decoder_core_on",
    "masked_attention",
    "masked_attention_on",
    "mesh_of",
    "shardings",
]
