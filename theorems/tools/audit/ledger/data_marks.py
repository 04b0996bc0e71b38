"""Whether what is marked as data here is data in Lean, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.dressing import data_hypotheses
from lean_refs.drift import some
from theorems.engine.registry import theorems
from theorems.tools.audit.binders import lean_hypotheses
from theorems.tools.audit.findings import Finding, fails, not_checked
from theorems.tools.audit.material import Material


def data_marks(material: Material) -> Iterator[Finding]:
    """Where our `data` marks and the types of Lean's named hypotheses differ; nothing without a source."""
    if material.source is None:
        return
    found = data_hypotheses(material.source.reading, material.source.prints.names)
    present = [theorem for theorem in theorems().values() if theorem.name in material.fingerprints]
    lean = {(h.name, h.binder) for h in found if h.name in theorems()}
    named = {t.name: set(lean_hypotheses(material.fingerprints[t.name])) for t in present}
    ours = {(t.name, h.name) for t in present for h in t.hypotheses if h.data and h.name in named[t.name]}
    for name, hypothesis in sorted(lean - ours):
        yield fails(name, f"{hypothesis} is data in Lean, and is not marked as data here")
    for name, hypothesis in sorted(ours - lean):
        if name in material.lacks:
            # Its type may be what the source lacks.
            yield not_checked(name, f"whether {hypothesis} is data: the source lacks {some(material.lacks[name])}")
        else:
            yield fails(name, f"{hypothesis} is marked as data here, and is a proposition in Lean")
