"""The sections of an audit as a call asks for them: of the text, of numbers, of Lean itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lean_refs import load_pin
from lean_refs.drift import EvaluatedMeaning, foundations
from mirror.rooms import links
from theorems.tools.audit import statements
from theorems.tools.audit.audit import audit
from theorems.tools.audit.definitions import section as definitions
from theorems.tools.audit.evaluated import section as evaluated
from theorems.tools.audit.findings import Section, not_checked
from theorems.tools.audit.lean import section as lean
from theorems.tools.audit.material import Material
from theorems.tools.cli.calls import processors
from theorems.tools.cli.render import progress

# After which section, that reads the same declarations as text, one about their numbers comes.
_AFTER = {evaluated.TITLE: definitions.TITLE, evaluated.CONCLUSIONS: statements.TITLE}


@dataclass(frozen=True, slots=True)
class AuditCall:
    """What a call asks for: these declarations (all, if none), numbers, on more instances, in so many processes."""

    names: Sequence[str] = ()
    values: bool = True
    deep: bool = False
    jobs: int | None = None

    def __contains__(self, name: str) -> bool:
        return not self.names or name in self.names


def sections_of(material: Material, call: AuditCall) -> list[Section]:
    """Every section in order, without Lean's own."""
    if material.against is not None:
        return audit(material)
    if material.source is None:
        return _with_values(audit(material), _at_pinned_numbers(material, call))
    if not call.values:
        return _with_values(audit(material), _without_values())
    material = replace(material, evaluated=_at_pinned_arguments(material, call))
    sections: list[Section] = []
    values = _evaluated(material, call, lambda: sections.extend(audit(material)))
    return _with_values(sections, values)


def _with_values(sections: list[Section], values: Sequence[Section]) -> list[Section]:
    """Each section of what was evaluated after the one that reads the same declarations as text."""
    for section in values:
        after = next((k + 1 for k, known in enumerate(sections) if known.title == _AFTER[section.title]), len(sections))
        sections.insert(after, section)
    return sections


def _without_values() -> list[Section]:
    why = "--no-values was given"
    return [Section(title, f"not checked: {why}", (not_checked("numbers", why),)) for title in _AFTER]


def _evaluated(material: Material, call: AuditCall, meanwhile: Callable[[], None]) -> list[Section]:
    """What the text gives on instances; no section where nothing was asked for that has numbers.

    `meanwhile` is done while other processes evaluate.
    """
    from theorems.tools.cli.values import FEW, MANY
    from theorems.tools.cli.values import evaluated as outcomes_of

    names = [n for n in (*links(), *(d.name for d in load_pin().theorems)) if n in call]
    found = []
    with progress(len(names)) as advance:
        count = MANY if call.deep else FEW
        for outcome in outcomes_of(_root(material), names, count, call.jobs or processors(), meanwhile):
            found.append(outcome)
            advance(outcome.name)
    functions, others = [o for o in found if o.name in links()], [o for o in found if o.name not in links()]
    made = [evaluated.same_function(functions)] if functions else []
    return made + ([evaluated.same_conclusion(others)] if others else [])


def _root(material: Material) -> Path:
    assert material.root is not None, "a source was read"
    return material.root


def _at_pinned_numbers(material: Material, call: AuditCall) -> list[Section]:
    from theorems.tools.audit.pinned.kept import at_pinned_numbers

    functions = [link for name, link in links().items() if name in call]
    theorems = [d.name for d in load_pin().theorems if d.name in call]
    return at_pinned_numbers(material.pin["revision"], material.pinned, functions, theorems)


def _at_pinned_arguments(material: Material, call: AuditCall) -> EvaluatedMeaning:
    """Of what was asked for and what it rests on: nothing is said of the others."""
    from theorems.tools.cli.values import meanings

    assert material.source is not None, "a source was read"
    files, revision = material.source.reading.files, material.pin["revision"]
    found = meanings(_root(material), files, revision, material.pinned)
    asked = foundations(call.names, material.pinned)
    return (lambda name, now: found(name, now) if name in asked else None) if call.names else found


def lean_section(folder: Path | None, timeout: float) -> Section:
    """What Lean itself says in a built checkout; without one, that it was not asked."""
    if folder is None:
        why = "Lean was not asked: name a built checkout by --lean"
        return Section(lean.TITLE, f"not checked: {why}", (not_checked("Lean", why),))
    from theorems.tools.audit.lean.run import check_in_lean, questions_in

    with progress(questions_in()) as advance:
        return lean.in_lean(check_in_lean(folder, timeout=timeout, progress=lambda file, name: advance(name)))
