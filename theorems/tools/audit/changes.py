"""Section 4: what changed in the source since the pin, or since a second checkout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lean_refs.drift import Change, Difference, Drift, Meaning, drift, some
from lean_refs.prose.wording import marked
from lean_refs.written import body_written, statement_written
from theorems.tools.audit.findings import Finding, Section, Where, changed, fails, holds, not_checked
from theorems.tools.audit.folded import Folded, folded
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "drift"
MEANS = "what became of each declaration since the pin; unchanged: the same words, comments and layout aside"
# What shows in a body; whatever else leaves the words of the statement as they were shows in no words.
_OF_THE_BODY = frozenset((Change.BODY, Change.PROOF))
_WITHOUT_WORDS = frozenset(
    (Change.DOCSTRING, Change.MOVED, Change.PRIVATE, Change.PUBLIC, Change.THROUGH, Change.DELETED, Change.ADDED)
)


def changes(material: Material) -> Section:
    """Every pinned declaration, or every one of an older checkout, against the source.

    What fails is a change of meaning, and what the text leaves unknown; with `strict` every change fails. Without a
    source nothing is checked.
    """
    if material.source is None:
        missing = tuple(not_checked(name, "no source was given") for name in material.pinned)
        return Section(TITLE, "not checked: no source was given", missing, MEANS)
    report = drift(material.before, material.source.prints, evaluated=material.evaluated)
    together = folded(report, material.before)
    findings = [_finding(found, together, material) for found in report]
    findings += [_of_many(one, material) for one in together]
    findings += _absent_files(report, material)
    return Section(TITLE, _summary(report), tuple(findings), MEANS)


def _summary(report: list[Drift]) -> str:
    kinds = Counter(found.verdict for found in report)
    counted = ", ".join(f"{number} {verdict}" for verdict, number in kinds.most_common())
    through = sum(bool(found.through) for found in report)
    counted += _evaluated(report)
    return counted + (f"; {through} rest on something that changed" if through else "")


def _evaluated(report: list[Drift]) -> str:
    """How many of those that the text leaves unknown evaluation settles."""
    asked = [f for found in report for f in found.differences if f.evaluated]
    same, differs = (sum(f.meaning is meaning for f in asked) for meaning in (Meaning.SAME, Meaning.DIFFERS))
    return f"; evaluated: {same} same, {differs} differ, {len(asked) - same - differs} not evaluated" if asked else ""


def _finding(found: Drift, together: Sequence[Folded], material: Material) -> Finding:
    """What became of one declaration; what it shares with many others is said once, of all of them."""
    if not found.now:
        (lost,) = found.differences
        basis = f"{lost.change.value}: {lost.basis}"
        return not_checked(found.name, basis) if lost.change is Change.ABSENT else fails(found.name, basis)
    said = {one.change for one in together if found.name in one.names}
    own = [difference for difference in found.differences if difference.change not in said]
    basis = "; ".join((_told(own, shared=bool(said)), *_resting(found)))
    where = _where(found, material)
    if not own and not found.through:
        return holds(found.name, basis, **where)
    harm = found.meaning is not Meaning.SAME or (material.strict and own)
    return (fails if harm else changed)(found.name, basis, **where)


def _told(own: Sequence[Difference], *, shared: bool) -> str:
    if own:
        return "; ".join(f"{f.change.value} ({f.basis}; meaning: {f.meaning.value})" for f in own)
    return "unchanged but for where it is" if shared else "unchanged"


def _resting(found: Drift) -> Iterator[str]:
    """That what it rests on changed, or is not in the source: its own words do not say whether it means the same."""
    if found.through:
        yield f"rests on something that changed: {some(found.through)}"
    if found.unseen:
        yield f"rests on what is not in the source: {some(found.unseen)}"


def _where(found: Drift, material: Material) -> Where:
    """Its place now and, of two checkouts, the words that changed."""
    assert material.source is not None, "what was read of the source"
    made = material.source.prints.declarations[str(found.now)]
    place: Where = {"file": made.file, "line": made.line}
    changes_of_words = {difference.change for difference in found.differences} - _WITHOUT_WORDS
    if material.against is None or not changes_of_words or found.name not in material.against.prints:
        return place
    written = body_written if changes_of_words <= _OF_THE_BODY else statement_written
    was = material.against.prints.declarations[found.name]
    before, now = marked(written(was), written(made))
    return {**place, "before": before, "now": now}


def _of_many(one: Folded, material: Material) -> Finding:
    say = fails if material.strict else changed
    return replace(say(one.name, f"{one.change.value}: {one.basis}"), others=one.names)


def _absent_files(report: Sequence[Drift], material: Material) -> Iterator[Finding]:
    """Files of an older checkout that the newer one lacks: with a pin, section 1 says so."""
    files: dict[str, list[str]] = defaultdict(list)
    for found in report:
        if not found.now and found.differences[0].change is Change.ABSENT:
            files[material.before[found.name].file].append(found.name)
    for file, names in files.items() if material.against else ():
        why = f"the file is not there: no comparison of its {counted(len(names), 'declaration')}"
        yield replace(fails(file, why), others=tuple(names))
