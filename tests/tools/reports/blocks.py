"""A decoder block written down by hand: one position, two features, one head of one feature, two hidden."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.core.fderiv import ctx_size
from mirror.dims import Dims
from mirror.linear_map import PositionWise, basis_vector
from mirror.ops.transformer.decoder_block import Parameters, context_decoder_core, saved_decoder_core


def block() -> dict[str, Any]:
    """An instance of the block's theorems, as its strategy builds them."""
    dims = Dims(seq_len=1, d_model=2, num_heads=1, head_dim=1, d_ff=2)
    inputs = context_decoder_core(dims)
    n, everything = ctx_size(inputs), ctx_size((*inputs, *saved_decoder_core(dims)))
    parameters = Parameters(
        merge=PositionWise(1, 2, 1, (fmpq(1), fmpq(2))),
        merge_bias=rational_vector([0, 1]),
        fc1=PositionWise(1, 2, 2, (fmpq(1), fmpq(0), fmpq(0), fmpq(1, 3))),
        b1=rational_vector([0, 0]),
        fc2=PositionWise(1, 2, 2, (fmpq(0), fmpq(1), fmpq(1), fmpq(0))),
        b2=rational_vector([1, -1]),
        c=fmpq(1, 2),
        eps1=fmpq(1),
        eps2=fmpq(1, 1000),
        bias=rational_vector([-10000]),
    )
    return {
        "dims": dims,
        "mask": "causal, gap -1e4",
        "values": "integers",
        "parameters": parameters,
        "x": rational_vector([2, 3, 5, 1, 0, 1, 1, 0, 0, 1, -1, 0, 0]),
        "seed": rational_vector([0] * (everything - 1) + [1]),
        "directions": (basis_vector(n, 4),),
        "full_jacobian": False,
    }
