"""The measurement of an accelerator, on a CPU with few positions: the same code, and what is not there is a row."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jax
import numpy as np
import pytest

from theorems.tools.bench import report
from theorems.tools.bench.accelerator import contestants, documents, problems, timing
from theorems.tools.bench.accelerator.contestants import Contestant
from theorems.tools.bench.accelerator.problems import AttentionProblem, AttentionSize, OnDevice
from theorems.tools.bench.candidate import Absent

SIZE = AttentionSize(4, together=8, heads=2, head_dim=8)
CAUSAL, DENSE, WINDOWED = (AttentionProblem(SIZE, "float32", bias) for bias in ("causal", "dense", "window"))


@pytest.fixture(autouse=True)
def _x32() -> Iterator[None]:
    """As the worker runs them."""
    with jax.enable_x64(False):
        yield


def given(p: AttentionProblem = CAUSAL) -> OnDevice:
    return problems.given(p, lambda: 0.0)


# ---- problems


def test_operations_are_those_that_others_count() -> None:
    assert AttentionSize(8192).flops("dense") == (4 * 2 * 8 * 8192**2 * 128, 14 * 2 * 8 * 8192**2 * 128)
    assert AttentionSize(8192).flops("causal")[0] * 2 == AttentionSize(8192).flops("dense")[0]
    seen = sum(min(i + 1, problems.WINDOW) for i in range(2048))
    assert AttentionSize(2048).flops("window") == (4 * 8 * 8 * seen * 128, 14 * 8 * 8 * seen * 128)
    assert [AttentionSize(n).batch for n in (512, 16384, 32768)] == [32, 1, 1]


def test_every_length_is_asked_for_under_the_biases_that_fit_it() -> None:
    found = documents.problems(documents.GpuRequest((16384, 2048, 512)))
    assert [(p.size.positions, p.dtype, p.bias) for p in found] == [
        (16384, "bfloat16", "causal"),
        (16384, "bfloat16", "window"),
        (2048, "bfloat16", "causal"),
        (2048, "bfloat16", "dense"),
        (2048, "bfloat16", "window"),
        (512, "bfloat16", "causal"),
        (512, "bfloat16", "dense"),
        (2048, "float32", "causal"),
        (2048, "float32", "dense"),
        (512, "float32", "causal"),
        (512, "float32", "dense"),
    ]


def test_a_window_is_what_its_plan_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(problems, "WINDOW", 2)
    arrays = given(WINDOWED)
    assert np.isclose(arrays.bias[0], 0).tolist() == [[i >= j > i - 2 for j in range(4)] for i in range(4)]
    assert arrays.plan.family == "sliding window"
    assert given(CAUSAL).plan.family == "causal"


def test_the_reference_is_softmax_in_float64() -> None:
    arrays = given(DENSE)
    q, kt, v = (np.asarray(a, np.float64) for a in arrays.contexts[0])
    scores = q @ kt * DENSE.scale + np.asarray(arrays.bias, np.float64)
    weights = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    g = np.asarray(arrays.cotangent, np.float64)
    d_weights = g @ v.swapaxes(-1, -2)
    d_scores = weights * (d_weights - (weights * d_weights).sum(-1, keepdims=True)) * DENSE.scale
    expected = (
        weights @ v,
        d_scores @ kt.swapaxes(-1, -2),
        q.swapaxes(-1, -2) @ d_scores,
        weights.swapaxes(-1, -2) @ g,
    )
    found = problems.reference(DENSE, arrays)
    assert all(a.dtype == np.float64 for a in found)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-12)
    assert problems.off(list(expected), found) < 1e-6
    assert problems.off([2 * expected[0], *expected[1:]], found) == pytest.approx(1, rel=1e-5)
    assert problems.off([np.nan * expected[0], *expected[1:]], found) == np.inf


# ---- who takes part


def traced(attention: Any, g: OnDevice, *fixed: Any) -> Any:
    """In the place of compiling: whether it takes and gives what everyone does."""
    return jax.eval_shape(attention, *g.contexts[0], *fixed).shape == g.contexts[0][0].shape


@pytest.mark.parametrize(
    "name", ["jax naive", "leanmirror, pallas", "leanmirror, xla", "jax.nn cuDNN, bias", "tokamax"]
)
def test_everyone_takes_the_same_and_gives_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    attention = jax.nn.dot_product_attention
    windows: list[Any] = []

    def told(*arrays: Any, implementation: str, local_window_size: Any = None, **options: Any) -> Any:
        windows.append(local_window_size)
        return attention(*arrays, implementation="xla", local_window_size=local_window_size, **options)

    monkeypatch.setattr(contestants, "of_jax", traced)
    monkeypatch.setattr(jax.nn, "dot_product_attention", told)
    monkeypatch.setitem(sys.modules, "tokamax", SimpleNamespace(dot_product_attention=attention))  # type: ignore[arg-type]
    assert contestants.CONTESTANTS[name](DENSE, given(DENSE)) is True
    windows.clear()
    assert [contestants.cudnn_told(p, given(p)) for p in (CAUSAL, WINDOWED)] == [True, True]
    assert windows == [None, (1023, 0)]


@pytest.mark.parametrize("library", ["torch", "tokamax"])
def test_a_library_that_is_absent_is_named(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "theorems.tools.bench.accelerator.with_torch", raising=False)
    name = "tokamax" if library == "tokamax" else "FlexAttention"
    with pytest.raises(Absent, match=rf"^{library} is not installed: pip install 'leanmirror\[{library}\]'$"):
        contestants.CONTESTANTS[name](CAUSAL, given())


def test_a_module_of_ours_that_is_missing_is_no_absent_library() -> None:
    with pytest.raises(ModuleNotFoundError, match="with_nothing"):
        contestants._from("torch", "theorems.tools.bench.accelerator.with_nothing", "f")


@pytest.mark.parametrize("path", ["cudnn", "pallas", "xla"])
def test_ours_goes_by_its_path(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def attention(q: Any, kt: Any, v: Any, plan: Any, scale: float, *, path: str) -> Any:
        asked.append((scale, path))
        return q

    monkeypatch.setattr(contestants, "of_jax", traced)
    monkeypatch.setattr(contestants, "masked_attention", attention)
    longest = replace(CAUSAL, size=replace(SIZE, positions=contestants.MOST_PANELS))
    assert contestants.CONTESTANTS[f"leanmirror, {path}"](longest, given()) is True
    assert asked == [(longest.scale, path)]


def test_who_cannot_be_told_or_takes_minutes_is_left_out() -> None:
    with pytest.raises(Absent, match=r"^cannot be told a dense bias$"):
        contestants.cudnn_told(DENSE, given(DENSE))
    long = replace(CAUSAL, size=replace(SIZE, positions=4096))
    with pytest.raises(Absent, match=r"^left out above 2048 positions: its panels take long to compile for a GPU$"):
        contestants.by_xla(long, given())


# ---- timing


def test_calls_are_started_together_and_waited_for_once() -> None:
    now, log = [0.0], []

    def run(name: str, seconds: float) -> timing.Started:
        def start(k: int) -> str:
            log.append(f"{name}{k}")
            now[0] += seconds
            return name

        return start, log.append

    found = timing.seconds_per_call({"a": run("a", 2.0), "b": run("b", 0.5)}, 2, 1.0, lambda: now[0])
    assert found == {"a": [2.0, 2.0], "b": [0.5, 0.5]}
    assert log[-9:] == ["b0", "b", "b1", "b2", "b", "a0", "a", "a1", "a"]
    assert timing.seconds_per_call({"a": run("a", 0.0)}, 1, 1.0, lambda: now[0]) == {"a": [0.0]}


# ---- the document


RIGHT: list[Contestant] = []  # compiled once: all arrays of a problem are the same every time


def right(p: AttentionProblem, g: OnDevice) -> Contestant:
    if not RIGHT:
        RIGHT.append(contestants.naive(p, g))
    return RIGHT[0]


def doubled(p: AttentionProblem, g: OnDevice) -> Contestant:
    return replace(right(p, g), read=lambda found: [2 * a for a in found])


def lost(p: AttentionProblem, g: OnDevice) -> Contestant:
    return replace(right(p, g), read=lambda found: [np.nan * a for a in found])


def too_large(p: AttentionProblem, g: OnDevice) -> Contestant:
    raise MemoryError("out of\n   memory " + "much " * 60)


def absent(p: AttentionProblem, g: OnDevice) -> Contestant:
    raise Absent("nolib is not installed")


def request(**contestants: Any) -> documents.GpuRequest:
    return documents.GpuRequest((4,), 1, 100.0, 0.0, 16, lambda n: replace(SIZE, positions=n), contestants)


def as_json(found: dict[str, Any]) -> dict[str, Any]:
    return json.loads(report.text(found))


def test_a_document_has_a_row_for_everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "problems", lambda request: [CAUSAL])
    said: list[str] = []
    asked = request(**{"leanmirror, x": right}, doubled=doubled, lost=lost, too_large=too_large, absent=absent)
    growing = list(map(as_json, documents.documents(asked, said.append)))
    assert said == ["4 positions, causal bias, float32"]
    assert [d["holds"] for d in growing] == [None, True]
    document = growing[-1]
    assert document["machine"]["device"] == "gpu"
    assert document["matmul"]["float32"]["order"] == 16
    (problem,) = document["problems"]
    assert problem["dims"] == {"batch": 2, "heads": 2, "positions": 4, "head_dim": 8}
    assert (problem["bias"], problem["auto"]) == ("causal", "xla")
    mine, *others = problem["rows"]
    assert mine["error"] < 1e-5
    for key, flops in zip(("forward", "vjp"), SIZE.flops("causal"), strict=True):
        seconds = mine["seconds"][key]
        assert seconds["median"] > 0
        assert mine["flops_per_second"][key]["median"] == pytest.approx(flops / seconds["median"])
        rate = document["matmul"]["float32"]["flops_per_second"]["median"]
        assert mine["of_matmul"][key] == pytest.approx(mine["flops_per_second"][key]["median"] / rate)
    assert min(mine["temp_bytes"].values()) >= 0
    assert [row["not_measured"][:23] for row in others] == [
        "wrong", "wrong", "MemoryError: out of mem", "nolib is not installed"
    ]  # fmt: skip
    assert [others[0]["error"], others[1]["error"]] == [pytest.approx(1, rel=1e-4), None]
    assert document["growth"][0]["exponent"] is None


def test_what_there_was_no_time_for_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "reference", lambda p, given: [])
    asked = replace(request(**{"leanmirror, x": right}), seconds=0.0)
    document = list(documents.documents(asked))[-1]
    assert [row["not_measured"] for p in document["problems"] for row in p["rows"]] == ["the time was over"] * 4
    assert document["holds"] is False
    ticks = iter([0.0, 1.0, 1.0, 1.0, *[200.0] * 9])
    late = next(documents.documents(request(a=too_large, b=absent), clock=lambda: next(ticks)))
    assert late["problems"][0]["rows"][0]["not_measured"] == "the time was over"


def test_the_yardstick_is_measured_once_a_format(monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []
    rate = {"flops_per_second": SimpleNamespace(median=1.0)}
    monkeypatch.setattr(documents, "_matmul", lambda request, dtype: counted.append(dtype) or rate)
    monkeypatch.setattr(documents, "_measured", lambda *_: {"rows": []})
    list(documents.documents(request()))
    assert counted == ["bfloat16", "float32"]


@pytest.mark.parametrize(("dtype", "exact"), [("float32", True), ("bfloat16", False)])
def test_the_yardstick_counts_sums_and_products(dtype: str, exact: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    programs: list[str] = []

    def timed(runs: dict[str, timing.Started], rounds: int, least: float) -> dict[str, list[float]]:
        programs.append(str(jax.make_jaxpr(runs["matmul"][0])(0)))
        return {"matmul": [2.0] * rounds}

    monkeypatch.setattr(documents, "seconds_per_call", timed)
    found = documents._matmul(request(), dtype)
    assert (found["order"], found["flops_per_second"].median) == (16, 2 * 16**3 / 2.0)
    assert ["HIGHEST" in program for program in programs] == [exact]


def test_every_call_takes_the_next_inputs_and_is_waited_for() -> None:
    first = given()
    second = tuple(2 * a for a in first.contexts[0])
    found = contestants.of_jax(lambda q, kt, v: 3 * q, replace(first, contexts=[*first.contexts, second]))
    for outputs in ([found.forward(k) for k in range(3)], [found.vjp(k)[0] for k in range(3)]):
        for output, times in zip(outputs, (3, 6, 3), strict=True):
            np.testing.assert_array_equal(output, times * np.asarray(first.contexts[0][0]))
    assert found.wait is jax.block_until_ready


def test_inputs_go_round_past_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu")
    monkeypatch.setattr(problems, "PAST_L2", 3 * given().cotangent.nbytes + 1)
    assert len(given().contexts) == 2


def test_ours_that_is_wrong_refutes_and_memory_has_a_law() -> None:
    row = {"name": "leanmirror, x", "seconds": 1, "temp_bytes": {"vjp": 8}}
    rows = [
        {
            "dims": {"positions": n, "batch": 3},
            "dtype": "d",
            "bias": "b",
            "rows": [row | {"temp_bytes": {"vjp": 3 * n}}],
        }
        for n in (2, 4)
    ]
    assert documents.holds({"problems": rows})
    (law,) = documents._growth(rows)
    assert (law["positions"], law["temp_bytes_per_example"]) == ([2, 4], [2, 4])
    assert law["exponent"] == pytest.approx(1)
    wrong = {"rows": [{"name": "leanmirror, y", "not_measured": "wrong"}]}
    assert not documents.holds({"problems": [*rows, wrong]})
