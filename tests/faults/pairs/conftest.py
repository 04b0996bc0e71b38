"""The real source, where LEANMIRROR_SOURCE names a checkout of the pinned revision."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def torchlean() -> Path:
    """The root of a TorchLean checkout."""
    folder = os.environ.get("LEANMIRROR_SOURCE")
    if not folder:
        pytest.skip("LEANMIRROR_SOURCE names no TorchLean checkout")
    return Path(folder)
