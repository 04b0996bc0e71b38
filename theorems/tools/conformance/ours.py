"""This project's own block and attention, called as any other.

`leanmirror conform theorems.tools.conformance.ours:block` holds the block against the mirror.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mirror.jit import BiasPlan, BlockContext, BlockParameters, decoder_core, masked_attention


def block(context: BlockContext, parameters: BlockParameters, bias: Any) -> Any:
    """`mirror.jit.decoder_core`, the plan made of the mask."""
    return decoder_core(context, parameters, _plan(bias))


def attention(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
    """`mirror.jit.masked_attention`, the plan made of the mask."""
    return masked_attention(q, kt, v, _plan(bias), scale)


def _plan(bias: Any) -> BiasPlan:
    heads, n, _ = np.shape(bias)
    return BiasPlan.of(np.asarray(bias), heads=heads, seq_len=n)
