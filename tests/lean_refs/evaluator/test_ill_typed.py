"""What only an ill-typed text does is refused where it is done, and not by an exception of Python."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from lean_refs.evaluator import NAT, PROOF, REAL, LeanType, NotEvaluatedError, Pair, arrow, euclidean, fin
from lean_refs.evaluator.arithmetic import bound_of, combined, numeral, power, scaled
from lean_refs.evaluator.coercions import applicable
from lean_refs.evaluator.deciding import equal, order
from lean_refs.evaluator.described import type_itself
from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import Blocked
from lean_refs.evaluator.unify import append
from lean_refs.evaluator.world import World
from tests.lean_refs.evaluator.numbers import Numbers
from tests.lean_refs.evaluator.texts import evaluator_of

WORLD = World(Numbers())
PAIR: Any = Pair(1, 2)


REFUSED: tuple[tuple[Any, str], ...] = (
    (lambda: combined(WORLD, "+", REAL, (1,), 2), "a list of 1 at type Real"),
    (lambda: combined(WORLD, "+", NAT, 1, PAIR), "a Pair at type Nat"),
    (lambda: combined(WORLD, "+", (), 1, 2), "a list of 0 as the type of a value"),
    (lambda: combined(WORLD, "+", euclidean(2), (1, 2), (1,)), r"\+ of vectors of 2 and of 1 entries"),
    (lambda: combined(WORLD, "+", arrow(REAL, REAL), 1, 2)(3), "what is applied to arguments is no function"),
    (lambda: scaled(WORLD, 2, euclidean(1), 3), "the natural number 3 at type EuclideanSpace"),
    (lambda: scaled(WORLD, 2, arrow(REAL, REAL), 3)(1), "what is applied to arguments is no function"),
    (lambda: power(WORLD, NAT, PAIR, 2), "a Pair at type Nat"),
    (lambda: power(WORLD, NAT, 2, PAIR), "a Pair at type Nat"),
    (lambda: numeral(WORLD, 0, PAIR), "a Pair as the type of a value"),
    (lambda: order(WORLD, fin(2), 1, 2), "the natural number 1 at type Fin"),
    (lambda: equal(WORLD, LeanType("Prod", (NAT, NAT)), (1, 2), PAIR), "a list of 2 at type Prod"),
    (lambda: bound_of(fin(PAIR)), "Fin … where Fin n is expected"),
    (lambda: bound_of(NAT), "Nat where Fin n is expected"),
    (lambda: append((1,), _later(3)).get(), r"\+\+ of what are no lists"),
    (lambda: applicable(WORLD, (3, None)), "what is applied to arguments has no known type"),
    (lambda: type_itself(PAIR), "what stands for a type is a Pair"),
)


@pytest.mark.parametrize(("does", "why"), REFUSED, ids=range(len(REFUSED)))
def test_it_is_refused(does: Any, why: str) -> None:
    with pytest.raises(ContractError, match=why):
        does()


def _later(value: Any) -> Any:
    return Blocked("later", (), lambda: value)


def test_a_mistake_of_the_scalars_is_none_of_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lean_refs.evaluator.arithmetic._real", None)
    with pytest.raises(TypeError, match="not callable"):
        combined(WORLD, "+", REAL, 1, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("([1, 2] : Nat)", "a list of type Nat"),
        ("(1 :: 2 : Nat)", "a list of type Nat"),
        ("(fun x => (x : 2).1) 2", ".1 of what has no known type"),
        ("match (1 : Nat) with | [] => 1 | _ => 2", "a list as a pattern for what is no list"),
        ("match (1 : Nat) with | [a] => 1 | _ => 2", "a list as a pattern for what is no list"),
        ("match (1 : Nat) with | a :: b => 1 | _ => 2", "a list as a pattern for what is no list"),
    ],
)
def test_a_term_is_refused(text: str, why: str) -> None:
    with pytest.raises(NotEvaluatedError, match=why):
        evaluator_of("").term(text)


def test_a_proof_stands_for_no_number() -> None:
    with pytest.raises(ContractError, match="a Proof at type Real"):
        combined(WORLD, "+", REAL, PROOF, 2)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("def f (x : ℝ) : Nat := if x then 1 else 0", "whether what is no proposition holds"),
        ("def f (x : ℝ) : ℝ := x ^ " + "1" * 30, "an exponent above 1000"),
        ("def f (x : ℝ) : Nat := 10 ^ 10 ^ 10", "an exponent above 1000"),
        ("def f (x : ℝ) : Nat := match 1 with | " + "1" * 5000 + " => 1 | _ => 2", "a numeral of 5000 digits"),
    ],
    ids=["a condition", "a power", "a tower", "a pattern"],
)
def test_what_would_never_end_or_says_nothing_is_not_evaluated(text: str, why: str) -> None:
    evaluator = evaluator_of(text)
    with pytest.raises(NotEvaluatedError, match=rf"NN/Small\.lean:1: f: not evaluated: .*{why}"):
        evaluator.call("f", x=Fraction(2))
