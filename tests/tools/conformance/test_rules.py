"""The rules of others, each at its own limit, and the plain implementation that one of them measures by."""

from __future__ import annotations

import math
from dataclasses import replace

import ml_dtypes
import numpy as np
import pytest

from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import declared_for
from tests.tools.conformance import kernels
from tests.tools.conformance.test_run import CAUSAL, conformed
from theorems.engine.evidence.block_floats import Instances
from theorems.tools.conformance.calling import Part, Returned
from theorems.tools.conformance.judging import INSIDE, judged
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, Kind, drawn
from theorems.tools.conformance.known import KnownArray
from theorems.tools.conformance.lanes import known_of
from theorems.tools.conformance.plain import plainly
from theorems.tools.conformance.rules import RULES, Compared, accepted

BY_NAME = {rule.name: rule for rule in RULES}
DTYPES = {"float64": np.float64, "float32": np.float32, "bfloat16": ml_dtypes.bfloat16}


def compared(got: float, plain: float = 1.0, dtype: str = "float32", reference: float = 1.0) -> Compared:
    return Compared(np.array([got]), *(np.array([x], DTYPES[dtype]) for x in (reference, plain)))


@pytest.mark.parametrize(
    ("rule", "dtype", "most"),
    [
        ("torch.testing", "float64", 1e-7 + 1e-7),
        ("torch.testing", "float32", 1e-5 + 1.3e-6),
        ("torch.testing", "bfloat16", 1e-5 + 1.6e-2),
        ("KernelBench", "float64", 2e-4),
        ("KernelBench", "float32", 2e-4),
        ("KernelBench", "bfloat16", 2e-2),
    ],
)
def test_a_rule_with_tolerances_accepts_up_to_them(rule: str, dtype: str, most: float) -> None:
    for sign in (1, -1):
        assert BY_NAME[rule].accepts(compared(1 + sign * 0.999 * most, dtype=dtype))
        assert not BY_NAME[rule].accepts(compared(1 + sign * 1.001 * most, dtype=dtype))
    assert BY_NAME[rule].allows(compared(1, dtype=dtype)) == pytest.approx(most)


def test_flash_attentions_rule_accepts_twice_what_the_plain_one_loses() -> None:
    rule, plain = BY_NAME["flash-attention"], np.float32(1 + 2.0**-20)
    shift = np.float32(0.3)
    atol = 2 * abs(float(np.float32(0.7) + shift - shift) - float(np.float32(0.7)))
    for reference, slack in ((0.7, atol), (0.5, 0.0)):
        of = np.float32(reference)
        most = 2 * abs(float(plain) - float(of)) + slack
        assert rule.accepts(compared(float(of) + most, float(plain), reference=float(of)))
        assert not rule.accepts(compared(float(of) + most * 1.0001, float(plain), reference=float(of)))
        assert rule.allows(compared(0.0, float(plain), reference=float(of))) == pytest.approx(most)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.name)
def test_no_rule_accepts_what_is_no_number_or_has_no_reference(rule: object) -> None:
    assert not BY_NAME[rule.name].accepts(compared(math.nan))  # type: ignore[attr-defined]
    assert not BY_NAME[rule.name].accepts(compared(1.0, reference=math.nan))  # type: ignore[attr-defined]


# ---- the plain implementation


def batch_of(kind: Kind, dtype: str) -> Instances:
    return drawn(kind, kind.shapes[0], CAUSAL, dtype, 2, 0)


@pytest.mark.parametrize("kind", [ATTENTION, BLOCK], ids=lambda k: k.name)
def test_the_plain_implementation_is_inside(kind: Kind) -> None:
    batch = batch_of(kind, "float32")
    for k, known in enumerate(known_of(batch, declared_for("float32", "numpy"))):
        parts = [Part("plain", a.astype(np.float64)) for a in plainly(batch, k)]
        assert judged(parts, known).verdict is INSIDE


@pytest.mark.parametrize("kind", [ATTENTION, BLOCK], ids=lambda k: k.name)
def test_the_plain_implementation_has_the_dtype_throughout(kind: Kind) -> None:
    batch = batch_of(kind, "bfloat16")
    (fine, *_), (coarse, *_) = plainly(batch_of(kind, "float32"), 0), plainly(batch, 0)
    assert {a.dtype.name for a in plainly(batch, 0)} == {"bfloat16"}
    assert 0.5 > np.abs(coarse.astype(np.float64) - fine).max() > 2.0**-10  # every step is rounded, not the result


def test_a_norm_that_has_no_derivative_has_none_plainly() -> None:
    batch = batch_of(BLOCK, "float32")
    inputs = batch.inputs._replace(residual=np.zeros_like(batch.inputs.residual))
    p = batch.parameters  # type: ignore[attr-defined]
    still = replace(p, merge=0 * p.merge, merge_bias=0 * p.merge_bias, eps1=0.0)
    y, *cotangents = plainly(replace(batch, inputs=inputs, parameters=still), 0)  # type: ignore[type-var]
    assert np.isfinite(y).all()
    assert not np.any(cotangents[3])


# ---- on the same instances


def test_what_is_not_known_is_accepted_by_none() -> None:
    batch = batch_of(ATTENTION, "float32")
    known = next(known_of(batch, declared_for("float32")))
    right = Returned(Part("output", plainly(batch, 0)[0].astype(np.float64)), None)
    assert accepted(plainly(batch, 0), known, right).outputs == {"flash-attention", "KernelBench", "torch.testing"}
    found = accepted(plainly(batch, 0), known, right)
    largest = np.abs(known[0].bounded.real).max()
    assert found.allowed["KernelBench"] == pytest.approx(1e-4 * (1 + largest), rel=1e-6)
    assert (found.allowed_gradients, found.gradients) == ({}, frozenset())
    unknown = KnownArray.of(Bounded(*(np.full(known[0].tail.shape, x) for x in (1.0, math.inf, math.inf, math.inf))))
    of_unknown = accepted(plainly(batch, 0), (unknown, *known[1:]), right)
    assert (of_unknown.outputs, of_unknown.allowed) == (frozenset(), {})
    assert not accepted(plainly(batch, 0), known, Returned(Part("output", None, "none"), None)).outputs


def test_a_report_says_which_rule_lets_what_through() -> None:
    right = conformed(kernels.rounded_once, vjp=kernels.rounded_once_vjp)
    keys, weights = conformed(kernels.wrong_gradient), conformed(kernels.in_bfloat16, forward_only=True)
    assert right.other_rules == (
        "flash-attention accepts 2 of 2 outputs and 2 of 2 gradients; KernelBench accepts 2 of 2 outputs; "
        "torch.testing accepts 2 of 2 outputs and 2 of 2 gradients"
    )
    assert "flash-attention accepts 2 of 2 outputs and 0 of 2 gradients" in keys.other_rules
    assert "KernelBench accepts 0 of 2 outputs" in weights.other_rules
    assert weights.other_rules.endswith("torch.testing accepts 0 of 2 outputs")  # no gradients, nothing said of them
