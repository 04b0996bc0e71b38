"""The fast path: the decoder core and its masked attention under `jax.jit`, with a hand-written pullback."""

from mirror.jit.arguments import BlockContext, BlockParameters, Dense
from mirror.jit.attention import masked_attention
from mirror.jit.block import decoder_core
from mirror.jit.plan import BiasPlan

__all__ = ["BiasPlan", "BlockContext", "BlockParameters", "Dense", "decoder_core", "masked_attention"]
