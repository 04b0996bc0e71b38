"""Which `variable`s a declaration takes, as far as the text shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lean_refs.reader.records import INSTANCE, Binder
from lean_refs.reader.signature import Signature
from lean_refs.reader.tokens import Token


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables in scope, in order, and the names that `include` forces in."""

    binders: tuple[Binder, ...] = ()
    included: frozenset[str] = frozenset()

    def extended(self, binders: list[Binder]) -> Variables:
        """With more variables; a name that is already there only changes its kind, as in `variable {x}`."""
        known = {binder.name for binder in self.binders if binder.name}
        updates = {binder.name: binder.kind for binder in binders if binder.name in known and not binder.type}
        kept = tuple(replace(old, kind=updates.get(old.name, old.kind)) for old in self.binders)
        new = (replace(binder, from_variable=True) for binder in binders if binder.name not in updates)
        return replace(self, binders=(*kept, *new))

    def including(self, names: list[str]) -> Variables:
        """With `names` forced into every declaration."""
        return replace(self, included=self.included | set(names))

    def omitting(self, binders: list[Binder]) -> Variables:
        """Without the variables that `omit` names, instances by their type."""
        gone = {_key(binder) for binder in binders}
        return replace(self, binders=tuple(b for b in self.binders if _key(b) not in gone))


def _key(binder: Binder) -> str:
    return binder.name if binder.kind != INSTANCE else " ".join(token.text for token in binder.type)


def _mentioned(tokens: tuple[Token, ...] | list[Token]) -> set[str]:
    return {token.text.partition(".")[0] for token in tokens if token.kind == "name"}


def used_variables(variables: Variables, signature: Signature, body: list[Token]) -> tuple[Binder, ...]:
    """The variables that a declaration takes: mentioned, mentioned by those, or instances about them.

    A theorem takes what its statement mentions, a definition what its body mentions too (pass it as `body`).
    """
    if not variables.binders:
        return ()
    used = _mentioned(signature.result) | _mentioned(body) | set(variables.included)
    for binder in signature.binders:
        used |= _mentioned(binder.type) | _mentioned(binder.default)
    used -= {binder.name for binder in signature.binders}
    for binder in reversed(variables.binders):
        if binder.name in used:
            used |= _mentioned(binder.type)
    names = {binder.name for binder in variables.binders if binder.name}
    return tuple(binder for binder in variables.binders if _is_taken(binder, used, names))


def _is_taken(binder: Binder, used: set[str], names: set[str]) -> bool:
    if binder.kind == INSTANCE:
        return binder.name in used or _mentioned(binder.type) & names <= used
    return binder.name in used
