"""What has to be carried from the workers of pytest-xdist to its controller."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from pytest_leanmirror.table import KINDS

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


# ---- which test a worker was at when it was killed: its report carries no names, and its own is lost with it

_FOLDER = pytest.StashKey[TemporaryDirectory[str]]()
_NOTES = "leanmirror_notes"


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    stash = node.config.stash
    if _FOLDER not in stash:
        stash[_FOLDER] = TemporaryDirectory(prefix="leanmirror-")
    node.workerinput[_NOTES] = str(Path(stash[_FOLDER].name, node.workerinput["workerid"]))


def pytest_unconfigure(config: pytest.Config) -> None:
    if _FOLDER in config.stash:
        config.stash[_FOLDER].cleanup()


def note_names(item: pytest.Item) -> None:
    """In a worker: leave the Lean names of the test that now runs where the controller finds them."""
    place = getattr(item.config, "workerinput", {}).get(_NOTES)
    names = [pair for pair in item.user_properties if pair[0] in KINDS]
    if place and names:
        with suppress(OSError):  # a worker on another machine does not have the folder
            Path(place).write_text(json.dumps([item.nodeid, names]), encoding="utf-8")


@pytest.hookimpl(optionalhook=True)
def pytest_handlecrashitem(crashitem: str, report: Any) -> None:
    """Give the report of a crash the names of the test: then the table has its row."""
    with suppress(OSError, ValueError):  # the worker noted nothing, or was killed while it wrote
        nodeid, names = json.loads(Path(report.node.workerinput[_NOTES]).read_text("utf-8"))
        if nodeid == crashitem:
            report.user_properties += [(kind, name) for kind, name in names]
