"""The reference lies in the mirror's enclosure, and what is wrong does not get through."""

from __future__ import annotations

import numpy as np
import pytest

from mirror.arithmetic.rounded import JAX_FLOAT32, NUMPY_FLOAT64
from mirror.dims import Dims
from tests.tools.bench import fields
from theorems.engine.evidence.floats import FloatVerdict
from theorems.tools.bench import gate
from theorems.tools.bench.entrants import entrants
from theorems.tools.bench.peers import with_numpy
from theorems.tools.bench.problem import TINY, Problem, Size, problem
from theorems.tools.bench.reference import reference


@pytest.fixture(scope="module", params=[True, False], ids=["causal", "dense"])
def tiny(request: pytest.FixtureRequest) -> Problem:
    return problem(TINY, seed=1, causal=request.param)


@pytest.fixture(scope="module")
def enclosed(tiny: Problem) -> gate.Enclosed:
    return gate.Enclosed.of(tiny, NUMPY_FLOAT64)


def test_the_reference_is_what_the_mirror_computes(tiny: Problem, enclosed: gate.Enclosed) -> None:
    found = enclosed.judge(reference(tiny))
    assert found.verdict is FloatVerdict.INSIDE
    assert found.bound < 1e-8


@pytest.mark.parametrize("entry", range(10))
def test_every_result_of_the_reference_is_examined(tiny: Problem, enclosed: gate.Enclosed, entry: int) -> None:
    results = reference(tiny)
    results[entry] = results[entry].copy()
    results[entry].flat[-1] += 1e-6
    assert enclosed.judge(results).verdict is FloatVerdict.OUTSIDE


def test_a_wrong_result_in_float32_is_outside() -> None:
    p = problem(TINY)
    enclosed = gate.Enclosed.of(p, JAX_FLOAT32)
    assert enclosed.judge(with_numpy.build(p).results()).verdict is FloatVerdict.INSIDE
    assert enclosed.judge(fields.shifted(p, "cpu").results()).verdict is FloatVerdict.OUTSIDE


def test_the_mirror_takes_one_example() -> None:
    with pytest.raises(ValueError, match="no batch axis, got a batch of 2"):
        gate.Enclosed.of(problem(Size(2, Dims(seq_len=2, d_model=2, num_heads=1, head_dim=2, d_ff=2))), NUMPY_FLOAT64)


def test_the_error_is_relative_to_the_largest_entry_of_each_result() -> None:
    expected = [np.array([1.0, -10.0]), np.array([[0.5]])]
    assert gate.error(expected, expected) == 0
    assert gate.error([np.array([2.0, -10.0]), np.array([[0.5]])], expected) == pytest.approx(0.1)
    assert gate.error([np.array([1.0, -10.0]), np.array([[0.25]])], expected) == pytest.approx(0.5)


@pytest.mark.parametrize("bad", [[np.array([np.nan])], [np.array([np.inf])], [np.array([[1.0]])], []])
def test_a_result_that_is_no_number_or_of_another_shape_is_infinitely_wrong(bad: list[np.ndarray]) -> None:
    assert gate.error(bad, [np.array([1.0])]) == np.inf


def test_who_is_wrong_is_named_and_not_timed() -> None:
    named = fields.named(doubled=fields.doubled, shifted=fields.shifted, banned=fields.exact)
    found = entrants(named, problem(TINY), "cpu", banned=["banned"])
    assert [entrant.name for entrant in found.right] == ["leanmirror", "leanmirror, nothing skipped"]
    assert found.wrong.keys() == {"doubled", "shifted"}
    assert found.wrong["doubled"] == pytest.approx(1, rel=1e-5)
    assert found.skipped == {}


def test_who_cannot_run_is_skipped_with_the_reason() -> None:
    found = entrants(fields.named(missing=fields.missing, broken=fields.broken), problem(TINY), "cpu")
    assert len(found.right) == 2
    assert found.skipped["missing"] == "nolib is not installed: pip install 'leanmirror[nolib]'"
    assert found.skipped["broken"].startswith("NotImplementedError: no kernel for this shape shape")
    assert found.skipped["broken"].endswith("…")
