"""What the fast path is compiled for: the platform and the kind of JAX's default device."""

from __future__ import annotations

from typing import NamedTuple

import jax


class Device(NamedTuple):
    """A platform of JAX, such as cpu, gpu or tpu, and the device's own name."""

    platform: str
    kind: str

    @property
    def is_cpu(self) -> bool:
        """Whether it is no accelerator."""
        return self.platform == "cpu"

    @property
    def is_nvidia(self) -> bool:
        """Whether it is a GPU that has cuDNN: JAX calls AMD's GPUs gpu too."""
        return self.platform == "gpu" and self.kind.startswith("NVIDIA")


def here() -> Device:
    """The device of `jax.default_device`, which may name a platform alone, or JAX's first."""
    said = jax.config.jax_default_device  # type: ignore[attr-defined]
    found = jax.devices(said)[0] if said is None or isinstance(said, str) else said
    return Device(found.platform, found.device_kind)
