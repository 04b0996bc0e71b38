"""Directions, seeds and dual pairs: none is zero by family, and an adjoint's two sides are rarely 0 = 0."""

from __future__ import annotations

import pytest

from mirror.linear_map import basis_vector
from mirror.spec.core.shape import Shape
from tests.engine.strategies.sampling import sample
from theorems.engine.case import DIFFERENCES, FULL_JACOBIAN
from theorems.engine.strategies.probes import FULL_LIMIT, dense, dual_pair, nowhere_zero, probes, seeded_probes
from theorems.engine.strategies.values import FAMILIES, Fill, fills


def is_basis_vector(v: object) -> bool:
    return sorted(v) == sorted(basis_vector(len(v), 0))  # type: ignore[arg-type,call-overload]


@pytest.mark.parametrize("family", FAMILIES)
def test_no_entry_of_a_dense_direction_a_seed_or_a_dense_fill_is_zero(family: str) -> None:
    for seed in range(20):
        fill = Fill(family, seed)
        assert all(dense(fill, 3))
        assert all(nowhere_zero(fill, 3))
        assert all(Fill(family, seed, dense=True).vector(5))
        assert all(Fill(family, seed, dense=True).weights(5))
        assert Fill(family, seed, dense=True).number()
    assert len(dense(Fill(family, 0), 0)) == len(nowhere_zero(Fill(family, 0), 0)) == 0


def test_at_most_one_of_a_dual_pair_is_a_basis_vector() -> None:
    pairs = [dual_pair(Fill("one-hot", seed), 4, 5) for seed in range(100)]
    kinds = {(is_basis_vector(dx), is_basis_vector(seed)) for dx, seed in pairs}
    assert kinds == {(False, False), (True, False), (False, True)}


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (1, 1)])
def test_a_dual_pair_has_the_lengths_asked_for(n: int, m: int) -> None:
    for seed in range(10):
        tangent, cotangent = dual_pair(Fill("integers", seed), n, m)
        assert (len(tangent), len(cotangent)) == (n, m)


def test_every_instance_is_probed_densely_and_along_a_basis_vector() -> None:
    cases = sample(fills().flatmap(lambda fill: probes(4, fill)), 300)
    assert all(all(case["directions"][0]) for case in cases)
    assert all(map(is_basis_vector, (h for case in cases for h in case["directions"][1:])))
    assert {tuple(case["directions"][1]) for case in cases} == {tuple(basis_vector(4, j)) for j in range(4)}


def test_a_full_jacobian_occurs_where_there_are_not_too_many_coordinates() -> None:
    full = [case for case in sample(fills().flatmap(lambda fill: probes(4, fill)), 300) if case.get(FULL_JACOBIAN)]
    assert 1 <= len(full) <= 30
    assert all(len(case["directions"]) == 1 + 4 for case in full)
    many = sample(fills().flatmap(lambda fill: probes(FULL_LIMIT + 1, fill)), 100)
    assert {(len(case["directions"]), case.get(FULL_JACOBIAN)) for case in many} == {(2, None)}


CONTEXT, SAVED = (Shape(2), Shape(3)), (Shape(2, 2), Shape(3))


def test_a_seed_is_nowhere_zero_or_on_the_output_alone() -> None:
    seeds = [case["seed"] for case in sample(fills().flatmap(lambda fill: seeded_probes(fill, CONTEXT, SAVED)), 200)]
    assert {len(seed) for seed in seeds} == {12}
    alone = [seed for seed in seeds if not all(seed)]
    assert 20 <= len(alone) <= 60
    assert all(not any(seed[:9]) and all(seed[9:]) for seed in alone)


@pytest.mark.parametrize("saved", [(), (Shape(2), Shape(0))])
def test_without_an_output_a_seed_is_nowhere_zero(saved: tuple[Shape, ...]) -> None:
    cases = sample(seeded_probes(Fill("integers", 1), CONTEXT, saved), 40)
    assert all(all(case["seed"]) for case in cases)


def test_without_inputs_there_is_only_the_empty_direction_and_no_jacobian_to_count() -> None:
    (case, *_) = sample(probes(0, Fill("zeros", 0)), 3)
    assert [len(h) for h in case["directions"]] == [0]
    assert FULL_JACOBIAN not in case


def test_one_instance_in_ten_takes_a_quotient_of_differences() -> None:
    cases = sample(fills().flatmap(lambda fill: probes(4, fill)), 200)
    assert 8 <= sum(case[DIFFERENCES] for case in cases) <= 36
