"""PyTorch: eager with SDPA, the explicit formula under torch.compile, and FlexAttention."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any

import numpy as np
import torch  # pyright: ignore[reportMissingImports] - an optional extra
import torch.nn.functional as functional  # pyright: ignore[reportMissingImports]
from torch.nn.attention.flex_attention import (  # pyright: ignore[reportMissingImports]
    create_block_mask,
    flex_attention,
)

from theorems.tools.bench.candidate import Absent, Candidate, copies
from theorems.tools.bench.problem import Problem

TorchAttention = Callable[[Any, Any, Any, Any, float], Any]


def _sdpa(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=scale)


def _told(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    """The flash kernel, which takes no bias and is told that the mask is causal."""
    from torch.nn.attention import SDPBackend, sdpa_kernel  # pyright: ignore[reportMissingImports]

    with sdpa_kernel(SDPBackend.FLASH_ATTENTION):
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scale)


def _math(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    return torch.softmax(q @ k.mT * scale + bias, -1) @ v


def _flex_biased(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    return flex_attention(q, k, v, score_mod=lambda s, b, h, i, j: s + bias[h, i, j], scale=scale)


def _block(attention: TorchAttention, scale: float, eps: float) -> Callable[[Any, Any, Any], Any]:
    def forward(context: Any, arrays: Any, bias: Any) -> Any:
        q, kt, v, residual, gamma1, beta1, gamma2, beta2 = context
        merge, merge_bias, fc1, b1, fc2, b2 = arrays
        heads = attention(q, kt.mT, v, bias, scale).transpose(-3, -2).flatten(-2)
        x = functional.layer_norm(heads @ merge + merge_bias + residual, gamma1.shape, gamma1, beta1, eps)
        y = functional.gelu(x @ fc1 + b1, approximate="tanh") @ fc2 + b2
        return functional.layer_norm(x + y, gamma2.shape, gamma2, beta2, eps)

    return forward


def _candidate(attention: TorchAttention, p: Problem, device: str, *, compiled: bool = False) -> Candidate:
    """The block around an attention; nothing but the context is differentiated."""
    block = _block(attention, p.weights.scale, p.weights.eps)
    if compiled:
        block = torch.compile(block, dynamic=False, fullgraph=True)
    upload = partial(_tensor, device="cuda" if device == "gpu" else "cpu")
    wait = torch.cuda.synchronize if device == "gpu" else lambda: None
    contexts = [[upload(a).requires_grad_() for a in p.context] for _ in range(copies(p.context, device))]
    turns, arrays = cycle(contexts), [upload(a) for a in p.arrays]
    bias, cotangent = upload(p.bias), upload(p.cotangent)

    def forward() -> Any:
        with torch.no_grad():
            out = block(next(turns), arrays, bias)
        wait()
        return out

    def vjp() -> Any:
        context = next(turns)
        out = block(context, arrays, bias)
        cotangents = torch.autograd.grad(out, context, cotangent)
        wait()
        return out, cotangents

    return Candidate(forward, vjp, lambda t: t.detach().float().cpu().numpy())


def _tensor(a: np.ndarray, device: str) -> Any:
    """A tensor of the same values: by way of float32, because PyTorch does not read NumPy's bfloat16."""
    dtype = torch.float32 if a.dtype == np.float32 else torch.bfloat16
    return torch.tensor(a.astype(np.float32)).to(device, dtype)


eager = partial(_candidate, _sdpa)
flash = partial(_candidate, _told)
compiled = partial(_candidate, _math, compiled=True)


def flex(p: Problem, device: str) -> Candidate:
    """FlexAttention with the bias as score modification, or a block mask for the causal one; `Absent` on a CPU."""
    if device == "cpu":
        raise Absent("FlexAttention has no backward pass on a CPU")
    return _candidate(_flex_causal(p.size.dims.seq_len) if p.causal else _flex_biased, p, device, compiled=True)


def _flex_causal(n: int) -> TorchAttention:
    mask = create_block_mask(lambda b, h, i, j: i >= j, None, None, n, n, device="cuda")

    def attention(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
        return flex_attention(q, k, v, block_mask=mask, scale=scale)

    return attention
