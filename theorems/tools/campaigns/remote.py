"""What a worker on another machine does: it says what it would decide by, and does only what it decides alike."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from theorems.tools.campaigns.versions import deciding, differences

T = TypeVar("T")


class UnusableWorkers(Exception):
    """No work can be done by these workers: the run ends, and what is said tells why."""


class OtherVersions(UnusableWorkers):
    """A worker whose instances or judgements might be others."""


def agreed(ours: Mapping[str, str], do: Callable[..., T], *arguments: Any) -> T:
    """Do it in this process, if its versions are ours; raises `OtherVersions`, which names them."""
    if found := differences(deciding(), ours):
        raise OtherVersions(f"a worker that has just joined has other versions: {'; '.join(found)}")
    with warnings.catch_warnings():
        # Hypothesis takes what other threads of a worker draw from `random` for a strategy's.
        warnings.filterwarnings("ignore", "Do not use the `random` module inside strategies")
        return do(*arguments)
