"""Marks, project and lock held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import unquoted
from theorems.tools.output.counted import counted
from theorems.tools.tracing.lock import Agreed
from theorems.tools.tracing.marks import LeanMark, MarkReading
from theorems.tools.tracing.nearest import named_by_attribute, named_in_proof, nearest
from theorems.tools.tracing.project import FoundDeclaration, LeanProject
from theorems.tools.tracing.record import LeanLink, LinkVerdict, Trace
from theorems.tools.tracing.renames import renames

_SHOWN = 5


def trace(project: LeanProject, tests: MarkReading, agreed: Mapping[str, Agreed] | None) -> Trace:
    """What became of every name that tests carry, and of what was agreed."""
    known = agreed or {}
    new_names = renames(project, known)
    comparing = _Comparing(project, known, new_names)
    by_name: dict[str, list[LeanMark]] = {}
    for mark in tests.marks:
        by_name.setdefault(unquoted(mark.name), []).append(mark)
    links = tuple(comparing.link(name, tuple(by_name[name])) for name in sorted(by_name))
    tested = {(link.declaration.file, link.declaration.name) for link in links if link.declaration}
    untested = tuple(d for d in project.theorems if (d.file, d.name) not in tested)
    orphans = tuple(one for name, one in known.items() if one.rests_on is not None and name not in by_name)
    return Trace(project, tests, links, untested, orphans, agreed, new_names)


class _Comparing:
    def __init__(self, project: LeanProject, agreed: Mapping[str, Agreed], new_names: Mapping[str, str]) -> None:
        self._project = project
        self._agreed = agreed
        self._new_names = new_names
        self._old_names = {new: old for old, new in new_names.items()}
        self._now = project.statements.called(self._old_names)

    def link(self, name: str, marks: tuple[LeanMark, ...]) -> LeanLink:
        found, agreed = self._project.find(name), self._agreed.get(name)
        if found is None:
            return self._broken(name, marks)
        link = LeanLink(name, marks, LinkVerdict.NEW, tuple(_several(found)), found.declaration)
        if agreed is None or agreed.rests_on is None:
            return link
        declaration = found.declaration
        if changes := list(self._changes(agreed, declaration)):
            return replace(link, verdict=LinkVerdict.CHANGED, why=(*changes, *link.why))
        moves = tuple(self._moves(agreed, declaration))
        verdict = LinkVerdict.MOVED if moves else LinkVerdict.AGREED
        return replace(link, verdict=verdict, why=(*moves, *link.why))

    def _broken(self, name: str, marks: tuple[LeanMark, ...]) -> LeanLink:
        if new := self._new_names.get(name):
            return self._renamed(name, new, marks)
        made = named_in_proof(name, self._project) or named_by_attribute(name, self._project)
        why = f"no declaration has this name{made or nearest(name, self._project)}"
        return LeanLink(name, marks, LinkVerdict.BROKEN, (why,))

    def _renamed(self, name: str, new: str, marks: tuple[LeanMark, ...]) -> LeanLink:
        found, agreed = self._project.declarations[new][0], self._agreed[name]
        same = self._now.rests_on(found) == agreed.rests_on
        why = [f"it is called {new} now, in {found.file}:{found.line}, which says the same: leanmirror trace --fix"]
        if not same and agreed.rests_on is not None:
            why.append("what it rests on changed" + _listed(self._culprits(found)))
        return LeanLink(name, marks, LinkVerdict.BROKEN, tuple(why), renamed=new, settled=same)

    def _changes(self, agreed: Agreed, declaration: LeanDeclaration) -> Iterator[str]:
        kind = self._now.kind(declaration)
        if kind != agreed.kind:
            yield f"it was {_a(agreed.kind)} and is {_a(kind)}"
        elif self._now.own(declaration) != agreed.statement:
            yield f"{'its statement' if declaration.is_theorem else 'its statement or what defines it'} changed"
        if self._now.rests_on(declaration) != agreed.rests_on:
            yield "what it rests on changed" + _listed(self._culprits(declaration))

    def _culprits(self, declaration: LeanDeclaration) -> Iterator[str]:
        """What beneath a declaration is not as it was agreed, as far as the lock tells."""
        beneath = [
            (one, self._agreed.get(self._old_names.get(one.name, one.name))) for one in self._now.beneath(declaration)
        ]
        yield from (one.name for one, agreed in beneath if agreed and agreed.statement != self._now.own(one))
        # No table is of a private one: two files may have the same name.
        yield from (
            f"{one.name} ({'private' if one.is_private else 'new there'})" for one, agreed in beneath if agreed is None
        )

    def _moves(self, agreed: Agreed, declaration: LeanDeclaration) -> Iterator[str]:
        if declaration.file != agreed.file:
            yield f"it moved from {agreed.file} to {declaration.file}"
        beneath = {one.name for one in self._now.beneath(declaration)}
        renamed = sorted((old, new) for old, new in self._new_names.items() if new in beneath)
        if renamed:
            yield "of what it rests on " + ", ".join(f"{old} is called {new} now" for old, new in renamed[:_SHOWN])


def _several(found: FoundDeclaration) -> Iterator[str]:
    if found.others:
        places = ", ".join(f"{d.file}:{d.line}" for d in (found.declaration, *found.others))
        yield f"it is declared {counted(1 + len(found.others), 'time')}, {places}: the first is meant"


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    return f": {', '.join(found[:_SHOWN])}{more}" if found else ""


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind}"
