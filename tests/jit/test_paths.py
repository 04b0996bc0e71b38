"""Which program computes the attention: chosen by device, or refused in one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from mirror.jit import BiasPlan, device, masked_attention, paths
from mirror.jit.device import Device
from mirror.jit.kernels import work
from mirror.jit.numbers import numbers_for
from mirror.jit.plan import Band
from mirror.jit.rule import may_skip

FIGURES = Path(__file__).parents[2] / "benchmarks" / "figures"
H, N, D = 2, 6, 8
DISTANCE = np.subtract.outer(np.arange(N), np.arange(N))
CAUSAL = np.where(DISTANCE >= 0, 0.0, -1e9)
WINDOW = np.where((DISTANCE >= 0) & (DISTANCE < 3), 0.0, -1e9)
DENSE = np.random.default_rng(1).standard_normal((H, N, N))
H100 = Device("gpu", "NVIDIA H100 80GB HBM3")
ON = ("cpu", "gpu")
# What is asked of a table with everything in it.
RULES = [
    {"dtypes": ["bfloat16"], "families": ["causal"], "least_positions": N, "path": "cudnn"},
    {"dtypes": ["bfloat16", "float64"], "families": ["causal", "dense"], "least_positions": 0, "path": "pallas"},
]


def plan(bias: Any = CAUSAL, tile: int | None = None) -> BiasPlan:
    return BiasPlan.of(bias, heads=H, seq_len=N, tile=tile)


def asked(
    bias: Any = CAUSAL, dtype: str = "bfloat16", dim: int = D, skip: bool = True, tile: int = 16
) -> paths.Requested:
    return paths.Requested(dtype, plan(bias, tile).layout, dim, skip)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if JAX computed on one."""
    monkeypatch.setattr(device, "here", lambda: H100)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "choices", lambda: {"devices": {H100.kind: {"rules": RULES}}})


# ---- auto


def test_auto_is_xla_on_a_cpu_and_on_a_device_that_nobody_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    assert device.here() == Device("cpu", "cpu")
    assert paths.path_for("auto", "panels", asked()) == "xla"
    monkeypatch.setattr(device, "here", lambda: Device("gpu", "NVIDIA of tomorrow"))
    assert paths.path_for("auto", "panels", asked()) == "xla"


@pytest.mark.usefixtures("gpu", "table")
@pytest.mark.parametrize(
    ("given", "path"),
    [
        (asked(), "cudnn"),
        (asked(DENSE), "pallas"),
        (asked(dim=7), "pallas"),  # cuDNN takes no such head dimension
        (asked(dtype="float64"), "xla"),  # the kernels take no such format
        (asked(WINDOW), "xla"),  # not measured
        (asked(dtype="float32"), "xla"),
    ],
)
def test_auto_is_what_was_measured_and_can_do_it(given: paths.Requested, path: str) -> None:
    assert paths.path_for("auto", "panels", given) == path
    assert paths.path_for("auto", "tiles", given) == "xla"


@pytest.mark.usefixtures("gpu", "table")
def test_few_positions_are_not_what_was_measured() -> None:
    assert paths.measured(asked()._replace(layout=asked().layout._replace(seq_len=N - 1))) == "pallas"


def test_the_table_has_known_paths_and_says_what_it_rests_on() -> None:
    found = paths.choices()
    assert found["schema"] == 1
    for kind, entry in found["devices"].items():
        assert kind.startswith("NVIDIA")
        assert {"jax", "cudnn"} <= entry["versions"].keys()
        assert {rule["path"] for rule in entry["rules"]} <= set(paths.PATHS)


FAMILIES = {"causal": "causal", "window": "sliding window", "dense": "dense"}


Times = Iterator[tuple[str, str, int, dict[str, float]]]


def times(document: dict[str, Any]) -> Times:
    """Format, bias, positions, and the time with VJP of all that were measured there."""
    for problem in document["problems"]:
        seconds = {row["name"]: row["seconds"]["vjp"]["median"] for row in problem["rows"] if "seconds" in row}
        yield problem["dtype"], problem["bias"], problem["dims"]["positions"], seconds


