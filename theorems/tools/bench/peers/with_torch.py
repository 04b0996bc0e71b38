"""PyTorch on a CPU: eager with SDPA, and the explicit formula under torch.compile."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch  # pyright: ignore[reportMissingImports] - an optional extra
import torch.nn.functional as functional  # pyright: ignore[reportMissingImports]

from theorems.tools.bench.candidate import Candidate
from theorems.tools.bench.problem import Problem

TorchAttention = Callable[[Any, Any, Any, Any, float], Any]


def _sdpa(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    return functional.scaled_dot_product_attention(q, k, v, attn_mask=bias, scale=scale)


def _math(q: Any, k: Any, v: Any, bias: Any, scale: float) -> Any:
    return torch.softmax(q @ k.mT * scale + bias, -1) @ v


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
    context = [torch.tensor(a).requires_grad_() for a in p.context]
    arrays = [torch.tensor(a) for a in p.arrays]
    bias, cotangent = torch.tensor(p.bias), torch.tensor(p.cotangent)

    def forward() -> Any:
        with torch.no_grad():
            return block(context, arrays, bias)

    def vjp() -> Any:
        out = block(context, arrays, bias)
        return out, torch.autograd.grad(out, context, cotangent)

    return Candidate(forward, vjp, lambda t: t.detach().numpy())


eager = partial(_candidate, _sdpa)
compiled = partial(_candidate, _math, compiled=True)
