"""Which hypotheses of a statement went, which came, and which of two is the weaker one, where that can be decided."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from lean_refs.drift.records import Change, Difference, Meaning
from lean_refs.fingerprint import BinderPrint
from lean_refs.propositions import Conjunct

SameType = Callable[[BinderPrint, BinderPrint], bool]
MatchedBinders = list[tuple[BinderPrint, BinderPrint]]
# What a relation between the same two sides implies besides itself; `=` also says itself the other way round.
_IMPLIED = {"<": ("≤", "≠"), "=": ("≤", "="), "≠": ("≠",)}
_BOTH_WAYS = frozenset("=≠")
_SAYS = {Change.WEAKER: "the statement says more", Change.STRONGER: "the statement says less"}


def paired(old: Sequence[BinderPrint], new: Sequence[BinderPrint], same: SameType) -> MatchedBinders:
    """The hypotheses that are still there, each with what it is now: those of one name before any others."""
    pairs: MatchedBinders = []
    for alike in (lambda a, b: a.name == b.name, lambda a, b: True):
        for a in _without(old, (before for before, _ in pairs)):
            free = _without(new, (after for _, after in pairs))
            if found := next((b for b in free if alike(a, b) and same(a, b)), None):
                pairs.append((a, found))
    return pairs


def _without(those: Sequence[BinderPrint], others: Iterable[BinderPrint]) -> list[BinderPrint]:
    known = [id(other) for other in others]
    return [one for one in those if id(one) not in known]


def hypothesis_differences(
    old: Sequence[BinderPrint], new: Sequence[BinderPrint], pairs: MatchedBinders
) -> Iterator[Difference]:
    """What became of those that are not in `pairs`: replaced by one of the same name, else by a comparable one, else in
    order; what is left over was dropped or added.
    """
    gone = _without(old, (before for before, _ in pairs))
    come = _without(new, (after for _, after in pairs))
    replaced: MatchedBinders = []
    for alike in (lambda a, b: a.name == b.name, lambda a, b: strength(a, b) is not Change.OTHER, lambda a, b: True):
        for a in _without(gone, (before for before, _ in replaced)):
            free = _without(come, (after for _, after in replaced))
            if found := next((b for b in free if alike(a, b)), None):
                replaced.append((a, found))
    for a, b in replaced:
        change = strength(a, b)
        yield Difference(change, Meaning.DIFFERS, _replaced(a, b, change))
    for a in _without(gone, (before for before, _ in replaced)):
        yield Difference(Change.DROPPED, Meaning.DIFFERS, f"without {_called(a)}: the statement says more")
    for b in _without(come, (after for _, after in replaced)):
        yield Difference(Change.NEW_HYPOTHESIS, Meaning.DIFFERS, f"with new {_called(b)}: the statement says less")


def _replaced(old: BinderPrint, new: BinderPrint, change: Change) -> str:
    names = _called(old) if old.name == new.name else f"{_called(new)} for {_called(old)}"
    relations = [" ∧ ".join(said[0] if len(said) > 1 else "…" for said in binder.says) for binder in (old, new)]
    how = f" ({relations[0]} became {relations[1]})" if change in _SAYS else ""
    return f"{names}{how}{': ' + _SAYS[change] if change in _SAYS else ''}"


def _called(binder: BinderPrint) -> str:
    return binder.name or "an unnamed one"


def strength(old: BinderPrint, new: BinderPrint) -> Change:
    """Whether the new hypothesis follows from the old one (it is weaker), or the other way round, or neither."""
    if _follow(old.says, new.says):
        return Change.WEAKER
    return Change.STRONGER if _follow(new.says, old.says) else Change.OTHER


def _follow(given: Sequence[Conjunct], wanted: Sequence[Conjunct]) -> bool:
    return {*wanted} <= {implied for said in given for implied in _implied(said)}


def _implied(said: Conjunct) -> Iterator[Conjunct]:
    yield said
    if len(said) > 1:
        relation, left, right = said
        yield from ((implied, left, right) for implied in _IMPLIED.get(relation, ()))
        turned = [*_IMPLIED.get(relation, ())] if relation in _BOTH_WAYS else [w for w in ("≠",) if relation == "<"]
        yield from ((implied, right, left) for implied in turned)
