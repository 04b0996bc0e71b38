"""Section 1: what is in scope is pinned and has a counterpart on its twin path, every counterpart a declaration."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from lean_refs import in_twin, twin_module
from lean_refs.facts import THEOREM_KINDS
from lean_refs.fingerprint import Fingerprint
from lean_refs.scope import disagreements
from mirror.rooms import links
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, count, fails, holds, note
from theorems.tools.audit.material import Material
from theorems.tools.audit.reasons import no_longer_true, without_counterpart

TITLE = "present"
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
    if new is None:
        return fails(name, f"missing: the source has no {old.kind} of this name, nor of this structure")
    if moved := _moved(old, new):
        return fails(name, moved)
    home = homes.get(name)
    if not home:
        return note(name, f"no counterpart: {reasons[name]}") if name in reasons else fails(name, "no counterpart")
    room = "theorems" if old.kind in THEOREM_KINDS else "mirror"
    twin = f"{room}.{twin_module(old.file)}"
    if not any(in_twin(module, twin) for module in home):
        return fails(name, f"the counterpart is in {', '.join(sorted(home))}, its twin path is {twin}")
    where = f"{old.kind} in {new.file}:{new.line}, counterpart in {twin}"
    return note(name, f"{where}; an alias of {new.alias_of}") if new.alias_of else holds(name, where)


def _moved(old: Fingerprint, new: Fingerprint) -> str:
    """How name, kind or file are no longer those that the counterpart is linked to, or nothing."""
    if new.name != old.name:
        return f"renamed: now {new.name}"
    if new.kind != old.kind and not {old.kind, new.kind} <= THEOREM_KINDS:
        return f"{old.kind} became {new.kind}"
    return f"moved: from {old.file} to {new.file}" if new.file != old.file else ""


def _strays(material: Material, homes: Mapping[str, set[str]]) -> Iterator[Finding]:
    """Counterparts of declarations that the pin does not know."""
    for name in sorted(homes.keys() - material.names):
        yield fails(name, f"the counterpart in {', '.join(sorted(homes[name]))} has no Lean declaration")


def _unread(material: Material) -> Iterator[Finding]:
    """Files of the closure that are missing, and places that were not understood."""
    if material.source is None:
        return
    for file in material.source.missing:
        yield fails(file, "the file is missing: this report is partial", file=file)
    for record in material.source.unread:
        why = f"line {record.line} was not understood, this report is partial: {record.why}"
        yield fails(record.file, why, file=record.file, line=record.line)
