"""The benchmark's two rates: what is timed, what is printed, and that a case which fails is no speed."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import cases, rates
from mirror.dims import Dims
from theorems import get
from theorems.engine.evidence.verdicts import Holds
from theorems.engine.theorem import Theorem

SHORT = ["--cases", "4", "--full", "1", "--sample", "2", "--processes", "1"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sample two quick theorems, in this process."""
    names = ["Proofs.Autograd.CtxVec.inner_get_single", "Proofs.Autograd.inner_sum"]
    found = {name: theorem for name, theorem in rates.theorems().items() if name in names}
    monkeypatch.setattr(rates, "theorems", lambda: found)
    monkeypatch.setattr(
        rates, "sampled", lambda names, examples, processes: [rates.sample((n, examples)) for n in names]
    )


def falsified(theorem: Theorem) -> Theorem:
    return replace(theorem, conclusion=lambda ar: [Holds("no", False)])


def test_cases_are_of_the_stated_size_with_a_dense_and_a_one_hot_direction() -> None:
    drawn = cases.block_cases(6, full=2)
    assert (len(drawn.cases), len(drawn.full)) == (6, 2)
    assert {case["dims"] for case in drawn.cases} == {Dims(seq_len=3, d_model=4, num_heads=2, head_dim=2, d_ff=5)}
    n = len(drawn.cases[0]["x"])
    assert {tuple(map(np.count_nonzero, case["directions"])) for case in drawn.cases} == {(n, 1)}
    assert np.array_equal(np.array(drawn.full[0]["directions"]), np.eye(n, dtype=int))
    assert not any(drawn.theorem.failed_hypotheses(case) for case in drawn.cases)


def test_both_rates_are_printed(few: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert rates.main(SHORT) == 0
    out = capsys.readouterr().out
    assert "at (n, H, d, D, F) = (3, 2, 2, 4, 5)" in out
    assert re.search(r"^  [1-9]\d* cases a second \(4 cases, two directions each\)$", out, re.M)
    assert re.search(r"^  [1-9]\d* cases a second with both hypotheses$", out, re.M)
    assert re.search(r"^  full Jacobian of 1 of them: [1-9]\d* directions a second$", out, re.M)
    assert re.search(r"^  [1-9][\d,]* cases an hour \(from \d+ cases\)$", out, re.M)
    assert re.search(r"^ +\d+\.\d %  +\d+\.\d\d ms a case  Proofs\.Autograd\.CtxVec\.inner_get_single$", out, re.M)


def test_a_theorem_that_fails_is_named(
    few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    name = "Proofs.Autograd.CtxVec.inner_get_single"
    monkeypatch.setattr(rates, "get", lambda n: falsified(get(n)) if n == name else get(n))
    assert rates.main(SHORT) == 1
    assert capsys.readouterr().err == f"does not pass: {name}\n"


def test_a_block_case_that_fails_is_named(
    few: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cases, "get", lambda name: falsified(get(name)))
    assert rates.main(SHORT) == 1
    assert capsys.readouterr().err == f"does not pass: {cases.THEOREM}\n"


def test_samples_run_in_other_processes_too() -> None:
    (report,) = rates.sampled(["Proofs.Autograd.CtxVec.inner_get_single"], 3, processes=1)
    assert (report.accepted, report.profile) == (3, "nightly")


def test_the_hourly_rate_counts_accepted_cases_on_busy_processes() -> None:
    report = rates.sample(("Proofs.Autograd.CtxVec.inner_get_single", 2))
    two = [replace(report, accepted=3, seconds=1.0), replace(report, accepted=1, seconds=3.0)]
    assert rates.per_hour(two, processes=2) == 7200.0


def test_a_count_below_one_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        rates.main(["--cases", "0"])
    assert ended.value.code == 2
    assert "argument --cases: '0' is not a count of at least 1" in capsys.readouterr().err
