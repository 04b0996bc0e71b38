"""How the extra memory of forward and VJP grows with S, from the compiled program; nothing is run."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import numpy as np

from mirror.dims import Dims
from mirror.jit import BiasPlan
from theorems.tools.bench.ours import forward, parameters
from theorems.tools.bench.peers.with_jax import temporaries, with_vjp
from theorems.tools.bench.problem import Size, Weights, causal_bias

SEQ_LENS = (512, 1024, 2048, 4096)
SIZE = Size(1, Dims(seq_len=512, d_model=512, num_heads=8, head_dim=64, d_ff=2048))


def temp_bytes(size: Size, dtype: Any = np.float32) -> int:
    """Bytes besides arguments and results that our block's forward and VJP hold, under a causal bias."""
    B, dims = size.batch, size.dims
    H, S, d, D, F = dims.num_heads, dims.seq_len, dims.head_dim, dims.d_model, dims.d_ff

    def array(*shape: int) -> Any:
        return jax.ShapeDtypeStruct(shape, dtype)

    vectors = [array(D) for _ in range(4)]
    context = (array(B, H, S, d), array(B, H, d, S), array(B, H, S, d), array(B, S, D), *vectors)
    w = Weights(array(H * d, D), array(D), array(D, F), array(F), array(F, D), array(D), d**-0.5, 1e-5)
    plan = BiasPlan.of(causal_bias(1, S), heads=H, seq_len=S)
    program = jax.jit(with_vjp(partial(forward, plan, True)))
    return temporaries(program.lower(context, array(B, S, D), parameters(w)).compile())
