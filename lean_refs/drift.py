"""What changed between two revisions, declaration by declaration, and how sure the text makes us."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from lean_refs.fingerprint import BinderPrint, Fingerprint, Fingerprinter
from lean_refs.interpreter.plain import Plain, first_difference

THEOREMS = frozenset(("theorem", "lemma"))


class Change(Enum):
    """One way in which a declaration can differ."""

    COSMETIC = "cosmetic"
    DOCSTRING = "docstring reworded"
    STATEMENT = "statement changed"
    BODY = "body changed"
    THROUGH = "changed through what it names"
    RENAMED = "renamed"
    ALIAS = "became an alias"
    MOVED = "moved"
    REMOVED = "removed"
    ADDED = "added"


class Meaning(Enum):
    """What a change does to what is defined or stated, as far as text, interpreted data and numbers show."""

    SAME = "same"
    DIFFERS = "differs"
    UNKNOWN = "unknown: text alone cannot tell"


@dataclass(frozen=True, slots=True)
class Difference:
    """One change, what it does to the meaning, and what shows it; whether that is evaluated on numbers, too."""

    change: Change
    meaning: Meaning
    basis: str
    evaluated: bool = False


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that changed about one declaration; no differences means unchanged.

    `name` is the old name (the new one if it was added), `now` the new one (None if it was removed).
    `through` are the declarations it names, directly or not, whose meaning differs or is unknown.
    """

    name: str
    now: str | None
    differences: tuple[Difference, ...]
    through: tuple[str, ...] = ()

    @property
    def unchanged(self) -> bool:
        """Whether its own text is the same, comments and layout aside."""
        return not self.differences

    @property
    def meaning(self) -> Meaning:
        """The gravest meaning among the differences."""
        found = {difference.meaning for difference in self.differences}
        return next((m for m in (Meaning.DIFFERS, Meaning.UNKNOWN) if m in found), Meaning.SAME)

    @property
    def verdict(self) -> str:
        """The changes in words, such as `docstring reworded, cosmetic`, or `unchanged`."""
        return ", ".join(dict.fromkeys(f.change.value for f in self.differences)) or "unchanged"


def located(old: Mapping[str, Fingerprint | None], new: Fingerprinter) -> dict[str, str]:
    """The new name of every old declaration that is still there: the same name, else the same structure.

    Structure is statement and body without names, then the statement alone; it must be unique on both sides.
    """
    names = {name: name for name in old if name in new}
    for with_body in (True, False):
        taken = set(names.values())
        lost = [(name, made) for name, made in old.items() if made is not None and name not in names]
        if not lost:
            break
        free: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name in new.declarations:
            if name not in taken:
                free[new.skeletons(name)[: 1 + with_body]].append(name)
        sought: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for name, made in lost:
            sought[(made.skeleton, made.body_skeleton)[: 1 + with_body]].append(name)
        for key, olds in sought.items():
            if len(olds) == 1 and (found := _candidate(olds[0], free.get(key, []))):
                names[olds[0]] = found
    return names


def _candidate(old: str, found: list[str]) -> str | None:
    """The one declaration it can be: the only one, or the only one with the same last name."""
    if len(found) == 1:
        return found[0]
    same = [name for name in found if name.rsplit(".", 1)[-1] == old.rsplit(".", 1)[-1]]
    return same[0] if len(same) == 1 else None


# What evaluation says of a declaration, by its old and its new name: same, differs or unknown, and what shows it; None
# where nobody wants to know.
EvaluatedMeaning = Callable[[str, str], tuple[Meaning, str] | None]


def drift(
    old: Mapping[str, Fingerprint],
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
    chosen = list(names) if names is not None else list(old)
    compared = {name: _compared(old[name], new.of(where[name]), where) for name in old if name in where}
    if evaluated is not None:
        asked = [name for name in compared if names is None or name in chosen]
        compared |= {name: _settled(compared[name], name, where[name], evaluated) for name in asked}
    grave = {name for name, differences in compared.items() if _grave(differences)} | (old.keys() - where.keys())
    report = []
    for name in chosen:
        if name not in where:
            gone = Difference(Change.REMOVED, Meaning.DIFFERS, "no declaration of this name, or of this structure")
            report.append(Drift(name, None, (gone,)))
        else:
            through = _through(name, old, grave) if name not in grave else ()
            report.append(Drift(name, where[name], compared[name], through))
    return [
        *report,
        *_added(old, new, [where[name] for name in chosen if name in where], set(where.values())),
    ]


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


def _through(name: str, old: Mapping[str, Fingerprint], grave: set[str]) -> tuple[str, ...]:
    """The changed declarations that `name` rests on, directly or not."""
    seen, queue, found = {name}, [name], set()
    while queue:
        for other in _rests_on(old[queue.pop()]):
            if other in grave:
                found.add(other)
            elif other in old and other not in seen:
                seen.add(other)
                queue.append(other)
    return tuple(sorted(found))


def foundations(names: Iterable[str], old: Mapping[str, Fingerprint]) -> frozenset[str]:
    """The declarations, and those that their meaning rests on, directly or not."""
    queue = [name for name in names if name in old]
    seen = set(queue)
    while queue:
        found = {other for other in _rests_on(old[queue.pop()]) if other in old} - seen
        seen |= found
        queue += found
    return frozenset(seen)


def _rests_on(made: Fingerprint) -> Iterable[str]:
    """What a declaration's meaning depends on: of what was evaluated, only the operations left."""
    if made.values:
        return _kinds(made.values[0].value)
    return made.named if made.kind in THEOREMS else (*made.named, *made.named_in_body)


def _kinds(value: Plain) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_kinds, value))
    if isinstance(value, dict):
        own = {str(value["kind"])} if "kind" in value else set()
        return own.union(*map(_kinds, value.values()))
    return set()


