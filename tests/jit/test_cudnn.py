"""cuDNN's attention as far as a CPU can show: by what JAX's own computes instead, and lowered for a GPU."""

from __future__ import annotations

import json
import re
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax._src.cudnn import fused_attention_stablehlo
from jax.sharding import Mesh, PartitionSpec

from mirror.jit import BiasPlan, BlockContext, BlockParameters, cudnn, decoder_core, device, masked_attention, paths
from mirror.jit.arrays import QKV
from mirror.jit.device import Device
from mirror.jit.kernels import work

B, H, N, D = 3, 2, 6, 8
DISTANCE = np.subtract.outer(np.arange(N), np.arange(N))
CAUSAL = np.where(DISTANCE >= 0, 0.0, -1e9)
# A head dimension for what is traced with cuDNN's own attention: of another JAX keeps what stood in its place.
OTHER = 2 * D


def windowed(width: int) -> np.ndarray:
    return np.where((DISTANCE >= 0) & (width > DISTANCE), 0.0, -1e9)


WINDOW = windowed(3)
H100 = Device("gpu", "NVIDIA H100 80GB HBM3")
QUICK = {"xla_backend_optimization_level": 0}


@pytest.fixture
def traceable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if there were a GPU: cuDNN's attention can be traced and lowered, not run."""
    monkeypatch.setattr(device, "here", lambda: H100)
    monkeypatch.setattr(work, "interpreted", lambda: False)
    monkeypatch.setattr(fused_attention_stablehlo, "check_cudnn_version", lambda: 91900)


def plan(bias: Any, heads: int = H) -> BiasPlan:
    return BiasPlan.of(bias, heads=heads, seq_len=N if bias is None else np.shape(bias)[-1], tile=16)


# ---- by what JAX's own computes instead


def by_jax(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """As if there were a GPU: cuDNN's attention is JAX's. The calls."""
    calls: list[dict[str, Any]] = []
    attention = jax.nn.dot_product_attention

    def stand_in(*given: Any, implementation: str, **options: Any) -> Any:
        calls.append({"implementation": implementation, **options})
        return attention(*given, implementation="xla", **options)

    monkeypatch.setattr(device, "here", lambda: H100)
    monkeypatch.setattr(jax.nn, "dot_product_attention", stand_in)
    return calls


def arrays(scale: float = 1.0, d: int = D) -> list[Any]:
    draw = np.random.default_rng(0)
    shapes = ((B, H, N, d), (B, H, d, N), (B, H, N, d), (B, H, N, d))
    return [jnp.asarray(scale * draw.standard_normal(s), jnp.bfloat16) for s in shapes]


NEAR = CAUSAL / 1e5  # one program for all values
READ = plan(NEAR)


def with_vjp(path: str, read: BiasPlan = READ) -> Any:
    def run(q: Any, kt: Any, v: Any, g: Any) -> Any:
        out, pullback = jax.vjp(lambda q, kt, v: masked_attention(q, kt, v, read, 0.5, path=path), q, kt, v)
        return out, *pullback(g)

    return run


def computed(given: list[Any], path: str) -> list[np.ndarray]:
    return [np.asarray(a, np.float32) for a in with_vjp(path)(*given)]


def weights_times_values(given: list[Any], bias: Any) -> Any:
    q, kt, v = (np.asarray(a, np.float32) for a in given[:3])
    return jax.nn.softmax(q @ kt * 0.5 + bias) @ v


@pytest.mark.parametrize(
    ("bias", "told"),
    [
        (None, {"is_causal": False, "local_window_size": None}),
        (CAUSAL, {"is_causal": True, "local_window_size": None}),
        (WINDOW, {"is_causal": True, "local_window_size": (2, 0)}),
    ],
)
def test_cudnn_is_told_the_mask(monkeypatch: pytest.MonkeyPatch, bias: Any, told: dict[str, Any]) -> None:
    calls, read = by_jax(monkeypatch), plan(bias)
    jax.eval_shape(with_vjp("cudnn", read), *arrays())
    assert calls
    assert all(call == {"implementation": "cudnn", "scale": 0.5, **told} for call in calls)


def test_what_cudnn_is_told_is_what_a_window_says(monkeypatch: pytest.MonkeyPatch) -> None:
    by_jax(monkeypatch)
    q, kt, v, _ = arrays()
    found = cudnn.told(plan(WINDOW).layout, 0.5, cudnn.one_head_each(QKV(q, kt, v))).reshape(B, H, N, D)
    np.testing.assert_allclose(found, weights_times_values(arrays(), WINDOW), atol=0.02)


@pytest.mark.parametrize(("scale", "sound"), [(1.0, True), (60.0, False)])
def test_where_a_blocked_key_has_a_weight_cudnn_is_not_asked(
    monkeypatch: pytest.MonkeyPatch, scale: float, sound: bool
) -> None:
    by_jax(monkeypatch)
    monkeypatch.setattr(paths, "has_backend", lambda: False)  # what XLA is given compiles in less time for a CPU
    given = arrays(scale)
    found, expected = (computed(given, path) for path in ("cudnn", "xla"))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=0.02 * np.abs(b).max())
    told = cudnn.told(READ.layout, 0.5, cudnn.one_head_each(QKV(*given[:3]))).reshape(B, H, N, D)
    assert np.allclose(told, expected[0], atol=0.02 * scale) is sound


