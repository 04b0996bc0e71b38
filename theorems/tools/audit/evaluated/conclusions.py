"""What the text of a theorem says of an instance: its binders' types, its hypotheses and its conclusion, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lean_refs.evaluator import CornerError, Evaluator, NotEvaluatedError
from lean_refs.evaluator.machine import force, is_open, peek
from lean_refs.evaluator.targets import Target
from lean_refs.evaluator.values import LeanType
from mirror.arithmetic import AtBoundary, Undecided, precision
from theorems.engine.case import Case
from theorems.engine.evidence.verdicts import Claim, Judgement, Mismatch, NothingClaimed, Verdict, judge
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.conforming import Conformity
from theorems.tools.audit.evaluated.errors import MisfitError
from theorems.tools.audit.evaluated.ill_typed import located
from theorems.tools.audit.evaluated.instances import Instance, LeanArgument
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.stated import Stated

# Bits of the balls: more where that many do not decide.
BITS = (256, 1024)
# What keeps from a verdict: a precision that is too low, or a corner of a total function.
UNDECIDED = (TooRoughError, Undecided, CornerError, AtBoundary)
_AT_CORNERS = frozenset((CornerError.__name__, AtBoundary.__name__))
# Types whose values are looked at; of the others their types are compared with the declared ones.
_LOOKED_AT = frozenset(("Nat", "Real", "Fin", "List", "EuclideanSpace", "ContinuousLinearMap"))


@dataclass(frozen=True, slots=True)
class Concluded:
    """What the text says of one instance: that its values are of the binders' types, each hypothesis, the conclusion.

    A judgement is `undecided` at a corner of a total function, or where the last precision does not decide. Where a
    value is of another type no more is judged; where a hypothesis is not seen to hold the conclusion is `unsatisfied`.
    """

    binders: Judgement
    hypotheses: Mapping[str, Judgement]
    conclusion: Judgement

    @property
    def admitted(self) -> bool:
        """Whether the values are of the binders' types and every hypothesis holds."""
        return all(judgement.verdict.passes for judgement in (self.binders, *self.hypotheses.values()))

    @property
    def undecided(self) -> bool:
        """Whether any of the judgements is not decided."""
        return bool(self._undecided())

    @property
    def too_rough(self) -> bool:
        """Whether more bits may decide what is not decided: at a corner they do not."""
        return any(mismatch is None or mismatch.claim not in _AT_CORNERS for mismatch in self._undecided())

    def _undecided(self) -> list[Mismatch | None]:
        judgements = (self.binders, *self.hypotheses.values(), self.conclusion)
        return [judgement.mismatch for judgement in judgements if judgement.verdict is Verdict.UNDECIDED]


def conclude(
    evaluator: Evaluator, target: Target, theorem: Theorem, case: Case, number: int = 0, bits: Sequence[int] = BITS
) -> Concluded:
    """What the text of `target` says of an instance of the theorem.

    Of what the instance has several of where Lean has one, `number` says which; `bits` are the precisions, the later
    ones where those before do not decide. Raises `NotEvaluatedError`, with the place, for a text outside the
    vocabulary, `UnmatchedError` where the instance does not tell an argument, and `NoArgumentError` where there is
    none: an index below 0.
    """
    *lower, last = bits
    for precise in lower:
        found = _concluded(evaluator, target, theorem, case, number, precise)
        if not found.too_rough:
            return found
    return _concluded(evaluator, target, theorem, case, number, last)


def _concluded(evaluator: Evaluator, target: Target, theorem: Theorem, case: Case, number: int, bits: int) -> Concluded:
    fill = Fill("fractions", number)
    stated = Stated(evaluator, fill)
    try:
        with evaluator.running(), precision(bits):
            arguments = Instance(evaluator, target, theorem, case, fill, number).arguments()
            return _said(evaluator, stated, target, arguments)
    except UNDECIDED as why:
        return Concluded(_undecided(why), {}, _UNSATISFIED)
    except MisfitError as why:
        return Concluded(Judgement(Verdict.REFUTED, 0.0, Mismatch("its type", 0, str(why), "", 0)), {}, _UNSATISFIED)
    except NotEvaluatedError as refusal:
        raise located(refusal, evaluator, target.name) from None


_UNSATISFIED = Judgement(Verdict.UNSATISFIED)


def _said(evaluator: Evaluator, stated: Stated, target: Target, arguments: Sequence[LeanArgument]) -> Concluded:
    binders = _judged(lambda: _typed(evaluator, arguments))
    if not binders.verdict.passes:
        return Concluded(binders, {}, _UNSATISFIED)
    hypotheses = hypotheses_of(stated, arguments)
    if not all(found.verdict.passes for found in hypotheses.values()):
        return Concluded(binders, hypotheses, _UNSATISFIED)
    environment = tuple((a.value, a.type) for a in arguments)
    return Concluded(binders, hypotheses, _judged(lambda: stated.claims(target.result(environment, None)[0])))


def hypotheses_of(stated: Stated, arguments: Iterable[LeanArgument]) -> dict[str, Judgement]:
    """What the text says of each hypothesis, and of what structures among the arguments prove."""
    hypotheses: dict[str, Judgement] = {}
    for a in arguments:
        if a.kind == "[" or is_open(peek(a.type)):  # of what has no type in the text nothing is said
            continue
        found = _judged(lambda a=a: stated.claims(a.type) if a.proof else stated.proved(a.type, a.value))
        if a.proof or found.compared or not found.verdict.passes:
            hypotheses[a.name] = found
    return hypotheses


def _judged(claims: Callable[[], Iterable[Claim]]) -> Judgement:
    """The judgement; `undecided` where the precision or a corner keeps from it."""
    try:
        return judge(claims())
    except NothingClaimed:
        return Judgement(Verdict.EQUAL)
    except UNDECIDED as why:
        return _undecided(why)


def _undecided(why: Exception) -> Judgement:
    return Judgement(Verdict.UNDECIDED, 0.0, Mismatch(type(why).__name__, 0, str(why), "", 0))


def _typed(evaluator: Evaluator, arguments: Iterable[LeanArgument]) -> Iterator[Claim]:
    """That each value is of the type that its binder declares."""
    conformity = Conformity(evaluator, lambda _: None)
    for a in arguments:
        if a.proof or a.kind == "[" or is_open(peek(a.type)):
            continue
        type_ = force(a.type)
        if isinstance(type_, LeanType) and type_.head in _LOOKED_AT:
            yield from conformity.claims(type_, a.value, f"{a.name}, ")