def _added(old: Mapping[str, Fingerprint], new: Fingerprinter, compared: list[str], known: set[str]) -> list[Drift]:
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


def _compared(old: Fingerprint, new: Fingerprint, where: Mapping[str, str]) -> tuple[Difference, ...]:
    differences: list[Difference] = []
    if old.name != new.name:
        differences.append(Difference(Change.RENAMED, Meaning.SAME, f"now {new.name}, found by its structure"))
    if old.file != new.file:
        differences.append(Difference(Change.MOVED, Meaning.SAME, f"from {old.file} to {new.file}"))
    if old.alias_of != new.alias_of:
        basis = f"of {new.alias_of}, whose words are compared" if new.alias_of else f"no longer of {old.alias_of}"
        differences.append(Difference(Change.ALIAS, Meaning.SAME, basis))
    if old.docstring != new.docstring:
        differences.append(Difference(Change.DOCSTRING, Meaning.SAME, _docstring_basis(old, new)))
    differences += _statement(old, new)
    differences += _body(old, new, where)
    return tuple(differences)


def _docstring_basis(old: Fingerprint, new: Fingerprint) -> str:
    return "docstring added" if not old.docstring else "docstring removed" if not new.docstring else "other words"


def _statement(old: Fingerprint, new: Fingerprint) -> list[Difference]:
    if old.kind != new.kind:
        same = {old.kind, new.kind} <= THEOREMS
        change = Change.COSMETIC if same else Change.STATEMENT
        meaning = Meaning.SAME if same else Meaning.DIFFERS if "axiom" in (old.kind, new.kind) else Meaning.UNKNOWN
        return [Difference(change, meaning, f"{old.kind} became {new.kind}")]
    if old.statement == new.statement:
        return []
    if (shape := _binders_differ(old.binders, new.binders)) is not None:
        return [Difference(Change.STATEMENT, Meaning.DIFFERS, shape)]
    different = [
        f"the type of {a.name or 'an instance'}"
        for a, b in zip(old.binders, new.binders, strict=True)
        if a.type != b.type
    ]
    different += ["the result type"] if old.result != new.result else []
    if not different:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the statement has the same normal form")]
    if different == ["the result type"] and old.values and old.values == new.values:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the result type is spelled differently, the data agree")]
    return [Difference(Change.STATEMENT, Meaning.UNKNOWN, f"{', '.join(different)} differs in normal form")]


def _binders_differ(old: tuple[BinderPrint, ...], new: tuple[BinderPrint, ...]) -> str | None:
    """How two lists of binders differ in names, order, kinds or defaults, or None."""
    before, after = [b.name for b in old if b.name], [b.name for b in new if b.name]
    gone = [name for name in before if name not in after]
    come = [name for name in after if name not in before]
    if len(gone) == len(come) and gone:
        return f"binders renamed: {', '.join(f'{a} to {b}' for a, b in zip(gone, come, strict=True))}"
    if gone or come:
        return "; ".join(
            f"{what} {', '.join(names)}" for what, names in (("without", gone), ("with new", come)) if names
        )
    if before != after:
        return f"binders in another order: {', '.join(after)}"
    if len(old) != len(new):
        return f"{len(old)} binders became {len(new)}"
    for a, b in zip(old, new, strict=True):
        if a.kind != b.kind:
            return f"{a.name or 'an instance'} is {b.kind}, was {a.kind}"
        if a.default != b.default:
            how = "changed" if a.default and b.default else "went" if a.default else "is new"
            return f"the default of {a.name} {how}"
    return None


def _body(old: Fingerprint, new: Fingerprint, where: Mapping[str, str]) -> list[Difference]:
    if new.unproved and not old.unproved:
        return [Difference(Change.BODY, Meaning.DIFFERS, "the body now has a sorry")]
    same_text = old.body == new.body
    difference = f"the text contradicts itself: {new.disagrees}" if new.disagrees else _data_differ(old, new, where)
    if difference is not None:
        change = Change.THROUGH if same_text and old.statement == new.statement else Change.BODY
        return [Difference(change, Meaning.DIFFERS, difference)]
    if same_text:
        return []
    if old.values and new.values:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the body reads differently, the interpreted data agree")]
    if old.body_meaning == new.body_meaning:
        return [Difference(Change.COSMETIC, Meaning.SAME, "the body has the same normal form")]
    if old.kind in THEOREMS:
        return [Difference(Change.BODY, Meaning.SAME, "the proof reads differently; what it proves is the statement")]
    why = f"{old.outside or new.outside or 'not interpreted'}"
    return [
        Difference(
            Change.BODY,
            Meaning.UNKNOWN,
            f"the definition reads differently and was not compared as data: {why}",
        )
    ]


def _data_differ(old: Fingerprint, new: Fingerprint, where: Mapping[str, str]) -> str | None:
    """The first difference in the interpreted data, where both sides have some at the same dimensions."""
    for before, after in zip(old.values, new.values, strict=False):
        if [size for _, size in before.dims] != [size for _, size in after.dims]:
            return None
        if difference := first_difference(_renamed(before.value, where), after.value):
            sizes = ", ".join(f"{name} = {size}" for name, size in after.dims)
            return f"at {sizes}: {difference}" if sizes else difference
    return None


def _renamed(value: Plain, where: Mapping[str, str]) -> Plain:
    """A plain value in which renamed node constructors and structures have their new names."""
    if isinstance(value, dict):
        return {key: _renamed(inner, where) for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, where) for inner in value]
    return where.get(value, value) if isinstance(value, str) else value
