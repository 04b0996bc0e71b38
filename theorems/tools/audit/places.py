"""Where a finding is: the file and line of its declaration, where it does not say so itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from theorems.tools.audit.findings import Finding, Section
from theorems.tools.audit.material import Material


def located(sections: Sequence[Section], material: Material) -> list[Section]:
    """The sections, each finding with the place of its declaration: in the source, or without one in the pin."""
    return [replace(s, findings=tuple(_located(finding, material) for finding in s.findings)) for s in sections]


def _located(finding: Finding, material: Material) -> Finding:
    if finding.file:
        return finding
    file, line = _place(finding.name, material)
    return replace(finding, file=file, line=line) if file else finding


def _place(name: str, material: Material) -> tuple[str, int]:
    """Where a declaration is now; of one that is gone the file where it was; a file is its own place."""
    if name.endswith(".lean") and "/" in name:
        return name, 0
    read = material.source.prints.declarations if material.source else {}
    if now := read.get(material.source.names.get(name, name) if material.source else name):
        return now.file, now.line
    old = material.before.get(name)
    return (old.file, 0 if material.source else old.line) if old else ("", 0)
