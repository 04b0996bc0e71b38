"""What an audit found: how it ended, its sections, what fails or changed with what was there and what is there now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lean_refs.ledger.line import pinned_lines
from lean_refs.pin import pinned_fingerprints, raw_pin
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.page.documents import ReportData, one_of

LEDGER = "ledger"
GRAVE = ("fails", "error", "changed")


@dataclass(frozen=True, slots=True)
class AuditSection:
    """One section in a line, and how many of its findings ended how."""

    title: str
    summary: str
    means: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AuditChange:
    """What fails or changed: of which declaration or file, where, the old and the new as far as they are told."""

    verdict: str
    section: str
    name: str
    basis: str
    place: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class AuditView:
    """An audit: its verdict, the revisions, the sections, and what a reader has to look at, the gravest first."""

    verdict: str
    failed: bool
    revisions: str
    sections: tuple[AuditSection, ...]
    changes: tuple[AuditChange, ...]


def audit_view(data: ReportData) -> AuditView:
    """The view of an audit's report."""
    changes = sorted(_changes(data), key=lambda change: GRAVE.index(change.verdict))
    failed = any(change.verdict != "changed" for change in changes)
    return AuditView(data["verdict"], failed, _revisions(data), tuple(map(_section, data["sections"])), tuple(changes))


def _revisions(data: ReportData) -> str:
    pin = f"pin {data['pin'][:7]}"
    if data["source"] is None:
        return f"{pin}, without a checkout: the pinned facts stand for Lean"
    if data["against"] is not None:
        return f"from {data['against'][:12]} to {data['source'][:12]}"
    return f"source {data['source'][:12]}, {pin}"


def _section(section: ReportData) -> AuditSection:
    words = [verdict.value for verdict in AuditVerdict]
    found = section["findings"]
    counts = Counter(one_of(words, f["verdict"], f"the verdict of {f['name']}") for f in found)
    return AuditSection(section["title"], section["summary"], section["means"], tuple(counts.items()))


def _changes(data: ReportData) -> Iterator[AuditChange]:
    for section in data["sections"]:
        for f in section["findings"]:
            if f["verdict"] in GRAVE:
                place = f"{f['file']}:{f['line']}" if f.get("line") else f.get("file", "")
                before, now = f.get("before", ""), f.get("now", "")
                yield AuditChange(f["verdict"], section["title"], f["name"], f["basis"], place, before, now)


def ledger(data: ReportData | None) -> dict[str, list[str]]:
    """The lines of the ledger by declaration: those of an audit, or without one those of the pin."""
    found: dict[str, list[str]] = {}
    if data is None:
        pin = raw_pin()
        for line in pinned_lines(pin["ledger"], pinned_fingerprints(pin)):
            found.setdefault(line.name, []).append(f"{line.kind}: {line.says} (from {line.basis})")
        return found
    for section in data["sections"]:
        if section["title"] == LEDGER:
            for finding in section["findings"]:
                found.setdefault(finding["name"], []).append(finding["basis"])
    return found