def times_by_hand(document: dict[str, Any]) -> Times:
    """The same of a first look."""
    for bias, by_name in document["milliseconds"].items():
        seconds = {name: row["vjp"] for name, row in by_name.items()}
        yield document["dtype"], bias, document["dims"]["positions"], seconds


def quickest(kind: str) -> dict[tuple[str, str, int], str]:
    """Our quickest path with VJP, by format, mask family and positions; in float32 where more than one was measured."""
    found = {}
    for name in paths.choices()["devices"][kind]["figures"]:
        document = json.loads((FIGURES / f"{name}.json").read_text("utf-8"))
        assert document["machine"]["name"] == kind
        for dtype, bias, n, seconds in (times if "problems" in document else times_by_hand)(document):
            mine = {key.removeprefix("leanmirror, "): s for key, s in seconds.items() if key.startswith("leanmirror")}
            if len(mine) > 1 or (mine and dtype == "bfloat16"):
                found[dtype, FAMILIES[bias], n] = min(mine, key=mine.__getitem__)
    return found


EACH_DEVICE = pytest.mark.parametrize("kind", paths.choices()["devices"])


@EACH_DEVICE
def test_a_rule_begins_where_its_path_was_the_quickest(kind: str) -> None:
    found = quickest(kind)
    for rule in paths.choices()["devices"][kind]["rules"]:
        for asked in product(rule["dtypes"], rule["families"], [rule["least_positions"]]):
            assert found[asked] == rule["path"], asked


@EACH_DEVICE
def test_what_auto_takes_was_the_quickest(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "here", lambda: Device("gpu", kind))
    for (dtype, family, n), path in quickest(kind).items():
        band = None if family == "dense" else Band(4, 1e9)
        layout = asked(tile=512).layout._replace(family=family, seq_len=n, band=band)
        assert paths.measured(paths.Requested(dtype, layout, 128, skip=True)) == path, (dtype, family, n)


def test_a_default_device_is_what_is_computed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    (cpu, *_), gpu = jax.devices("cpu"), SimpleNamespace(platform="gpu", device_kind=H100.kind)
    monkeypatch.setattr(jax, "devices", lambda platform=None: [cpu if platform == "cpu" else gpu])
    assert (device.here(), work.interpreted()) == (H100, False)
    for said in ("cpu", cpu):
        with jax.default_device(said):
            assert (device.here(), work.interpreted()) == (Device("cpu", "cpu"), True)


# ---- refusals


@pytest.mark.parametrize(
    ("path", "given", "here", "said"),
    [
        ("cudnn", asked(), Device("cpu", "cpu"), "needs an NVIDIA GPU, JAX computes on cpu here"),
        ("cudnn", asked(), Device("gpu", "AMD"), "needs an NVIDIA GPU, JAX computes on AMD here"),
        ("cudnn", asked(dtype="float32"), H100, "takes bfloat16, the context has float32"),
        ("cudnn", asked(DENSE), H100, "takes no mask, a causal one or a sliding window, the plan's is dense"),
        ("cudnn", asked(skip=False), H100, "computes no blocked key, and skip=False asks for all"),
        ("cudnn", asked(dim=12), H100, "takes a head dimension that 8 divides, of at most 256, the context has 12"),
        ("pallas", asked(), Device("tpu", "TPU"), "has kernels for GPUs, JAX computes on TPU here"),
        ("pallas", asked(dtype="float64"), H100, "takes float32 or bfloat16, the context has float64"),
        ("pallas", asked(dim=257), H100, "takes a head dimension of at most 256, the context has 257"),
        ("pallas", asked(tile=3), H100, "takes tiles that 16 divides, the plan's are of 3"),
    ],
)
def test_a_path_that_cannot_do_it_says_why(
    path: str, given: paths.Requested, here: Device, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "here", lambda: here)
    message = f"path='{path}' {said}: use path='xla' or path='auto'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        paths.path_for(path, "panels", given)


def test_a_jax_without_the_backend_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.has_backend()
    monkeypatch.setattr(paths, "has_backend", lambda: False)
    assert paths.refusal("pallas", asked()) == "needs JAX's Pallas for Triton, which this version does not have"


