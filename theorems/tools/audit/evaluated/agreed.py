"""One theorem: its text and its executable property on the same instances, those of its own strategy.

On each instance that is drawn the text's hypotheses must hold, its conclusion too, and the property. On each that is
known to break hypotheses of ours, the same hypotheses of the text must fail and no other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.stack import roomy
from theorems.engine.case import BOUNDARY, Case
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.breaking import breaking, breaks, turned
from theorems.tools.audit.evaluated.conclusions import Concluded, conclude
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.ill_typed import Refusing, ended_by, refused
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, Ended, FunctionComparison
from theorems.tools.audit.evaluated.same import DRAWN, FEWER, SEED, target_of
from theorems.tools.weights import weight

SIZES = Sizes(dimension=2, stretched=3, entries=2, nodes=2)
CHOSEN_FROM = 80  # so many instances of a block are drawn, for the few that are looked at
KINDS = 3  # so many times the instances of a theorem about every node: with fewer, a vjp at another point went unseen
TURNED = 4  # so many instances with their signs turned
_REFUSED = (ComparisonEnding.CORNER, ComparisonEnding.NOT_EVALUATED, ComparisonEnding.RAISED)
_GOES_ON = (ComparisonEnding.SAME, ComparisonEnding.CORNER)
Says = Callable[[Case, int], Concluded]


@roomy
def agreed(evaluator: Evaluator, name: str, count: int) -> FunctionComparison:
    """The theorem on `count` instances and the simplest one, and on those that break a hypothesis.

    The first that does not agree ends it.
    """
    theorem = theorems().get(name)
    if theorem is None:
        return FunctionComparison(name, ComparisonEnding.NOT_EVALUATED, why=NOT_RUN.get(name, "no counterpart"))
    try:
        target = target_of(evaluator, name)
    except NotEvaluatedError as why:
        return FunctionComparison(name, ComparisonEnding.NOT_EVALUATED, why=str(why))
    return _ended(theorem, partial(conclude, evaluator, target, theorem), partial(refused, evaluator, name), count)


def _ended(theorem: Theorem, says: Says, refusal: Refusing, count: int) -> FunctionComparison:
    found = [*_drawn(theorem, says, refusal, count)]
    ending, why = found[-1]
    if ending not in _GOES_ON:
        return FunctionComparison(theorem.name, ending, len(found), why)
    same = sum(one is ComparisonEnding.SAME for one, _ in found)
    if not same:
        return FunctionComparison(theorem.name, ComparisonEnding.NOT_EVALUATED, why=f"no instance says anything: {why}")
    cases = breaking(theorem, certificates=weight(theorem.name) <= HEAVY)
    broken = [_guarded(lambda case=case: breaks(theorem, says(case, 0), case), case, refusal) for case in cases]
    broken += _turned(theorem, says, refusal)
    for ending, why in broken:
        if ending not in _GOES_ON:
            return FunctionComparison(theorem.name, ending, len(found), why)
    alike = sum(ending is ComparisonEnding.SAME for ending, _ in broken)
    silent = {why: None for ending, why in (*found, *broken) if ending is ComparisonEnding.CORNER}
    why = f"{alike} more {'breaks' if alike == 1 else 'break'} a hypothesis of both" if alike else ""
    return FunctionComparison(theorem.name, ComparisonEnding.SAME, same, why, tuple(silent))


def _turned(theorem: Theorem, says: Says, refusal: Refusing) -> list[Ended]:
    """How those end of the first instances with every sign turned at which a hypothesis fails on one side or both."""
    if weight(theorem.name) > HEAVY or not theorem.hypotheses:
        return []
    cases = filter(None, map(turned, drawn_cases(theorem, SEED, TURNED)))
    ended = (_guarded(lambda case=case: breaks(theorem, says(case, 0), case), case, refusal) for case in cases)
    # The theorem's strategy did not draw them: that the text or the mirror refuses one says nothing of either.
    return [one for one in ended if one[0] not in _REFUSED]


def _drawn(theorem: Theorem, says: Says, refusal: Refusing, count: int) -> Iterator[Ended]:
    """How the drawn instances ended that were looked at, up to the first that does not agree."""
    heavy = weight(theorem.name) > HEAVY
    if heavy and theorem.hypotheses and (empty := _empty(theorem)) is not None:
        # Of no row everything is true: a hypothesis that there is one fails, which no instance of one row shows.
        ended = _guarded(lambda: _agree(theorem, says(empty, 0), empty), empty, refusal)
        if ended[0] not in _GOES_ON:
            yield ended
            return
    left = max(count // FEWER, 1) if heavy else count + 1
    cases = drawn_cases(theorem, SEED, 1 + DRAWN * count)
    if "cases" in cases[0]:
        left *= KINDS  # one node of each is looked at, and of some kinds little can go wrong
    for number, case in enumerate(cases):
        ended = _guarded(lambda case=case, number=number: _agree(theorem, says(case, number), case), case, refusal)
        left -= ended[0] is ComparisonEnding.SAME
        yield ended
        if not left or ended[0] not in _GOES_ON:
            return


def drawn_cases(theorem: Theorem, seed: int, most: int) -> list[Case]:
    """So many instances; of a block, where few are looked at, small ones that could fail."""
    if weight(theorem.name) <= HEAVY:
        return [*draws(theorem.instances(SIZES), seed, most)]
    cases = draws(theorem.instances(SIZES), seed, CHOSEN_FROM)
    return sorted(cases, key=lambda case: (inert(theorem, case), _entries(case)))[:most]


def _empty(theorem: Theorem) -> Case | None:
    """The smallest drawn instance with a dimension of 0, if there is one."""
    drawn = draws(theorem.instances(SIZES), SEED, CHOSEN_FROM)
    found = (case for case in drawn if any(value.__class__ is int and not value for value in case.values()))
    return min(found, key=_entries, default=None)


def inert(theorem: Theorem, case: Case) -> int:
    """In how many inputs the instance is inert."""
    active = theorem.active_inputs(case)
    return 0 if active is None else list(active.values()).count(False)


def _entries(case: Case) -> int:
    """How many numbers the instance has in vectors."""
    return sum(value.size for value in case.values() if isinstance(value, np.ndarray))


def _agree(theorem: Theorem, said: Concluded, case: Case) -> Ended:
    """How the two end on an instance that satisfies every hypothesis of ours."""
    hypotheses = [(f"the hypothesis {name}", judgement) for name, judgement in said.hypotheses.items()]
    for what, judgement in (("a binder", said.binders), *hypotheses, ("the conclusion", said.conclusion)):
        if judgement.verdict is Verdict.UNDECIDED:
            return ComparisonEnding.CORNER, str(judgement.mismatch)
        if not judgement.verdict.passes:
            return ComparisonEnding.DIFFERS, f"{what} of the text: {judgement.mismatch}"
    if not said.conclusion.compared:
        return ComparisonEnding.CORNER, "the conclusion compares nothing"
    found = theorem.judge(case)
    if found.verdict is Verdict.UNDECIDED:
        return ComparisonEnding.CORNER, str(found.mismatch)
    if not found.verdict.passes:
        return ComparisonEnding.DIFFERS, f"the executable property, not the text: {found.mismatch}"
    if found.reals and not said.conclusion.reals:  # such as that there is a derivative, without what it is
        return ComparisonEnding.DIFFERS, "the conclusion of the text: it compares no real numbers, the property does"
    return ComparisonEnding.SAME, ""


def _guarded(run: Callable[[], Ended], case: Case, refusal: Refusing) -> Ended:
    """How it ended, with the instance where that says something; an exception is an ending, too."""
    try:
        ending, why = run()
    except NoArgumentError as error:
        return ComparisonEnding.CORNER, str(error)
    except ContractError as error:
        return ComparisonEnding.ILL_TYPED, str(error)
    except (NotEvaluatedError, UndrawableError, UnmatchedError) as error:
        return ComparisonEnding.NOT_EVALUATED, str(error)
    except Exception as error:
        ending, why = ended_by(error, refusal(run))
    return (ending, why) if ending in _GOES_ON else (ending, f"{why}, with {', '.join(_shown(case))}")


def _shown(case: Case) -> Iterator[str]:
    for name, value in case.items():
        if name not in (BOUNDARY, "directions"):
            text = " ".join(str(value).split())
            yield f"{name} = {text if len(text) <= 60 else f'{text[:57]}…'}"
