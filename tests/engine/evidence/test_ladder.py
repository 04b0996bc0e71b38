"""Taylor's ladder: it refutes what is wrong, and passes over rungs on which nothing can be bounded."""

from __future__ import annotations

import pytest
from flint import arb, fmpq

from mirror.arithmetic import BALL, Arithmetic, Array, precision, rational_vector
from mirror.spec.layers.activation import gelu_deriv_spec, gelu_spec
from theorems.engine.evidence.derivatives import FINEST, has_deriv_at, has_fderiv_at
from theorems.engine.evidence.verdicts import Verdict, judge

ONE = (rational_vector([1]),)


def square(ar: Arithmetic, x: Array) -> Array:
    return x * x


def doubled(ar: Arithmetic, x: Array) -> Array:
    return 2 * x


def test_a_right_derivative_holds() -> None:
    with precision(640):
        assert judge(has_deriv_at(square, doubled, fmpq(3))).verdict.passes


@pytest.mark.parametrize("error", [fmpq(1), fmpq(1, 2**80)])
def test_a_wrong_derivative_is_refuted_however_little_it_is_off(error: fmpq) -> None:
    with precision(640):
        found = judge(has_deriv_at(square, lambda ar, x: 2 * x + error, fmpq(3)))
    assert found.verdict is Verdict.REFUTED


def test_the_ladder_refutes_a_wrong_derivative_by_itself() -> None:
    # Not the jet's claim, which comes first, but every rung after it.
    with precision(640):
        _, *rungs = has_fderiv_at(square, rational_vector([3]), lambda h: 6 * h + fmpq(1, 2**80), ONE)
        verdicts = [rung.judge().verdict for rung in rungs]
    assert verdicts[-1] is Verdict.REFUTED


def test_a_rung_without_a_finite_bound_is_passed_over() -> None:
    # On the first rung's segment, from 0 to 2^40, the enclosure of tanh is not a number.
    huge = (rational_vector([2**50]),)
    with precision(640):
        slope = gelu_deriv_spec(BALL, rational_vector([0]))
        claims = list(has_fderiv_at(gelu_spec, rational_vector([0]), lambda h: slope * h, huge))
        assert judge(claims).verdict.passes
    assert 1 < len(claims) < 4


def test_the_finest_rung_is_climbed_only_where_the_others_are_too_coarse() -> None:
    def steep(ar: Arithmetic, x: Array) -> Array:
        return ar.inverse(ar.exp(x * fmpq(2) ** 150))

    with precision(1664):
        slope = -(arb(2) ** 150)
        labels = [c.label for c in has_fderiv_at(steep, rational_vector([0]), lambda h: slope * h, ONE)]
    assert labels[1:] == [f"Taylor's bound at scale 2^-{FINEST}, direction 0"]


def test_a_corner_has_no_derivative_to_check() -> None:
    def clamp(ar: Arithmetic, x: Array) -> Array:
        return ar.positive_part(x)

    found = judge(has_deriv_at(clamp, doubled, fmpq(0)))
    assert (found.verdict, found.mismatch and found.mismatch.claim) == (Verdict.REFUTED, "f has a derivative at x")


@pytest.mark.parametrize("side", [1, -1])
def test_a_derivative_of_one_variable_is_tried_to_both_sides(side: int) -> None:
    """What jets do not see: the values alone are steeper to one side."""

    def steeper(ar: Arithmetic, x: Array) -> Array:
        return 3 * x if ar is BALL and bool(side * x[0] > 0) else 2 * x

    with precision(640):
        found = judge(has_deriv_at(steeper, lambda ar, x: 2 + 0 * x, fmpq(0)))
    assert found.verdict is Verdict.REFUTED
    assert found.mismatch
    assert found.mismatch.claim == f"Taylor's bound at scale 2^-10, direction {int(side < 0)}"


def test_one_ladder_is_climbed_and_every_direction_is_tried() -> None:
    x, directions = rational_vector([1, 2]), [rational_vector(h) for h in ([1, 1], [0, 1])]

    def labels(**climbed: int) -> list[tuple[str, str]]:
        claims = has_fderiv_at(lambda ar, z: z * z, x, lambda h: 2 * x * h, directions, **climbed)
        return [(claim.label[:6], claim.label[-1]) for claim in claims]

    assert labels() == [("D h = ", "0"), *[("Taylor", "0")] * 3, ("D h = ", "1")]
    assert labels(climbed=2) == [(kind, k) for k in "01" for kind in ("D h = ", *["Taylor"] * 3)]
