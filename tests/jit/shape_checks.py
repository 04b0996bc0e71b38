"""Runs the block with all functions of `mirror.jit` held to their shapes: `python -m tests.jit.shape_checks`.

It needs names that only type checkers import, so it has a process of its own. It prints how many arrays each function
that writes a shape was given, or gave.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import jax
import numpy as np

from tests.jit.shapes import as_type_checkers_see_them, hold_all, writes_shapes
from tests.source import module_files

COUNT: Counter[str] = Counter()
MODULES = as_type_checkers_see_them([name for name in module_files("mirror") if name.startswith("mirror.jit")])
WRITE_SHAPES = writes_shapes(MODULES)
hold_all(MODULES, COUNT)

from mirror import jit  # noqa: E402 - what is held, not what was
from mirror.jit import attention, block, device, enclosed, numbers, panels, sharded  # noqa: E402
from mirror.jit.enclosing import ENCLOSING  # noqa: E402
from mirror.jit.pullback import with_pullback  # noqa: E402

B, H, N, D, M, F = 2, 2, 4, 3, 5, 6
DRAW = np.random.default_rng(0)


def draw(*shape: int) -> np.ndarray:
    return DRAW.standard_normal(shape).astype(np.float32)


CONTEXT = jit.BlockContext(
    draw(B, H, N, D), draw(B, H, D, N), draw(B, H, N, D), draw(B, N, M), draw(B, M), draw(M), draw(M), draw(B, M)
)
PARAMETERS = jit.BlockParameters(
    draw(H, D, M), draw(N, M), draw(M, F), draw(F), draw(F, M), draw(M), scale=0.5, eps1=1e-5, eps2=1e-5
)
BIAS = np.where(np.tril(np.ones((N, N))) > 0, 0.0, -1e4) + np.zeros((H, 1, 1))
PLAN = jit.BiasPlan.of(BIAS, heads=H, seq_len=N, tile=2)


def both(function: Any, inputs: Any, cotangent: Any, *fixed: Any, **options: Any) -> None:
    """Forward and back, traced and not compiled."""

    def run(inputs: Any, cotangent: Any) -> Any:
        _, pullback = jax.vjp(lambda x: function(x, *fixed, **options), inputs)
        return pullback(cotangent)

    jax.eval_shape(run, inputs, cotangent)


def made_again() -> None:
    """The jitted functions, of the functions that are held."""
    for room, back, static in (
        (attention, attention.attended_pullback, 1),
        (sharded, sharded._attention_pullback, 2),
    ):
        vars(room)["_masked_attention"] = with_pullback(room._attention, back, static=static, fixed="the mask")
    for room, static in ((block, 2), (sharded, 3)):
        vars(room)["_decoder_core"] = with_pullback(room._core, room._core_pullback, static=static, fixed="the rest")


def on_a_gpu() -> None:
    """As if there were one: its paths, with JAX's own attention in the place of cuDNN's."""
    by_jax = jax.nn.dot_product_attention
    device.here = lambda: device.Device("gpu", "NVIDIA")
    jax.nn.dot_product_attention = lambda *given, implementation, **told: by_jax(*given, implementation="xla", **told)
    n, draw_16 = 34, lambda *shape: jax.numpy.asarray(draw(*shape), "bfloat16")
    qkv = draw_16(B, H, n, 8), draw_16(B, H, 8, n), draw_16(B, H, n, 8)
    causal = np.where(np.tri(n) > 0, 0.0, -1e9)
    for path, bias in (("cudnn", causal), ("pallas", causal), ("xla", draw_16(H, n, n)), ("pallas", draw(H, n, n))):
        plan = jit.BiasPlan.of(bias, heads=H, seq_len=n, tile=16)
        both(lambda x, *rest, path=path: jit.masked_attention(*x, *rest, path=path), qkv, qkv[0], plan, 0.5)
    twice = jax.hessian(lambda q: jit.masked_attention(q, *qkv[1:], plan, 0.5, path="pallas").sum())
    jax.eval_shape(twice, qkv[0])


def main() -> None:
    made_again()
    cotangent = draw(B, N, M)
    dense = replace(PARAMETERS, fc1=jit.Dense(draw(N * F, N * M)), merge=draw(H * D, M))
    for schedule in ("panels", "tiles"):
        both(jit.decoder_core, CONTEXT, cotangent, dense, PLAN, schedule=schedule)
    panels.TOGETHER, numbers.CACHE_BYTES = 1, 1
    alibi = jit.BiasPlan.of(BIAS * np.arange(1, H + 1)[:, None, None], heads=H, seq_len=N, tile=2)
    both(lambda qkv, *rest: jit.masked_attention(*qkv, *rest), tuple(CONTEXT[:3]), draw(B, H, N, D), alibi, 0.5)
    mesh = jit.mesh_of()
    both(jit.decoder_core_on(mesh), CONTEXT, cotangent, PARAMETERS, PLAN)
    on_mesh = jit.masked_attention_on(mesh)
    both(lambda qkv, *rest: on_mesh(*qkv, *rest), tuple(CONTEXT[:3]), draw(B, H, N, D), PLAN, 0.5)
    ar, one = ENCLOSING["bfloat16"], jit.BlockContext(*(a[:1] if len(a) == B else a[None] for a in CONTEXT))
    enclosed.enclosed_core(ar, one, PARAMETERS, BIAS, cotangent[:1])
    enclosed.enclosed_attention(ar, one.q, one.kt, one.v, None, 0.5, one.v)
    on_a_gpu()
    print(json.dumps({name: COUNT[name] for name in WRITE_SHAPES}))


if __name__ == "__main__":
    main()
