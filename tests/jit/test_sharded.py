"""The block on 8 devices gives what it gives on one, does an eighth of the work on each, and talks only as intended.

The devices are virtual and must be asked for before JAX starts, so `sharded_checks` runs in a process of its own; two
hosts are two processes of one machine, each with half of the devices.
"""

from __future__ import annotations

import json
import os
import socket
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


# Half of the time is XLA's machine code, which hardly runs; how the work is divided is decided before it is made.
QUICKLY = "--xla_backend_optimization_level=0"


def started(devices: int, module: str, *arguments: str, options: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    """A module of this folder, run in a process that has so many devices."""
    xla = " ".join((f"--xla_force_host_platform_device_count={devices}", *options))
    flags = {"XLA_FLAGS": xla, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"}
    call = [sys.executable, "-m", f"tests.jit.{module}", *arguments]
    return subprocess.Popen(
        call, env=os.environ | flags, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(process: subprocess.Popen[str]) -> str:
    """What it printed; it must have ended well."""
    with process:
        try:
            printed, errors = process.communicate(timeout=300)
        finally:
            process.kill()
    assert process.returncode == 0, errors
    return printed


def on_eight_devices(part: str, *options: str) -> Any:
    return json.loads(ended(started(8, "sharded_checks", part, options=options)))


def test_every_mesh_gives_results_inside_the_certified_enclosure() -> None:
    # Eight examples, and the cotangents of γ2 and β2, which all of them share.
    whole = {name: {"inside": 10} for name in INTENDED}
    assert on_eight_devices("results", QUICKLY) == whole | {
        "2·2·2, bfloat16": {"inside": 4},
        "2 batch, any linear map": {"inside": 4},
        "2 batch, in a shard_map": {"inside": 4},
        "attention, two batch axes": {"inside": 4},
        "attention, no batch axis": {"inside": 1},
    }


def test_two_hosts_give_results_inside_the_certified_enclosure() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hosts = [started(2, "host_checks", str(port), number, options=(QUICKLY,)) for number in ("0", "1")]
    try:
        printed = [ended(host) for host in hosts]
    finally:
        for host in hosts:
            host.kill()
    # Two examples, and the cotangents of γ2 and β2, which both of them share.
    inside = {"inside": 4}
    assert json.loads(printed[0].splitlines()[-1]) == {
        "devices": [4, 2],
        "verdicts": {"batch": inside, "heads": inside, "sequence": inside},
    }


def test_the_compiled_programs_divide_the_work_by_8_and_communicate_only_as_intended() -> None:
    found = on_eight_devices("programs", QUICKLY)
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
