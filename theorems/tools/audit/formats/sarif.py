"""SARIF 2.1.0, the format of code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from theorems.tools.audit.account import Account, Told
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.formats.visible import visible

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {
    AuditVerdict.FAILS: "error",
    AuditVerdict.ERROR: "error",
    AuditVerdict.CHANGED: "warning",
}
# Where a finding belongs to no file: the folder of the Lean files. Code scanning takes no result without a place.
_ANYWHERE = "NN"


def sarif(account: Account, version: str) -> str:
    """A log of one run: a rule for each section, a result for each finding that fails or changed.

    A remark, as a line of the ledger, is none: code scanning would open an alert for each.
    `version` is leanmirror's. What was not checked is a notification. Files are relative to the root of the source.
    """
    titles = [section.title for section in account.sections]
    run = {
        "tool": {"driver": _driver(account, version)},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(account)],
        "results": [_result(told, titles.index(told.title)) for told in _to_tell(account)],
    }
    data = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _driver(account: Account, version: str) -> dict[str, Any]:
    return {
        "name": "leanmirror",
        "version": version,
        "rules": [
            {"id": section.title, "shortDescription": {"text": section.means or section.title}}
            for section in account.sections
        ],
    }


def _invocation(account: Account) -> dict[str, Any]:
    """Whether leanmirror itself worked, and what it did not check."""
    unchecked = [
        {
            "level": "note",
            "message": {"text": f"{one.title}: not checked, {len(one.names)} of {one.total}: {one.basis}"},
        }
        for one in account.unchecked()
    ]
    failed = any(f.verdict is AuditVerdict.ERROR for section in account.sections for f in section.findings)
    return {"executionSuccessful": not failed, "toolExecutionNotifications": unchecked}


def _to_tell(account: Account) -> Iterator[Told]:
    for section in account.sections:
        yield from (Told(section.title, f) for f in section.findings if f.verdict in LEVELS)


def _result(told: Told, rule: int) -> dict[str, Any]:
    finding = told.finding
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(finding.file) or _ANYWHERE, "uriBaseId": "%SRCROOT%"}}
    if finding.line:
        place["region"] = {"startLine": finding.line}
    return {
        "ruleId": told.title,
        "ruleIndex": rule,
        "level": LEVELS[finding.verdict],
        "message": {"text": "\n".join(visible(line) for line in (finding.name, *told.lines()))},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": visible(finding.name)}]}],
        "partialFingerprints": {"finding/v1": _fingerprint(told)},
    }


def _fingerprint(told: Told) -> str:
    """The same for one finding in two runs, wherever its lines have moved."""
    said = "\0".join((told.title, told.finding.name, told.finding.basis))
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()
