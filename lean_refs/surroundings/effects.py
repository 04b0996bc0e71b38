"""Which declarations a difference of surroundings can change, and why it changes none where it does not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from lean_refs.reader.tokens import NAME
from lean_refs.surroundings.compare import Turn, Turned
from lean_refs.surroundings.imported import import_effect
from lean_refs.surroundings.instances import field_effect, helper_effect, instance_effect, made_instance_effect
from lean_refs.surroundings.opened import export_effect, open_effect
from lean_refs.surroundings.records import Surrounding
from lean_refs.surroundings.sight import Effect, Sight, none
from lean_refs.surroundings.words import ELABORATING, SEARCHED

UNPROVED = ("axiom", "unproved")
_INSTANCE = ("instance", "default_instance")


def effect_of(sight: Sight, turned: Turned) -> Effect:
    """What one difference can change, and why it changes nothing where that is so."""
    effect = _judged(sight, turned)
    if effect.can_change:
        return replace(effect, harmless="")
    return effect if effect.harmless else none(turned, "no declaration that is looked at follows it")


def path_to(sight: Sight, effect: Effect) -> tuple[str, ...]:
    """A shortest way from a declaration that an effect can change to what its record is about."""
    owners = sight.owners(effect.turned.record)
    ways = (sight.graph.path(sight.names[name], owners) for name in sorted(effect.can_change))
    return min(filter(None, ways), key=len, default=())


def _judged(sight: Sight, turned: Turned) -> Effect:
    if why := _harmless(turned):
        return none(turned, why)
    judge = _BY_KIND.get(turned.record.kind)
    return judge(sight, turned) if judge else Effect(turned, turned.reached)


def _harmless(turned: Turned) -> str:
    whys = [record.harmless for record in (turned.old, turned.new) if record]
    if all(whys):
        return whys[-1]
    record = turned.record
    eased = record.kind in (*UNPROVED, "exit") or (record.kind == "option" and record.names[0].startswith("debug."))
    return "without it more is proved, not less" if turned.how is Turn.REMOVED and eased else ""


def _supplied(_: Sight, turned: Turned) -> Effect:
    return none(turned, "what it supplies is part of the statements, which are compared")


def _own(sight: Sight, turned: Turned) -> Effect:
    """What is said of a declaration itself can change that one, and what rests on it."""
    record, owners = turned.record, sight.owners(turned.record)
    own = frozenset(sight.before[name] for name in owners if name in sight.before)
    if record.kind == "attribute" and record.attribute in SEARCHED and not own:
        return none(turned, "which proofs are found; what is found is proved")
    if record.kind == "attribute" and record.attribute in _INSTANCE:
        return made_instance_effect(sight, turned, owners)
    if turned.how is Turn.MOVED:
        return none(turned, "it moved with its declaration")
    if record.kind == "attribute" and record.attribute in ELABORATING:
        return Effect(turned, _everywhere(sight, record), "no declaration that is looked at follows it")
    if record.attribute == "to_additive" and (named := set(re.findall(NAME, record.word)) - {"to_additive"}):
        ends = {".".join(parts[k:]) for parts in (name.split(".") for name in named) for k in range(len(parts))}
        users = frozenset(name for name in turned.reached if not ends.isdisjoint(sight.written(name)))
        return Effect(turned, own | users, "nobody writes the name that it makes")
    if record.kind in ("attribute", "modifier") and not any(name in sight.old.declared for name in owners):
        return none(turned, "of a declaration that is new")
    users = {sight.before[name] for name in sight.graph.users(sight.names.values(), owners)}
    return Effect(turned, own | users, "no declaration that is looked at rests on it")


def _unproved(sight: Sight, turned: Turned) -> Effect:
    """What is not proved can be used by whatever names it, or finds it by a tactic or by inference."""
    owners = sight.owners(turned.record)
    if not owners or _is_found_unnamed(sight, owners):
        return Effect(turned, _everywhere(sight, turned.record))
    return _own(sight, turned)


def _everywhere(sight: Sight, record: Surrounding) -> frozenset[str]:
    """What follows a record in its file, and all that imports the file."""
    environment = sight.new if record.file in sight.new.files else sight.old
    reached = environment.reached(replace(record, last=None, outward=True))
    return frozenset(sight.before[name] for name in reached if name in sight.before)


def _option(sight: Sight, turned: Turned) -> Effect:
    """What is built under a debugging option may be built wrong: so may what rests on it."""
    record = turned.record
    if not record.names[0].startswith("debug.") or turned.new is None:
        return Effect(turned, turned.reached)
    users = sight.graph.users(sight.names.values(), sight.new.reached(turned.new))
    return Effect(turned, turned.reached | {sight.before[name] for name in users})


def _is_found_unnamed(sight: Sight, owners: set[str]) -> bool:
    """Whether a tactic or inference finds one of these although no text names it."""
    records = (record for file in sight.new.files.values() for record in file.records)
    return any(_finds(record) and not owners.isdisjoint(sight.owners(record)) for record in records) or any(
        name in sight.new.declarations and sight.new.declarations[name].kind == "instance" for name in owners
    )


def _finds(record: Surrounding) -> bool:
    return record.kind == "attribute" and (record.attribute in SEARCHED or record.attribute in _INSTANCE)


_BY_KIND: Mapping[str, Callable[[Sight, Turned], Effect]] = {
    "import": import_effect,
    "open": open_effect,
    "export": export_effect,
    "instance": instance_effect,
    "field": field_effect,
    "definition": helper_effect,
    "member": helper_effect,
    "attribute": _own,
    "modifier": _own,
    "deriving": _own,
    "opaque": _own,
    "option": _option,
    "axiom": _unproved,
    "unproved": _unproved,
    "variable": _supplied,
    "include": _supplied,
    "omit": _supplied,
    "universe": _supplied,
}
