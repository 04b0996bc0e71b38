"""All kernels of the calibration, in the order of their modules."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from benchmarks.calibration import (
    block,
    compiled,
    online,
    right_attention,
    right_block,
    right_online,
    stepwise,
    wrong_attention,
    wrong_block,
    wrong_gradients,
    wrong_online,
)
from benchmarks.calibration.kernel import CalibrationKernel

_MODULES = (
    stepwise,
    right_attention,
    online,
    right_online,
    compiled,
    block,
    right_block,
    wrong_attention,
    wrong_online,
    wrong_gradients,
    wrong_block,
)


def _defined(module: ModuleType) -> Iterator[CalibrationKernel]:
    """One kernel of each class that a module defines."""
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, CalibrationKernel) and value.__module__ == module.__name__:
            yield value()


def kernels() -> list[CalibrationKernel]:
    """The right ones first."""
    found = [kernel for module in _MODULES for kernel in _defined(module)]
    return sorted(found, key=lambda kernel: not kernel.right)
