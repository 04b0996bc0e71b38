"""The backend that instances are drawn with: it conforms, one seed is one sequence, and every draw is an instance."""

from __future__ import annotations

import ast
import dataclasses
import math
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.provider_conformance import run_conformance_test
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS
from hypothesis.internal.intervalsets import IntervalSet

import theorems as package
from tests.engine.strategies.sampling import sample
from theorems.engine import blocks, checking
from theorems.engine.evidence.verdicts import Equal, Judgement, Verdict
from theorems.engine.provider import BACKEND, SeededProvider, seeded
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.nodes.context import inner_get_single

SEEDS = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=40, deadline=None, database=None, phases=[Phase.generate])


class OffByOne(SeededProvider):
    def draw_integer(self, *args: int | None, **constraints: object) -> int:
        return 1 + super().draw_integer(*args, **constraints)  # pyright: ignore[reportArgumentType]


def test_it_conforms_to_the_interface() -> None:
    run_conformance_test(SeededProvider, provider_kw={"seed": SEEDS}, settings=FEW)


def test_a_provider_that_leaves_the_bounds_does_not() -> None:
    # Which is drawn first is by chance: an integer, or a string, whose letters are found by integers.
    with pytest.raises((AssertionError, IndexError), match=r"not permitted by|Invalid index"):
        run_conformance_test(OffByOne, provider_kw={"seed": SEEDS}, settings=FEW)


# Nothing private of Hypothesis

DOCUMENTED = {"AVAILABLE_PROVIDERS", "PrimitiveProvider", "IntervalSet"}
FOR_TYPES_ONLY = {"ConjectureData"}


def internals(source: str) -> set[str]:
    """What a module imports from the internals of Hypothesis."""
    froms = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    return {a.name for node in froms if (node.module or "").startswith("hypothesis.internal") for a in node.names}


def test_only_the_documented_interface_of_the_internals_is_used() -> None:
    for path in Path(package.__file__).parent.rglob("*.py"):
        assert internals(path.read_text(encoding="utf-8")) <= DOCUMENTED | FOR_TYPES_ONLY, path
    overridden = {name for name in vars(SeededProvider) if hasattr(SeededProvider.__base__, name)}
    assert not {name for name in overridden if name.startswith("_") and not name.endswith("_")} - {"_abc_impl"}


def test_an_import_of_something_private_is_seen() -> None:
    assert internals("from hypothesis.internal.conjecture.engine import ConjectureRunner") == {"ConjectureRunner"}


# Seeds


def drawn(seed: int | None = None) -> list[int]:
    provider = SeededProvider(None) if seed is None else SeededProvider(None, seed=seed)
    return [provider.draw_integer(0, 2**32 - 1) for _ in range(5)]


def test_a_seed_holds_within_its_context_and_contexts_nest() -> None:
    with seeded(1):
        outer = drawn()
        with seeded(2):
            assert drawn() == drawn(2)
        assert drawn() == outer == drawn(1)
    assert drawn() == drawn(0)
    assert len({*map(tuple, (drawn(0), drawn(1), drawn(2)))}) == 3


# What is drawn


def integers(count: int, least: int | None, most: int | None) -> list[int]:
    provider = SeededProvider(None, seed=0)
    return [provider.draw_integer(least, most) for _ in range(count)]


@pytest.mark.parametrize("least", [0, 7, -12])
def test_a_narrow_range_is_drawn_from_evenly(least: int) -> None:
    counts = Counter(integers(4000, least, least + 9))
    assert counts.keys() == {*range(least, least + 10)}
    assert all(300 < count < 500 for count in counts.values())


def test_choices_and_booleans_are_even() -> None:
    assert all(70 < count < 130 for count in Counter(sample(st.sampled_from("abcde"), 500)).values())
    assert 200 < sum(sample(st.booleans(), 500)) < 300


def test_seeds_hardly_repeat_and_the_ends_occur() -> None:
    seeds = sample(SEEDS, 1000)
    assert len(set(seeds)) > 900
    assert {0, 1, 2**32 - 2, 2**32 - 1} < set(seeds)


@pytest.mark.parametrize(
    ("least", "most", "nearest"), [(None, None, 0), (7, None, 7), (None, -7, -7), (-999, 999, 0), (0, 999, 0)]
)
def test_a_wide_range_favours_what_is_nearest_to_zero(least: int | None, most: int | None, nearest: int) -> None:
    values = integers(10_000, least, most)
    assert sum(abs(v - nearest) < 8 for v in values) > 100
    assert (min(values) < nearest) == (least != nearest)
    assert (max(values) > nearest) == (most != nearest)


def test_floats_are_of_every_size_and_some_are_notable() -> None:
    provider = SeededProvider(None, seed=0)
    floats = [provider.draw_float(smallest_nonzero_magnitude=5e-324) for _ in range(2000)]
    assert any(map(math.isnan, floats))
    assert {0.0, 1.0, math.inf, -math.inf} < set(floats)
    assert all(any(low < abs(x) < 1e10 * low for x in floats) for low in (1e-300, 1e-5, 1e290))


def test_texts_and_bytes_have_the_sizes_that_are_asked_for() -> None:
    provider = SeededProvider(None, seed=0)
    letters = IntervalSet.from_string("abc")
    assert {len(provider.draw_string(letters, min_size=2, max_size=4)) for _ in range(100)} == {2, 3, 4}
    assert {len(provider.draw_bytes(1, 3)) for _ in range(100)} == {1, 2, 3}
    assert provider.draw_string(IntervalSet(())) == ""


# Every draw is an instance


class Counting(SeededProvider):
    """Counts the test cases that Hypothesis starts, whatever becomes of them."""

    started = 0

    def per_test_case_context_manager(self) -> AbstractContextManager[None]:
        Counting.started += 1
        return super().per_test_case_context_manager()


@pytest.fixture
def wasted(monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """How many draws of a theorem's strategy became no instance."""

    def count(theorem: Theorem, examples: int = 6) -> int:
        Counting.started = 0
        monkeypatch.setitem(AVAILABLE_PROVIDERS, BACKEND, Counting)
        monkeypatch.setattr(blocks, "assess", lambda theorem, case: Judgement(Verdict.EQUAL, compared=1))
        report = checking.check(theorem, examples=examples)
        assert report.tried == examples
        return Counting.started + 1 - report.tried  # the first instance is the simplest, which Hypothesis builds

    return count


@pytest.mark.parametrize("name", theorems())
def test_no_draw_is_wasted(name: str, wasted: Callable[..., int]) -> None:
    assert wasted(theorems()[name]) == 0


def test_a_strategy_that_filters_is_seen(wasted: Callable[..., int]) -> None:
    tens = st.integers(0, 99).filter(lambda n: n % 10 == 0)
    filtering = dataclasses.replace(
        inner_get_single,
        instances=lambda sizes: st.fixed_dictionaries({"n": tens}),
        conclusion=lambda ar, n: iter((Equal("n = n", n, n),)),
    )
    assert wasted(filtering, examples=50) > 0
