"""The alignment of Lean declarations with their counterparts here, as `formalization.yaml` (schema v0.4)."""

from __future__ import annotations

import json
from collections.abc import Iterable

from lean_refs import Declaration, Pin
from mirror.rooms import links
from theorems.engine.registry import theorems
from theorems.tools.audit.lean.text import module_name
from theorems.tools.audit.reasons import without_counterpart
from theorems.tools.places import of_theorem

_TORCHLEAN = "https://github.com/wadkisson/TorchLean"


def formalization(pin: Pin, names: Iterable[str]) -> str:
    """The text of `formalization.yaml`: this project wraps TorchLean, and each declaration has its counterpart."""
    statements = "\n".join(_statement(pin.declarations[name]) for name in names)
    return f"""\
# Written by `leanmirror lean-files`; do not edit.
version: "v0.4"

project:
  name: "leanmirror"
  authors: ["leanmirror contributors"]
  license: "MIT"

repository:
  role: "thin-wrapper"
  substantive_formalization:
    id: {quoted(_TORCHLEAN)}
    revision: {quoted(pin.revision)}

sources:
  - title: {quoted(pin.seed_module)}
    id: {quoted(_TORCHLEAN)}
    relationship: "other"
    note: "proved there, in Lean {pin.lean}; run here as executable properties"

automation:
  methods:
    - method: "other"
      tool_setup: "this table is derived from the links in the code"

review:
  status: "self-assessed"
  notes: "leanmirror check tries each theorem on random instances; leanmirror audit compares with the Lean text"

alignment:
  statements:
{statements}
"""


def _statement(declaration: Declaration) -> str:
    """One entry: what it says in our words, where Lean has it, and where its counterpart is."""
    says, note = _counterpart(declaration)
    status = "proved" if declaration.is_theorem else "defined"
    return aligned(says, declaration.name, declaration.file, status, note)


def aligned(says: str, name: str, file: str, status: str, note: str) -> str:
    """An entry of the alignment: a declaration, what it says, where Lean has it, and what there is of it here."""
    return f"""\
    - source: {quoted(says)}
      lean: {quoted(name)}
      module: {quoted(module_name(file))}
      status: {quoted(status)}
      note: {quoted(note)}"""


def _counterpart(declaration: Declaration) -> tuple[str, str]:
    name = declaration.name
    if theorem := theorems().get(name):
        return theorem.says, f"run by {of_theorem(theorem).module}, arithmetic: {theorem.arithmetic.name}"
    if link := links().get(name):
        return declaration.fact, f"mirrored by {link.python}"
    return declaration.fact, f"no counterpart: {without_counterpart()[name]}"


def quoted(text: str) -> str:
    """A double-quoted YAML scalar, which JSON strings are."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)
