"""What the policy of the tests says of coverage is so while they run."""

from __future__ import annotations

import os
import sys
import threading

import coverage
import pytest


def started_in_children() -> bool:
    return any(name.startswith("COVERAGE") for name in os.environ)


@pytest.mark.unmeasured
def test_an_unmeasured_test_is_traced_neither_here_nor_in_its_children() -> None:
    assert sys.gettrace() is None
    assert threading.gettrace() is None
    assert not started_in_children()


def test_the_test_after_it_is_measured_wherever_the_run_is() -> None:
    running = coverage.Coverage.current() is not None
    assert started_in_children() == running
    # From Python 3.14 on coverage watches in another way, which takes little time.
    if running and sys.version_info < (3, 14):
        assert sys.gettrace() is not None
