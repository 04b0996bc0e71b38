"""The policy of the tests: JAX in 64 bits, Hypothesis under the profile that the option names, coverage of children."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from pytest_leanmirror import register_hypothesis_profiles

os.environ["JAX_ENABLE_X64"] = "1"  # JAX reads it when a test imports it, and most tests never do
if "jax" in sys.modules:
    sys.modules["jax"].config.update("jax_enable_x64", True)


def pytest_configure(config: pytest.Config) -> None:
    register_hypothesis_profiles()
    if config.getoption("--hypothesis-profile") is None:
        settings.load_profile(str(config.getoption("leanmirror_profile")))


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes measure no coverage, which takes a third of their time: other tests run the same lines."""
    for name in [name for name in os.environ if name.startswith("COVERAGE")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="module", autouse=True)
def kept_aside() -> Iterator[None]:
    """What a module leaves in caches is not collected over again: a worker holds some hundred megabytes at last."""
    yield
    gc.freeze()
