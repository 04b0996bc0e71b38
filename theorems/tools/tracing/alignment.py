"""The names on a project's tests as data that others read: `lean_decls`, and `formalization.yaml` (schema v0.4)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lean_refs.normal import docstring_text
from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import spellings
from lean_refs.written import statement_written
from theorems.tools.audit.lean.alignment import aligned, quoted
from theorems.tools.tracing.record import LeanLink, Trace
from theorems.tools.tracing.words import tests_of

_UNPROVED = frozenset(("sorry", "admit", "sorryAx"))


def lean_decls(trace: Trace) -> str:
    """Every declaration that a test is about and another file can name, one a line: `lake exe checkdecls FILE`."""
    found = {link.declaration.name for link in trace.links if link.declaration and not link.declaration.is_private}
    return "".join(f"{name}\n" for name in sorted(found))


def formalization(trace: Trace, root: Path) -> str:
    """The text of `formalization.yaml`: each declaration that tests are about, and which tests these are."""
    project = _project(root)
    reading = trace.project.reading
    statements = "\n".join(_entry(declaration, links) for declaration, links in _linked(trace.links))
    return f"""\
# Written by `leanmirror trace`; do not edit.
version: "v0.4"

project:
  name: {quoted(project["name"])}
  authors: [{", ".join(map(quoted, project["authors"]))}]
  license: {quoted(project["license"])}

sources:
  - title: {quoted(trace.project.root.name or "Lean")}
    id: {quoted(reading.revision or "unknown revision")}
    relationship: "other"
    note: {quoted(f"stated in Lean {reading.toolchain or 'of an unknown version'}; tested here")}

automation:
  methods:
    - method: "other"
      tool_setup: "this table is derived from the marks of the tests"

review:
  status: "self-assessed"
  notes: "leanmirror trace says whether the statements are those that were agreed to"

alignment:
  statements:{f"{chr(10)}{statements}" if statements else " []"}
"""


def _linked(links: Iterable[LeanLink]) -> list[tuple[LeanDeclaration, list[LeanLink]]]:
    """The declarations by name, each with its links: a field and its structure are one."""
    found: dict[str, tuple[LeanDeclaration, list[LeanLink]]] = {}
    for link in links:
        if link.declaration is not None:
            found.setdefault(link.declaration.name, (link.declaration, []))[1].append(link)
    return [found[name] for name in sorted(found)]


def _entry(declaration: LeanDeclaration, links: Iterable[LeanLink]) -> str:
    tests = ", ".join(dict.fromkeys(test for link in links for test in tests_of(link)))
    proved = not _UNPROVED & spellings(declaration.body)
    status = ("proved" if proved else "stated") if declaration.is_theorem else "defined"
    says = docstring_text(declaration) or statement_written(declaration)
    return aligned(says, declaration.name, declaration.file, status, f"tested by {tests}")


def _project(root: Path) -> dict[str, Any]:
    """Name, authors and license of the Python project, as far as its pyproject.toml says them."""
    path = root / "pyproject.toml"
    said = tomllib.loads(path.read_text("utf-8")).get("project", {}) if path.is_file() else {}
    said = said if isinstance(said, Mapping) else {}
    authors = [one.get("name") or one.get("email") or "" for one in said.get("authors", ())]
    license_ = said.get("license", "")
    text = license_.get("text", "") if isinstance(license_, Mapping) else license_
    return {"name": said.get("name", root.name), "authors": [a for a in authors if a], "license": text or "unknown"}
