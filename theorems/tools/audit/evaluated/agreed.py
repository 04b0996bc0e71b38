"""One theorem: its text and its executable property on the same instances, those of its own strategy.

On each instance that is drawn the text's hypotheses must hold, its conclusion too, and the property. On each that is
known to break hypotheses of ours, the same hypotheses of the text must fail and no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.calls import Target
from theorems.engine.case import BOUNDARY, Case
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Judgement, Verdict
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.conclusions import Concluded, conclude
from theorems.tools.audit.evaluated.drawing import HEAVY
from theorems.tools.audit.evaluated.errors import NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import DRAWN, FEWER, SEED, target_of
from theorems.tools.audit.evaluated.whose import is_of_counterpart
from theorems.tools.hypotheses.record import recorded
from theorems.tools.output.faults import in_one_line
from theorems.tools.weights import weight

SIZES = Sizes(dimension=2, stretched=3, entries=2, nodes=2)
FEW = 4  # of so many the instances of a block are chosen at least, with the factor `DRAWN`
_GOES_ON = (ComparisonEnding.SAME, ComparisonEnding.CORNER)
Ended = tuple[ComparisonEnding, str]


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
    comparison = _Comparison(evaluator, target, theorem)
    found = [*_endings(comparison, theorem, count)]
    ending, why = found[-1]
    same = sum(one is ComparisonEnding.SAME for one, _ in found)
    if ending in _GOES_ON and not same:
        return FunctionComparison(name, ComparisonEnding.NOT_EVALUATED, why=f"no instance says anything: {why}")
    if ending in _GOES_ON:
        ending, why = comparison.broken()
    return FunctionComparison(name, ending, same if ending is ComparisonEnding.SAME else len(found), why)


def _endings(comparison: _Comparison, theorem: Theorem, count: int) -> Iterator[Ended]:
    """How the instances ended that were looked at, up to the first that does not agree."""
    heavy = weight(theorem.name) > HEAVY
    cases = [*draws(theorem.instances(SIZES), SEED, 1 + DRAWN * max(count, FEW))]
    if heavy:  # few are looked at: those that could fail
        cases.sort(key=partial(_inert, theorem))
    left = max(count // FEWER, 1) if heavy else count + 1
    for number, case in enumerate(cases):
        ended = comparison.agrees(case, number)
        left -= ended[0] is ComparisonEnding.SAME
        yield ended
        if not left or ended[0] not in _GOES_ON:
            return


def _inert(theorem: Theorem, case: Case) -> int:
    """In how many inputs the instance is inert."""
    active = theorem.active_inputs(case)
    return 0 if active is None else list(active.values()).count(False)


class _Comparison:
    """The text of one theorem and its property."""

    def __init__(self, evaluator: Evaluator, target: Target, theorem: Theorem) -> None:
        self._evaluator, self._target, self._theorem = evaluator, target, theorem

    def agrees(self, case: Case, number: int) -> Ended:
        """How the two end on an instance that satisfies every hypothesis of ours."""
        try:
            said = conclude(self._evaluator, self._target, self._theorem, case, number)
            found = self._text(said)
            return self._property(case) if found[0] is ComparisonEnding.SAME else _at(found, case)
        except NoArgumentError as why:
            return ComparisonEnding.CORNER, str(why)
        except (NotEvaluatedError, UndrawableError, UnmatchedError) as why:
            return ComparisonEnding.NOT_EVALUATED, str(why)
        except Exception as why:
            ending = ComparisonEnding.RAISED if is_of_counterpart(why) else ComparisonEnding.FAILED
            return _at((ending, in_one_line(why)), case)

    def _text(self, said: Concluded) -> Ended:
        hypotheses = [(f"the hypothesis {name}", judgement) for name, judgement in said.hypotheses.items()]
        for what, judgement in (("a binder", said.binders), *hypotheses, ("the conclusion", said.conclusion)):
            if judgement.verdict is Verdict.UNDECIDED:
                return ComparisonEnding.CORNER, str(judgement.mismatch)
            if not judgement.verdict.passes:
                return ComparisonEnding.DIFFERS, f"{what} of the text: {judgement.mismatch}"
        if not said.conclusion.compared:
            return ComparisonEnding.CORNER, "the conclusion compares nothing"
        return ComparisonEnding.SAME, ""

    def _property(self, case: Case) -> Ended:
        found = self._theorem.judge(case)
        if found.verdict is Verdict.UNDECIDED:
            return ComparisonEnding.CORNER, str(found.mismatch)
        if found.verdict.passes:
            return ComparisonEnding.SAME, ""
        return _at((ComparisonEnding.DIFFERS, f"the executable property, not the text: {found.mismatch}"), case)

    # ---- instances that break hypotheses

    def broken(self) -> Ended:
        """How the hypotheses of the two end on the instances that break some of ours."""
        for (name, _), found in recorded().searches.items():
            for case in (found.counterexample, found.separates):
                if name == self._theorem.name and case is not None:
                    ended = self._breaks(case)
                    if ended[0] is not ComparisonEnding.SAME:
                        return _at(ended, case)
        return ComparisonEnding.SAME, ""

    def _breaks(self, case: Case) -> Ended:
        try:
            said = conclude(self._evaluator, self._target, self._theorem, case)
        except NoArgumentError:  # data that there is none of
            return ComparisonEnding.SAME, ""
        for name, judgement in self._of_ours(said).items():
            hypothesis = next(h for h in self._theorem.hypotheses if h.name == name)
            ours = self._theorem.satisfies(hypothesis, case)
            if ours is not None and judgement.verdict is not Verdict.UNDECIDED and judgement.verdict.passes != ours:
                one, other = ("holds", "does not") if judgement.verdict.passes else ("does not hold", "does")
                return ComparisonEnding.DIFFERS, f"the hypothesis {name} {one} in the text and {other} here"
        return ComparisonEnding.SAME, ""

    def _of_ours(self, said: Concluded) -> dict[str, Judgement]:
        """The text's hypotheses by our names: one without a name is the one of ours that has no other."""
        ours = [h.name for h in self._theorem.hypotheses]
        left = [name for name in ours if name not in said.hypotheses]
        named = {name: judgement for name, judgement in said.hypotheses.items() if name in ours}
        unnamed = said.hypotheses.get("")
        return named | ({left[0]: unnamed} if unnamed is not None and left else {})


def _at(ended: Ended, case: Case) -> Ended:
    """With the instance, in short."""
    ending, why = ended
    if ending is ComparisonEnding.CORNER:
        return ended
    return ending, f"{why}, with {', '.join(_shown(case))}"


def _shown(case: Case) -> Iterator[str]:
    for name, value in case.items():
        if name not in (BOUNDARY, "directions"):
            text = " ".join(str(value).split())
            yield f"{name} = {text if len(text) <= 60 else f'{text[:57]}…'}"
