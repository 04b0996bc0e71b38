"""Every finding as JSON."""

from __future__ import annotations

import json
from typing import Any

from theorems.tools.audit.account import Account
from theorems.tools.audit.findings import Finding
from theorems.tools.reports.formats import AUDIT


def document(account: Account) -> str:
    """Every finding as JSON text, with the revisions that were compared."""
    data = {
        "format": AUDIT,
        "pin": account.pin,
        "source": account.source,
        "against": account.against,
        "verdict": account.verdict(),
        "sections": [
            {
                "title": section.title,
                "summary": section.summary,
                "means": section.means,
                "failed": section.failed,
                "findings": [_recorded(finding) for finding in section.findings],
            }
            for section in account.sections
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _recorded(finding: Finding) -> dict[str, Any]:
    """The fields of a finding; those that most do without only where they say something."""
    said = {"name": finding.name, "verdict": finding.verdict.value, "basis": finding.basis}
    where = {key: getattr(finding, key) for key in ("others", "file", "line", "before", "now")}
    return said | {key: value for key, value in where.items() if value}
