"""What an audit says: findings by declaration, gathered in sections."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import Enum


class AuditVerdict(Enum):
    """How one comparison ended; only `FAILS` makes the audit fail. `ERROR` is a failure of leanmirror, no verdict."""

    HOLDS = "holds"
    FAILS = "fails"
    NOTE = "note"
    NOT_CHECKED = "not checked"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement about one declaration (or about a file, where a file is what is wrong), and its basis.

    `others` are further declarations that the same is said of.
    """

    name: str
    verdict: AuditVerdict
    basis: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the audit: its title, one line that sums it up, and its findings."""

    title: str
    summary: str
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether any finding fails."""
        return any(finding.verdict is AuditVerdict.FAILS for finding in self.findings)

    def about(self, names: Collection[str]) -> Section:
        """The section with the findings about `names` alone; the summary is that of the whole."""
        return replace(self, findings=tuple(f for f in self.findings if f.name in names))


def holds(name: str, basis: str) -> Finding:
    """A comparison that came out equal."""
    return Finding(name, AuditVerdict.HOLDS, basis)


def fails(name: str, basis: str) -> Finding:
    """A comparison that came out different, or a thing that is missing."""
    return Finding(name, AuditVerdict.FAILS, basis)


def note(name: str, basis: str, others: tuple[str, ...] = ()) -> Finding:
    """A fact for the reader, neither good nor bad."""
    return Finding(name, AuditVerdict.NOTE, basis, others)


def not_checked(name: str, basis: str) -> Finding:
    """A comparison that was not made, and why."""
    return Finding(name, AuditVerdict.NOT_CHECKED, basis)


def error(name: str, basis: str) -> Finding:
    """A comparison on which leanmirror itself failed, with the exception."""
    return Finding(name, AuditVerdict.ERROR, basis)


def count(findings: Collection[Finding], verdict: AuditVerdict) -> int:
    """How many findings have the verdict."""
    return sum(finding.verdict is verdict for finding in findings)
