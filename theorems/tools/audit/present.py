"""Section 1: what is in scope is pinned and has a counterpart on its twin path, every counterpart a declaration."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lean_refs import in_twin, twin_module
from lean_refs.facts import THEOREM_KINDS
from lean_refs.fingerprint import Fingerprint
from lean_refs.scope import disagreements
from mirror.rooms import links
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.audit.findings import (
    AuditVerdict,
    Finding,
    Section,
    changed,
    count,
    fails,
    holds,
    not_checked,
    note,
)
from theorems.tools.audit.material import Material
from theorems.tools.audit.reasons import no_longer_true, without_counterpart
from theorems.tools.audit.statements import ALIAS, UNREAD_ALIAS
from theorems.tools.output.counted import counted

TITLE = "present"
_DEFINITIONS = frozenset(("def", "abbrev"))
MEANS = "each declaration in scope is there, under its name, kind and file, and has a counterpart here or a reason"


def present(material: Material) -> Section:
    """Name, kind and file of each declaration as linked, in both directions."""
    homes, reasons = _homes(), without_counterpart()
    findings = [_declared(name, material, homes, reasons) for name in material.pinned]
    findings += [fails(name, why) for name, why in disagreements(material.scope, material.pin).items()]
    findings += _strays(material, homes)
    findings += no_longer_true(material)
    findings += _unread(material)
    here = [f for f in findings if f.name in material.module]
    module = f"{_there(here)}/{len(material.module)} of the decoder-block module"
    return Section(TITLE, f"{module}, {_there(findings)}/{len(material.names)} in all", tuple(findings), MEANS)


def _there(findings: list[Finding]) -> int:
    return count(findings, AuditVerdict.HOLDS) + count(findings, AuditVerdict.NOTE)


def _homes() -> dict[str, set[str]]:
    """The modules that hold the counterpart of a declaration, by Lean name."""
    homes = {name: {link.module} for name, link in links().items()}
    # A theorem's conclusion may be shared with a twin; what counts is where the theorem itself is kept.
    homes |= {name: set() for name in theorems()}
    for module in [m for name, m in sys.modules.items() if name.startswith("theorems.")]:
        for made in vars(module).values():
            if isinstance(made, Theorem) and made.name in homes:
                homes[made.name].add(module.__name__)
    return homes


def _declared(name: str, material: Material, homes: Mapping[str, set[str]], reasons: Mapping[str, str]) -> Finding:
    old, new = material.pinned[name], material.fingerprints.get(name)
    if name in material.unseen:
        return not_checked(name, f"its file {old.file} is missing")
    if new is None:
        return fails(name, f"missing: the source has no {old.kind} of this name, nor of this structure")
    if new.kind == ALIAS:
        return not_checked(name, f"it is {UNREAD_ALIAS}")
    if not _same_kind(old, new):
        return fails(name, f"{old.kind} became {new.kind}")
    home = homes.get(name)
    if not home:
        return note(name, f"no counterpart: {reasons[name]}") if name in reasons else fails(name, "no counterpart")
    room = "theorems" if old.kind in THEOREM_KINDS else "mirror"
    twin = f"{room}.{twin_module(old.file)}"
    if not any(in_twin(module, twin) for module in home):
        return fails(name, f"the counterpart is in {', '.join(sorted(home))}, its twin path is {twin}")
    called = f" {new.name}" if new.name != name else ""
    where = f"{new.kind}{called} in {new.file}:{new.line}, counterpart in {twin}"
    return note(name, f"{where}; an alias of {new.alias_of}") if new.alias_of else holds(name, where)


def _same_kind(old: Fingerprint, new: Fingerprint) -> bool:
    """Whether both are proved, or both define: another name, file or keyword is drift, which section 4 tells."""
    return new.kind == old.kind or any({old.kind, new.kind} <= alike for alike in (THEOREM_KINDS, _DEFINITIONS))


def _strays(material: Material, homes: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Counterparts of declarations that the pin does not know."""
    for name in sorted(homes.keys() - material.names):
        yield fails(name, f"the counterpart in {', '.join(sorted(homes[name]))} has no Lean declaration")


def _missing(file: str, lost: list[str]) -> Finding:
    """A pinned file that is not there, with what it had that no other file has."""
    if not lost:
        return changed(file, "the file is not there, other files have all its pinned declarations", file=file)
    missing = counted(len(lost), "pinned declaration")
    why = f"the file is missing, this report is partial: {missing} not seen, {', '.join(lost)}"
    return replace(fails(file, why, file=file), others=tuple(lost))


def _unread(material: Material) -> Iterator[Finding]:
    """Files of the closure that are missing, and places that were not understood."""
    if material.source is None:
        return
    for file in material.source.missing:
        yield _missing(file, sorted(name for name in material.unseen if material.pinned[name].file == file))
    for record in material.source.unread:
        why = f"line {record.line} was not understood, this report is partial: {record.why}"
        yield fails(record.file, why, file=record.file, line=record.line)