@pytest.mark.parametrize(
    ("path", "schedule", "said"),
    [
        ("cuda", "panels", "path is 'cuda', expected one of auto, xla, cudnn, pallas"),
        ("pallas", "tiles", "schedule='tiles' is XLA's, path is 'pallas': leave out one of them"),
    ],
)
def test_a_path_that_there_is_not(path: str, schedule: str, said: str) -> None:
    q = jnp.ones((H, N, D), jnp.float32)
    with pytest.raises(ValueError, match=f"^{said}$"):
        masked_attention(q, q.swapaxes(1, 2), q, plan(), 0.5, path=path, schedule=schedule)


# ---- an accelerator's schedule


@pytest.mark.usefixtures("gpu")
def test_on_an_accelerator_tiles_are_larger_and_all_heads_run_at_once() -> None:
    assert BiasPlan.of(None, heads=1, seq_len=513).layout.tile == 512
    like = [jax.ShapeDtypeStruct(s, jnp.float32) for s in ((64, 512, 8), (64, 8, 512), (64, 512, 8))]
    there = BiasPlan.of(None, heads=64, seq_len=512)

    def loops() -> bool:
        traced = jax.make_jaxpr(lambda q, kt, v: masked_attention(q, kt, v, there, 0.5, path="xla"))(*like)
        return "scan" in str(traced)

    assert not loops()
    assert numbers_for("float32", "cpu").cache_bytes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(device, "here", lambda: Device("cpu", "cpu"))
        assert loops()  # a CPU takes as many as its cache holds


def test_sums_on_an_accelerator_are_those_of_a_cpu() -> None:
    there, here = numbers_for("float32", "gpu"), numbers_for("float32", "cpu")
    a, b = (jnp.asarray(np.random.default_rng(k).standard_normal((3, 5)), jnp.float32) for k in (1, 2))
    for found, expected in (
        (there.inner(a, b), here.inner(a, b)),
        (there.mean(a), here.mean(a)),
        (there.weighted(a, b[0]), here.weighted(a, b[0])),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize("gap", [300.0, 1e4])
@pytest.mark.parametrize("bad", [None, jnp.nan, jnp.inf])
def test_an_accelerator_skips_as_a_cpu_does(gap: float, bad: float | None) -> None:
    draw = np.random.default_rng(3)
    q, kt, v = (jnp.asarray(draw.standard_normal(s), jnp.float32) for s in ((H, N, D), (H, D, N), (H, N, D)))
    for which in range(3):
        given = [q, kt, v]
        if bad is not None:
            given[which] = given[which].at[0, 1, 2].set(bad)
        scale = jnp.float32(0.5)
        found = [bool(may_skip(numbers_for("float32", on), gap, scale, given[0], given[1], given[2:])) for on in ON]
        assert found == [bad is None] * 2


@pytest.mark.parametrize("on", ON)
@pytest.mark.parametrize(("entry", "sound"), [(24.0, True), (26.0, False)])
def test_a_score_is_a_sum_over_the_head_dimension(on: str, entry: float, sound: bool) -> None:
    """Twice 0.5·D·entry² is 4608, and 5408: with the gap of 5000 between them."""
    q, kt, v = (jnp.full(s, entry, jnp.float32) for s in ((H, N, D), (H, D, N), (H, N, D)))
    assert bool(may_skip(numbers_for("float32", on), 5000.0, jnp.float32(0.5), q, kt, (v,))) is sound


@pytest.mark.usefixtures("gpu")
def test_a_mask_of_many_values_is_kept_as_it_was_given() -> None:
    given = jnp.asarray(DENSE, jnp.bfloat16)
    kept = BiasPlan.of(given, heads=H, seq_len=N, tile=4)
    assert [s.dtype.name for s in kept.strips] == ["bfloat16"]
    np.testing.assert_array_equal(kept.strips[0], given)
    # With numbers as large as these the scores would lose their last places.
    far = BiasPlan.of(given * 100 - 1024, heads=H, seq_len=N, tile=4).strips[0]
    assert (far.dtype, float(far.max())) == (np.float32, 0)
    shared = BiasPlan.of(given[0], heads=H, seq_len=N, tile=4)
    assert shared.strips[0].shape == (1, N, N)
    assert [s.shape for s in plan(CAUSAL, 2).strips] == [(1, 2, 2)]  # few values are kept once each
