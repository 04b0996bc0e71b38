"""What a measurement ran on: device, processor, versions."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

DISTRIBUTIONS = ("leanmirror", "jax", "jaxlib", "numpy", "torch", "tokamax")


def machine(device: str) -> dict[str, str | int]:
    """The device's name, the processor's, and how many cores this process may use."""
    import jax

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    name = jax.devices()[0].device_kind if device == "gpu" else processor()
    return {"device": device, "name": name, "processor": processor(), "cores": cores, "system": platform.system()}


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
