"""Section 5: several names for one theorem."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lean_refs.facts import THEOREM_KINDS
from lean_refs.twins import LeanPlace, Twins, twins
from theorems.tools.audit.findings import Finding, Section, not_checked, note
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "twins"
MEANS = "several names for one statement: a remark, no verdict"
FOLDER = "NN/Proofs/Autograd/Tape"


def twin_statements(material: Material) -> Section:
    """Classes of theorems with one statement: those of the block module first.

    From a source, classes anywhere in the tree that have a member in `FOLDER`; from the pin, classes within it.
    """
    tree = material.tree
    classes = twins(tree, FOLDER) if tree else _in_pin(material)
    seed = material.scope.seed_module
    classes = sorted(classes, key=lambda found: all(file != seed for _, file, _ in found.places))
    where = "within the pin"
    if tree:
        left = f"; {counted(len(tree.unread), 'place')} in the tree not understood" if tree.unread else ""
        where = f"with a member in {FOLDER}, of {counted(len(tree.files), 'file')}{left}"
    findings = tuple(finding for found in classes for finding in _findings(found))
    findings += () if tree else (not_checked(TITLE, "no source was given to read the rest of the tree"),)
    return Section(TITLE, f"{counted(len(classes), 'class')} of theorems with one statement, {where}", findings, MEANS)


def _in_pin(material: Material) -> Sequence[Twins]:
    classes: dict[str, list[str]] = defaultdict(list)
    for name, made in material.pinned.items():
        if made.kind in THEOREM_KINDS:
            classes[made.meaning].append(name)
    return [_pinned_class(names, material) for names in classes.values() if len(names) > 1]


def _pinned_class(names: list[str], material: Material) -> Twins:
    prints = [material.pinned[name] for name in names]
    places: tuple[LeanPlace, ...] = tuple((made.name, made.file, made.line) for made in prints)
    return Twins(places, len({tuple(b.name for b in made.binders) for made in prints}) > 1)


def _findings(found: Twins) -> list[Finding]:
    """The class, said once for each member."""
    how = "the same statement, with other names for its binders, as" if found.renamed else "the same statement as"
    said = []
    for name in found.names:
        others = [place for place in found.places if place[0] != name]
        listed = ", ".join(f"{other} ({file}:{line})" for other, file, line in others)
        (_, file, line), *_ = [place for place in found.places if place[0] == name]
        said.append(note(name, f"{how} {listed}", tuple(other for other, _, _ in others), file=file, line=line))
    return said
