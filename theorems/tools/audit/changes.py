"""Section 4: what changed in the source since the pin, or since a second checkout."""

from __future__ import annotations

from collections import Counter

from lean_refs.drift import Drift, Meaning, drift
from theorems.tools.audit.findings import Finding, Section, changed, fails, holds, not_checked
from theorems.tools.audit.material import Material

TITLE = "drift"
MEANS = "what became of each declaration since the pin; unchanged: the same words, comments and layout aside"


def changes(material: Material) -> Section:
    """Every pinned declaration, or every one of an older checkout, against the source.

    What fails is a change of meaning, and what the text leaves unknown; with `strict` every change fails. Without a
    source nothing is checked.
    """
    if material.source is None:
        missing = tuple(not_checked(name, "no source was given") for name in material.pinned)
        return Section(TITLE, "not checked: no source was given", missing)
    report = drift(material.before, material.source.prints, evaluated=material.evaluated)
    return Section(TITLE, _summary(report), tuple(_finding(found, material.strict) for found in report), MEANS)


def _summary(report: list[Drift]) -> str:
    kinds = Counter(found.verdict for found in report)
    counted = ", ".join(f"{number} {verdict}" for verdict, number in kinds.most_common())
    through = sum(bool(found.through) and found.unchanged for found in report)
    counted += _evaluated(report)
    return counted + (f"; {through} unchanged rest on something that changed" if through else "")


def _evaluated(report: list[Drift]) -> str:
    """How many of those that the text leaves unknown evaluation settles."""
    asked = [f for found in report for f in found.differences if f.evaluated]
    same, differs = (sum(f.meaning is meaning for f in asked) for meaning in (Meaning.SAME, Meaning.DIFFERS))
    return f"; evaluated: {same} same, {differs} differ, {len(asked) - same - differs} not evaluated" if asked else ""


def _finding(found: Drift, strict: bool) -> Finding:
    if found.unchanged:
        if found.through:
            return changed(found.name, f"unchanged, but rests on {_some(found.through)}")
        return holds(found.name, "unchanged")
    basis = "; ".join(f"{f.change.value} ({f.basis}; meaning: {f.meaning.value})" for f in found.differences)
    return fails(found.name, basis) if strict or found.meaning is not Meaning.SAME else changed(found.name, basis)


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown
