"""Blocks: each has a seed and instances of its own, whoever examines it, and their counts add up in order."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import assume
from hypothesis import strategies as st

from mirror.arithmetic import Arithmetic
from theorems.engine import blocks
from theorems.engine.blocks import BLOCK, Drawing, TooFewInstances, examine_block
from theorems.engine.case import Case
from theorems.engine.checking import check
from theorems.engine.counts import Counts, add_up
from theorems.engine.evidence.verdicts import Claim, Holds, Judgement, Verdict
from theorems.engine.families import Family
from theorems.engine.sizes import Sizes
from theorems.engine.theorem import Theorem
from theorems.nodes.context import inner_get_raw_single_raw, inner_get_single

LENGTH = 2 * BLOCK + 7
RUN = Drawing(seed=5, sizes=Sizes(), examples=LENGTH)


def numbers(sizes: Sizes) -> st.SearchStrategy[Case]:
    """Numbers that hardly repeat."""
    part = st.integers(0, 10**6)
    return st.tuples(part, part).map(lambda parts: {"n": 10**9 * parts[0] + parts[1]})


def passes(ar: Arithmetic, n: int) -> Iterator[Claim]:
    yield Holds("n is at least 0", n >= 0)


NUMBERED = dataclasses.replace(inner_get_single, instances=numbers, conclusion=passes)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """The numbers of a block, or of a run, in the order in which they are examined."""
    seen: list[int] = []
    fine = Judgement(Verdict.EQUAL, compared=1)
    monkeypatch.setattr(blocks, "assess", lambda theorem, case: (seen.append(case["n"]), fine)[1])

    def draw(number: int | None = None, run: Drawing = RUN, theorem: Theorem = NUMBERED) -> list[int]:
        seen.clear()
        for k in run.blocks if number is None else (number,):
            examine_block(theorem, run, k)
        return list(seen)

    return draw


def test_blocks_have_one_size_but_for_the_last() -> None:
    assert [RUN.length(k) for k in RUN.blocks] == [BLOCK, BLOCK, 7]
    assert [list(dataclasses.replace(RUN, examples=n).blocks) for n in (1, BLOCK, BLOCK + 1)] == [[0], [0], [0, 1]]
    assert [examine_block(NUMBERED, RUN, k).tried for k in RUN.blocks] == [BLOCK, BLOCK, 7]


def test_the_seed_of_a_block_is_made_of_run_name_and_number() -> None:
    other = dataclasses.replace(NUMBERED, name=inner_get_raw_single_raw.name)
    namesake = dataclasses.replace(NUMBERED, name=f"Another.{NUMBERED.name.rpartition('.')[2]}")
    seeds = [
        Drawing(seed, Sizes(), 100).seed_of(theorem, number)
        for seed in (0, 1, 10)
        for theorem in (NUMBERED, other, namesake)
        for number in (0, 1, 2, 11)
    ]
    assert len(set(seeds)) == len(seeds) == 36
    assert RUN.seed_of(NUMBERED, 1) == Drawing(5, Sizes(dimension=9), 77).seed_of(NUMBERED, 1)


def test_a_block_draws_the_same_alone_as_in_a_run(drawn: Callable[..., list[int]]) -> None:
    whole = drawn()
    assert len(whole) == LENGTH
    assert [n for k in reversed(RUN.blocks) for n in reversed(drawn(k))] == whole[::-1]


def test_blocks_theorems_and_runs_draw_instances_of_their_own(drawn: Callable[..., list[int]]) -> None:
    alias = dataclasses.replace(NUMBERED, name=inner_get_raw_single_raw.name)
    sequences = [drawn(1), drawn(0)[1:], drawn(1, theorem=alias), drawn(1, dataclasses.replace(RUN, seed=6))]
    assert all(len(set(one) & set(other)) < 5 for k, one in enumerate(sequences) for other in sequences[:k])


@pytest.mark.parametrize("forgets", ["name", "number", "seed"])
def test_a_seed_that_forgets_a_part_would_draw_the_same_again(
    drawn: Callable[..., list[int]], monkeypatch: pytest.MonkeyPatch, forgets: str
) -> None:
    right = Drawing.seed_of

    def forgetful(self: Drawing, theorem: Theorem, number: int) -> int:
        run = dataclasses.replace(self, seed=0) if forgets == "seed" else self
        return right(run, inner_get_single if forgets == "name" else theorem, 0 if forgets == "number" else number)

    monkeypatch.setattr(Drawing, "seed_of", forgetful)
    alias = dataclasses.replace(NUMBERED, name=inner_get_raw_single_raw.name)
    pairs = {
        "name": (drawn(1), drawn(1, theorem=alias)),
        "number": (drawn(0)[1:], drawn(1)[:-1]),
        "seed": (drawn(1), drawn(1, dataclasses.replace(RUN, seed=6))),
    }
    assert [name for name, (one, other) in pairs.items() if one == other] == [forgets]


def test_a_longer_run_begins_with_the_blocks_of_a_shorter_one(drawn: Callable[..., list[int]]) -> None:
    shorter = drawn()
    assert drawn(run=dataclasses.replace(RUN, examples=4 * BLOCK))[: 2 * BLOCK] == shorter[: 2 * BLOCK]


def test_the_simplest_instance_is_examined_once_a_theorem(drawn: Callable[..., list[int]]) -> None:
    assert drawn(0)[0] == 0
    assert 0 not in drawn(1)
    assert drawn().count(0) == 1
    assert drawn(run=dataclasses.replace(RUN, examples=1)) == [0]


def test_the_simplest_instance_may_be_none() -> None:
    @st.composite
    def without(draw: st.DrawFn, sizes: Sizes) -> Case:
        n = draw(st.integers(0, 10**6))
        assume(n)
        return {"n": n}

    theorem = dataclasses.replace(NUMBERED, instances=without)
    assert [examine_block(theorem, RUN, k).tried for k in RUN.blocks] == [BLOCK, BLOCK, 7]


def test_a_strategy_that_gives_too_few_instances_is_named() -> None:
    accepts = iter([True] * 3)
    filtering = st.integers(0, 10**6).filter(lambda n: next(accepts, False)).map(lambda n: {"n": n})
    for strategy in (filtering, st.just({"n": 1})):
        with pytest.raises(TooFewInstances, match=r"the strategy of .*inner_get_single gave \d+ of 25 instances"):
            examine_block(dataclasses.replace(NUMBERED, instances=lambda sizes, s=strategy: s), RUN, 0)


# ---- adding up


def falsified(fails: Callable[[int], bool]) -> Theorem:
    def conclusion(ar: Arithmetic, n: int) -> Iterator[Claim]:
        yield Holds("n is none of these", not fails(n))

    return dataclasses.replace(NUMBERED, conclusion=conclusion)


def test_counts_end_with_the_first_failing_block_in_order(drawn: Callable[..., list[int]]) -> None:
    sequences = [drawn(k) for k in RUN.blocks]
    second, third = sequences[1][4], sequences[2][0]

    def one_of_two(ar: Arithmetic, n: int) -> Iterator[Claim]:
        yield Holds("n is neither", n not in (second, third))

    theorem = dataclasses.replace(NUMBERED, conclusion=one_of_two)
    with pytest.MonkeyPatch.context() as patch:
        from theorems.engine.assessing import assess

        patch.setattr(blocks, "assess", assess)
        tallies = {k: examine_block(theorem, RUN, k) for k in reversed(RUN.blocks)}
    assert [tallies[k].tried for k in RUN.blocks] == [BLOCK, 5, 1]
    total = add_up(tallies[k] for k in RUN.blocks)
    assert (total.tried, total.accepted, total.compared) == (BLOCK + 5, BLOCK + 4, BLOCK + 4)
    assert total.failure is tallies[1].failure
    assert total.failure is not None
    assert total.failure.case["n"] == second


def test_a_run_examines_no_block_after_the_first_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    examined: list[int] = []
    from theorems.engine import checking

    def examine(theorem: Theorem, run: Drawing, number: int, **_: Any) -> Counts:
        examined.append(number)
        return examine_block(theorem, run, number)

    monkeypatch.setattr(checking, "examine_block", examine)
    report = check(falsified(lambda n: n > 0), examples=10 * BLOCK)
    assert (report.verdict, report.tried, examined) == (Verdict.REFUTED, 2, [0])


def test_every_count_is_added_up() -> None:
    case = {"n": 1, "full_jacobian": True}
    found = Counts()
    found.add(NUMBERED, case, Judgement(Verdict.ENCLOSED, 0.5, compared=3))
    found.add(NUMBERED, case, Judgement(Verdict.EQUAL))
    found.add(NUMBERED, {"n": 2, "boundary": True}, Judgement(Verdict.UNDECIDED))
    twice = add_up([found, found])
    counts = {f.name: getattr(twice, f.name) for f in dataclasses.fields(Counts)}
    assert counts.pop("seen") == found.seen
    assert counts.pop("traits") == {trait: 2 * count for trait, count in found.traits.items()}
    assert found.traits[Family.VECTORS] == 3
    assert found.traits["width: -1"] == 1, "of the accepted one that has a width"
    assert len(found.seen) == 2
    assert counts == {
        **{"tried": 6, "accepted": 2, "empty": 2, "boundary": 2, "compared": 6, "full": 2},
        **{"width": 0.5, "verdict": Verdict.ENCLOSED, "failure": None},
    }


@pytest.mark.parametrize("order", [1, -1])
def test_the_widest_enclosure_and_the_weakest_verdict_of_all_blocks_count(order: int) -> None:
    wide, exact = Counts(tried=1, width=0.5, verdict=Verdict.ENCLOSED), Counts(tried=1, verdict=Verdict.EQUAL)
    total = add_up([wide, exact][::order])
    assert (total.tried, total.width, total.verdict) == (2, 0.5, Verdict.ENCLOSED)


def test_repeats_are_found_across_blocks(drawn: Callable[..., list[int]]) -> None:
    few: Any = dataclasses.replace(NUMBERED, instances=lambda sizes: st.fixed_dictionaries({"n": st.integers(0, 2)}))
    total = add_up(examine_block(few, RUN, k) for k in RUN.blocks)
    assert (total.tried, len(total.seen)) == (LENGTH, 3)
