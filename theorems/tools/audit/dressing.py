"""Section 6: what surrounds a statement: fixed arguments, data among the hypotheses, definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lean_refs.dressing import data_hypotheses
from lean_refs.fingerprint import Fingerprint
from lean_refs.prose.backing import VARIES
from lean_refs.reader.records import EXPLICIT
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.audit.binders import lean_binders, lean_hypotheses
from theorems.tools.audit.findings import Finding, Section, fails, note
from theorems.tools.audit.material import Material
from theorems.tools.audit.reasons import by_definition

TITLE = "dressing"
MEANS = "what a theorem takes as given and leaves out: a remark, no verdict"
_ABOUT_DERIVATIVES = re.compile(r"(?i)fderiv")


def dressing(material: Material) -> Section:
    """For each theorem about a derivative what it takes as given."""
    findings = [f for theorem in _present(material) for f in _of(theorem, material)]
    findings += _data_disagree(material)
    return Section(TITLE, f"{len(findings)} facts about theorems", tuple(findings), MEANS)


def _of(theorem: Theorem, material: Material) -> Iterator[Finding]:
    if fixed := _fixed(material.fingerprints[theorem.name]):
        yield note(theorem.name, f"fixed arguments, no gradient: {', '.join(fixed)}")
    if data := [h.name for h in theorem.hypotheses if h.data]:
        yield note(theorem.name, f"hypotheses that are data: {', '.join(data)}")
    if theorem.covers_not:
        yield note(theorem.name, f"does not cover: {theorem.covers_not}")
    settled = by_definition()
    for name in sorted(material.rests_on([theorem.name]) & settled.keys()):
        yield note(theorem.name, f"rests on {name}: {settled[name]}")


def _fixed(made: Fingerprint) -> list[str]:
    """The arguments that a theorem about a derivative does not differentiate in."""
    if not _ABOUT_DERIVATIVES.search(made.name):
        return []
    given = set(lean_hypotheses(made))
    explicit = [b.name for b in lean_binders(made) if b.kind == EXPLICIT]
    return [name for name in explicit if name not in given and not VARIES.fullmatch(name)]


def _data_disagree(material: Material) -> Iterator[Finding]:
    """Where our `data` marks and the types of Lean's named hypotheses differ."""
    if material.source is None:
        return
    found = data_hypotheses(material.source.reading, material.source.prints.names)
    lean = {(h.name, h.binder) for h in found if h.name in theorems()}
    named = {t.name: set(lean_hypotheses(material.fingerprints[t.name])) for t in _present(material)}
    ours = {(t.name, h.name) for t in _present(material) for h in t.hypotheses if h.data and h.name in named[t.name]}
    for name, hypothesis in sorted(lean - ours):
        yield fails(name, f"{hypothesis} is data in Lean, and is not marked as data here")
    for name, hypothesis in sorted(ours - lean):
        yield fails(name, f"{hypothesis} is marked as data here, and is a proposition in Lean")


def _present(material: Material) -> list[Theorem]:
    return [theorem for theorem in theorems().values() if theorem.name in material.fingerprints]
