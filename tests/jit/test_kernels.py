"""The Pallas kernels: interpreted, their results lie in the certified enclosure; lowered, they are Triton's."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mirror.jit import BiasPlan, device, kernels, masked_attention
from mirror.jit.arrays import QKV
from mirror.jit.formulas import backward_rows
from mirror.jit.kernels import sizes, spans, work
from mirror.jit.numbers import Jitted, numbers_for
from mirror.jit.plan import Tile
from theorems.engine.evidence.block_floats import AttentionInstances
from theorems.engine.evidence.floats import FloatVerdict
from theorems.engine.strategies.jitted import MASKS

# Two tiles, the second of two rows; a head dimension that is no power of two; another number of examples than of heads.
B, H, N, D, TILE, SCALE = 3, 2, 18, 3, 16, 0.5
# What is interpreted is a loop over small pieces: compiling takes all the time.
QUICK = {"xla_backend_optimization_level": 0}
DISTANCE = np.subtract.outer(np.arange(N), np.arange(N))
CAUSAL = np.where(DISTANCE >= 0, 0.0, -1e4)
DRAW = np.random.default_rng(5)
FAMILIES = {name: draw(DRAW, H, N) for name, draw in MASKS.items()}
FAMILIES["in one array"] = FAMILIES["random mask"]


def plan(bias: np.ndarray) -> BiasPlan:
    return BiasPlan.of(bias, heads=H, seq_len=N, tile=TILE)


def instances(bias: np.ndarray) -> AttentionInstances:
    q, kt, v, g = (DRAW.standard_normal((B, H, *s)).astype(np.float32) for s in ((N, D), (D, N), (N, D), (N, D)))
    return AttentionInstances(QKV(q, kt, v), SCALE, np.broadcast_to(bias, (H, N, N)), g)


def run(batch: AttentionInstances, read: BiasPlan) -> list[np.ndarray]:
    def program(q: Any, kt: Any, v: Any, g: Any) -> Any:
        out, pullback = jax.vjp(
            lambda q, kt, v: masked_attention(q, kt, v, read, SCALE, skip=False, path="pallas"), q, kt, v
        )
        return out, *pullback(g)

    return [np.asarray(a) for a in jax.jit(program, compiler_options=QUICK)(*batch.inputs, batch.cotangent)]


# ---- inside, and what is not


@pytest.mark.unmeasured
@pytest.mark.parametrize("family", FAMILIES)
def test_what_the_kernels_compute_is_inside_the_enclosure(family: str, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = instances(FAMILIES[family])
    if family == "in one array":  # as a plan for a GPU keeps it
        with monkeypatch.context() as there:
            there.setattr(device, "here", lambda: device.Device("gpu", "NVIDIA"))
            read = plan(FAMILIES[family])
        assert [s.shape for s in read.strips] == [(H, N, N)]
    else:
        read = plan(FAMILIES[family])
    results = run(batch, read)
    assert {j.verdict for j in batch.judge(results)} == {FloatVerdict.INSIDE}
    keys_swapped = replace(batch, inputs=(batch.inputs[0], batch.inputs[1][..., ::-1], batch.inputs[2]))
    assert {j.verdict for j in keys_swapped.judge(results)} == {FloatVerdict.OUTSIDE}


def test_with_dead_tiles_skipped_and_operands_of_16_bits_the_same_comes_out() -> None:
    read, batch = plan(CAUSAL), instances(CAUSAL)
    assert read.layout.kinds[0][1] is Tile.DEAD
    ar, scale = Jitted("float32", "bfloat16", None), jnp.float32(SCALE)
    strips = tuple(jnp.asarray(s, jnp.float32) for s in read.strips)

    def program(*arrays: Any) -> list[Any]:
        *qkv, g = (a[0] for a in arrays)
        saved = kernels.forward(ar, read.layout, True, scale, QKV(*qkv), strips)
        rows = backward_rows(ar, saved, g)
        return [saved.heads, *kernels.pullback(ar, read.layout, True, scale, QKV(*qkv), strips, rows)]

    q, kt, v = (a.astype(np.float64) for a in batch.inputs)
    plain = lambda q, kt, v: jax.nn.softmax(q @ kt * SCALE + CAUSAL) @ v  # noqa: E731
    out, pullback = jax.vjp(plain, q, kt, v)
    expected = [out, *pullback(batch.cotangent.astype(np.float64))]
    for a, b in zip(jax.jit(program, compiler_options=QUICK)(*batch.inputs, batch.cotangent), expected, strict=True):
        assert a.dtype == jnp.bfloat16
        assert 1e-4 < np.abs(np.asarray(a, np.float64) - b[0]).max() / np.abs(b).max() < 0.02


# ---- the tables


def test_neighbours_of_one_value_are_one_run_and_a_dead_tile_is_in_none() -> None:
    bias = np.where(np.subtract.outer(np.arange(64), np.arange(64)) >= 0, 0.0, -1e9)
    layout = BiasPlan.of(bias, heads=1, seq_len=64, tile=16).layout
    found = spans.contents(layout, skip=True)
    places = spans.distinct_places(found)
    assert places == (spans.Stored(0, 0, 0),)  # equal tiles are kept once
    rows, columns = (spans.spans_of(f, places) for f in (found, tuple(zip(*found, strict=True))))
    assert rows.constant.spans[:, 0, :2].tolist() == [[0, 0], [0, 1], [0, 2], [0, 3]]
    assert rows.dense.spans[:, 0].tolist() == [[k, k + 1, 0] for k in range(4)]
    assert columns.constant.spans[:, 0, :2].tolist() == [[1, 4], [2, 4], [3, 4], [0, 0]]
    unskipped = spans.spans_of(spans.contents(layout, skip=False), places)
    assert unskipped.constant.values[0].tolist() == [-1e9, 0.0]
    assert unskipped.constant.values[1].tolist() == [0.0, -1e9]


def test_a_mask_in_one_array_is_read_in_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "here", lambda: device.Device("gpu", "NVIDIA"))
    layout = plan(FAMILIES["in one array"]).layout
    found = spans.contents(layout, skip=True)
    assert spans.in_its_place(found, TILE)
    assert spans.spans_of(found, None).dense.spans.tolist() == [[[0, 2, 0]], [[0, 2, 0]]]
    assert not spans.in_its_place(spans.contents(BiasPlan.of(CAUSAL, heads=1, seq_len=N, tile=4).layout, False), 4)


@pytest.mark.parametrize("operand", ["float32", "bfloat16"])
@pytest.mark.parametrize("dim", [1, 40, 128, 256])
def test_blocks_divide_the_tile(operand: str, dim: int) -> None:
    for side in (16, 48, 128, 512):
        for blocks in sizes.sizes_for(operand, sizes.power_of_two(dim), side):
            assert (side % blocks.queries, side % blocks.keys) == (0, 0)
            assert min(blocks.queries, blocks.keys) >= sizes.LEAST
    assert [sizes.power_of_two(d) for d in (1, 17, 128)] == [16, 32, 128]
    assert (sizes.side_of(128, 40), sizes.side_of(128, 129)) == (64, 128)


# ---- lowered for a device that is not there


@contextlib.contextmanager
def h100() -> Iterator[None]:
    """As if JAX lowered for one: older versions take a device that they do not see for such, newer ones are told."""
    from jax import sharding

    kind = getattr(sharding, "AbstractDevice", None)
    with warnings.catch_warnings(), contextlib.ExitStack() as stack:
        warnings.filterwarnings("ignore", "The Pallas Triton backend is deprecated", DeprecationWarning)
        if kind is not None:
            told = kind(device_kind="NVIDIA H100 80GB HBM3", num_cores=None, platform="gpu")
            mesh: Any = sharding.AbstractMesh
            stack.enter_context(sharding.use_abstract_mesh(mesh((1,), ("x",), abstract_device=told)))
        yield


@pytest.mark.parametrize(("dtype", "dim", "bias"), [("bfloat16", 128, "causal"), ("float32", 64, "dense")])
def test_the_kernels_are_lowered_for_cuda(monkeypatch: pytest.MonkeyPatch, dtype: str, dim: int, bias: str) -> None:
    monkeypatch.setattr(work, "interpreted", lambda: False)
    n, ar, scale = 2 * TILE, numbers_for(dtype, "gpu"), jnp.float32(SCALE)
    mask = np.where(np.tri(n) > 0, 0.0, -1e4) if bias == "causal" else DRAW.standard_normal((H, n, n))
    read = BiasPlan.of(mask, heads=H, seq_len=n, tile=TILE)
    strips = tuple(jnp.asarray(s, jnp.float32) for s in read.strips)

    def both(q: Any, kt: Any, v: Any, g: Any) -> Any:
        saved = kernels.forward(ar, read.layout, True, scale, QKV(q, kt, v), strips)
        rows = backward_rows(ar, saved, g.astype(ar.dtype))
        return saved.heads, kernels.pullback(ar, read.layout, True, scale, QKV(q, kt, v), strips, rows)

    q, kt = (jax.ShapeDtypeStruct((H, *s), dtype) for s in ((n, dim), (dim, n)))
    with h100():
        lowered = jax.jit(both).trace(q, kt, q, q).lower(lowering_platforms=("cuda",)).as_text()
    assert lowered.count("__gpu$xla.gpu.triton") == 3
    assert "num_stages" in lowered
