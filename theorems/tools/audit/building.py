"""How the checkout is built, for the section of the surroundings: what of it changed, and what that can change."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.surroundings.building import (
    BuildChange,
    BuildPart,
    Built,
    build_changes,
    building_from,
    building_of,
    lacks_lakefile,
)
from theorems.tools.audit.findings import Finding, changed, fails, not_checked
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted


def building(material: Material) -> Iterator[Finding]:
    """A setting by which Lean takes the text for another thing fails; other revisions of Lean and packages are told."""
    assert material.root is not None, "what is built is a source"
    old = building_from(material.pin.get("building", []))
    if material.against is not None:
        assert material.against.reading.root is not None, "a checkout is a folder"
        old = building_of(material.against.reading.root)
    new = building_of(material.root)
    if lacks_lakefile(new) and not lacks_lakefile(old):
        yield not_checked("lakefile.lean", "it is not in the source: the options of the package are not known")
    found = build_changes(old, new)
    yield from (_told(one, material) for one in found if _one(one).part is not BuildPart.REVISION)
    # Of a package that came or went that is said.
    revisions = [one.new for one in found if one.old and one.new and one.new.part is BuildPart.REVISION]
    if revisions:
        names, file = ", ".join(sorted(one.name for one in revisions)), revisions[0].file
        basis = f"packages of another revision, of which nothing is read here: {names}"
        yield (fails if material.strict else changed)(file, basis, file=file)


def _one(change: BuildChange) -> Built:
    found = change.new or change.old
    assert found is not None, "a difference has one side at least"
    return found


def _told(change: BuildChange, material: Material) -> Finding:
    one, grave = _one(change), not change.harmless
    how = "added" if change.old is None else "removed" if change.new is None else "changed"
    why = (
        change.harmless
        or f"it can change what each of {counted(len(material.before), 'declaration')} says, or whether it is proved"
    )
    then = " then" * (change.new is None)
    return (fails if grave or material.strict else changed)(
        one.file, f"{how}: {_said(one)} (line {one.line}{then}): {why}", file=one.file, line=one.line,
        before=_value(change.old), now=_value(change.new),
    )  # fmt: skip


def _said(one: Built) -> str:
    return f"{one.part.value} {one.name}" if one.part is not BuildPart.LEAN else one.part.value


def _value(one: Built | None) -> str:
    return f"{_said(one)} {one.value}" if one else ""
