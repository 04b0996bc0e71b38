"""What a report says about what it ran on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

import pytest

import theorems
from theorems.tools.reports import versions


def test_a_package_that_is_not_installed_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(versions, "version", missing)
    assert versions.versions()["leanmirror"] == "not installed"


def test_everything_that_computes_is_named() -> None:
    found = versions.versions()
    assert found["jaxlib"] == version("jaxlib")
    assert found.keys() >= {"Python", "leanmirror", "hypothesis", "numpy", "python-flint", "jax", "TorchLean", "Lean"}


def test_the_package_has_the_version_of_what_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    assert theorems.__version__ == version("leanmirror")
    monkeypatch.setattr("importlib.metadata.version", missing)
    assert theorems.__version__ == "0+unknown"
