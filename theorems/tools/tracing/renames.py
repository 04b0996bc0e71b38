"""Declarations that go by another name now, found by what they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lean_refs.reader.records import LeanDeclaration
from lean_refs.statements import Statements
from theorems.tools.tracing.lock import Agreed
from theorems.tools.tracing.project import LeanProject

# So many declarations are compared by what they say; of a larger project only those that have a file or a last name in
# common with what is gone.
_MOST = 20_000


def renames(project: LeanProject, agreed: Mapping[str, Agreed]) -> dict[str, str]:
    """The new name of each agreed declaration that is gone and of which another says the same.

    What is renamed with others says the same once these have their old names: so it goes round until nothing is found.
    """
    gone = {name: one for name, one in agreed.items() if project.find(name) is None}
    candidates = _candidates(project, agreed, gone.values()) if gone else []
    found: dict[str, str] = {}
    statements = project.statements
    while gone:
        by_text = _by_text(statements, candidates)
        matched = {name: new for name, one in gone.items() if (new := _chosen(one, by_text.get(one.statement, [])))}
        matched = {name: new for name, new in matched.items() if list(matched.values()).count(new) == 1}
        if not matched:
            break
        found |= matched
        gone = {name: one for name, one in gone.items() if name not in found}
        candidates = [d for d in candidates if d.name not in matched.values()]
        statements = project.statements.called({new: old for old, new in found.items()})
    return found


def _candidates(project: LeanProject, agreed: Mapping[str, Agreed], gone: Iterable[Agreed]) -> list[LeanDeclaration]:
    kinds, files, lasts = zip(*((one.kind, one.file, _last(one.name)) for one in gone), strict=True)
    found = [d for d in project.reading.declarations if d.name not in agreed and project.statements.kind(d) in kinds]
    if len(found) <= _MOST:
        return found
    return [d for d in found if d.file in files or _last(d.name) in lasts]


def _by_text(statements: Statements, candidates: Iterable[LeanDeclaration]) -> dict[str, list[LeanDeclaration]]:
    found: dict[str, list[LeanDeclaration]] = {}
    for declaration in candidates:
        found.setdefault(statements.own(declaration), []).append(declaration)
    return found


def _chosen(one: Agreed, alike: list[LeanDeclaration]) -> str:
    """The one that says the same: the only one of that last name, else of that file, else of all; else none."""
    last = [d for d in alike if _last(d.name) == _last(one.name)]
    near = [d for d in alike if d.file == one.file]
    for several in (last, near, alike):
        if len(several) == 1:
            return several[0].name
    return ""


def _last(name: str) -> str:
    return name.rpartition(".")[2]
