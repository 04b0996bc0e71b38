"""Which words of names and prose promise what no statement has."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.prose.promises import Promise, Standing, promises
from lean_refs.prose.ranking import ranked
from theorems.tools.audit.findings import Finding, Section, not_checked, note
from theorems.tools.audit.material import Material
from theorems.tools.output.counted import counted

TITLE = "loaded words"
MEANS = "words of names and prose that promise what no statement has: a remark, no verdict"


def loaded_words(material: Material) -> Section:
    """Each loaded word that the text of no statement backs: where it stands, what would back it, and its repeats."""
    if material.source is None:
        why = "the pin holds no text: give a source to see which words promise something"
        return Section(TITLE, "not checked: no source was given", (not_checked(TITLE, why),), MEANS)
    source = material.source
    imports = {file: made.imports for file, made in source.coverage.files.items()}
    # Where a name is lost more files are read: what they promise is not asked.
    homes = {source.prints.declarations[now].file for now in source.names.values()}
    files = {*(made.file for made in material.pinned.values()), *homes, *imports}
    found = promises(source.reading, source.prose, source.prints.names, imports, files)
    folded = ranked(found, material.scope.seed_module, material.asked)
    said = sum(promise.times for promise in found)
    unbacked = sum(promise.times for promises_ in folded for promise in promises_)
    summary = f"{counted(len(folded), 'promise')} that nothing backs, said {counted(unbacked, 'time')}; "
    summary += f"{counted(said - unbacked, 'time')} one is backed"
    return Section(TITLE, summary, tuple(_finding(promises_) for promises_ in folded), MEANS, ranked=True)


def _finding(folded: Sequence[Promise]) -> Finding:
    promise, *repeats = folded
    others = tuple(dict.fromkeys(other.name for other in repeats if other.name != promise.name))
    missing = f"nothing backs it, which would be {promise.word.backed_by}"
    lacks = f" ({promise.lacks})" if promise.lacks else ""
    again = sum(other.times for other in folded) - 1
    more = f"; {again} more of it{_some(others)}" if again else ""
    says = "says" if promise.place <= Standing.DOCSTRING else "say"
    basis = f'{promise.place} {says} "{promise.said}": {missing}{lacks}{more}'
    return note(promise.name, basis, others, file=promise.file, line=promise.line)


def _some(names: Sequence[str]) -> str:
    """` in a, b and 3 others`, by their last names."""
    shown = [name if name.endswith(".lean") else name.rsplit(".", 1)[-1] for name in names[:3]]
    rest = f" and {counted(len(names) - 3, 'other')}" if len(names) > 3 else ""
    return f" in {', '.join(shown)}{rest}" if names else ""
