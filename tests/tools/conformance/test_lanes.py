"""Balls beside `mirror.bounds`: at small shapes each holds the other, and they say who is asked where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mirror.arithmetic import Undecided
from mirror.bounds.bounded import Bounded
from mirror.bounds.declared import declared_for
from theorems.engine.evidence.block_floats import AttentionInstances, BlockInstances, Instances
from theorems.tools.conformance import lanes
from theorems.tools.conformance.calling import Part
from theorems.tools.conformance.declaring import Declared
from theorems.tools.conformance.dims import parsed
from theorems.tools.conformance.judging import INSIDE, OUTSIDE, UNDECIDED, judged
from theorems.tools.conformance.kinds import ATTENTION, BLOCK, Kind, drawn
from theorems.tools.conformance.known import KnownArray
from theorems.tools.conformance.lanes import known_of
from theorems.tools.conformance.plain import plainly

CAUSAL = "causal, gap -1e4"
KINDS = pytest.mark.parametrize("kind", [ATTENTION, BLOCK], ids=lambda k: k.name)


def batch_of(kind: Kind, dtype: str = "float32", mask: str = CAUSAL, dims: str = "") -> Instances:
    shape = parsed(dims, kind) if dims else kind.shapes[0]
    return drawn(kind, shape, mask, dtype, 1, 0)


def known(batch: Instances, **said: Any) -> tuple[KnownArray, ...]:
    dtype = batch.cotangent.dtype.name
    return next(known_of(batch, Declared(**said).arithmetic(dtype, "numpy")))


@KINDS
def test_at_small_shapes_the_real_value_is_that_of_the_balls(kind: Kind) -> None:
    batch = batch_of(kind)
    matrices = batch.bounds(0, declared_for("float32", "numpy"))
    for both, alone in zip(known(batch), matrices, strict=True):
        assert (both.bounded.radius < 1e-30).all()
        # The referee: what matrices know of the real value holds what balls know.
        assert (both.distance(alone.real) <= alone.radius * (1 + 1e-12)).all()


@KINDS
def test_balls_enclose_what_floats_arrive_at_only_where_bounds_are_silent(
    kind: Kind, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = batch_of(kind)
    monkeypatch.setattr(type(batch), "enclosures", lambda self, ar: pytest.fail("nobody needs them"))
    alone = batch.bounds(0, declared_for("float32", "numpy"))
    for both, bounds in zip(known(batch), alone, strict=True):
        assert (both.bounded.certified <= bounds.certified + bounds.radius + 1e-20).all()


def test_at_a_larger_shape_balls_are_asked_for_float64_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    dims, asked = "H=1,n=20,d=6", []
    real = AttentionInstances.real
    monkeypatch.setattr(AttentionInstances, "real", lambda self, k: asked.append(k) or real(self, k))
    (y, *_) = known(batch_of(ATTENTION, dims=dims))
    assert asked == []
    assert (y.bounded.radius < 0.1 * y.bounded.certified).all()
    (y, *_) = known(batch_of(ATTENTION, "float64", dims=dims))
    assert asked == [0]
    assert (y.bounded.radius < 1e-30).all()
    monkeypatch.setattr(lanes, "IN_BALLS", 10)
    known(batch_of(ATTENTION, "float64", dims=dims))
    assert asked == [0]


def test_what_balls_cannot_decide_the_bounds_still_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(self: Instances, k: int) -> np.ndarray:
        raise Undecided("the sign of a ball")

    monkeypatch.setattr(Instances, "real", undecided)
    batch = batch_of(ATTENTION)
    parts = [Part("plain", a.astype(np.float64)) for a in plainly(batch, 0)]
    assert judged(parts, known(batch)).verdict is INSIDE


def test_where_bounds_are_silent_balls_speak(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(self: AttentionInstances, k: int, arithmetic: Any) -> tuple[Bounded, ...]:
        shapes = [self.inputs[2][k].shape, *(a[k].shape for a in self.inputs)]
        return tuple(Bounded(*(np.full(shape, np.nan) for _ in range(4))) for shape in shapes)

    monkeypatch.setattr(AttentionInstances, "bounds", silent)
    batch = batch_of(ATTENTION)
    parts = [Part("plain", a.astype(np.float64)) for a in plainly(batch, 0)]
    assert judged(parts, known(batch)).verdict is INSIDE
    assert judged(parts, known(batch, p_dtype="bfloat16")).verdict is UNDECIDED  # of which balls know nothing
    assert judged([Part("plain", parts[0].values + 1e-3)], known(batch)[:1]).verdict is OUTSIDE  # type: ignore[operator]


@KINDS
def test_a_row_of_large_numbers_alone_is_bounded_as_lean_has_it(kind: Kind) -> None:
    batch = batch_of(kind, mask="fully blocked rows", dims="H=1,n=20,d=6" if kind is ATTENTION else "")
    relative = batch.bias - batch.bias.max(axis=-1, keepdims=True)  # type: ignore[attr-defined]
    told = [Part("plain", a.astype(np.float64)) for a in plainly(replace(batch, bias=relative), 0)]  # type: ignore[type-var]
    lost = [Part("plain", a.astype(np.float64)) for a in plainly(batch, 0)]
    assert judged(told, known(batch)).verdict is INSIDE
    assert judged(lost, known(batch)).verdict is OUTSIDE


def test_how_much_work_an_instance_is() -> None:
    assert batch_of(ATTENTION, dims="H=2,n=5,d=3").work == 2 * 25 * 3
    assert batch_of(BLOCK, dims="H=2,n=5,d=3,D=7,F=4").work == 2 * 25 * 3 + 5 * 7 * (6 + 8)
    assert isinstance(batch_of(BLOCK), BlockInstances)
