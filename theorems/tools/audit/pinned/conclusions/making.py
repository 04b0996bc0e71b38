"""Evaluates the text of a theorem at fixed instances, to be kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import TypeVar

from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.stack import roomy
from lean_refs.evaluator.targets import Target
from mirror.arithmetic import precision
from theorems.engine.case import Case
from theorems.engine.codec import encode
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Verdict, judge
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.engine.strategies.values import Fill
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.agreed import CHOSEN_FROM, SIZES, drawn_cases, inert
from theorems.tools.audit.evaluated.breaking import breaking, of_ours
from theorems.tools.audit.evaluated.conclusions import UNDECIDED, hypotheses_of
from theorems.tools.audit.evaluated.errors import MisfitError, NoArgumentError, UndrawableError
from theorems.tools.audit.evaluated.instances import Instance
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.same import target_of
from theorems.tools.audit.evaluated.stated import Stated
from theorems.tools.audit.pinned.conclusions.record import PinnedStatement, PinnedTheorem
from theorems.tools.audit.pinned.conclusions.sides import (
    BothSides,
    StatedWithValues,
    apart,
    both,
    differentiates,
    in_all_directions,
)
from theorems.tools.audit.pinned.making import DRAWN, QUICK, SEED, TRIED, are_narrow, those_that_say_most
from theorems.tools.weights import weight

T = TypeVar("T")
BLOCK = 100  # declarations that a block rests on
FEW = 2  # instances of it
SOME = 5  # so many are evaluated of what is neither quick nor a block
BROKEN = 3  # instances that break a hypothesis,
LONG = 6000  # none of them longer, in characters
BITS = (320, 1024)
_SAYS_NOTHING = (*UNDECIDED, NoArgumentError)


@roomy
def concluded(evaluator: Evaluator, name: str, text: str) -> PinnedTheorem:
    """What is kept of a theorem; `text` is the digest of what it is made from."""
    theorem = theorems().get(name)
    if theorem is None:
        return PinnedTheorem(name, text, outside=NOT_RUN.get(name, "no counterpart"))
    try:
        target = target_of(evaluator, name)
        _look(evaluator, target, theorem)
        found = _drawn(evaluator, target, theorem)
        if not found:
            return PinnedTheorem(name, text, outside="no instance was drawn at which it says anything")
        return PinnedTheorem(name, text, (*found, *_broken(evaluator, target, theorem)))
    except (NotEvaluatedError, UndrawableError, UnmatchedError, MisfitError) as why:
        return PinnedTheorem(name, text, outside=str(why))


def _look(evaluator: Evaluator, target: Target, theorem: Theorem) -> None:
    """Raises at once what a text raises at any instance, at the simplest one, before many are drawn."""
    for case in draws(theorem.instances(SIZES), SEED, 1):
        with suppress(*_SAYS_NOTHING), evaluator.running(), precision(BITS[0]):
            Instance(evaluator, target, theorem, case, Fill("fractions", 0)).arguments()


def _drawn(evaluator: Evaluator, target: Target, theorem: Theorem) -> list[PinnedStatement]:
    if weight(theorem.name) > BLOCK:
        cases = drawn_cases(theorem, SEED, CHOSEN_FROM)
        short = sorted(cases, key=lambda case: (inert(theorem, case), len(repr(encode(apart(case)[0])))))
        return list(_different(evaluator, target, theorem, short[: DRAWN * FEW], FEW).values())
    enough = TRIED if weight(theorem.name) <= QUICK else SOME
    cases = drawn_cases(theorem, SEED, DRAWN * enough)
    nodes = [parts for case in cases if len(parts := apart(case)) > 1]
    if nodes:  # one of each kind, and each such instance has them in one order
        found = (_different(evaluator, target, theorem, kind, enough) for kind in zip(*nodes, strict=True))
        return [max(of_kind.values(), key=_nonzero) for of_kind in found if of_kind]
    return those_that_say_most(_different(evaluator, target, theorem, cases, enough))


def _nonzero(one: PinnedStatement) -> int:
    """How many numbers of the left side are not 0."""
    return sum(x != 0 for x in one.sides().left)


def _different(
    evaluator: Evaluator, target: Target, theorem: Theorem, cases: Iterable[Case], enough: int
) -> dict[str, PinnedStatement]:
    """Those of the first instances at which the text says something, by their texts."""
    found: dict[str, PinnedStatement] = {}
    for case in (apart(case)[0] for case in cases):
        one = _decided(evaluator, lambda case=case: _statement(evaluator, target, theorem, case))
        if one is not None and one.words not in {other.words for other in found.values()}:
            found[one.text] = one
        if len(found) == enough:
            break
    return found


def _broken(evaluator: Evaluator, target: Target, theorem: Theorem) -> list[PinnedStatement]:
    """Instances that break a hypothesis of ours, one at most for the same ones of the text."""
    found: dict[frozenset[str], PinnedStatement] = {}
    for case in (apart(case)[0] for case in breaking(theorem, certificates=False)):
        said = _decided(evaluator, lambda case=case: _hypotheses(evaluator, target, theorem, case))
        if said is not None and len((one := PinnedStatement.of(case, said)).text) <= LONG:
            found.setdefault(frozenset(name for name, holds in said.items() if not holds), one)
    return list(found.values())[:BROKEN]


def _decided(evaluator: Evaluator, said: Callable[[], T | None]) -> T | None:
    """What is said at the first precision that decides it; None where none does."""
    for bits in BITS:
        with suppress(*_SAYS_NOTHING), evaluator.running(), precision(bits):
            if (found := said()) is not None:
                return found
    return None


def _statement(evaluator: Evaluator, target: Target, theorem: Theorem, case: Case) -> PinnedStatement | None:
    """What the text says of the instance; None where that is not decided, or not in narrow numbers."""
    hypotheses = _hypotheses(evaluator, target, theorem, case)
    if hypotheses is None or not all(hypotheses.values()):
        return PinnedStatement.of(case, hypotheses) if hypotheses else None
    sides, holds = _conclusion(evaluator, target, theorem, case)
    if holds is None or not are_narrow((*sides.left, *sides.right, *sides.value)):
        return None
    return PinnedStatement.of(case, hypotheses, sides, holds=holds)


def _hypotheses(evaluator: Evaluator, target: Target, theorem: Theorem, case: Case) -> Mapping[str, bool] | None:
    """Which hypotheses hold, by our names; None where one is not decided, by the text or by us."""
    fill = Fill("fractions", 0)
    arguments = Instance(evaluator, target, theorem, in_all_directions(case), fill).arguments()
    found = of_ours(theorem, hypotheses_of(Stated(evaluator, fill), arguments))
    ours = [theorem.satisfies(h, case) for h in theorem.hypotheses if h.name in found]
    if None in ours or any(judgement.verdict is Verdict.UNDECIDED for judgement in found.values()):
        return None
    return {name: judgement.verdict.passes for name, judgement in found.items()}


def _conclusion(evaluator: Evaluator, target: Target, theorem: Theorem, case: Case) -> tuple[BothSides, bool | None]:
    """Both sides, at all that the instance has several of, and whether it holds: None where that is not decided."""
    claims, values, number, several = [], [], 0, 1
    while number < several:
        fill = Fill("fractions", number)
        instance = Instance(evaluator, target, theorem, in_all_directions(case), fill, number)
        arguments = instance.arguments()
        stated = StatedWithValues(evaluator, fill, instance.points)
        environment = tuple((a.value, a.type) for a in arguments)
        claims += stated.claims(target.result(environment, None)[0])
        values += stated.values if differentiates(theorem) else []
        number, several = number + 1, instance.several
    if not claims:
        raise NoArgumentError("a conclusion that claims nothing")
    found = judge(claims)
    decided = found.verdict is not Verdict.UNDECIDED and found.compared
    return BothSides(*both(claims), values), found.verdict.passes if decided else None
