"""The document: what is in it, that it is JSON, and when it says that ours holds."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from mirror.dims import Dims
from tests.tools.bench import fields
from theorems.tools.bench import comparison, entrants, growth, report
from theorems.tools.bench.problem import TINY, Size


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Any:
    """`measured(builders, gate=builders)`: the documents of a run at a tiny size, without a library behind it."""
    monkeypatch.setattr(report, "SIZES", {"cpu": {"small": TINY}})
    monkeypatch.setattr(report, "DENSE", {"cpu": ("small",)})
    monkeypatch.setattr(comparison, "ORDERS", {"cpu": 16})
    monkeypatch.setattr(report, "growth", lambda: {"seq_len": [1], "temp_bytes": [8], "exponent": 1.0})

    def run(**others: Any) -> list[dict[str, Any]]:
        monkeypatch.setattr(report, "builders", lambda causal: fields.named(**others))
        request = report.Request("cpu", ["small"], rounds=2, least=0.0)
        return [json.loads(report.text(document)) for document in report.documents(request)]

    return run


def test_the_document_grows_and_is_whole_at_last(measured: Any) -> None:
    documents = measured(doubled=fields.doubled, missing=fields.missing)
    assert [len(document["sizes"]) for document in documents] == [0, 1, 2, 2]
    assert [document["holds"] for document in documents] == [None, None, None, True]
    document = documents[-1]
    assert list(document) == [
        "format", "machine", "versions", "rounds", "clock", "gate", "sizes", "growth", "holds"
    ]  # fmt: skip
    assert (document["format"], document["rounds"], document["clock"]) == ("leanmirror bench 2", 2, "process time")
    assert document["machine"].keys() == fields.machine().keys()
    assert {"Python", "jax", "numpy"} <= document["versions"].keys()
    assert document["gate"]["candidates"]["float64 reference"]["verdict"] == "inside"
    assert len(document["gate"]["assumes"]) == 2


def test_a_size_has_everyones_figures_and_says_who_has_none(measured: Any) -> None:
    document = measured(doubled=fields.doubled, missing=fields.missing)[-1]
    assert document["gate"]["outside"] == ["doubled"]
    size = document["sizes"][0]
    assert (size["name"], size["bias"], size["dims"]["head_dim"]) == ("small", "causal", TINY.dims.head_dim)
    assert size["matmul"]["order"] == 16
    assert size["skipped"] == {"missing": "nolib is not installed: pip install 'leanmirror[nolib]'"}
    mine, unskipped = size["candidates"]
    assert (mine["name"], unskipped["name"]) == ("leanmirror", "leanmirror, nothing skipped")
    assert mine["over_ours"]["vjp"] == {"q1": 1, "median": 1, "q3": 1}
    assert mine.keys() == unskipped.keys()
    for row in (mine, unskipped):
        for figure in ("seconds", "over_ours", "of_matmul"):
            for spread in row[figure].values():
                assert 0 < spread["q1"] <= spread["median"] <= spread["q3"]
        assert row["error"] < 1e-5


def test_a_dense_bias_is_measured_where_it_is_asked_for(measured: Any) -> None:
    assert [size["bias"] for size in measured()[-1]["sizes"]] == ["causal", "dense"]


@pytest.mark.parametrize(
    ("name", "fault", "held"),
    [
        ("leanmirror", fields.doubled, False),
        ("leanmirror", fields.broken, False),
        ("leanmirror, nothing skipped", fields.shifted, False),
        ("a peer", fields.doubled, True),
        ("a peer", fields.broken, True),
    ],
)
def test_only_a_fault_of_ours_refutes(measured: Any, name: str, fault: Any, held: bool) -> None:
    assert measured(**{name: fault})[-1]["holds"] is held


def test_without_ours_nothing_is_compared_with_it(measured: Any) -> None:
    size = measured(leanmirror=fields.doubled)[-1]["sizes"][0]
    assert [row["over_ours"] for row in size["candidates"]] == [{}]


def test_ours_is_timed_with_and_without_skipping_where_something_can_be_skipped() -> None:
    assert list(entrants.builders(causal=True))[:2] == ["leanmirror", "leanmirror, nothing skipped"]
    assert "leanmirror, nothing skipped" not in entrants.builders(causal=False)


def test_growth_is_read_from_compiled_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(growth, "SEQ_LENS", (4, 8))
    monkeypatch.setattr(growth, "SIZE", Size(1, Dims(seq_len=4, d_model=3, num_heads=1, head_dim=2, d_ff=5)))
    found = report.growth()
    assert found["seq_len"] == [4, 8]
    assert 0 < found["temp_bytes"][0] < found["temp_bytes"][1]
    assert np.isfinite(found["exponent"])
