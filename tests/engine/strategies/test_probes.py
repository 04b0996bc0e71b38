"""Directions and dual pairs: none is zero by family, and an adjoint's two sides are rarely 0 = 0."""

from __future__ import annotations

import pytest

from mirror.linear_map import basis_vector
from tests.engine.strategies.sampling import sample
from theorems.engine.case import DIFFERENCES, FULL_JACOBIAN
from theorems.engine.strategies.probes import dual_pair, nonzero, nowhere_zero, probes
from theorems.engine.strategies.values import FAMILIES, Fill, fills


def is_basis_vector(v: object) -> bool:
    return sorted(v) == sorted(basis_vector(len(v), 0))  # type: ignore[arg-type,call-overload]


@pytest.mark.parametrize("family", FAMILIES)
def test_directions_are_not_zero(family: str) -> None:
    for seed in range(20):
        fill = Fill(family, seed)
        assert any(nonzero(fill, 3))
        assert all(nowhere_zero(fill, 3))
    assert len(nonzero(Fill(family, 0), 0)) == len(nowhere_zero(Fill(family, 0), 0)) == 0


def test_at_most_one_of_a_dual_pair_is_a_basis_vector() -> None:
    pairs = [dual_pair(Fill("one-hot", seed), 4, 5) for seed in range(100)]
    kinds = {(is_basis_vector(dx), is_basis_vector(seed)) for dx, seed in pairs}
    assert kinds == {(False, False), (True, False), (False, True)}


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_a_dual_pair_has_the_lengths_asked_for(n: int, m: int) -> None:
    for seed in range(10):
        tangent, cotangent = dual_pair(Fill("integers", seed), n, m)
        assert (len(tangent), len(cotangent)) == (n, m)


def test_at_least_half_of_all_probes_are_basis_vectors_and_full_jacobians_occur() -> None:
    cases = sample(fills().flatmap(lambda fill: probes(4, fill)), 500)
    assert sum(all(map(is_basis_vector, case["directions"])) for case in cases) >= len(cases) / 2
    full = [case for case in cases if case.get(FULL_JACOBIAN)]
    assert full
    assert all(len(case["directions"]) == 4 for case in full)


def test_without_inputs_there_is_only_the_empty_direction_and_no_jacobian_to_count() -> None:
    (case, *_) = sample(probes(0, Fill("zeros", 0)), 3)
    assert [len(h) for h in case["directions"]] == [0]
    assert FULL_JACOBIAN not in case


def test_one_instance_in_ten_takes_a_quotient_of_differences() -> None:
    cases = sample(fills().flatmap(lambda fill: probes(4, fill)), 500)
    assert 25 <= sum(case[DIFFERENCES] for case in cases) <= 75
