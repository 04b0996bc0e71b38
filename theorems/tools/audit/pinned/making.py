"""Evaluates the text of a definition at fixed instances, to be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flint import arb
from hypothesis import strategies as st

from lean_refs.evaluator import CornerError, Evaluator, LeanType, NotEvaluatedError
from lean_refs.evaluator.targets import Target
from lean_refs.evaluator.values import LeanValue
from mirror.arithmetic import AtBoundary, Undecided, precision
from mirror.links import Link
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import WIDTH_LIMIT
from theorems.tools.audit.evaluated.arguments import DrawnArgument
from theorems.tools.audit.evaluated.coordinates import dimension
from theorems.tools.audit.evaluated.drawing import draw_arguments
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.observing_text import in_text
from theorems.tools.audit.evaluated.parts import Observed, ObservedData, ObservedNumbers
from theorems.tools.audit.evaluated.same import BITS, applied, target_of, uncurried
from theorems.tools.audit.evaluated.types import DIMENSIONS, declared, functions_of, in_instance
from theorems.tools.audit.pinned.probes import Probes
from theorems.tools.audit.pinned.record import PinnedDefinition, PinnedInstance
from theorems.tools.audit.pinned.written import numbers_of, numbers_text
from theorems.tools.weights import weight

COUNT = 3  # instances of each definition
TRIED = 9  # so many are evaluated of what is quick
QUICK = 20  # declarations that it rests on
LONGEST = 1200  # characters of an instance as JSON, where there are enough short ones
DRAWN = 4  # so many instances are drawn for each that is evaluated
_NUMBER = re.compile(r"[-0-9./±e]+")
_KIND = re.compile(r'"kind": "(\w+)"')
LINEAR = frozenset(("add", "affine", "broadcastCol", "broadcastRow", "rowMean", "scale", "sub"))
SEED = 1
T = TypeVar("T")
_SAYS_NOTHING = (CornerError, Undecided, TooRoughError, AtBoundary)


def made(evaluator: Evaluator, link: Link, text: str) -> PinnedDefinition:
    """What is kept of a definition; `text` is the digest of what it is made from."""
    name = link.lean
    try:
        target = target_of(evaluator, name)
        if (said := _declared(evaluator, link)) is not None:
            return PinnedDefinition(name, text, declared=said)
        found = _instances(evaluator, target)
    except (NotEvaluatedError, UndrawableError) as why:
        return PinnedDefinition(name, text, outside=str(why))
    return PinnedDefinition(name, text, tuple(found)) if found else PinnedDefinition(name, text, outside=_NONE)


_NONE = "no instance was drawn at which it gives numbers"


def _declared(evaluator: Evaluator, link: Link) -> dict[str, Any] | None:
    """What is declared of a type or of a class of functions; None of every other definition."""
    declaration = evaluator.library.declaration(link.lean)
    if declaration is not None and declaration.kind == "class":
        probes = Probes()
        with precision(BITS[0]):
            return {
                field: numbers_text((x, in_instance(link.lean, field, evaluator, x)))
                for field in functions_of(link.target)
                for x in [abs(probes.number())]
            }
    return declared(link.lean, evaluator) or None


def _instances(evaluator: Evaluator, target: Target) -> list[PinnedInstance]:
    """Instances at which the definition gives numbers: those that say most, or the first of what takes long."""
    found: dict[str, PinnedInstance] = {}
    enough = TRIED if weight(target.name) <= QUICK else COUNT

    @st.composite
    def instances(draw: st.DrawFn) -> None:
        if len(found) < enough or _all_linear(found):
            with evaluator.running(), precision(BITS[0]):
                drawn = draw_arguments(draw, target, evaluator)
            arguments = [drawn.arguments[k] for k in sorted(drawn.arguments)]
            found.update((one.text, one) for one in _instance(evaluator, target, arguments))

    list(draws(instances(), SEED, DRAWN * enough))
    return those_that_say_most(found)


def those_that_say_most(found: Mapping[str, T]) -> list[T]:
    """So many as are kept of instances by their texts: short ones that say most, or the shortest."""
    short = [text for text in found if len(text) <= LONGEST]
    texts = sorted(short, key=_distinct, reverse=True) if len(short) >= COUNT else sorted(found, key=len)
    chosen = texts[:COUNT]
    curved = [text for text in sorted(found, key=len) if not _all_linear([text])]
    if _all_linear(chosen) and curved:  # a derivative that is the same everywhere says little
        chosen[-1] = curved[0]
    return [found[text] for text in chosen]


def _all_linear(texts: Iterable[str]) -> bool:
    """Whether instances have nodes, and all of them are linear or affine."""
    kinds = {kind for text in texts for kind in _KIND.findall(text)}
    return bool(kinds) and kinds <= LINEAR


def _distinct(text: str) -> int:
    """How many different numbers occur in an instance: the more, the less is the same by chance."""
    return len(set(_NUMBER.findall(text)))


def _instance(evaluator: Evaluator, target: Target, arguments: Sequence[DrawnArgument]) -> list[PinnedInstance]:
    """The instance, or none where it gives no numbers, or none that are narrow at any precision."""
    for bits in BITS:
        try:
            with evaluator.running(), precision(bits):
                given, parts = observed(evaluator, target, arguments)
                if all(map(_is_narrow, parts)):
                    return [PinnedInstance.of(given, parts)] if any(map(_count, parts)) else []
        except _SAYS_NOTHING:
            continue
    return []


def observed(
    evaluator: Evaluator, target: Target, arguments: Sequence[DrawnArgument]
) -> tuple[Sequence[DrawnArgument], list[Observed]]:
    """The arguments of the mirror, and the parts of what the text gives for them at the fixed points."""
    lean, type_ = applied(target, evaluator, arguments)
    if isinstance(type_, LeanType) and type_.head == "Type":
        return arguments, [_dimension(target.name, lean)]
    lean, type_, given = uncurried(lean, type_, arguments, Probes())
    return given, list(in_text(type_, lean, Probes()))


def _dimension(name: str, type_: LeanValue) -> Observed:
    if name not in DIMENSIONS:
        raise UndrawableError("a name of a type, which gives no numbers")
    return ObservedData("the dimension", dimension(type_))


def _is_narrow(part: Observed) -> bool:
    if isinstance(part, ObservedData):
        return True
    return are_narrow(part.entries)


def are_narrow(entries: Iterable[Any]) -> bool:
    """Whether all numbers are rationals, or balls that are narrow enough as they are written."""
    written = numbers_of(numbers_text(entries))
    return all(2 * x.rad() < WIDTH_LIMIT for x in written if isinstance(x, arb))


def _count(part: Observed) -> int:
    """How many numbers it has, or data that count."""
    return len(part.entries) if isinstance(part, ObservedNumbers) else part.counts
