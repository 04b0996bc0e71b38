"""Section 3: an executable theorem has the binders and hypotheses of the Lean theorem, by name and in order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from lean_refs.drift import same_by_place
from lean_refs.fingerprint import Fingerprint
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.audit.binders import StatedBinder, UnreadableBindersError, lean_binders, lean_hypotheses, written
from theorems.tools.audit.findings import AuditVerdict, Finding, Section, changed, count, fails, holds, not_checked
from theorems.tools.audit.material import Material
from theorems.tools.audit.reasons import by_type
from theorems.tools.output.counted import counted

TITLE = "same statement"
MEANS = "the executable theorem has the binders and hypotheses of Lean's, by name and in order"


def same_statement(material: Material) -> Section:
    """Binders (name, order, bracket, default, class of an instance) and hypotheses of every theorem that runs.

    What the conclusion says is not compared here: that is what running the theorem is for.
    """
    running = theorems()
    proved = {n: p for n, p in material.fingerprints.items() if n in running}
    findings = [_compared(running[name], made, material) for name, made in proved.items()]
    findings += [not_checked(name, NOT_RUN[name]) for name in material.fingerprints if name in NOT_RUN]
    same = count(findings, AuditVerdict.HOLDS)
    have = "has" if len(proved) == 1 else "have"
    summary = f"{same} of {counted(len(proved), 'theorem')} {have} Lean's binders and hypotheses"
    return Section(TITLE, summary, tuple(findings), MEANS)


# What an alias says is what its target says.
ALIAS, UNREAD_ALIAS = "alias", "an alias now, and the source lacks what it stands for"


def _compared(theorem: Theorem, made: Fingerprint, material: Material) -> Finding:
    if made.kind == ALIAS:
        return not_checked(theorem.name, f"it is {UNREAD_ALIAS}")
    if problem := difference(theorem, made):
        pinned = material.pinned[theorem.name]
        spelled = not difference(theorem, pinned) and same_by_place(pinned, made)
        told = f"other names for binders of the same types: {problem}" if spelled else problem
        return (changed if spelled else fails)(theorem.name, told)
    counts = f"{counted(len(lean_binders(made)), 'binder')}, {counted(len(lean_hypotheses(made)), 'hypothesis')}"
    return holds(theorem.name, f"{counts}, {material.basis}")


def difference(theorem: Theorem, made: Fingerprint) -> str:
    """How the binders or the hypotheses of the two differ, as the first place where they do, or nothing."""
    try:
        ours = written(theorem.binders)
    except UnreadableBindersError as why:
        return str(why)
    return _binders_differ(lean_binders(made), ours) or _hypotheses_differ(theorem, made)


def _binders_differ(lean: Sequence[StatedBinder], ours: Sequence[StatedBinder]) -> str:
    """How the binders differ, as the first place where they do, or nothing."""
    if named := _names_differ("binders", [(b.name, str(b)) for b in lean], [(b.name, str(b)) for b in ours]):
        return named
    for place, (theirs, mine) in enumerate(zip_longest(lean, ours), start=1):
        if theirs is None or mine is None:
            return f"{counted(len(lean), 'binder')} in Lean, {len(ours)} here"
        if theirs.kind != mine.kind or (theirs.name and theirs.name != mine.name):
            return f"binder {place} is {theirs} in Lean, {mine} here"
        if theirs.default != mine.default:
            return f"the default of {theirs} is not the same here"
    return ""


def _hypotheses_differ(theorem: Theorem, made: Fingerprint) -> str:
    """Which hypotheses are missing, extra or in another order, or nothing."""
    built_in = by_type(theorem.name)
    lean = [name for name in lean_hypotheses(made) if name not in built_in]
    ours = [h.name for h in theorem.hypotheses]
    if named := _names_differ("hypotheses", [(name, name) for name in lean], [(name, name) for name in ours]):
        return named
    if len(lean) != len(ours):
        return f"{counted(len(lean), 'hypothesis')} in Lean, {len(ours)} here"
    order = [name for name in ours if name in lean]
    return "" if order == [n for n in lean if n] else f"hypotheses in another order: {', '.join(order)}"


def _names_differ(what: str, lean: Sequence[tuple[str, str]], ours: Sequence[tuple[str, str]]) -> str:
    """Which of Lean's names are missing here and which are not Lean's, or nothing; each name with how it is shown.

    What Lean leaves without a name ('') has one here.
    """
    theirs, mine = {name for name, _ in lean}, {name for name, _ in ours}
    unnamed = sum(not name for name, _ in lean)
    missing = [shown for name, shown in lean if name and name not in mine]
    extra = [shown for name, shown in ours if name not in theirs][unnamed:]
    parts = (("missing here", missing), ("not in Lean", extra))
    return "; ".join(f"{what} {how}: {', '.join(names)}" for how, names in parts if names)
