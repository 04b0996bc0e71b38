"""What an audit says: findings by declaration, gathered in sections."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum
from typing import TypedDict, Unpack


class AuditVerdict(Enum):
    """How one comparison ended; only `FAILS` makes the audit fail. `ERROR` is a failure of leanmirror, no verdict.

    `CHANGED` is what became different and does no harm; `NOTE` is a fact that has not changed.
    """

    HOLDS = "holds"
    FAILS = "fails"
    CHANGED = "changed"
    NOTE = "note"
    NOT_CHECKED = "not checked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about one declaration (or about a file, where a file is what is wrong), and its basis.

    `others` are further declarations that the same is said of. `file` (from the root of the source) and `line` (from 1)
    say where, as far as it is known; `before` and `now` are what the thing was and is, of what changed.
    """

    name: str
    verdict: AuditVerdict
    basis: str
    others: tuple[str, ...] = ()
    file: str = ""
    line: int = 0
    before: str = ""
    now: str = ""


class Where(TypedDict, total=False):
    """The fields of a finding that most do without."""

    file: str
    line: int
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the audit: its title, one line that sums it up, and its findings.

    `means` says in a few plain words what it is that holds where its findings do. Where they are `ranked`, the most
    telling comes first, and they are told in that order, not by declaration.
    """

    title: str
    summary: str
    findings: tuple[Finding, ...]
    means: str = ""
    ranked: bool = False

    @property
    def failed(self) -> bool:
        """Whether any finding fails."""
        return any(finding.verdict is AuditVerdict.FAILS for finding in self.findings)

    def about(self, names: Collection[str]) -> Section:
        """The section with the findings about `names` alone; the summary is that of the whole."""
        return replace(self, findings=tuple(f for f in self.findings if f.name in names))


def holds(name: str, basis: str, **where: Unpack[Where]) -> Finding:
    """A comparison that came out equal."""
    return Finding(name, AuditVerdict.HOLDS, basis, **where)


def fails(name: str, basis: str, **where: Unpack[Where]) -> Finding:
    """A comparison that came out different, or a thing that is missing."""
    return Finding(name, AuditVerdict.FAILS, basis, **where)


def changed(name: str, basis: str, **where: Unpack[Where]) -> Finding:
    """A change that makes nothing wrong: words, places, spelling."""
    return Finding(name, AuditVerdict.CHANGED, basis, **where)


def note(name: str, basis: str, others: tuple[str, ...] = (), **where: Unpack[Where]) -> Finding:
    """A fact for the reader, neither good nor bad, and no change."""
    return Finding(name, AuditVerdict.NOTE, basis, others, **where)


def not_checked(name: str, basis: str, **where: Unpack[Where]) -> Finding:
    """A comparison that was not made, and why."""
    return Finding(name, AuditVerdict.NOT_CHECKED, basis, **where)


def error(name: str, basis: str, **where: Unpack[Where]) -> Finding:
    """A comparison on which leanmirror itself failed, with the exception."""
    return Finding(name, AuditVerdict.ERROR, basis, **where)


def count(findings: Collection[Finding], verdict: AuditVerdict) -> int:
    """How many findings have the verdict."""
    return sum(finding.verdict is verdict for finding in findings)
