"""What `test_sharded` asks of two hosts: `python -m tests.jit.host_checks PORT NUMBER`, run twice on one machine.

Each process has half of the devices and makes the same calls. The first judges the results and prints its verdicts, as
JSON in its last line.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import jax
import numpy as np
from jax.experimental.multihost_utils import process_allgather

from mirror.jit import decoder_core_on, mesh_of, shardings
from tests.jit.sharded_checks import BlockCall, verdicts

HOSTS = 2
# By what the two hosts have halves of; the axis of the mesh that comes first is the one between them.
MESHES = {
    "batch": {"batch": 2, "heads": 2},
    "heads": {"heads": 2, "sequence": 2},
    "sequence": {"sequence": 4},
}


def main(port: str, number: str) -> None:
    jax.distributed.initialize(f"127.0.0.1:{port}", HOSTS, int(number))
    devices = [len(jax.devices()), len(jax.local_devices())]
    case = BlockCall(2, 2, 8, 2, 3, 2)
    found = {name: gathered(case, sizes) for name, sizes in MESHES.items()}
    if jax.process_index() == 0:
        print("\n" + json.dumps({"devices": devices, "verdicts": verdicts(case, found)}))


def gathered(case: BlockCall, sizes: Any) -> list[np.ndarray]:
    """The output and the cotangents of the context, brought together from both hosts."""
    mesh = mesh_of(**sizes)
    arguments = (case.context, case.parameters, case.plan_for(mesh))
    where = shardings(mesh, *arguments)
    context, parameters, plan = jax.tree.map(global_array, arguments, where)
    y, pull = jax.vjp(lambda c: decoder_core_on(mesh)(c, parameters, plan), context)
    results = (y, *pull(global_array(case.cotangent, where[0].residual))[0])
    assert not any(a.is_fully_addressable for a in results), "the other host has no part in this"
    return [np.asarray(process_allgather(a, tiled=True)) for a in results]


def global_array(values: Any, where: Any) -> jax.Array:
    """An array of which each host makes its own parts alone."""
    return jax.make_array_from_callback(np.shape(values), where, lambda part: np.asarray(values)[part])


if __name__ == "__main__":
    main(*sys.argv[1:])
