"""What a measurement ran on: device, processor, versions, and what the environment asks of the libraries."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

# What makes a library faster or slower than it is by itself; the worker sets the numbers of threads.
STEERING = ("DNNL_", "GLIBC_TUNABLES", "KMP_", "MKL_", "OMP_", "ONEDNN_", "OPENBLAS_", "XLA_FLAGS")
DISTRIBUTIONS = (
    "leanmirror",
    "jax",
    "jaxlib",
    "jax-cuda12-plugin",
    "jax-cuda13-plugin",
    "nvidia-cudnn-cu12",
    "nvidia-cudnn-cu13",
    "numpy",
    "torch",
    "triton",
    "tokamax",
)


def machine(device: str) -> dict[str, Any]:
    """The device's name, the processor's, how many cores this process may use, and what its environment asks for."""
    import jax

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    name = jax.devices()[0].device_kind if device == "gpu" else processor()
    return {
        "device": device,
        "name": name,
        "processor": processor(),
        "cores": cores,
        "system": platform.system(),
        "environment": steering(os.environ),
    }


def steering(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that steer a library, but for numbers of threads."""
    return {k: v for k, v in sorted(environ.items()) if k.startswith(STEERING) and not k.endswith("_THREADS")}


def processor(cpuinfo: Path = Path("/proc/cpuinfo")) -> str:
    """The processor's model, with family, model and stepping where Linux tells them."""
    try:
        lines = cpuinfo.read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    numbers = [f"{key} {facts[key]}" for key in ("cpu family", "model", "stepping") if key in facts]
    return ", ".join([facts.get("model name", platform.machine()), *numbers])


def versions() -> dict[str, str]:
    """Name to version of what computes, Python included; a library that is not installed is left out."""
    found = {"Python": platform.python_version()}
    for name in DISTRIBUTIONS:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
