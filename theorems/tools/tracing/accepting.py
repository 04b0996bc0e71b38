"""What a lock holds after somebody agreed to what the declarations say now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lean_refs.reader.records import LeanDeclaration
from lean_refs.statements import Statements
from theorems.tools.tracing.lock import Agreed
from theorems.tools.tracing.record import Trace


def accepted(trace: Trace, names: Iterable[str] | None = None) -> dict[str, Agreed]:
    """What a lock holds after agreeing to the names (to all that tests carry, without what none carries, if None).

    A name that no declaration has keeps what was agreed of it.
    """
    statements, before = trace.project.statements, dict(trace.agreed or {})
    carried = {link.name: link for link in trace.links}
    chosen = set(carried) if names is None else set(names)
    agreed = {name: one for name, one in before.items() if one.rests_on is not None}
    kept = agreed if names is not None else {name: one for name, one in agreed.items() if name in carried}
    for name in chosen:
        link = carried.get(name)
        if link is None:
            kept.pop(name, None)
        elif link.declaration is not None:
            kept[name] = _agreed(name, link.declaration, statements, statements.rests_on(link.declaration))
    return _with_what_they_rest_on(trace, kept, chosen, before)


def _with_what_they_rest_on(
    trace: Trace, kept: dict[str, Agreed], chosen: set[str], before: Mapping[str, Agreed]
) -> dict[str, Agreed]:
    """The agreed names with a table for all beneath them: as it is now beneath what was chosen, else as it was."""
    statements, found = trace.project.statements, dict(kept)
    carried = {link.name: link for link in trace.links}
    if any(link.declaration is None for link in trace.links if link.name in kept):
        # What is gone beneath a name that is gone tells where they went.
        found |= {name: one for name, one in before.items() if name not in found and trace.project.find(name) is None}
    for name in sorted(kept, key=lambda name: name not in chosen):
        link = carried.get(name)
        for one in statements.beneath(link.declaration) if link and link.declaration else ():
            if not one.is_private:
                now = _agreed(one.name, one, statements)
                agreed = now if name in chosen else replace(before.get(one.name, now), rests_on=None)
                found.setdefault(one.name, agreed)
    return found


def _agreed(name: str, declaration: LeanDeclaration, statements: Statements, rests_on: str | None = None) -> Agreed:
    return Agreed(name, statements.kind(declaration), declaration.file, statements.own(declaration), rests_on)
