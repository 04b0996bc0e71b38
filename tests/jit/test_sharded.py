"""The block on 8 devices gives what it gives on one, does an eighth of the work on each, and talks only as intended.

The devices are virtual and must be asked for before JAX starts, so `sharded_checks` runs in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.source import ROOT

# Forward run and pullback. Rows are gathered for fc1 and summed after merge and fc2, and the adjoints do the reverse.
OVER_HEADS = (
    {"all-gather over heads": 1, "reduce-scatter over heads": 2},
    {"all-gather over heads": 2, "reduce-scatter over heads": 1},
)
# Keys and values, and their cotangents.
OVER_SEQUENCE = (
    {"all-gather over sequence": 2},
    {"all-gather over sequence": 2, "reduce-scatter over sequence": 2},
)
# Besides, in the pullback: whose norms are differentiable; γ and β of each example; γ and β that all examples share.
INTENDED = {
    "8 batch": [{}, {"all-reduce over batch": 1}],
    "8 heads": [OVER_HEADS[0], OVER_HEADS[1] | {"all-reduce over heads": 2}],
    "8 sequence": [OVER_SEQUENCE[0], OVER_SEQUENCE[1] | {"all-reduce over sequence": 2}],
    "2·2·2": [
        OVER_HEADS[0] | OVER_SEQUENCE[0],
        OVER_HEADS[1]
        | OVER_SEQUENCE[1]
        | {"all-reduce over heads, sequence": 2, "all-reduce over batch, heads, sequence": 1},
    ],
}


def on_eight_devices(part: str, *options: str) -> Any:
    xla = " ".join(("--xla_force_host_platform_device_count=8", *options))
    flags = {"XLA_FLAGS": xla, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"}
    call = [sys.executable, "-m", "tests.jit.sharded_checks", part]
    done = subprocess.run(call, env=os.environ | flags, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_mesh_gives_results_inside_the_certified_enclosure() -> None:
    # Eight examples, and the cotangents of γ2 and β2, which all of them share.
    whole = {name: {"inside": 10} for name in INTENDED}
    assert on_eight_devices("results") == whole | {
        "2·2·2, bfloat16": {"inside": 4},
        "2 batch, any linear map": {"inside": 4},
        "attention, two batch axes": {"inside": 4},
        "attention, no batch axis": {"inside": 1},
    }


def test_the_compiled_programs_divide_the_work_by_8_and_communicate_only_as_intended() -> None:
    # The option spares the machine code that hardly runs; what is read is decided before it is made.
    found = on_eight_devices("programs", "--xla_backend_optimization_level=0")
    assert found["collectives"] == INTENDED
    assert found["on one device"] == [{}, {}]
    # A control: the reader of compiled programs sees what a wrong placement costs.
    assert found["misplaced"] == {"all-to-all": 1}
    # Within 2 %: what XLA fuses, and so computes twice, depends on the shapes.
    for shares in found["shares"].values():
        assert shares == [pytest.approx(1 / 8, rel=0.02)] * 2


def test_wrong_calls_are_refused_before_tracing_with_what_would_be_right() -> None:
    no_cotangent = (
        "the theorem differentiates the context entries alone; "
        "differentiate with respect to them, or apply jax.lax.stop_gradient to the others"
    )
    assert on_eight_devices("errors") == {
        "batch": "ValueError: the first batch axis = 3 cannot be split over batch = 2: expected a multiple of it",
        "heads": "ValueError: H = 3 cannot be split over heads = 2: expected a multiple of it",
        "sequence": "ValueError: n = 6 cannot be split over sequence = 4: expected a multiple of it",
        "tile": "ValueError: a device has 2 of n = 6 rows, which the plan's tiles of 3 do not divide: "
        "BiasPlan.of(…, tile=1)",
        "rows": "ValueError: n = 6 cannot be split over sequence·heads = 4: expected a multiple of it",
        "hidden": "ValueError: F = 3 cannot be split over heads = 2: expected a multiple of it",
        "Dense": "ValueError: merge is Dense and may mix positions and heads, the mesh splits them: give the weights "
        "of one position, or split the batch alone, mesh_of(batch=…)",
        "no batch": "ValueError: the first batch axis = 1 cannot be split over batch = 2: expected a multiple of it",
        "attention": "ValueError: H = 3 cannot be split over heads = 2: expected a multiple of it",
        "devices": "ValueError: batch·heads·sequence = 4·3·1 needs 12 devices, 8 are present; a CPU counts as 12 with "
        "XLA_FLAGS=--xla_force_host_platform_device_count=12 before JAX starts",
        "none": "ValueError: batch is 0, expected a whole number of at least 1",
        "not a mesh": "TypeError: the mesh is a list, expected a jax.sharding.Mesh: mesh_of(batch=…, heads=…)",
        "other axes": "ValueError: the mesh has the axes ('x',), expected ('batch', 'heads', 'sequence'): "
        "mesh_of makes it",
        "parameters": f"TypeError: the pullback has no cotangent for the parameters or the mask: {no_cotangent}",
        "mask": f"TypeError: the pullback has no cotangent for the mask: {no_cotangent}",
    }
