"""The mirror, or another text, held against what the pin keeps of a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

from lean_refs.evaluator import CornerError, Evaluator, NotEvaluatedError
from lean_refs.evaluator.errors import ContractError
from mirror.arithmetic import AtBoundary, Undecided, precision
from mirror.links import Link
from theorems.engine.codec import MalformedInstance
from theorems.engine.evidence.verdicts import Claim, Equal, Judgement, NothingClaimed, Verdict, judge
from theorems.tools.audit.evaluated.alike import shortened
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.ill_typed import Refusing, ended_by, refused
from theorems.tools.audit.evaluated.matching import UnmatchedError, call_matched
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.observing_mirror import in_mirror
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, Ended, FunctionComparison
from theorems.tools.audit.evaluated.parts import Observed, ObservedData
from theorems.tools.audit.evaluated.same import node_of, target_of
from theorems.tools.audit.evaluated.types import (
    DIMENSIONS,
    declared,
    declared_claims,
    functions_of,
    in_class,
    in_instance,
)
from theorems.tools.audit.pinned.given import given_to
from theorems.tools.audit.pinned.making import observed
from theorems.tools.audit.pinned.probes import Probes
from theorems.tools.audit.pinned.record import PinnedDefinition, PinnedInstance
from theorems.tools.audit.pinned.written import numbers_of

# Bits of the balls: more where that many do not decide.
BITS = (192, 1024)


class Shown(Protocol):
    """An instance that says in short what it is."""

    @property
    def shown(self) -> Iterable[tuple[str, Any]]:
        """The arguments, with their names."""
        ...


Observe = Callable[[PinnedInstance], Iterator[Claim]]


def _no_text(_: Callable[[], Any]) -> None:
    """Nothing refuses what no text says."""


def in_the_mirror(pinned: PinnedDefinition, link: Link) -> FunctionComparison:
    """Whether the mirror gives what is pinned."""

    def claims(instance: PinnedInstance) -> Iterator[Claim]:
        yield from instance.claims(_of_mirror(link, instance.given()), "the mirror")

    def said(kept: dict[str, Any]) -> Iterator[Claim]:
        if _is_of_type(kept):
            yield from declared_claims(link.lean, link.target, kept)
        else:
            yield from _functions(kept, functions_of(link.target), in_class)

    return _held(pinned, claims, said, _no_text)


def in_a_text(pinned: PinnedDefinition, evaluator: Evaluator, name: str) -> FunctionComparison:
    """Whether another text gives what is pinned, where the definition is called `name`."""

    def claims(instance: PinnedInstance) -> Iterator[Claim]:
        target = target_of(evaluator, name)
        with evaluator.running():
            _, parts = observed(evaluator, target, given_to(target, instance.given()))
            yield from instance.claims(parts, "the text")

    def said(kept: dict[str, Any]) -> Iterator[Claim]:
        if _is_of_type(kept):
            found = declared(name, evaluator)
            for key, names in kept.items():
                yield ObservedData(f"the {key}", names).against(
                    ObservedData("", found.get(key)), "{} pinned, {} in the text"
                )
        else:
            yield from _functions(kept, kept, lambda field, x: in_instance(name, field, evaluator, x))

    return _held(pinned, claims, said, partial(refused, evaluator, name))


def _is_of_type(kept: dict[str, Any]) -> bool:
    return "fields" in kept or "constructors" in kept


def _functions(kept: dict[str, Any], wanted: Any, at: Callable[[str, Any], Any]) -> Iterator[Claim]:
    """Each function of a class at its number."""
    yield ObservedData("the functions", sorted(kept), 0).against(ObservedData("", sorted(wanted)), "{} pinned, {} now")
    for field, text in kept.items():
        x, y = numbers_of(text)
        yield Equal(field, [y], [at(field, x)])


def _of_mirror(link: Link, arguments: Sequence[DrawnArgument]) -> Iterator[Observed]:
    if link.lean in DIMENSIONS:
        (value,) = (DIMENSIONS[link.lean](a.mirror) for a in arguments)
        yield ObservedData("the dimension", value)
        return
    yield from in_mirror(call_matched(link.target, arguments, node_of(link.lean, arguments)), Probes())


def _held(
    pinned: PinnedDefinition, claims: Observe, said: Callable[[Any], Iterator[Claim]], refusal: Refusing
) -> FunctionComparison:
    """How it ends, at the first instance that is not the same; `refusal` is of the text where there is one."""
    if pinned.outside:
        return FunctionComparison(pinned.name, ComparisonEnding.NOT_EVALUATED, why=pinned.outside)
    if pinned.declared is not None:
        ending, why = _ended(lambda: said(pinned.declared), BITS, refusal)
        return FunctionComparison(pinned.name, ending, 1, why)
    return first_apart(pinned.name, pinned.instances, claims, BITS, refusal)


def first_apart(
    name: str,
    instances: Sequence[Shown],
    claims: Callable[[Any], Iterator[Claim]],
    bits: Sequence[int],
    refusal: Refusing = _no_text,
) -> FunctionComparison:
    """How it ends, at the first instance that is not the same, with its arguments in short."""
    for count, instance in enumerate(instances, start=1):
        ending, why = _ended(lambda instance=instance: claims(instance), bits, refusal)
        if ending is not ComparisonEnding.SAME:
            return FunctionComparison(name, ending, count, f"{why}, with {', '.join(_short(instance.shown))}")
    return FunctionComparison(name, ComparisonEnding.SAME, len(instances))


def _ended(claims: Callable[[], Iterator[Claim]], bits: Sequence[int], refusal: Refusing) -> Ended:
    try:
        found = _judged(claims, bits)
    except (CornerError, Undecided, TooRoughError, AtBoundary, NothingClaimed) as why:
        return ComparisonEnding.NOT_EVALUATED, f"undecided: {why}"
    except ContractError as why:
        return ComparisonEnding.ILL_TYPED, str(why)
    except (NotEvaluatedError, UndrawableError, UnmatchedError) as why:
        return ComparisonEnding.NOT_EVALUATED, str(why)
    except MalformedInstance as why:
        return ComparisonEnding.DIFFERS, f"what is pinned is damaged: {why}"
    except Exception as why:
        return ended_by(why, refusal(lambda: _judged(claims, bits)))
    if found.verdict.passes:
        return ComparisonEnding.SAME, ""
    if found.verdict is Verdict.UNDECIDED:
        return ComparisonEnding.NOT_EVALUATED, f"undecided: {found.mismatch}"
    return ComparisonEnding.DIFFERS, str(found.mismatch)


def _judged(claims: Callable[[], Iterator[Claim]], bits: Sequence[int]) -> Judgement:
    """The judgement at the first precision that decides, or at the last one."""
    *lower, last = bits
    for precise in lower:
        with suppress(Undecided, TooRoughError), precision(precise):
            found = judge(claims())
            if found.verdict is not Verdict.UNDECIDED:
                return found
    with precision(last):
        return judge(claims())


def _short(shown: Iterable[tuple[str, Any]]) -> Iterator[str]:
    return (f"{name or '_'} = {shortened(data)}" for name, data in shown)
