"""A deliberate fault of the checking itself, and whether its owner sees it.

Where the checking is blunted, nothing fails: the owner is what must notice. It is a test, or the name of a fault of
the mirror that its own owner no longer catches.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest

from tests.faults.catalogue import named
from tests.faults.exchange import Breaks, exchanged
from tests.faults.runner import owner_sees
from tests.source import ROOT

EXAMPLES = 25  # instances that the owner of a mirror's fault is given
# What would get in the way of a run in this process, which may have imported Hypothesis and drawn from it already.
PLUGINS = ("cacheprovider", "xdist", "randomly")
WARNINGS = ("pytest.PytestAssertRewriteWarning", "hypothesis.errors.HypothesisSideeffectWarning")
QUIETLY = (
    *("-q", "--no-header", "--tb=no"),
    *(f"-pno:{name}" for name in PLUGINS),
    *(f"-Wignore::{name}" for name in WARNINGS),
)


@dataclass(frozen=True, slots=True)
class CheckingFault:
    """One fault: its name, its owner, and the functions `module:name` that it exchanges."""

    name: str
    owner: str
    changes: tuple[tuple[str, Breaks], ...]

    def applied(self) -> AbstractContextManager[None]:
        """Run with the fault in place; undo it afterwards."""
        return exchanged(self.changes)


def blunt(name: str, owner: str, target: str, breaks: Breaks) -> CheckingFault:
    """A fault of one function."""
    return CheckingFault(name, owner, ((target, breaks),))


def always(value: Any) -> Breaks:
    """A function that gives this value whatever it is given, or the value itself for a constant."""
    return lambda original: (lambda *args, **kwargs: value) if callable(original) else value


def seen(fault: CheckingFault, *, control: bool = True) -> bool:
    """Whether the owner passes without the fault, and not with it.

    A suite that runs the owners too may leave out the control. Raises `LookupError` for an owner that is neither a
    test nor a fault of the mirror.
    """
    if control and not _passes(fault.owner):
        return False
    with fault.applied():
        return not _passes(fault.owner)


def _passes(owner: str) -> bool:
    if not owner.startswith("tests/"):
        return owner_sees(named(owner), examples=EXAMPLES)
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = pytest.main([*QUIETLY, "--rootdir", str(ROOT), str(ROOT / owner)])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise LookupError(f"{owner} cannot be run as a test:\n{said.getvalue()}")
    return code == pytest.ExitCode.OK
