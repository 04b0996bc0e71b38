"""What an import that came or went can change."""

from __future__ import annotations

from lean_refs.reader.imports import PACKAGES, file_of
from lean_refs.surroundings.compare import Turn, Turned
from lean_refs.surroundings.records import Surrounding
from lean_refs.surroundings.sight import Effect, Sight, none


def import_effect(sight: Sight, turned: Turned) -> Effect:
    """An import that is new brings what is told by itself; one that went takes what is named of it."""
    if turned.how is Turn.MOVED:  # of two instances or notations for one thing, that of the later import is taken
        module = turned.record.names[0]
        if _package(module) in PACKAGES and file_of(module) not in sight.new.files:
            return none(turned, "a package has one meaning in each order of its modules")
        return Effect(turned, turned.reached)
    if turned.new is not None:
        return _added(sight, turned, turned.new)
    return _removed(sight, turned, turned.record)


def _added(sight: Sight, turned: Turned, record: Surrounding) -> Effect:
    module = record.names[0]
    if file_of(module) in sight.new.files:
        return none(turned, "what it brings is told by itself")
    if _package(module) in PACKAGES:
        return none(turned, "more of a package that was imported before")
    return Effect(turned, turned.reached)


def _removed(sight: Sight, turned: Turned, record: Surrounding) -> Effect:
    if record.file not in sight.new.files:
        return none(turned, "its file is imported no more")
    if _is_private(sight, record):
        own = {name for name in turned.reached if sight.new.declared.get(sight.names[name]) == record.file}
        return Effect(
            turned, turned.reached - own, "no declaration that is looked at is in a file that imports this one"
        )
    gone = file_of(record.names[0])
    if gone in sight.new.modules(record.file):
        return none(turned, "it is still imported, through another file")
    if gone in sight.old.files:
        using = _using(sight, turned, gone)
        return Effect(turned, using) if using else none(turned, "nothing that it declared is named here")
    if other := _moved_in_its_package(sight, record):
        return none(turned, f"its package has it as {other}, as far as the name tells")
    return Effect(turned, turned.reached)


def _is_private(sight: Sight, record: Surrounding) -> bool:
    """Whether a public import is there and no more public: whoever imports the file sees it no more."""
    now = sight.new.files[record.file].records
    return "private" not in record.word and any(
        r.kind == "import" and r.names == record.names and "private" in r.word for r in now
    )


def _using(sight: Sight, turned: Turned, gone: str) -> frozenset[str]:
    """The declarations that name something of a file of the tree that they see no more."""
    lost = sight.old.seen(gone) - sight.new.seen(turned.record.file)
    supplied = {name for file in lost for name in sight.old.files[file].declared}
    return frozenset(name for name in turned.reached if _misses(sight, name, supplied))


def _misses(sight: Sight, name: str, supplied: set[str]) -> bool:
    """Whether a declaration named something of `supplied` that is nowhere in its sight now."""
    used = frozenset[str]().union(*sight.old.uses.get(name, ())) & supplied
    file = sight.new.declared.get(sight.names[name], "")
    seen = sight.new.seen(file) if file else set[str]()
    return any(sight.new.declared.get(other) not in seen for other in used)


def _moved_in_its_package(sight: Sight, record: Surrounding) -> str:
    """A new import with the same last two parts and of the same package: Mathlib moves its files."""
    before = set(sight.old.files[record.file].imports)
    module = record.names[0]
    new = (found for found in sight.new.files[record.file].imports if found not in before)
    return next((m for m in new if _package(m) == _package(module) and _end(m) == _end(module)), "")


def _package(module: str) -> str:
    return module.partition(".")[0]


def _end(module: str) -> list[str]:
    return module.split(".")[-2:]
