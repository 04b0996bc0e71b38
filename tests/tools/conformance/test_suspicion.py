"""What is inside its bound and beyond what is likely is said, and fails under --strict alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from mirror.bounds.bounded import Bounded
from tests.tools.conformance import kernels
from tests.tools.conformance.test_run import CAUSAL, conformed
from theorems.engine.evidence.block_floats import AttentionInstances
from theorems.tools.cli.render_conform import closing_lines, worst_lines
from theorems.tools.conformance.report import ConformanceReport

bounds = AttentionInstances.bounds


def with_bounds(monkeypatch: pytest.MonkeyPatch, **changed: float) -> None:
    def other(self: AttentionInstances, k: int, arithmetic: Any) -> tuple[Bounded, ...]:
        full = {name: float(value) for name, value in changed.items()}
        return tuple(
            b._replace(**{n: np.full_like(b.real, x) for n, x in full.items()}) for b in bounds(self, k, arithmetic)
        )

    monkeypatch.setattr(AttentionInstances, "bounds", other)


def rounded_once(strict: bool = False, **more: Any) -> ConformanceReport:
    return conformed(kernels.rounded_once, vjp=kernels.rounded_once_vjp, masks=(CAUSAL,), strict=strict, **more)


def test_what_is_likely_is_not_mentioned() -> None:
    report = rounded_once(strict=True)
    assert (report.exit_code, report.suspicion) == (0, "")
    assert not any(line.startswith("Suspicious") for line in closing_lines(report))
    assert "--strict" in report.again(report.lines[0])


def test_what_is_unlikely_is_said_and_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    with_bounds(monkeypatch, likely=1e-12)
    report = rounded_once()
    assert (report.exit_code, report.lines[0].output and report.lines[0].output.suspicious) == (0, 2)
    assert report.suspicion.startswith(
        "Suspicious: in 1 of 1 row something is inside its bound and beyond 5 roots of the sum of squares, which "
        "roundings that are independent and of mean zero exceed with a probability of at most 7.5e-06 an entry; "
        "furthest "
    )
    assert report.suspicion.endswith("likely 1.0e-12.")
    assert report.suspicion in list(closing_lines(report))
    assert report.sentence == "kernels:f conforms: outputs 2 of 2 inside; gradients 2 of 2 inside"


def test_what_is_unlikely_fails_strictly(monkeypatch: pytest.MonkeyPatch) -> None:
    with_bounds(monkeypatch, likely=0.0)
    report = rounded_once(strict=True)
    assert report.exit_code == 1
    assert report.sentence == (
        "kernels:f conforms: outputs 2 of 2 inside; gradients 2 of 2 inside; --strict rejects what is suspicious"
    )


def test_what_is_outside_is_not_called_suspicious(monkeypatch: pytest.MonkeyPatch) -> None:
    with_bounds(monkeypatch, likely=0.0, certified=0.0)
    report = rounded_once(strict=True)
    assert (report.exit_code, report.suspicion) == (1, "")
    assert "--strict" not in report.sentence


def test_an_error_is_printed_as_an_interval_where_the_real_value_is_not_known_better(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_bounds(monkeypatch, radius=2.0**-30, certified=2.0**-20)
    report = rounded_once(dims=("H=1,n=20,d=6",))
    assert any(line.startswith("  error from ") for line in worst_lines(report))
    assert not any(line.startswith("  error from ") for line in worst_lines(rounded_once()))