def test_a_cotangent_that_is_not_finite_is_not_hidden_by_cudnn(monkeypatch: pytest.MonkeyPatch) -> None:
    by_jax(monkeypatch)
    monkeypatch.setattr(paths, "has_backend", lambda: False)
    given = arrays()
    given[3] = given[3].at[0, 1, 0, 0].set(jnp.inf)
    found, expected = ([np.isfinite(a) for a in computed(given, path)] for path in ("cudnn", "xla"))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_array_equal(a, b)
    assert [a.all() for a in found] == [True, False, False, False]


def test_the_block_takes_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = by_jax(monkeypatch)
    like = lambda *s: jax.ShapeDtypeStruct(s, jnp.bfloat16)  # noqa: E731
    q, kt, v, _ = (like(*a.shape) for a in arrays())
    context = BlockContext(q, kt, v, like(B, N, 3), *[like(3)] * 4)
    fixed = BlockParameters(like(H, D, 3), *map(like, (3,)), like(3, 4), like(4), like(4, 3), like(3), 0.5, 1e-5, 1e-5)  # type: ignore[arg-type]

    def gradient(context: BlockContext, fixed: BlockParameters) -> BlockContext:
        return jax.grad(lambda c: decoder_core(c, fixed, READ, path="cudnn").sum())(context)

    assert [a.shape for a in jax.eval_shape(gradient, context, fixed)] == [a.shape for a in context]
    assert calls


# ---- under a user's own JAX; what runs is the same, so these are traced alone


def test_in_a_batch_all_examples_decide_together(monkeypatch: pytest.MonkeyPatch) -> None:
    by_jax(monkeypatch)
    traced = str(jax.make_jaxpr(jax.vmap(with_vjp("cudnn")))(*arrays()))
    assert traced.count(" cond[") == 2  # forward and back: a choice for each example would compute both


@pytest.mark.usefixtures("traceable")
@pytest.mark.parametrize("path", ["cudnn", "pallas"])
def test_a_shard_map_takes_a_path(path: str) -> None:
    mesh, own, shared = Mesh(np.array(jax.devices()[:1]), ("batch",)), PartitionSpec("batch"), PartitionSpec()
    q, kt, v, g = arrays(d=OTHER)

    def attention(q: Any, kt: Any, v: Any) -> Any:
        return masked_attention(q, kt, v, READ, 0.5, path=path)

    sharded = jax.shard_map(attention, mesh=mesh, in_specs=(own, shared, own), out_specs=own)
    d_q, d_kt, d_v = jax.eval_shape(lambda *qkv: jax.vjp(sharded, *qkv)[1](g), q, kt, v)
    assert (d_q.shape, d_kt.shape, d_v.shape) == (q.shape, kt.shape, v.shape)


def test_a_second_derivative_is_that_of_the_formulas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither cuDNN nor a kernel has one: so it is XLA's, of the output and of the pullback."""
    by_jax(monkeypatch)
    draw, read = np.random.default_rng(0), plan(np.where(np.tri(3) > 0, 0.0, -1e9), heads=1)
    qkv = [jnp.asarray(draw.standard_normal(s), jnp.bfloat16) for s in ((1, 3, D), (1, D, 3), (1, 3, D))]

    def by_path(path: str) -> Any:
        def f(q: Any, kt: Any, v: Any) -> Any:
            return jnp.sum(masked_attention(q, kt, v, read, 0.5, path=path).astype(jnp.float32) ** 2)

        first = jax.jit(
            jax.grad(lambda *qkv: sum(map(jnp.vdot, jax.grad(f, (0, 1, 2))(*qkv), qkv)), (0, 1, 2)),
            compiler_options=QUICK,
        )
        return [np.asarray(a, np.float32) for a in first(*qkv)]

    expected = by_path("xla")
    for path in ("cudnn", "pallas"):
        for a, b in zip(by_path(path), expected, strict=True):
            np.testing.assert_allclose(a, b, atol=0.02 * np.abs(b).max())


# ---- lowered for a device that is not there: what JAX makes of what cuDNN is told


def configured(call: str) -> dict[str, Any]:
    """What a custom call says to cuDNN."""
    (written,) = re.findall(r'backend_config = "(.*?)", ', call)
    found = json.loads(written.replace(r"\22", '"'))["cudnn_fmha_backend_config"]
    return {key: found[key] for key in ("fmha_scale", "mask_type", "sliding_window_length")}


@pytest.mark.usefixtures("traceable")
@pytest.mark.parametrize(
    ("bias", "mask", "window"),
    [
        (None, "NO_MASK", 0),
        (CAUSAL, "CAUSAL", 0),
        (WINDOW, "CAUSAL", 3),  # its own key and two before it
        (windowed(N - 1), "CAUSAL", N - 1),
        (windowed(1), "CAUSAL", 1),
    ],
)
def test_cudnn_is_called_with_the_mask(monkeypatch: pytest.MonkeyPatch, bias: Any, mask: str, window: int) -> None:
    monkeypatch.setattr(paths, "has_backend", lambda: False)
    given = jax.jit(with_vjp("cudnn", plan(bias))).trace(*arrays(d=OTHER))
    text = given.lower(lowering_platforms=("cuda",)).as_text()
    calls = [line for line in text.splitlines() if "@__cudnn$fmha" in line]
    assert [re.findall(r"@__cudnn\$(\w+)", line) for line in calls] == [["fmhaSoftmax"], ["fmhaSoftmaxBackward"]]
    for line in calls:
        assert configured(line) == {"fmha_scale": 0.5, "mask_type": mask, "sliding_window_length": window}
        assert f"tensor<{B * H}x{N}x1x{OTHER}xbf16>" in line  # every head is an example
