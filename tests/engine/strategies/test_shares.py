"""What the instances look like: enough of them can refute, every corner occurs, and a blunted strategy is seen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flint import fmpq
from hypothesis import strategies as st

from mirror.dims import Dims
from mirror.linear_map import PositionWise, basis_vector
from tests.engine.strategies.shares import BLOCK, PACK, SEEDS, SUBLAYERS, drawn, unmet, wanted
from theorems.engine.registry import get
from theorems.engine.strategies import blocks, chains, epsilons, mixture, probes
from theorems.engine.strategies.mixture import Purpose
from theorems.engine.strategies.values import Fill


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Other tests run these lines; measuring their coverage here once more would triple the time."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


# The block on three seeds, the packs and norms on one each: `python -m tests.engine.strategies.shares` has the rest.
RUNS = [*((BLOCK, seed) for seed in SEEDS), (PACK, SEEDS[0]), (SUBLAYERS, SEEDS[1])]


@pytest.mark.parametrize(("name", "seed"), RUNS)
def test_enough_of_two_hundred_instances_can_refute_and_every_corner_occurs(name: str, seed: int) -> None:
    theorem = get(name)
    assert unmet(wanted(theorem), drawn(theorem, seed)) == {}


# ---- strategies that are blunted on purpose, each seen by what it spoils

Plant = Callable[[pytest.MonkeyPatch], None]


def equal_dimensions(monkeypatch: pytest.MonkeyPatch) -> None:
    same = st.integers(0, 3).map(lambda n: Dims(seq_len=n, d_model=n, num_heads=n, head_dim=n, d_ff=n))
    monkeypatch.setattr(blocks, "block_dimensions", lambda sizes, purpose: same)


def one_mask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "mask_families", lambda: st.just("none"))


def seeds_of(seed: Callable[[Fill, int], Any]) -> Plant:
    return lambda monkeypatch: monkeypatch.setattr(probes, "nowhere_zero", seed)


def positive_epsilons(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (blocks, chains):
        monkeypatch.setattr(module, "epsilons", lambda *_: st.sampled_from(epsilons.POSITIVE))


def values_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixture, "Fill", lambda family, seed, *, dense: Fill("zeros", seed))


def weights_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "kept", blocks.cut)


def one_basis_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "basis_vector", lambda n, j: basis_vector(n, 0))


def one_direction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "dense", lambda fill, n: basis_vector(n, 0))


def one_purpose(purpose: Purpose) -> Plant:
    return lambda monkeypatch: monkeypatch.setattr(mixture, "purposes", lambda: st.just(purpose))


def scale_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "scale", lambda *_: fmpq(0))


def packs_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    made = chains.pack

    def emptied(*arguments: Any) -> Any:
        smooth = made(*arguments)
        nothing: PositionWise = blocks.cut(smooth.linear)
        return replace(smooth, linear=nothing, quadratic=None, hyperbolic=None)

    monkeypatch.setattr(chains, "pack", emptied)


WHOLE = "no dimension 0, weights and scale not zero"
ACTIVE = "active in every input"
BLUNTED: dict[str, tuple[str, Plant, set[str]]] = {
    "equal dimensions only": (BLOCK, equal_dimensions, {"seq_len is not d_model", "num_heads is not head_dim"}),
    "one mask": (BLOCK, one_mask, {"mask: causal, gap -1", "mask: random"}),
    "no seed": (BLOCK, seeds_of(lambda fill, n: fill.vector(n) * 0), {"a seed without a zero"}),
    "a seed on the last entry only": (
        BLOCK,
        seeds_of(lambda fill, n: basis_vector(n, n - 1)),
        {"a seed without a zero"},
    ),
    "every ε positive": (BLOCK, positive_epsilons, {"ε = 0", "ε < 0"}),
    "every ε of the sublayers positive": (SUBLAYERS, positive_epsilons, {"ε = 0", "ε < 0"}),
    "all values zero": (BLOCK, values_zero, {ACTIVE, "values: integers"}),
    "weights zero": (BLOCK, weights_zero, {ACTIVE, WHOLE}),
    "scale zero": (BLOCK, scale_zero, {ACTIVE, WHOLE}),
    "packs zero": (PACK, packs_zero, {ACTIVE, "no dimension 0, packs and scale not zero"}),
    "the basis direction is always the first": (
        BLOCK,
        one_basis_direction,
        {"a basis direction beyond the first coordinate"},
    ),
    "no dense direction": (BLOCK, one_direction, {"a dense direction"}),
    "generic instances only": (BLOCK, one_purpose(Purpose.GENERIC), {"d_ff = 0", "seq_len > 4", "values: zeros"}),
    "no generic instance": (BLOCK, one_purpose(Purpose.ANYTHING), {ACTIVE, WHOLE, "every dimension at least 2"}),
}


@pytest.mark.parametrize("fault", BLUNTED)
def test_a_blunted_strategy_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, plant, seen_by = BLUNTED[fault]
    plant(monkeypatch)
    theorem = get(name)
    assert seen_by <= unmet(wanted(theorem), drawn(theorem, SEEDS[0], 30)).keys()
