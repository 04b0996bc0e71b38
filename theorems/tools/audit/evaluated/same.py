"""One definition: the text of Lean and the mirror on the same random arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from hypothesis import strategies as st

from lean_refs.evaluator import CornerError, Evaluator, FunctionType, LeanType, NotEvaluatedError, force
from lean_refs.evaluator.calls import partial, ran
from lean_refs.evaluator.stack import roomy
from lean_refs.evaluator.targets import Target
from lean_refs.evaluator.values import LeanValue
from mirror.arithmetic import AtBoundary, Undecided, precision
from mirror.core.soundness import Node
from mirror.links import Link
from mirror.rooms import links
from theorems.engine.draws import draws
from theorems.engine.evidence.verdicts import Claim, Judgement, NothingClaimed, Verdict, judge
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.definitions.hints import hints
from theorems.tools.audit.evaluated.arguments import Drawn, DrawnArgument
from theorems.tools.audit.evaluated.comparing import claims
from theorems.tools.audit.evaluated.coordinates import dimension, of_coordinates
from theorems.tools.audit.evaluated.drawing import draw_arguments, is_heavy
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.ill_typed import ended_by, not_evaluated, refused
from theorems.tools.audit.evaluated.matching import MakeNode, UnmatchedError, call_matched, spelled
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.typed import drawn_value
from theorems.tools.audit.evaluated.types import class_claims, type_claims

# Bits of the balls: more where that many do not decide.
BITS = (256, 1024)
SEED = 0
FEWER = 2  # so many times fewer instances of a block
FAR_EVERY = 3  # one instance in so many reaches far
DRAWN = 4  # so many instances are drawn at most for each that says something
# What ends the name of a certificate: without it, it is the name of the node.
_ENDINGS = ("FderivAt", "Fderiv", "FDerivCorrectAt", "FDerivCorrect")


_GOES_ON = (ComparisonEnding.SAME, ComparisonEnding.CORNER)


@roomy
def compared(evaluator: Evaluator, link: Link, count: int) -> FunctionComparison:
    """The definition on `count` instances and the simplest one; the first that is not the same ends it."""
    found: list[tuple[ComparisonEnding, str]] = []
    try:
        target = target_of(evaluator, link.lean)
    except NotEvaluatedError as why:
        return FunctionComparison(link.lean, ComparisonEnding.NOT_EVALUATED, why=str(why))

    enough = max(count // FEWER, 1) if is_heavy(target) else count

    @st.composite
    def instances(draw: st.DrawFn) -> None:
        seed = draw(st.integers(0, 2**32 - 1))
        if sum(one is ComparisonEnding.SAME for one, _ in found) <= enough and (not found or found[-1][0] in _GOES_ON):
            found.append(_instance(draw, seed, target, evaluator, link, far=len(found) % FAR_EVERY == 1))

    # The first draw is the simplest, and some say nothing.
    list(draws(instances(), SEED, 1 + DRAWN * count))
    ending, why = found[-1]
    if ending not in _GOES_ON:
        return FunctionComparison(link.lean, ending, len(found), why)
    same = sum(one is ComparisonEnding.SAME for one, _ in found)
    if not same:
        return FunctionComparison(link.lean, ComparisonEnding.NOT_EVALUATED, why=f"no instance says anything: {why}")
    silent = dict.fromkeys(_short(said, 150) for one, said in found if one is ComparisonEnding.CORNER)
    return FunctionComparison(link.lean, ComparisonEnding.SAME, same, silent=tuple(silent))


def target_of(evaluator: Evaluator, name: str) -> Target:
    """What the text of a declaration makes; raises `NotEvaluatedError` where it is not understood, or is not there."""
    library = evaluator.library
    declaration = library.declaration(name)
    with evaluator.running():
        target = library.member(name) if declaration is None else library.declared(declaration)
    if target is None:
        raise NotEvaluatedError(f"there is no declaration {name} in the source")
    return target


def _instance(
    draw: st.DrawFn, seed: int, target: Target, evaluator: Evaluator, link: Link, *, far: bool
) -> tuple[ComparisonEnding, str]:
    """One comparison, on arguments drawn for it."""

    def arguments() -> Drawn:
        with evaluator.running(), precision(BITS[0]):
            return draw_arguments(draw, target, evaluator, far=far)

    try:
        drawn = arguments()
    except NotEvaluatedError as why:
        return not_evaluated(why, evaluator, link.lean)
    except UndrawableError as why:
        return ComparisonEnding.NOT_EVALUATED, str(why)
    except Exception as why:
        return ended_by(why, refused(evaluator, link.lean, arguments))
    try:
        found = _judged(drawn, target, evaluator, link, seed)
    except (CornerError, Undecided, TooRoughError, AtBoundary, NothingClaimed) as why:
        return ComparisonEnding.CORNER, str(why)
    except NotEvaluatedError as why:
        return not_evaluated(why, evaluator, link.lean)
    except (UndrawableError, UnmatchedError) as why:
        return ComparisonEnding.NOT_EVALUATED, str(why)
    except Exception as why:
        refusal = refused(evaluator, link.lean, lambda: _judged(drawn, target, evaluator, link, seed))
        return ended_by(why, refusal, _with(drawn))
    if found.verdict.passes:
        return (ComparisonEnding.SAME, "") if found.compared else (ComparisonEnding.CORNER, "nothing was compared")
    if found.verdict is Verdict.UNDECIDED:
        return ComparisonEnding.CORNER, str(found.mismatch)
    return ComparisonEnding.DIFFERS, f"{found.mismatch}{_with(drawn)}"


def _judged(drawn: Drawn, target: Target, evaluator: Evaluator, link: Link, seed: int) -> Judgement:
    """The judgement at the first precision that decides, or at the last one."""
    *lower, last = BITS

    def at(bits: int) -> Judgement:
        with evaluator.running(), precision(bits):
            # Points are far where the arguments are.
            return judge(_claims(drawn, target, evaluator, link, type(drawn.fill)("fractions", seed)))

    for bits in lower:
        with suppress(Undecided, TooRoughError):
            found = at(bits)
            if found.verdict is not Verdict.UNDECIDED:
                return found
    return at(last)


def _claims(drawn: Drawn, target: Target, evaluator: Evaluator, link: Link, fill: Fill) -> Iterator[Claim]:
    declaration = evaluator.library.declaration(link.lean)
    if declaration is not None and declaration.kind == "class":
        yield from class_claims(link.lean, link.target, evaluator, fill)
        return
    arguments = [drawn.arguments[k] for k in sorted(drawn.arguments)]
    lean, type_ = applied(target, evaluator, arguments)
    if isinstance(type_, LeanType) and type_.head == "Type":
        given = {spelled(a.name): a.mirror for a in arguments if a.mirror is not None}
        values = Drawn(drawn.draw, fill, drawn.sizes, drawn.arguments, smooth=drawn.smooth)
        yield from type_claims(link.lean, lean, link.target, given, evaluator, lambda t: drawn_value(values, t), fill)
        return
    lean, type_, arguments = uncurried(lean, type_, arguments, fill)
    yield from claims(type_, lean, call_matched(link.target, arguments, node_of(link.lean, arguments)), fill)


def applied(target: Target, evaluator: Evaluator, arguments: Sequence[DrawnArgument]) -> tuple[LeanValue, LeanValue]:
    """The value and its type; of a function on `Fin n`, the function."""
    environment = tuple((a.lean, a.type) for a in arguments)
    if len(environment) == len(target.parameters):
        return force(ran(evaluator.world, target, environment)), force(target.result(environment, None)[0])
    code = target.parameters[len(environment)].type
    assert code is not None, "a type that was looked at when arguments were drawn"
    domain = force(code(environment, None)[0])
    type_ = FunctionType("", "(", domain, lambda i: target.result((*environment, (i, domain)), None)[0])
    return partial(evaluator.world, target, environment), type_


def uncurried(
    lean: LeanValue, type_: LeanValue, arguments: Sequence[DrawnArgument], fill: Fill
) -> tuple[LeanValue, LeanValue, Sequence[DrawnArgument]]:
    """A linear map into linear maps, at a drawn first argument: the mirror takes both."""
    if not _is_linear(type_) or not _is_linear(force(type_.arguments[1])):
        return lean, type_, arguments
    domain, codomain = map(force, type_.arguments)
    v = fill.vector(dimension(domain) or 0)
    x = of_coordinates(domain, list(v))
    return force(lean(x)), codomain, [*arguments, DrawnArgument("", "(", v, x, domain)]


def _is_linear(type_: LeanValue) -> bool:
    return isinstance(type_, LeanType) and type_.head == "ContinuousLinearMap"


def node_of(name: str, arguments: Sequence[DrawnArgument]) -> MakeNode | None:
    """The node of a certificate, which the mirror's certificates are made for and the types of Lean's name."""
    found = _link_of_node(name)
    if found is None or hints(found.target).get("return") is not Node:
        return None
    return lambda: call_matched(found.target, arguments)


@cache
def _link_of_node(name: str) -> Link | None:
    """The definition that the name of a certificate begins with."""
    names = [name.removesuffix(ending) for ending in _ENDINGS if name.endswith(ending)]
    known = links() if names else {}
    return next((known[node] for node in names if node in known), None)


def _with(drawn: Drawn) -> str:
    """The arguments, in short."""
    shown = (f"{a.name or '_'} = {_short(a.mirror)}" for a in drawn.arguments.values() if a.mirror is not None)
    return f", with {', '.join(shown)}"


def _short(value: Any, most: int = 60) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
