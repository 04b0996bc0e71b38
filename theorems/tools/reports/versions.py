"""The versions that a run depends on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from lean_refs import load_pin

DISTRIBUTIONS = ("leanmirror", "hypothesis", "numpy", "python-flint", "jax", "jaxlib")


def versions() -> dict[str, str]:
    """Name to version: ours, Python's, those of the packages that compute, and the pinned Lean revision."""
    pin = load_pin()
    return {
        **{name: version_of(name) for name in DISTRIBUTIONS},
        "Python": platform.python_version(),
        "TorchLean": pin.revision,
        "Lean": pin.lean,
    }


def version_of(name: str) -> str:
    """The version of a package; the words `not installed` for one that is only a checkout."""
    try:
        return version(name)
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "not installed"
