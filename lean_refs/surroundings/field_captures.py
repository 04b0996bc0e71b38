"""Fields that mean another declaration than they did: `x.size` finds a new `Vec.size` before that of an outer type."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.reader.records import LeanDeclaration
from lean_refs.surroundings.bound import body_tokens, bound_in, statement_tokens
from lean_refs.surroundings.environment import Surroundings
from lean_refs.surroundings.graph import Graph


def captured_fields(
    user: LeanDeclaration, same: tuple[bool, bool], old: Surroundings, new: Surroundings, graph: Graph
) -> Iterator[tuple[str, str]]:
    """(field, declaration) of the new definitions that a field of what `user` says can mean; `same` are its parts.

    Whose field it is, the text does not tell: any type that the user rests on counts, and any of Lean or Mathlib.
    """
    for field in sorted(_fields(user, same)):
        for name in new.ending_in(field):
            if name not in old.declared and _is_in_sight(new.declarations[name], user, new):
                owner = name.rpartition(".")[0]
                if owner in graph.rests_on(user.name) or _is_foreign(owner, old, new):
                    yield f".{field}", name


def _fields(user: LeanDeclaration, same: tuple[bool, bool]) -> set[str]:
    parts = [statement_tokens(user), [] if user.is_theorem else body_tokens(user)]
    bound = bound_in(user, *parts)
    return {
        field
        for part, unchanged in zip(parts, same, strict=True)
        for token in part * unchanged
        if token.kind in ("dot", "field") or (token.kind == "name" and token.text.partition(".")[0] in bound)
        for field in token.text.split(".")[1:]
    }


def _is_in_sight(found: LeanDeclaration, user: LeanDeclaration, new: Surroundings) -> bool:
    if found.is_theorem or found.name == user.name:
        return False
    return found.start < user.start if found.file == user.file else found.file in new.seen(user.file)


def _is_foreign(owner: str, old: Surroundings, new: Surroundings) -> bool:
    """Whether a type is of Lean or Mathlib: the tree defines nothing in what its name begins with."""
    first = owner.partition(".")[0]
    known = (new.declarations[name] for name in old.declared if name in new.declarations)
    return bool(owner) and not any(d.name.partition(".")[0] == first for d in known if not d.is_theorem)
