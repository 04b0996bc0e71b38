"""The jitted block of `mirror.jit`, with and without skipping dead tiles."""

from __future__ import annotations

from functools import partial
from typing import Any

import jax

from mirror.jit import BiasPlan, BlockContext, BlockParameters, decoder_core
from theorems.tools.bench.candidate import Candidate
from theorems.tools.bench.peers.with_jax import candidate
from theorems.tools.bench.problem import Problem, Weights

NAME = "leanmirror"
NO_SKIP = "leanmirror, nothing skipped"


def build(p: Problem, device: str, *, skip: bool = True) -> Candidate:
    """The block on one problem: the bias classified once on the host, then compiled."""
    plan = BiasPlan.of(p.bias, heads=p.size.dims.num_heads, seq_len=p.size.dims.seq_len)
    return candidate(partial(forward, plan, skip), p, device, parameters(p.weights))


def forward(plan: BiasPlan, skip: bool, context: Any, fixed: BlockParameters) -> jax.Array:
    """The block of `mirror.jit` as a function of the context and the fixed arguments."""
    return decoder_core(BlockContext(*context), fixed, plan, skip=skip)


def parameters(w: Weights) -> BlockParameters:
    """The fixed arguments as `mirror.jit` wants them."""
    return BlockParameters(w.merge, w.merge_bias, w.fc1, w.b1, w.fc2, w.b2, w.scale, w.eps, w.eps)
