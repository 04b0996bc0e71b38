"""What `leanmirror audit` prints: a verdict and its basis by declaration, then a summary by section."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from lean_refs.evaluator.vocabulary.listing import counted
from theorems.tools.audit import dressing, twin_statements
from theorems.tools.audit.definitions import section as definitions
from theorems.tools.audit.evaluated import section as evaluated
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.cli.render import console

if TYPE_CHECKING:
    from theorems.tools.audit.material import Material

COLOURS = {
    AuditVerdict.HOLDS: "green",
    AuditVerdict.FAILS: "red",
    AuditVerdict.CHANGED: "cyan",
    AuditVerdict.NOTE: "green",
    AuditVerdict.NOT_CHECKED: "yellow",
    AuditVerdict.ERROR: "red",
}
BAD = (AuditVerdict.FAILS, AuditVerdict.ERROR)
FACTS = (AuditVerdict.CHANGED, AuditVerdict.NOTE)
EVALUATED = (evaluated.TITLE, evaluated.CONCLUSIONS)
# These say something about declarations, not whether they hold: they are listed after the verdicts.
REMARKS = (twin_statements.TITLE, dressing.TITLE)


def print_audit(sections: Sequence[Section], material: Material, names: Sequence[str], *, in_full: bool) -> None:
    """The declarations `names` and whatever fails; every basis where `in_full`, else of what fails or changed."""
    out = console()
    failing = [f.name for s in sections for f in s.findings if f.verdict in BAD]
    for name in dict.fromkeys((*names, *failing)):
        verdict, lines = _about(name, sections, in_full=in_full)
        out.print(Text(f"{verdict.value:12}", style=COLOURS[verdict]) + Text(f"{name}  {lines[0]}"), soft_wrap=True)
        for line in lines[1:]:
            out.print(f"{'':12}  {line}", soft_wrap=True)
    for line in summary_lines(sections, material, names):
        out.print(line, soft_wrap=True)


def _about(name: str, sections: Sequence[Section], *, in_full: bool) -> tuple[AuditVerdict, list[str]]:
    """The verdict of one declaration, and what it rests on: section titles first, then each basis that matters."""
    found = [
        (s.title, f)
        for s in sections
        if s.title not in REMARKS or in_full or s.failed
        for f in s.about({name}).findings
    ]
    verdicts = {f.verdict for _, f in found}
    order = (*BAD, AuditVerdict.CHANGED, AuditVerdict.HOLDS, AuditVerdict.NOTE, AuditVerdict.NOT_CHECKED)
    verdict = next((v for v in order if v in verdicts), AuditVerdict.NOT_CHECKED)
    titles = dict.fromkeys(
        title if f.verdict is not AuditVerdict.NOT_CHECKED else f"{title}: not checked" for title, f in found
    )
    shown = [(title, f) for title, f in found if in_full or f.verdict in (*BAD, *FACTS)]
    return verdict, [", ".join(titles) if not in_full else "", *(_line(title, f) for title, f in shown)]


def _line(title: str, finding: Finding) -> str:
    mark = "" if finding.verdict in (AuditVerdict.HOLDS, *FACTS) else f" ({finding.verdict.value})"
    return f"{title}{mark}: {finding.basis}"


def summary_lines(sections: Sequence[Section], material: Material, names: Sequence[str]) -> Iterator[str]:
    """One line a section, with what it lists; then whether all of it holds."""
    yield ""
    yield f"Lean: {material.basis}{_revision(material)}"
    first = next((section for section in sections if section.title in EVALUATED), None)
    for section in sections:
        yield f"{section.title}: {section.summary}"
        if section is first:
            yield f"  on trust: {counted()} of Lean and Mathlib; leanmirror audit --vocabulary lists them"
        yield from _details(section, names)
    failing = {f.name for s in sections for f in s.findings if f.verdict is AuditVerdict.FAILS}
    yield f"{len(failing)} declarations or files fail" if failing else "everything that was checked holds"


def _revision(material: Material) -> str:
    if material.source is None:
        return ""
    now = material.source.reading.revision or "unknown"
    if material.against is not None:
        return f", from revision {material.against.reading.revision or 'unknown'} to {now}"
    return f" at revision {now}, pin {material.pin['revision'][:7]}"


def _details(section: Section, names: Sequence[str]) -> Iterator[str]:
    if section.title == definitions.TITLE:
        for why, number in definitions.why_not_compared(section).most_common():
            yield f"  not interpreted, {number}: {why}"
    if section.title in EVALUATED:
        yield from (f"  {line}" for line in evaluated.exceptions(section))
    if section.title == twin_statements.TITLE:
        yield from (f"  {line}" for line in _classes(section))
    if section.title == dressing.TITLE:
        for finding in section.about(set(names)).findings:
            yield f"  {finding.name.rsplit('.', 1)[-1]}: {finding.basis}"


def _classes(section: Section) -> Iterator[str]:
    """One line a class: that of its first member."""
    said: set[str] = set()
    for finding in section.findings:
        if finding.name not in said:
            said |= {finding.name, *finding.others}
            yield f"{finding.name}: {finding.basis}"
