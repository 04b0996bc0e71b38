"""Section 2: what a Lean definition evaluates to is what its counterpart evaluates to, entry by entry."""

from __future__ import annotations

from lean_refs.facts import THEOREM_KINDS
from mirror.rooms import links
from theorems.tools.audit.definitions.comparison import comparison
from theorems.tools.audit.findings import AuditVerdict, Section, count
from theorems.tools.audit.material import Material

TITLE = "same definition"
MEANS = (
    "what the text evaluates to (shapes, indices, graphs) is what the counterpart builds; "
    "an operation is no such data: it is compared as a function"
)


def same_definition(material: Material) -> Section:
    """Every definition that the reader interprets, held against its counterpart."""
    mirrored = links()
    found = {n: p for n, p in material.fingerprints.items() if n in mirrored and p.kind not in THEOREM_KINDS}
    findings = tuple(comparison(mirrored[name], made, material) for name, made in found.items())
    verdicts = (AuditVerdict.HOLDS, AuditVerdict.FAILS, AuditVerdict.NOT_CHECKED)
    same, different, outside = (count(findings, verdict) for verdict in verdicts)
    summary = f"{same} the same, {different} different, {outside} not interpreted"
    return Section(TITLE, summary, findings, MEANS)
