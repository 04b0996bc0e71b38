"""How the binders of two statements differ that are no hypotheses: what is given, and which instances are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from lean_refs.drift.bodies import lacking
from lean_refs.drift.records import Change, Difference, Meaning
from lean_refs.fingerprint import BinderPrint

Binders = Sequence[BinderPrint]


def kept(old: Binders, new: Binders) -> bool:
    """Whether the same kinds and types are bound in the same order, whatever they are called."""
    return [(b.kind, b.type) for b in old] == [(b.kind, b.type) for b in new]


def data_differences(old: Binders, new: Binders, absent: tuple[str, ...]) -> list[Difference]:
    """Binders that went, came, changed places, kinds, defaults or types; a new name alone is spelling."""
    if changed := _names_differ(old, new):
        return [_differs(changed)]
    found = [_differs(why) for a, b in zip(old, new, strict=True) if (why := _kind_differs(a, b))]
    types = [f"the type of {a.name}" for a, b in zip(old, new, strict=True) if not _one_type(a, b)]
    if types:
        basis = f"{', '.join(types)} differs in normal form{lacking(absent)}"
        found.append(Difference(Change.STATEMENT, Meaning.UNKNOWN, basis))
    renamed = [f"{a.name} to {b.name}" for a, b in zip(old, new, strict=True) if a.name != b.name]
    if renamed:
        basis = f"binders renamed, their types are the same: {', '.join(renamed)}"
        found.append(Difference(Change.COSMETIC, Meaning.SAME, basis))
    return found


def _differs(basis: str) -> Difference:
    return Difference(Change.STATEMENT, Meaning.DIFFERS, basis)


def _one_type(a: BinderPrint, b: BinderPrint) -> bool:
    return a.type == b.type or (a.name == b.name and a.spelled == b.spelled)


def _names_differ(old: Binders, new: Binders) -> str:
    """How the names differ in number, or order, or nothing."""
    before, after = [b.name for b in old], [b.name for b in new]
    gone, come = (list((Counter(a) - Counter(b)).elements()) for a, b in ((before, after), (after, before)))
    if (gone or come) and not kept(old, new):
        parts = (("without", gone), ("with new", come))
        return "; ".join(f"{what} {', '.join(names)}" for what, names in parts if names)
    if gone or come:
        return ""
    return f"binders in another order: {', '.join(after)}" if before != after else ""


def _kind_differs(a: BinderPrint, b: BinderPrint) -> str:
    if a.kind != b.kind:
        return f"{a.name} is {b.kind}, was {a.kind}"
    if a.default != b.default:
        how = "changed" if a.default and b.default else "went" if a.default else "is new"
        return f"the default of {a.name} {how}"
    return ""


def instance_differences(old: Binders, new: Binders) -> Iterator[Difference]:
    """Classes whose instances are no longer asked for, or newly; their order makes no difference."""
    types = {b.type for b in old} & {b.type for b in new} | {b.spelled for b in old} & {b.spelled for b in new}
    gone, come = (
        [b.instance_of or b.name for b in binders if not types & {b.type, b.spelled}] for binders in (old, new)
    )
    if gone or come:
        parts = (("without", gone), ("with new", come))
        yield _differs("instances: " + "; ".join(f"{what} {', '.join(names)}" for what, names in parts if names))
