"""A trace as JSON."""

from __future__ import annotations

import json
from typing import Any

from lean_refs.reader.records import LeanDeclaration
from lean_refs.written import statement_written
from theorems.tools.tracing.record import LeanLink, Trace


def document(trace: Trace, *, strict: bool = False) -> str:
    """Everything that a trace found, as JSON text; what is not there is left out."""
    data = {
        "source": str(trace.project.root),
        "revision": trace.project.reading.revision,
        "files": len(trace.project.reading.files),
        "declarations": len(trace.project.reading.declarations),
        "theorems": len(trace.project.theorems),
        "holds": trace.holds(strict),
        "links": [_link(link) for link in trace.links],
        "untested": [_place(declaration) for declaration in trace.untested],
        "orphans": [one.name for one in trace.orphans],
        "unclear": [{"file": one.file, "line": one.line, "why": one.why} for one in trace.tests.unclear],
        "unread": [{"file": one.file, "line": one.line, "why": one.why} for one in trace.project.unread],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _link(link: LeanLink) -> dict[str, Any]:
    tests = [{"test": mark.test, "file": mark.file, "line": mark.line} for mark in link.marks]
    said: dict[str, Any] = {"name": link.name, "verdict": link.verdict.value, "why": list(link.why), "tests": tests}
    if link.declaration is not None:
        said |= {"declaration": _place(link.declaration) | {"says": statement_written(link.declaration)}}
    return said | ({"renamed": link.renamed} if link.renamed else {})


def _place(declaration: LeanDeclaration) -> dict[str, Any]:
    return {
        "name": declaration.name,
        "kind": declaration.kind,
        "file": declaration.file,
        "line": declaration.line,
    }
