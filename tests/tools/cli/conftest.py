"""The command in an empty folder, on one theorem that holds or on the same theorem made false."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mirror.arithmetic import Arithmetic
from mirror.core.soundness import Idx
from mirror.nodes.context import get, single
from theorems.engine.evidence.verdicts import Claim, Equal
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem, registered
from theorems.tools.cli import main

NAME = "Proofs.Autograd.CtxVec.inner_get_single"
Call = Callable[..., Result]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """`call("check", NAME, …)` in an empty folder; an exception other than an exit is raised."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        result = CliRunner().invoke(main, arguments)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run


@pytest.fixture
def refused(call: Call) -> Callable[..., str]:
    """The one line on standard error of a call that exits 2."""

    def run(*arguments: str) -> str:
        result = call(*arguments)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("leanmirror: ")
        return line.removeprefix("leanmirror: ")

    return run


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Theorem]:
    """Change fields of the theorem NAME in the registry, in this process."""

    def change(**fields: Any) -> Theorem:
        changed = dataclasses.replace(theorems()[NAME], **fields)
        monkeypatch.setitem(registered(), NAME, changed)
        return changed

    return change


def only_the_block(ar: Arithmetic, idx: Idx, x: Any, v: Any) -> Iterator[Claim]:
    """False: it says that a vector is nothing but one of its blocks."""
    yield Equal("single idx (get idx x) = x", single(ar, idx, get(idx, x)), x)


@pytest.fixture
def false_theorem(replaced: Callable[..., Theorem]) -> Theorem:
    """The theorem NAME with a conclusion that is false."""
    return replaced(conclusion=only_the_block)
