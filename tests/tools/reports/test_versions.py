"""What a report says about what it ran on."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError

import pytest

from theorems.tools.reports import versions


def test_a_package_that_is_not_installed_is_said_to_be_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(versions, "version", missing)
    assert versions.versions()["leanmirror"] == "not installed"
