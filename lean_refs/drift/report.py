"""What became of every declaration of an older revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from lean_refs.drift.bodies import body_differences
from lean_refs.drift.located import last, located, namespace
from lean_refs.drift.records import Change, Difference, Drift, EvaluatedMeaning, Meaning
from lean_refs.drift.resting import interpreted, lacking, some, through, users
from lean_refs.drift.statements import statement_differences
from lean_refs.fingerprint import Fingerprint, Fingerprinter

Prints = Mapping[str, Fingerprint]


def drift(
    old: Prints,
    new: Fingerprinter,
    names: Iterable[str] | None = None,
    evaluated: EvaluatedMeaning | None = None,
) -> list[Drift]:
    """What became of the declarations of `old` (only `names`, if given), in their order, and then what is
    new.

    A declaration counts as added if one of those compared names it now, and none named it before. `evaluated` is asked
    of those whose text alone cannot tell.
    """
    where = located(old, new)
    # What was renamed is the same thing under another name, wherever it is named.
    now = new.called({after: before for before, after in where.items() if after != before})
    chosen = list(names) if names is not None else list(old)
    lacks = lacking(old.keys() - where.keys(), old)
    compared = {
        name: _compared(old[name], interpreted(now.of(where[name]), lacks.get(name, ())), where, new)
        for name in old
        if name in where
    }
    if evaluated is not None:
        asked = [name for name in compared if names is None or name in chosen]
        compared |= {name: _settled(compared[name], name, where[name], evaluated) for name in asked}
    lost = {name: _lost(name, old, new) for name in old if name not in where}
    unseen = {name for name, found in lost.items() if found.change is Change.ABSENT}
    grave = {name for name, found in compared.items() if _grave(found)} | (lost.keys() - unseen)
    report = [
        Drift(name, None, (lost[name],))
        if name in lost
        else Drift(name, where[name], compared[name], through(name, old, grave), through(name, old, unseen))
        for name in chosen
    ]
    return [*report, *_added(old, now, [where[name] for name in chosen if name in where], set(where.values()))]


def _lost(name: str, old: Prints, new: Fingerprinter) -> Difference:
    """That a declaration is gone, with what rested on it, or that its file was not there to look in."""
    if old[name].file not in new.files:
        return Difference(Change.ABSENT, Meaning.UNKNOWN, f"its file {old[name].file} is not there")
    resting = users(name, old)
    rested = f"; {len(resting)} rest on it: {some(resting)}" if resting else "; nothing pinned rests on it"
    return Difference(Change.DELETED, Meaning.DIFFERS, f"no declaration of this name, or of this structure{rested}")


def _settled(
    differences: tuple[Difference, ...], name: str, now: str, evaluated: EvaluatedMeaning
) -> tuple[Difference, ...]:
    """The differences with what evaluation says of those that the text leaves unknown."""
    if all(found.meaning is not Meaning.UNKNOWN for found in differences):
        return differences
    answer = evaluated(name, now)
    if answer is None:
        return differences
    meaning, why = answer
    return tuple(
        Difference(found.change, meaning, f"{found.basis}; {why}", True) if found.meaning is Meaning.UNKNOWN else found
        for found in differences
    )


def _grave(differences: tuple[Difference, ...]) -> bool:
    return any(difference.meaning is not Meaning.SAME for difference in differences)


def _added(old: Prints, new: Fingerprinter, compared: list[str], known: set[str]) -> list[Drift]:
    before = {other for made in old.values() for other in (*made.named, *made.named_in_body)} | known | set(old)
    users: dict[str, list[str]] = defaultdict(list)
    for name in compared:
        made = new.of(name)
        for other in (*made.named, *made.named_in_body):
            if other in new and other not in before:
                users[other].append(name)
    return [
        Drift(name, name, (Difference(Change.ADDED, Meaning.SAME, f"now named by {', '.join(sorted(by))}"),))
        for name, by in sorted(users.items())
    ]


def _compared(
    old: Fingerprint, new: Fingerprint, where: Mapping[str, str], source: Fingerprinter
) -> tuple[Difference, ...]:
    stated = tuple(name for name in old.named if where.get(name, name) not in source)
    defined = tuple(name for name in old.named_in_body if where.get(name, name) not in source)
    return (
        *_place(old, new),
        *_words(old, new),
        *statement_differences(old, new, stated),
        *body_differences(old, new, where, (*stated, *defined)),
    )


def _place(old: Fingerprint, new: Fingerprint) -> list[Difference]:
    """Its name, its file, and whether other files can name it."""
    found: list[Difference] = []
    if old.name != new.name:
        change = Change.NAMESPACE if last(old.name) == last(new.name) else Change.RENAMED
        basis = f"from {namespace(old.name)} to {namespace(new.name)}" if change is Change.NAMESPACE else ""
        found.append(Difference(change, Meaning.SAME, basis or f"now {new.name}, found by its structure"))
    if old.file != new.file:
        found.append(Difference(Change.MOVED, Meaning.SAME, f"from {old.file} to {new.file}"))
    if new.private and not old.private:
        found.append(Difference(Change.PRIVATE, Meaning.DIFFERS, "no other file can name it any more"))
    if old.private and not new.private:
        found.append(Difference(Change.PUBLIC, Meaning.SAME, "other files can name it now"))
    return found


def _words(old: Fingerprint, new: Fingerprint) -> list[Difference]:
    """What it is an alias of, and its docstring."""
    found: list[Difference] = []
    if old.alias_of != new.alias_of:
        basis = f"of {new.alias_of}, whose words are compared" if new.alias_of else f"no longer of {old.alias_of}"
        found.append(Difference(Change.ALIAS, Meaning.SAME, basis))
    if old.docstring != new.docstring:
        basis = "docstring added" if not old.docstring else "docstring removed" if not new.docstring else "other words"
        found.append(Difference(Change.DOCSTRING, Meaning.SAME, basis))
    return found
