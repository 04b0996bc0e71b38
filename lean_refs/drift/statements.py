"""How the statements of one declaration differ: its kind, its binders and hypotheses, and what it concludes."""

from __future__ import annotations

from collections.abc import Sequence

from lean_refs.drift.bodies import lacking
from lean_refs.drift.data_binders import data_differences, instance_differences, kept
from lean_refs.drift.hypotheses import MatchedBinders, hypothesis_differences, paired
from lean_refs.drift.records import THEOREMS, Change, Difference, Meaning
from lean_refs.fingerprint import BinderPrint, Fingerprint
from lean_refs.reader.records import EXPLICIT, INSTANCE

_DEFINITIONS = frozenset(("def", "abbrev"))
_SPELLED = Difference(Change.COSMETIC, Meaning.SAME, "the statement has the same normal form")


def statement_differences(old: Fingerprint, new: Fingerprint, absent: tuple[str, ...]) -> list[Difference]:
    """Every difference; `absent` is what the old statement names and the source lacks."""
    if old.statement == new.statement:
        return []
    kind = _kind_differs(old, new)
    if new.kind == "alias":
        return [_unread_alias(old, new)]
    if same_by_place(old, new):
        return kind or [_renamed_by_place(old, new)]
    found = [*kind, *_binder_differences(old, new, absent)]
    # What is bound is counted by its place, which means the same only where the same is bound.
    counted = kept(_data(old), _data(new))
    if old.conclusion != new.conclusion and not (counted and old.result == new.result):
        found.append(_result_differs(old, new, absent))
    return found or [_SPELLED]


def _unread_alias(old: Fingerprint, new: Fingerprint) -> Difference:
    basis = f"{old.kind} became alias, and the source lacks what it stands for"
    return Difference(Change.ALIAS, Meaning.UNKNOWN, basis)


def _kind_differs(old: Fingerprint, new: Fingerprint) -> list[Difference]:
    """An abbreviation is a definition that Lean unfolds by itself: it defines the same."""
    if old.kind == new.kind:
        return []
    same = any({old.kind, new.kind} <= alike for alike in (THEOREMS, _DEFINITIONS))
    meaning = Meaning.SAME if same else Meaning.DIFFERS if "axiom" in (old.kind, new.kind) else Meaning.UNKNOWN
    return [Difference(Change.COSMETIC if same else Change.STATEMENT, meaning, f"{old.kind} became {new.kind}")]


def same_by_place(old: Fingerprint, new: Fingerprint) -> bool:
    """Whether two statements bind and conclude the same in the same order, whatever the binders are called."""
    was, now = ([(b.kind, b.type, b.default) for b in made.binders] for made in (old, new))
    return was == now and old.result == new.result


def _renamed_by_place(old: Fingerprint, new: Fingerprint) -> Difference:
    """What is bound may have other names: that is spelling, where each has the same type and the same uses."""
    names = [f"{a.name} to {b.name}" for a, b in zip(old.binders, new.binders, strict=True) if a.name != b.name]
    basis = f"binders renamed, their types are the same: {', '.join(names)}"
    return Difference(Change.COSMETIC, Meaning.SAME, basis) if names else _SPELLED


def _binder_differences(old: Fingerprint, new: Fingerprint, absent: tuple[str, ...]) -> list[Difference]:
    counted = kept(_data(old), _data(new))
    assumed, assumes = ([b for b in made.binders if b.says] for made in (old, new))
    pairs = paired(assumed, assumes, lambda a, b: (counted and a.type == b.type) or a.spelled == b.spelled)
    instances = ([b for b in made.binders if b.kind == INSTANCE] for made in (old, new))
    found = [
        *data_differences(_data(old), _data(new), absent),
        *instance_differences(*instances),
        *hypothesis_differences(assumed, assumes, pairs),
    ]
    return found or [*_renamed(pairs), *_order(old, new, pairs)]


def _data(made: Fingerprint) -> list[BinderPrint]:
    return [b for b in made.binders if not b.says and b.kind != INSTANCE]


def _renamed(pairs: MatchedBinders) -> list[Difference]:
    names = [f"{a.name} to {b.name}" for a, b in pairs if a.name != b.name]
    basis = f"hypotheses renamed, their types are the same: {', '.join(names)}"
    return [Difference(Change.COSMETIC, Meaning.SAME, basis)] if names else []


def _order(old: Fingerprint, new: Fingerprint, pairs: MatchedBinders) -> list[Difference]:
    """Whoever gives explicit arguments by their places gives others where the order is another one."""
    names = {a.name: b.name for a, b in pairs}
    names |= {a.name: b.name for a, b in zip(_data(old), _data(new), strict=True)}
    before = [names.get(name, name) for name in _explicit(old.binders)]
    after = _explicit(new.binders)
    if before == after:
        return []
    return [Difference(Change.STATEMENT, Meaning.DIFFERS, f"binders in another order: {', '.join(after)}")]


def _explicit(binders: Sequence[BinderPrint]) -> list[str]:
    return [b.name for b in binders if b.kind == EXPLICIT]


def _result_differs(old: Fingerprint, new: Fingerprint, absent: tuple[str, ...]) -> Difference:
    if old.values and old.values == new.values:
        return Difference(Change.COSMETIC, Meaning.SAME, "the result type is spelled differently, the data agree")
    return Difference(Change.STATEMENT, Meaning.UNKNOWN, f"the result type differs in normal form{lacking(absent)}")
