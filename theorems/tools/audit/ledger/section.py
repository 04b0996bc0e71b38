"""The ledger: what is said of each theorem that its prose does not say, each line with what it was computed from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from lean_refs.ledger.line import LedgerLine, pinned_lines
from theorems.tools.audit.findings import Finding, Section, changed, fails, not_checked, note
from theorems.tools.audit.ledger.data_marks import data_marks
from theorems.tools.audit.ledger.evidence import evidence
from theorems.tools.audit.ledger.partial import settled, told, untold
from theorems.tools.audit.ledger.written import written
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "ledger"
KEY = "ledger"
MEANS = "what a person wrote of a theorem is what its text says"
_NO_LINES = "the pin has no ledger: leanmirror pin writes one that has"


def ledger(material: Material) -> Section:
    """Every line, those of the block module first; what became of each since the pin, where there is a source.

    A line that has changed, is new or is gone says so, and fails where `strict` is asked for. A written line that is
    no longer true fails.
    """
    pinned = pinned_lines(material.pin.get(KEY, {}), material.pinned)
    before = list(told(pinned, material))
    lines = before if material.source is None else list(told(_derived(material), material))
    if not lines and KEY not in material.pin:
        return Section(TITLE, f"not checked: {_NO_LINES}", (not_checked(TITLE, _NO_LINES),), MEANS)
    since = _since(before, lines, material) if material.source else {}
    found = [since.get(line.key) or _said(line) for line in lines]
    kept = {line.key for line in lines}
    gone = [_gone(line, material) for line in before if line.key not in kept]
    people, instances = list(settled(written(material, lines), material)), list(evidence(material))
    others = [*instances, *people, *data_marks(material), *untold(pinned, material)]
    findings = tuple(_by_declaration([*found, *gone, *others]))
    return Section(TITLE, _summary(lines, since, gone, instances, people), findings, MEANS)


def _derived(material: Material) -> list[LedgerLine]:
    """The lines of the source, by the names that the pin has for its declarations."""
    # What runs text on numbers is not needed where there is no source.
    from lean_refs.ledger.derive import derived

    assert material.tree is not None, "a source has a tree"
    pinned_name = {made.name: name for name, made in material.fingerprints.items()}
    found = derived(material.tree, material.fingerprints, material.scope.seed_module)
    return [replace(line, name=pinned_name.get(line.name, line.name)) for line in found]


def _said(line: LedgerLine) -> Finding:
    return note(line.name, f"{line.kind}: {line.says} (from {line.basis})", file=line.file, line=line.line)


def _since(
    before: list[LedgerLine], now: list[LedgerLine], material: Material
) -> Mapping[tuple[str, str, str], Finding]:
    """What is no longer as it was pinned, by the line's key: changed or new."""
    known = {line.key: line for line in before}
    if not known:
        return {}
    return {
        line.key: _changed(known.get(line.key), line, material)
        for line in now
        if line.key not in known or known[line.key].says != line.says
    }


def _changed(old: LedgerLine | None, now: LedgerLine, material: Material) -> Finding:
    was = "changed since the pin" if old else "new since the pin"
    says = f"{now.kind}: {now.says} (from {now.basis}); {was}"
    make = fails if material.strict else changed
    return make(now.name, says, file=now.file, line=now.line, before=old.says if old else "", now=now.says)


def _gone(line: LedgerLine, material: Material) -> Finding:
    make = fails if material.strict else changed
    says = f"{line.kind}: no longer so: {line.says}"
    return make(line.name, says, file=line.file, line=line.line, before=line.says)


def _by_declaration(findings: list[Finding]) -> Iterator[Finding]:
    """The findings with those about one declaration together, in the order in which declarations first come."""
    order: dict[str, int] = {}
    for finding in findings:
        order.setdefault(finding.name, len(order))
    return iter(sorted(findings, key=lambda finding: order[finding.name]))


def _summary(
    lines: list[LedgerLine],
    since: Mapping[tuple[str, str, str], Finding],
    gone: list[Finding],
    instances: list[Finding],
    people: list[Finding],
) -> str:
    kinds = len({line.kind for line in lines})
    about = len({line.name for line in lines})
    said = f"{counted(len(lines), 'line')} of {counted(kinds, 'kind')} about {counted(about, 'declaration')}, "
    said += "computed from the text"
    said += f"; {len(instances)} about hypotheses, from stored instances; {len(people)} written by people"
    turns = Counter("new" if not finding.before else "changed" for finding in since.values())
    moved = [f"{number} {what}" for what, number in turns.items()] + ([f"{len(gone)} gone"] if gone else [])
    return said + (f"; since the pin: {', '.join(moved)}" if moved else "")
