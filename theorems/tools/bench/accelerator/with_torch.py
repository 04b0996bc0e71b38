"""PyTorch's attentions on a GPU: SDPA told that the mask is causal, SDPA with the bias, and FlexAttention."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import torch  # pyright: ignore[reportMissingImports] - an optional extra
import torch.nn.functional as functional  # pyright: ignore[reportMissingImports]
from torch.nn.attention.flex_attention import (  # pyright: ignore[reportMissingImports]
    create_block_mask,
    flex_attention,
)

from theorems.tools.bench.accelerator.contestants import Contestant
from theorems.tools.bench.accelerator.problems import WINDOW, AttentionProblem, OnDevice
from theorems.tools.bench.candidate import Absent


def told(p: AttentionProblem, g: OnDevice) -> Contestant:
    """SDPA as PyTorch chooses its kernel, told that the mask is causal."""
    if p.bias != "causal":
        raise Absent("can be told a causal mask alone")
    return _contestant(lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, is_causal=True), g)


def biased(p: AttentionProblem, g: OnDevice) -> Contestant:
    """SDPA given the bias, which receives no gradient."""
    bias = _tensor(g.bias)[None].expand(p.size.batch, p.size.heads, -1, -1)
    return _contestant(lambda q, k, v: functional.scaled_dot_product_attention(q, k, v, attn_mask=bias), g)


def flex(p: AttentionProblem, g: OnDevice) -> Contestant:
    """FlexAttention, compiled, with a block mask for a causal bias or a window, or the bias as score modification."""
    n = p.size.positions
    torch._dynamo.reset()  # it gives up fusing after some shapes in one process
    compiled = torch.compile(flex_attention, dynamic=False)
    if p.bias != "dense":
        width = WINDOW if p.bias == "window" else n
        mask = create_block_mask(lambda b, h, i, j: (i >= j) & (i - j < width), None, None, n, n, device=_device())
        return _contestant(lambda q, k, v: compiled(q, k, v, block_mask=mask), g)
    bias = _tensor(g.bias)
    return _contestant(lambda q, k, v: compiled(q, k, v, score_mod=lambda s, b, h, i, j: s + bias[h, i, j]), g)


def _contestant(attention: Callable[..., Any], g: OnDevice) -> Contestant:
    contexts = [[_tensor(a).requires_grad_() for a in context] for context in g.contexts]
    cotangent = _tensor(g.cotangent)

    def forward(k: int) -> Any:
        q, kt, v = contexts[k % len(contexts)]
        with torch.no_grad():
            return attention(q, kt.mT.contiguous(), v)

    def vjp(k: int) -> Any:
        q, kt, v = contexts[k % len(contexts)]
        out = attention(q, kt.mT.contiguous(), v)
        return (out, *torch.autograd.grad(out, (q, kt, v), cotangent))

    memory = _most(lambda: forward(0)), _most(lambda: vjp(0))
    return Contestant(forward, vjp, lambda _: _wait(), lambda found: [_array(t) for t in found], memory)


def _most(run: Callable[[], Any]) -> int:
    """The most bytes that a call holds at a time, besides what it is given and what it returns."""
    run()
    _wait()
    if _device() == "cpu":
        return 0
    torch.cuda.reset_peak_memory_stats()
    before = torch.cuda.memory_allocated()
    found = run()
    _wait()
    tensors = found if isinstance(found, tuple) else (found,)
    return torch.cuda.max_memory_allocated() - before - sum(t.nbytes for t in tensors)


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def _wait() -> None:
    if _device() == "cuda":
        torch.cuda.synchronize()


def _tensor(a: Any) -> Any:
    """A tensor of the same values: by way of float32, because PyTorch does not read NumPy's bfloat16."""
    dtype = torch.float32 if a.dtype == jnp.float32 else torch.bfloat16
    return torch.tensor(np.asarray(a.astype(jnp.float32))).to(_device(), dtype)


def _array(t: Any) -> np.ndarray:
    return t.detach().float().cpu().numpy()
