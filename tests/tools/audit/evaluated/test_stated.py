"""What propositions claim, and what is not decided by looking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flint import arb, fmpq

from lean_refs.evaluator import NAT, REAL, FunctionType, LeanType, LinearMap, NotEvaluatedError, arrow, euclidean, fin
from lean_refs.evaluator.errors import UnknownError
from mirror.arithmetic import rational_vector
from tests.tools.audit.evaluated.statements import stated
from theorems.engine.evidence.verdicts import Verdict, judge
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.alike import Alike
from theorems.tools.audit.evaluated.errors import UndrawableError
from theorems.tools.audit.evaluated.lifting import lifted
from theorems.tools.audit.evaluated.matching import UnmatchedError
from theorems.tools.audit.evaluated.numbers import TooRoughError
from theorems.tools.audit.evaluated.stated import Stated

ROUGH = arb(1, 1)
TWO = fmpq(2)


def said() -> Stated:
    return Stated(stated(), Fill("integers", 1))


def prop(head: str, *arguments: Any) -> LeanType:
    return LeanType(head, arguments)


@pytest.mark.parametrize(
    ("proposition", "holds"),
    [
        (prop("LT", REAL, fmpq(1), TWO), True),
        (prop("LT", REAL, TWO, TWO), False),
        (prop("LE", REAL, TWO, TWO), True),
        (prop("Ne", REAL, TWO, TWO), False),
        (prop("And", prop("True"), prop("False")), False),
        (prop("Or", prop("True"), prop("False")), True),
        (prop("Iff", prop("False"), prop("False")), True),
        (prop("Not", prop("False")), True),
        (FunctionType("i", "(", fin(0), lambda _: prop("False")), True),  # about no value at all
        (FunctionType("h", "(", prop("False"), lambda _: prop("False")), True),
        (FunctionType("h", "(", prop("True"), lambda _: prop("False")), False),
        (prop("Exists", fin(3), lambda i: prop("Eq", NAT, i.value, 2)), True),
        (prop("Exists", fin(2), lambda i: prop("Eq", NAT, i.value, 2)), False),
    ],
)
def test_whether_a_proposition_holds(proposition: Any, holds: bool) -> None:
    assert said().truth(proposition) is holds


@pytest.mark.parametrize(
    ("proposition", "error", "why"),
    [
        (prop("Tendsto"), NotEvaluatedError, "whether Tendsto holds"),
        (prop("Exists", NAT, lambda _: prop("True")), NotEvaluatedError, "a value of an infinite type"),
        (
            prop("Exists", prop("ContinuousLinearMap", REAL, REAL), lambda _: arrow(fin(1), prop("True"))),
            NotEvaluatedError,
            "a linear map that is not said to be a derivative",
        ),
        (
            prop("Exists", prop("ContinuousLinearMap", REAL, REAL), lambda _: prop("And", prop("True"), prop("True"))),
            NotEvaluatedError,
            "a linear map that is not said to be a derivative",
        ),
        (prop("Exists", prop("ContinuousLinearMap", REAL, REAL), lambda f: f(TWO)), UnknownError, "still to be found"),
        (prop("Eq", REAL, ROUGH, TWO), TooRoughError, "both sides"),
        (prop("Ne", REAL, ROUGH, TWO), TooRoughError, "two enclosures that overlap"),
        (arrow(NAT, prop("True")), UndrawableError, "the type Nat, of which none is drawn"),
        (arrow(arrow(NAT, NAT), prop("True")), UndrawableError, "the type →, of which none is drawn"),
    ],
)
def test_what_is_not_decided_is_said(proposition: Any, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        said().truth(proposition)


def linear(factor: int, ends: tuple[Any, Any] = (euclidean(2), euclidean(2))) -> LinearMap:
    return LinearMap(*ends, lambda x: tuple(factor * entry for entry in x))


@pytest.mark.parametrize(("factor", "verdict"), [(3, Verdict.EQUAL), (2, Verdict.REFUTED)])
def test_linear_maps_are_compared_on_the_basis(factor: int, verdict: Verdict) -> None:
    alike, type_ = Alike(stated().world, Fill("integers", 1)), prop("ContinuousLinearMap", euclidean(2), euclidean(2))
    assert judge(alike.claims(type_, linear(factor), linear(3))).verdict is verdict


def test_a_map_between_other_spaces_is_not_compared() -> None:
    with pytest.raises(UndrawableError, match="a map between spaces without coordinates"):
        list(Alike(stated().world, Fill("integers", 1)).maps((NAT, NAT), linear(1), linear(1)))


def test_what_is_said_of_all_vectors_is_tried_at_given_ones_first() -> None:
    long, short = rational_vector([1, 2, 3]), rational_vector([4, 5])
    alike = Alike(stated().world, Fill("integers", 1), [(), (long,), (short, 2 * short)])
    assert list(alike.values(euclidean(2))) == [(4, 5), (8, 10)]
    assert list(alike.values(euclidean(2))) != [(4, 5), (8, 10)]
    assert list(alike.values(euclidean(3))) == [(1, 2, 3)]


def test_functions_are_compared_at_drawn_points() -> None:
    alike = Alike(stated().world, Fill("integers", 1, dense=True))
    square: Callable[[fmpq], fmpq] = lambda x: x * x  # noqa: E731
    assert judge(alike.claims(arrow(REAL, REAL), square, square)).verdict is Verdict.EQUAL
    assert judge(alike.claims(arrow(REAL, REAL), square, lambda x: x * x + 1)).verdict is Verdict.REFUTED


def test_what_has_no_form_in_lean_is_said() -> None:
    with pytest.raises(UnmatchedError, match="a str has no form in Lean"):
        lifted("Horner", arrow(REAL, REAL))
