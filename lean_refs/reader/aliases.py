"""What an `alias` stands for: it has no statement and no body of its own."""

from __future__ import annotations

from dataclasses import replace

from lean_refs.reader.names import NameTable
from lean_refs.reader.records import LeanDeclaration, Reading


def through_aliases(reading: Reading) -> Reading:
    """The reading in which each alias says what its target says.

    One whose target is not in the reading, or is one direction of an equivalence, stays as it is.
    """
    if not any(declaration.kind == "alias" for declaration in reading.declarations):
        return reading
    table = NameTable(reading)
    files = {
        name: replace(file, declarations=tuple(_told(declaration, table) for declaration in file.declarations))
        for name, file in reading.files.items()
    }
    return replace(reading, files=files)


def _told(declaration: LeanDeclaration, table: NameTable) -> LeanDeclaration:
    target = _target(declaration, table)
    if target is declaration:
        return declaration
    return replace(
        declaration,
        kind=target.kind,
        binders=target.binders,
        result=target.result,
        body_style=target.body_style,
        body=target.body,
        members=target.members,
        scope=target.scope,
        alias_of=target.name,
        universes=target.universes,
    )


def _target(declaration: LeanDeclaration, table: NameTable) -> LeanDeclaration:
    """What an alias names in the end; itself where that is not known."""
    found, passed = declaration, {declaration.name}
    while found.kind == "alias":
        named = table.resolve_in(found.body.strip(), found)
        following = table.get(named.name, found.file) if named and not named.fields else None
        if following is None or following.name in passed:
            return declaration
        passed.add(following.name)
        found = following
    return found
