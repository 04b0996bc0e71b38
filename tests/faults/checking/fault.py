"""A deliberate fault of the checking itself, and whether its owner sees it.

Where the checking is blunted, nothing fails: the owner is what must notice.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Protocol

from tests.faults.catalogue import named
from tests.faults.checking.session import passing
from tests.faults.exchange import Breaks, exchanged
from tests.faults.runner import owner_sees

EXAMPLES = 25  # instances that the owner of a mirror's fault is given


class Owner(Protocol):
    """What must notice a fault: its words are its name."""

    def passes(self) -> bool:
        """Whether it finds nothing wrong."""
        ...

    def notices(self) -> bool:
        """Whether it finds the fault that is in place."""
        ...


@dataclass(frozen=True, slots=True)
class OwningTest:
    """A test of this suite, `tests/file.py::name`."""

    test: str

    @property
    def file(self) -> str:
        """The file that it is in."""
        return self.test.partition("::")[0]

    def passes(self) -> bool:
        return passing([(self.test, nullcontext())])[0]

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return self.test


@dataclass(frozen=True, slots=True)
class OwningFault:
    """A fault of the mirror, which its own owner catches as long as nothing is blunt."""

    name: str

    def passes(self) -> bool:
        return owner_sees(named(self.name), examples=EXAMPLES)

    def notices(self) -> bool:
        return not self.passes()

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class CheckingFault:
    """One fault: its name, its owner, and the functions or constants `module:name` that it exchanges."""

    name: str
    owner: Owner
    changes: tuple[tuple[str, Breaks], ...]

    def applied(self) -> AbstractContextManager[None]:
        """Run with the fault in place; undo it afterwards."""
        return exchanged(self.changes)


def blunt(name: str, owner: str | Owner, *changes: Any) -> CheckingFault:
    """A fault of one function or of several: each a target with what makes the faulty one from the right one.

    Text names a test of this suite or a fault of the mirror.
    """
    if isinstance(owner, str):
        owner = OwningTest(owner) if owner.startswith("tests/") else OwningFault(owner)
    return CheckingFault(name, owner, tuple(zip(changes[::2], changes[1::2], strict=True)))


def always(value: Any) -> Breaks:
    """A function that gives this value whatever it is given, or the value itself for a constant."""
    return lambda original: (lambda *args, **kwargs: value) if callable(original) else value


def unseen(faults: Iterable[CheckingFault], *, control: bool = True) -> list[CheckingFault]:
    """Those whose owner does not pass without the fault, or passes with it too.

    A suite that runs the owners too may leave out the control. Owners that are tests of one file share a session.
    Raises `LookupError` for an owner that is neither a test nor a fault of the mirror.
    """
    found: list[CheckingFault] = []
    for file, group in groupby(sorted(faults, key=place), key=place):
        together = list(group)
        found += _unseen_tests(together, control) if file else [f for f in together if not _seen(f, control)]
    return found


def place(fault: CheckingFault) -> str:
    """The file of a test that is the fault's owner; nothing where the owner is no test."""
    return fault.owner.file if isinstance(fault.owner, OwningTest) else ""


def _seen(fault: CheckingFault, control: bool) -> bool:
    if control and not fault.owner.passes():
        return False
    with fault.applied():
        return fault.owner.notices()


def _unseen_tests(faults: list[CheckingFault], control: bool) -> list[CheckingFault]:
    without = passing([(str(f.owner), nullcontext()) for f in faults]) if control else [True] * len(faults)
    within = passing([(str(f.owner), f.applied()) for f in faults])
    return [f for f, passed, still in zip(faults, without, within, strict=True) if still or not passed]
