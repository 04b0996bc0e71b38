"""The greedy simplifier of failing instances, and what a failing check does with it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import Arithmetic, rational_vector
from mirror.core.soundness import Idx
from mirror.core.vectorization import inner
from mirror.linear_map import PositionWise
from mirror.spec.core.shape import Shape
from theorems.engine.assessing import assess
from theorems.engine.checking import check, simplified
from theorems.engine.codec import encode
from theorems.engine.evidence.verdicts import Claim, Equal, Holds, Verdict
from theorems.engine.report import Failure
from theorems.engine.simplify import one_direction, simplify
from theorems.nodes.context import inner_get_single

CASE = {
    "n": 3,
    "c": fmpq(5, 7),
    "x": rational_vector([4, -7, "1/3", 9]),
    "map": PositionWise(1, 1, 2, (fmpq(5), fmpq(6))),
    "directions": (rational_vector([1, 2]), rational_vector([3, 4])),
}


def test_what_does_not_matter_becomes_zero_and_what_does_becomes_one() -> None:
    plain = simplify(CASE, lambda case: case["x"][1] != 0 and case["map"].weight[1] != 0)
    assert list(plain["x"]) == [0, 1, 0, 0]
    assert plain["map"].weight == (0, 1)
    assert (plain["n"], plain["c"]) == (3, fmpq(5, 7))


def test_an_entry_that_must_stay_stays() -> None:
    assert list(simplify(CASE, lambda case: case["x"][0] == 4)["x"]) == [4, 0, 0, 0]


def test_nothing_is_changed_where_every_change_mends_it() -> None:
    untouched = encode(CASE)
    assert encode(simplify(CASE, lambda case: encode(case) == untouched)) == untouched


def test_a_tuple_of_whole_numbers_is_no_vector() -> None:
    case = {"inputs": (0, 1), "names": ("a", "b"), "x": rational_vector([2])}
    plain = simplify(case, lambda case: True)
    assert (plain["inputs"], plain["names"], list(plain["x"])) == ((0, 1), ("a", "b"), [0])


def test_the_instance_given_is_left_alone() -> None:
    before = encode(CASE)
    simplify(CASE, lambda case: True)
    assert encode(CASE) == before


@pytest.mark.parametrize("bound", [0, 1, 5])
def test_the_number_of_evaluations_is_bounded(bound: int) -> None:
    asked: list[Any] = []
    simplify(CASE, lambda case: bool(asked.append(case)), evaluations=bound)
    assert len(asked) == bound


def test_zeros_are_not_tried_again() -> None:
    asked: list[Any] = []
    simplify({"x": rational_vector([0, 0, 1])}, lambda case: bool(asked.append(case)))
    # The whole vector, then its last entry; what is 0 cannot become plainer, what is 1 only 0.
    assert len(asked) == 2


def test_an_instance_that_a_class_refuses_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: PositionWise) -> None:
        if not any(self.weight):
            raise ValueError("a weight of nothing")

    monkeypatch.setattr(PositionWise, "__post_init__", refuse)
    assert simplify(CASE, lambda case: True)["map"].weight == (0, 1)


def test_one_failing_direction_is_enough() -> None:
    found = one_direction(CASE, lambda case: case["directions"][0][0] == 3)
    assert [list(h) for h in found["directions"]] == [[3, 4]]
    assert found["full_jacobian"] is False


def test_directions_that_fail_only_together_stay_together() -> None:
    assert one_direction(CASE, lambda case: False) is CASE


def twice(ar: Arithmetic, idx: Idx, x: Any, v: Any) -> Iterator[Claim]:
    yield Equal("x = 2·x", x, 2 * x)


def test_a_failing_check_ends_with_a_plain_witness() -> None:
    report = check(dataclasses.replace(inner_get_single, conclusion=twice), examples=100)
    assert report.verdict is Verdict.REFUTED
    assert report.failure is not None
    assert sorted(report.failure.case["x"]) == [1]
    assert report.failure.judgement.mismatch is not None
    assert (report.failure.judgement.mismatch.left, report.failure.judgement.mismatch.right) == ("1", "2")


def raising(ar: Arithmetic, idx: Idx, x: Any, v: Any) -> Iterator[Claim]:
    if any(x) and any(v):
        inner(ar, x, v[:1])
    if any(x):
        Idx((), 0, Shape())
    yield Holds("never refuted", True)


def test_a_failure_that_is_an_exception_stays_of_its_kind() -> None:
    broken = dataclasses.replace(inner_get_single, conclusion=raising)
    context = (Shape(2),)
    case = {"idx": Idx(context, 0, Shape(2)), "x": rational_vector([3, 5]), "v": rational_vector([0, 4])}
    found = simplified(broken, Failure(case, assess(broken, case)))
    # v = 0 would raise too, but something else.
    assert (list(found.case["x"]), list(found.case["v"])) == ([0, 1], [0, 1])
    assert found.judgement.verdict is Verdict.RAISED
    assert found.judgement.mismatch is not None
    assert found.judgement.mismatch.left.startswith("ValueError in mirror.core.vectorization.inner: ")
