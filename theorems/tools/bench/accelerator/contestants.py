"""Who takes part: every path of ours, JAX's attentions, and those of libraries that are installed.

Everyone is given the same arrays: q and v (B, H, S, d), keys transposed (B, H, d, S) as the theorem has them, and gives
the heads' output (B, H, S, d) and three cotangents alike. Who wants another order of axes turns them in its own time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

import jax

from mirror.jit import masked_attention
from theorems.tools.bench.accelerator.problems import WINDOW, AttentionProblem, OnDevice
from theorems.tools.bench.candidate import Absent
from theorems.tools.bench.peers.with_jax import temporaries

OURS = "leanmirror"
MOST_PANELS = 2048


@dataclass(frozen=True, slots=True)
class Contestant:
    """Two functions of the number of a context, which start the work and do not wait for it.

    `wait` does. `read` gives the output and the cotangents of the first context as arrays that JAX takes. `temp_bytes`
    is what forward, and forward with VJP, hold at most besides arguments and results.
    """

    forward: Callable[[int], Any]
    vjp: Callable[[int], Any]
    wait: Callable[[Any], Any]
    read: Callable[[Any], list[Any]]
    temp_bytes: tuple[int, int]


BuildContestant = Callable[[AttentionProblem, OnDevice], Contestant]


def of_jax(attention: Callable[..., jax.Array], g: OnDevice, *fixed: Any) -> Contestant:
    """A function (q, kt, v, *fixed) to the heads' output, compiled for a problem."""

    def both(q: Any, kt: Any, v: Any, cotangent: Any, *fixed: Any) -> Any:
        out, pullback = jax.vjp(lambda q, kt, v: attention(q, kt, v, *fixed), q, kt, v)
        return (out, *pullback(cotangent))

    f = jax.jit(attention).lower(*g.contexts[0], *fixed).compile()
    b = jax.jit(both).lower(*g.contexts[0], g.cotangent, *fixed).compile()
    return Contestant(
        lambda k: f(*g.contexts[k % len(g.contexts)], *fixed),
        lambda k: b(*g.contexts[k % len(g.contexts)], g.cotangent, *fixed),
        jax.block_until_ready,
        list,
        (temporaries(f), temporaries(b)),
    )


def ours(path: str, p: AttentionProblem, g: OnDevice) -> Contestant:
    """The attention of `mirror.jit` by a path; the plan is an argument."""

    def attention(q: Any, kt: Any, v: Any, plan: Any) -> jax.Array:
        return masked_attention(q, kt, v, plan, p.scale, path=path)

    return of_jax(attention, g, g.plan)


def by_xla(p: AttentionProblem, g: OnDevice) -> Contestant:
    """Ours by XLA; `Absent` where its many panels would take minutes to compile."""
    if p.size.positions > MOST_PANELS:
        raise Absent(f"left out above {MOST_PANELS} positions: its panels take long to compile for a GPU")
    return ours("xla", p, g)


def naive(p: AttentionProblem, g: OnDevice) -> Contestant:
    """Softmax of all scores, as a user writes it."""

    def attention(q: Any, kt: Any, v: Any, bias: Any) -> jax.Array:
        return jax.nn.softmax(q @ kt * p.scale + bias, axis=-1) @ v

    return of_jax(attention, g, g.bias)


def _library(q: Any, kt: Any, v: Any, function: Callable[..., jax.Array], **options: Any) -> jax.Array:
    """An attention that wants (B, S, H, d)."""
    q, k, v = (a.swapaxes(1, 2) for a in (q, kt.swapaxes(-1, -2), v))
    return function(q, k, v, **options).swapaxes(1, 2)


def cudnn_told(p: AttentionProblem, g: OnDevice) -> Contestant:
    """JAX's cuDNN attention, told that the mask is causal, or a window."""
    if p.bias == "dense":
        raise Absent("cannot be told a dense bias")
    window = (WINDOW - 1, 0) if p.bias == "window" else None
    told = partial(jax.nn.dot_product_attention, implementation="cudnn", is_causal=True, local_window_size=window)
    return of_jax(partial(_library, function=partial(told, scale=p.scale)), g)


def cudnn_biased(p: AttentionProblem, g: OnDevice) -> Contestant:
    """JAX's cuDNN attention, given the bias, whose cotangent it computes as well."""

    def attention(q: Any, kt: Any, v: Any, bias: Any) -> jax.Array:
        biased = partial(jax.nn.dot_product_attention, scale=p.scale, implementation="cudnn", bias=bias[None])
        return _library(q, kt, v, biased)

    return of_jax(attention, g, g.bias)


def tokamax(p: AttentionProblem, g: OnDevice) -> Contestant:
    """tokamax, which chooses a kernel for the device."""
    function = _from("tokamax", "tokamax", "dot_product_attention")

    def attention(q: Any, kt: Any, v: Any, bias: Any) -> jax.Array:
        return _library(q, kt, v, partial(function, bias=bias[None], scale=p.scale))

    return of_jax(attention, g, g.bias)


def _torch(name: str, p: AttentionProblem, g: OnDevice) -> Contestant:
    return _from("torch", "theorems.tools.bench.accelerator.with_torch", name)(p, g)


def _from(library: str, module: str, name: str) -> Callable[..., Any]:
    """A function of a module that needs an optional library; raises `Absent` without it."""
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as why:
        if why.name != library:
            raise
        raise Absent(f"{library} is not installed: pip install 'leanmirror[{library}]'") from why


CONTESTANTS: dict[str, BuildContestant] = {
    f"{OURS}, cudnn": partial(ours, "cudnn"),
    f"{OURS}, pallas": partial(ours, "pallas"),
    "jax.nn cuDNN, is_causal": cudnn_told,
    "jax.nn cuDNN, bias": cudnn_biased,
    "torch SDPA, is_causal": partial(_torch, "told"),
    "torch SDPA, bias": partial(_torch, "biased"),
    "tokamax": tokamax,
    "FlexAttention": partial(_torch, "flex"),
    "jax naive": naive,
    f"{OURS}, xla": by_xla,
}
