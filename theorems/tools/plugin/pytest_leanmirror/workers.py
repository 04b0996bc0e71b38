"""What has to be carried from the workers of pytest-xdist to its controller."""

from __future__ import annotations

from typing import Any

import pytest

_REFUSAL = "leanmirror_refusal"
_REFUSED = pytest.StashKey[str]()  # what a worker refused to select


def refuse(config: pytest.Config, refusal: pytest.UsageError) -> None:
    """Raise it; in a worker, where an error would look like a crash, leave it for the controller to say."""
    if not hasattr(config, "workerinput"):
        raise refusal
    config.workeroutput[_REFUSAL] = str(refusal)  # type: ignore[attr-defined]


@pytest.hookimpl(optionalhook=True)  # pytest-xdist's hook: without it there are no nodes
def pytest_testnodedown(node: Any) -> None:
    if refusal := getattr(node, "workeroutput", {}).get(_REFUSAL):
        node.config.stash[_REFUSED] = refusal


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if refusal := session.config.stash.get(_REFUSED, None):
        raise pytest.UsageError(refusal)
