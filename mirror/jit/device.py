"""What the fast path is compiled for: the platform and the kind of JAX's first device."""

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
    """The device that a program is compiled for where nobody says otherwise."""
    first = jax.devices()[0]
    return Device(first.platform, first.device_kind)
