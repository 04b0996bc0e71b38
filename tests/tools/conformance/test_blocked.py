"""Queries that see no key: what a function does there is told apart, and everything else is judged as ever."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.tools.conformance import kernels
from tests.tools.conformance.test_run import BLOCKED, conformed, worst
from theorems.tools.conformance import ours
from theorems.tools.conformance.blocked import BlockedRows, blocked_entries
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, Kind, drawn
from theorems.tools.conformance.target import WrongCall
from theorems.tools.conformance.wanted import Wanted

INFINITE = f"{BLOCKED}, -inf"


def with_rows(value: float, everywhere: float = 0.0) -> Any:
    """The right attention, but that rows without a key get a value, or everything gets something more."""

    def kernel(q: Any, kt: Any, v: Any, bias: Any, scale: float) -> Any:
        found = kernels.rounded_once(q, kt, v, np.maximum(bias, np.float32(-1e9)), scale) + np.float32(everywhere)
        found[bias.max(axis=-1) < -1e8] = value
        return found

    return kernel


def ways(report: Any) -> list[str]:
    return [line.blocked for line in report.lines]


def test_the_entries_are_those_of_the_blocked_queries() -> None:
    for kind, ends in ((ATTENTION, (2, 1, 3)), (BLOCK, (1, 4))):
        batch = drawn(kind, kind.shapes[0], BLOCKED, "float32", 2, 0)
        found = blocked_entries(batch)
        assert found.shape == batch.cotangent.shape[1:]
        assert found.sum() == np.prod(ends)
        assert not blocked_entries(drawn(kind, kind.shapes[0], "no mask", "float32", 2, 0)).any()


@pytest.mark.parametrize(("kind", "function"), [(ATTENTION, kernels.attention), (BLOCK, kernels.block)])
def test_the_mean_of_the_values_is_a_remark_and_everything_else_is_judged(kind: Kind, function: Any) -> None:
    report = conformed(function, kind, masks=(BLOCKED,))
    assert (report.exit_code, ways(report)) == (0, [BlockedRows.UNIFORM])
    assert report.total("inside") == report.total("inside", "gradients") == 2
    assert report.conduct[0] == report.blocked_rows
    assert report.blocked_rows.startswith(
        "Blocked rows: where a query sees no key, it returns the mean of the values (1 of 1), as a float has no digit"
    )
    assert report.blocked_rows.endswith("; only --strict rejects that, and --blocked-rows uniform declares it.")
    strict = conformed(function, kind, masks=(BLOCKED,), strict=True)
    assert strict.exit_code == 1
    assert strict.sentence.endswith("; --strict rejects what it does with blocked rows")


def test_leans_value_is_no_remark() -> None:
    report = conformed(ours.attention, masks=(BLOCKED,), strict=True)
    assert (report.exit_code, report.blocked_rows, ways(report)) == (0, "", [BlockedRows.EXACT])


@pytest.mark.parametrize(
    ("value", "mask", "way", "said"),
    [
        (0.0, BLOCKED, BlockedRows.ZERO, "it returns 0 (1 of 1)"),
        (np.nan, BLOCKED, BlockedRows.NAN, "it returns NaN (1 of 1)"),
        (7.0, BLOCKED, BlockedRows.OTHER, "it returns neither Lean's value nor the mean nor 0 (1 of 1)"),
        (0.0, INFINITE, BlockedRows.ZERO, "it returns 0 (1 of 1)"),
    ],
)
def test_other_conventions_are_named(value: float, mask: str, way: BlockedRows, said: str) -> None:
    report = conformed(with_rows(value), masks=(mask,))
    assert (report.exit_code, ways(report), report.total("inside")) == (0, [way], 2)
    assert said in report.blocked_rows


def test_a_fault_elsewhere_is_a_fault_all_the_same() -> None:
    for blocked in (None, "skip", "zero"):
        report = conformed(with_rows(0.0, everywhere=1e-3), masks=(BLOCKED,), blocked=blocked)
        assert (report.exit_code, report.total("outside")) == (1, 2)


@pytest.mark.parametrize(
    ("declared", "value", "outside"),
    [
        ("zero", 0.0, 0),
        ("zero", 1e-6, 2),
        ("uniform", 0.0, 2),
        ("exact", 0.0, 2),
        ("skip", 7.0, 0),
        ("skip", np.nan, 0),
    ],
)
def test_what_is_declared_is_held_to(declared: str, value: float, outside: int) -> None:
    report = conformed(with_rows(value), masks=(BLOCKED,), blocked=declared)
    assert (report.total("outside"), report.exit_code, report.blocked_rows) == (outside, int(outside > 0), "")
    assert f"--blocked-rows {declared}" in report.again(report.lines[0])


def test_a_block_without_keys_is_what_its_residual_stream_makes_of_nothing() -> None:
    def zero(context: Any, parameters: Any, bias: Any) -> Any:
        return np.zeros_like(context.residual)

    assert conformed(zero, BLOCK, masks=(BLOCKED,), blocked="zero", forward_only=True).exit_code == 1
    assert conformed(kernels.block, BLOCK, masks=(BLOCKED,), blocked="uniform").exit_code == 0
    report = conformed(kernels.block, BLOCK, masks=(BLOCKED,), blocked="zero")
    assert (report.total("outside"), report.total("inside", "gradients")) == (2, 2)


def test_gradients_beside_nan_are_not_judged_and_beside_a_number_they_are() -> None:
    def wrong(*arguments: Any) -> Any:
        return tuple(a * np.float32(1.01) for a in kernels.rounded_once_vjp(*arguments))

    assert conformed(with_rows(np.nan), vjp=wrong, masks=(BLOCKED,)).total("outside", "gradients") == 0
    assert conformed(with_rows(0.0), vjp=wrong, masks=(BLOCKED,)).total("outside", "gradients") == 2
    assert conformed(with_rows(0.0), vjp=kernels.rounded_once_vjp, masks=(BLOCKED,)).exit_code == 0


def test_another_shape_is_told_as_ever() -> None:
    report = conformed(kernels.zeros_flat, masks=(BLOCKED,))
    assert (report.exit_code, worst(report).got[:22]) == (1, "output has shape (24,)")


def test_no_row_of_infinities_is_exact() -> None:
    with pytest.raises(WrongCall, match=r"^no row of -inf has an exact value: --minus-inf goes with --"):
        Wanted.of(ATTENTION, "float32", 1, 0, minus_infinity=True, blocked="exact")
