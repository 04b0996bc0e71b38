"""One instance: does it satisfy the hypotheses, does the conclusion hold, and whose is an exception."""

from __future__ import annotations

import traceback

from mirror.core.fderiv import shared_evaluations
from theorems.engine.case import BOUNDARY, Case
from theorems.engine.evidence.verdicts import Judgement, Mismatch, Verdict
from theorems.engine.theorem import Theorem


@shared_evaluations()
def assess(theorem: Theorem, case: Case) -> Judgement:
    """The judgement of one instance: of its hypotheses where it does not satisfy them, else of the conclusion.

    `unsatisfied` names the hypotheses that are false, `undecided` those that cannot be decided. An exception of the
    mirror ends `raised`: Lean's functions are total, so their counterparts have a value too. Whatever else raises
    is a fault of what checks, and is raised: `LackingValue` where a name is misspelt, for one.
    """
    theorem.require_values(case)
    try:
        return _unmet(theorem, case) or theorem.judge(case)
    except Exception as error:
        place = _place_in_mirror(error)
        if place is None:
            raise
        said = f"{type(error).__name__} in {place}: {error}"
        return Judgement(Verdict.RAISED, mismatch=Mismatch("the mirror gives a value", 0, said, "a value", entries=0))


def fails(case: Case, judgement: Judgement) -> bool:
    """Whether it ends a run: what does not pass, unless it is undecided at a boundary that the instance names."""
    excused = judgement.verdict is Verdict.UNDECIDED and bool(case.get(BOUNDARY))
    return not (judgement.verdict.passes or excused)


def fails_alike(case: Case, judgement: Judgement, first: Judgement) -> bool:
    """Whether it fails as the first one does: the same verdict, for the same hypotheses or the same exception."""
    return fails(case, judgement) and _ending(judgement) == _ending(first)


def _ending(judgement: Judgement) -> tuple[Verdict, str]:
    mismatch = judgement.mismatch
    if judgement.verdict is Verdict.UNSATISFIED and mismatch:
        return judgement.verdict, mismatch.claim
    if judgement.verdict is Verdict.RAISED and mismatch:
        return judgement.verdict, mismatch.left.partition(":")[0]
    return judgement.verdict, ""


def _unmet(theorem: Theorem, case: Case) -> Judgement | None:
    """The judgement of the hypotheses; None where the instance satisfies them all."""
    found = {h.name: theorem.satisfies(h, case) for h in theorem.hypotheses}
    if false := [name for name, holds in found.items() if holds is False]:
        return _hypotheses(Verdict.UNSATISFIED, false, "false")
    if undecided := [name for name, holds in found.items() if holds is None]:
        return _hypotheses(Verdict.UNDECIDED, undecided, "cannot be decided")
    return None


def _hypotheses(verdict: Verdict, names: list[str], said: str) -> Judgement:
    kind = "hypothesis" if len(names) == 1 else "hypotheses"
    return Judgement(verdict, mismatch=Mismatch(f"{kind} {', '.join(names)}", 0, said, "true", entries=0))


def _place_in_mirror(error: Exception) -> str | None:
    """The mirror's function that raised, or called what raised; None where none of it is the innermost."""
    if isinstance(error, MemoryError):
        return None
    for frame, _ in reversed(list(traceback.walk_tb(error.__traceback__))):
        module = str(frame.f_globals.get("__name__"))
        room = module.partition(".")[0]
        if room in ("mirror", "theorems"):
            return f"{module}.{frame.f_code.co_qualname}" if room == "mirror" else None
    return None  # pragma: no cover - every exception that is assessed has passed through this module
