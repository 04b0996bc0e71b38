"""A source without some of the pinned files: what it cannot tell is said once, and compared with nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from lean_refs.drift import some
from lean_refs.ledger.line import LedgerKind, LedgerLine
from theorems.tools.audit.findings import AuditVerdict, Finding, not_checked
from theorems.tools.audit.material import Material

# Lines of these kinds are about what stands anywhere in the tree.
_WHOLE_TREE = frozenset(
    (
        LedgerKind.TWIN,
        LedgerKind.ALIAS,
        LedgerKind.DATA,
        LedgerKind.SAME_RUN,
        LedgerKind.ADVISED,
        LedgerKind.COVERAGE,
        LedgerKind.UNLINKED,
        LedgerKind.SPECIFICATION,
        LedgerKind.SEMANTICS,
        LedgerKind.UNUSED,
        LedgerKind.IMPORT,
        LedgerKind.LAYOUT,
    )
)


def told(lines: Iterable[LedgerLine], material: Material) -> Iterator[LedgerLine]:
    """The lines that the source can tell: all of them where no pinned file is missing."""
    return (line for line in lines if not _is_untold(line, material))


def untold(lines: Iterable[LedgerLine], material: Material) -> Iterator[Finding]:
    """Each declaration with pinned lines that the source cannot tell, and what it lacks."""
    for name in dict.fromkeys(line.name for line in lines if _is_untold(line, material)):
        lacking = material.lacks.get(name) or (material.source.missing if material.source else ())
        what = some(lacking) if name in material.fingerprints else "it"
        yield not_checked(name, f"pinned lines of it: the source lacks {what}")


def settled(findings: Iterable[Finding], material: Material) -> Iterator[Finding]:
    """What people wrote, of which nothing fails where the source cannot tell: that is not checked."""
    for finding in findings:
        wrong = finding.verdict is AuditVerdict.FAILS and _partial(material) and finding.name in material.lacks
        yield _unsettled(finding, material.lacks[finding.name]) if wrong else finding


def _unsettled(finding: Finding, lacking: Sequence[str]) -> Finding:
    clause = finding.basis.partition(": ")[2].rpartition(" (")[0]
    says = f"written by a person: {clause} (the source lacks {some(lacking)})"
    return replace(finding, verdict=AuditVerdict.NOT_CHECKED, basis=says)


def _partial(material: Material) -> bool:
    return material.source is not None and bool(material.source.missing)


def _is_untold(line: LedgerLine, material: Material) -> bool:
    if not _partial(material):
        return False
    here = line.name in material.fingerprints and line.name not in material.lacks
    return not here or line.kind in _WHOLE_TREE
