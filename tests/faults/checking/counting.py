"""Faults of what is counted: what an instance's ending means, how runs are seeded, and how counts are added up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from tests.faults.checking.fault import CheckingFault, always, blunt
from theorems.engine.evidence.verdicts import Judgement, Verdict

_ENGINE = "theorems.engine."
_OF_BLOCKS = "tests/engine/test_blocks.py::"
_OF_CHECKING = "tests/engine/test_checking.py::"
_OF_ASSESSING = "tests/engine/test_assessing.py::"
_OF_PROVIDER = "tests/engine/test_provider.py::"


def _seed_without(part: str) -> Any:
    def breaks(original: Any) -> Any:
        def seed_of(drawing: Any, theorem: Any, number: int) -> int:
            if part == "name":
                theorem = replace(theorem, name="any")
            drawing = replace(drawing, seed=0) if part == "seed" else drawing
            return original(drawing, theorem, 0 if part == "number" else number)

        return seed_of

    return breaks


def _empty_is_accepted(original: Any) -> Any:
    return lambda counts, case, judgement: original(counts, case, replace(judgement, compared=judgement.compared or 1))


def _all_blocks(original: Any) -> Any:
    """Later blocks are counted after one that fails."""

    def add_up(blocks: Any) -> Any:
        found = list(blocks)
        total = original([replace(block, failure=None) for block in found])
        total.failure = next((block.failure for block in found if block.failure), None)
        return total

    return add_up


def _begun_at_once(original: Any) -> Any:
    """The simplest instance is taken for one that was drawn."""

    @contextmanager
    def seeded(seed: int) -> Iterator[Any]:
        with original(seed) as draws:
            draws.begun = 1
            yield draws

    return seeded


def _excused(original: Any) -> Any:
    return lambda case, judgement: original(case, judgement) and not case.get("boundary")


def _raised_passes(original: Any) -> Any:
    def assess(theorem: Any, case: Any) -> Judgement:
        found = original(theorem, case)
        return Judgement(Verdict.EQUAL, compared=1) if found.verdict is Verdict.RAISED else found

    return assess


def _everything_is_the_mirrors(original: Any) -> Any:
    return lambda error: "mirror"


def _five_per_cent(original: Any) -> Any:
    return lambda report: report.ending.passes and 20 * report.accepted >= 19 * (report.tried - report.boundary)


COUNTING: tuple[CheckingFault, ...] = (
    blunt(
        "every hypothesis is satisfied",
        _OF_ASSESSING + "test_hypotheses_that_an_instance_does_not_satisfy_are_named",
        _ENGINE + "theorem:Theorem.satisfies",
        always(True),
    ),
    blunt(
        "one instance in twenty may fail its hypotheses",
        _OF_CHECKING + "test_what_is_neither_accepted_nor_left_out_is_no_allowance",
        _ENGINE + "report:Report.passed",
        _five_per_cent,
    ),
    blunt(
        "any share of instances may be left out",
        _OF_CHECKING + "test_at_most_a_stated_share_is_left_out",
        _ENGINE + "report:MOST_LEFT_OUT",
        lambda most: 1.0,
    ),
    blunt(
        "a run of which too little was examined has a verdict that passes",
        _OF_CHECKING + "test_a_verdict_never_passes_where_the_run_does_not",
        _ENGINE + "report:Report.verdict",
        lambda original: lambda report: report.ending,
    ),
    blunt(
        "a run without an accepted instance passes",
        _OF_CHECKING + "test_nothing_but_empty_instances_is_no_evidence",
        _ENGINE + "report:Report.examined",
        always(True),
    ),
    blunt(
        "an empty instance is accepted",
        _OF_CHECKING + "test_an_instance_without_a_claim_is_empty_and_so_is_one_that_compares_nothing",
        _ENGINE + "counts:Counts.add",
        _empty_is_accepted,
    ),
    blunt(
        "a conclusion without a claim is judged",
        "tests/engine/evidence/test_verdicts.py::test_without_a_claim_there_is_nothing_to_judge",
        _ENGINE + "evidence.verdicts:judge",
        lambda original: lambda claims: original([*claims]) if (claims := [*claims]) else Judgement(Verdict.EQUAL),
    ),
    blunt(
        "a refutation at a boundary is excused",
        _OF_CHECKING + "test_a_boundary_does_not_excuse_a_refutation",
        _ENGINE + "assessing:fails",
        _excused,
    ),
    blunt(
        "an exception of the mirror passes",
        _OF_ASSESSING + "test_an_exception_of_the_mirror_is_raised",
        _ENGINE + "assessing:assess",
        _raised_passes,
    ),
    blunt(
        "a fault of what checks is laid on the mirror",
        _OF_ASSESSING + "test_an_exception_of_what_checks_is_no_verdict",
        _ENGINE + "assessing:_place_in_mirror",
        _everything_is_the_mirrors,
    ),
    blunt(
        "the shrinker leaves the kind of failure",
        _OF_ASSESSING + "test_failures_are_alike_by_verdict_hypotheses_and_exception",
        _ENGINE + "assessing:fails_alike",
        lambda original: lambda case, judgement, first: original(case, judgement, judgement),
    ),
    *(
        blunt(
            f"the seed of a block forgets the {part}",
            _OF_BLOCKS + "test_the_seed_of_a_block_is_made_of_run_name_and_number",
            _ENGINE + "blocks:Drawing.seed_of",
            _seed_without(part),
        )
        for part in ("name", "number", "seed")
    ),
    blunt(
        "the simplest instance counts in every block",
        _OF_BLOCKS + "test_the_simplest_instance_is_examined_once_a_theorem",
        _ENGINE + "provider:seeded",
        _begun_at_once,
    ),
    blunt(
        "a strategy may give fewer instances than were asked for",
        _OF_BLOCKS + "test_a_strategy_that_gives_too_few_instances_is_named",
        _ENGINE + "blocks:Drawing.length",
        lambda original: lambda drawing, number: min(original(drawing, number), 1),
    ),
    blunt(
        "counts go on after the first failing block",
        _OF_BLOCKS + "test_counts_end_with_the_first_failing_block_in_order",
        _ENGINE + "counts:add_up",
        _all_blocks,
    ),
    blunt(
        "repeats are not found",
        _OF_BLOCKS + "test_repeats_are_found_across_blocks",
        _ENGINE + "codec:fingerprint",
        lambda original: lambda case: original({**case, "other": str(id(case))}),
    ),
    blunt(
        "different instances are taken for repeats",
        "tests/engine/test_codec.py::test_a_fingerprint_is_of_the_values_alone",
        _ENGINE + "codec:fingerprint",
        always(b"one and the same"),
    ),
    blunt(
        "a fault of what checks counts as a change that does not fit",
        "tests/engine/test_traits.py::test_a_fault_of_what_checks_is_not_taken_for_a_change_that_does_not_fit[TypeError]",
        _ENGINE + "reacting:NO_INSTANCE",
        lambda narrow: (Exception,),
    ),
    blunt(
        "counts are changed before numbers",
        "tests/engine/test_traits.py::test_numbers_are_changed_before_counts",
        _ENGINE + "reacting:_changes",
        lambda original: lambda data: reversed([*original(data)]),
    ),
    blunt(
        "Hypothesis mutates what it has tried",
        _OF_CHECKING + "test_as_many_instances_are_tried_as_were_asked_for_and_repeats_are_counted",
        _ENGINE + "blocks:SETTINGS",
        lambda settings: type(settings)(settings, backend="hypothesis"),
    ),
    blunt(
        "a seed is not kept to",
        _OF_PROVIDER + "test_a_seed_holds_within_its_context_and_contexts_nest",
        _ENGINE + "provider:SeededProvider.draw_integer",
        lambda original: lambda provider, *args, **kwargs: original(type(provider)(seed=id(provider)), *args, **kwargs),
    ),
    blunt(
        "of a narrow range the least is drawn",
        _OF_PROVIDER + "test_a_narrow_range_is_drawn_from_evenly",
        _ENGINE + "provider:SeededProvider.draw_integer",
        lambda original: lambda provider, low=None, high=None, **kwargs: low if low is not None else 0,
    ),
    blunt(
        "every choice falls the same way",
        _OF_PROVIDER + "test_choices_and_booleans_are_even",
        _ENGINE + "provider:SeededProvider.draw_boolean",
        always(True),
    ),
)
