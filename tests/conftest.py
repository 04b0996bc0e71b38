"""The policy of the tests: JAX in 64 bits, Hypothesis under the profile that the option names, what is measured."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from hypothesis import settings

from pytest_leanmirror import register_hypothesis_profiles

os.environ["JAX_ENABLE_X64"] = "1"  # JAX reads it when a test imports it, and most tests never do
if "jax" in sys.modules:
    sys.modules["jax"].config.update("jax_enable_x64", True)

# Measured, Python takes up to four times as long. What only such a test runs is reported as not covered.
UNMEASURED = "unmeasured: no coverage is measured, here or in child processes, as other tests run the same lines"


def pytest_configure(config: pytest.Config) -> None:
    register_hypothesis_profiles()
    config.addinivalue_line("markers", UNMEASURED)
    if config.getoption("--hypothesis-profile") is None:
        settings.load_profile(str(config.getoption("leanmirror_profile")))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    with unmeasured() if item.get_closest_marker("unmeasured") else nullcontext():
        return (yield)


@contextmanager
def unmeasured() -> Iterator[None]:
    """Nothing traces Python, here or in child processes; afterwards everything does that did."""
    traced, in_threads = sys.gettrace(), threading.gettrace()
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("COVERAGE")]:
            patched.delenv(name)
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type] - which the standard library allows
        try:
            yield
        finally:
            threading.settrace(in_threads)  # type: ignore[arg-type]
            sys.settrace(traced)


@pytest.fixture(scope="module", autouse=True)
def kept_aside() -> Iterator[None]:
    """What a module leaves in caches is not collected over again: a worker holds some hundred megabytes at last."""
    yield
    gc.freeze()
