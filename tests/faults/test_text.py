"""What the text contradicts, and the faults that change no value of a definition, each held to its reason."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import BALL, precision, rational_vector
from mirror.core.soundness import Idx
from mirror.ops.norm.layer_norm import Inputs, whole
from mirror.rooms import links
from mirror.spec.core.shape import Shape
from mirror.spec.core.tensor_reduction_shape.reductions import tensor_foldl_spec
from tests.faults import text
from tests.faults.catalogue import FAULTS
from tests.faults.test_faults import untraced
from tests.faults.text import NO_VALUE, SHOWN_BY, contradicted, main, unseen
from tests.tools.audit.evaluated.texts import evaluator_of
from theorems.engine.strategies.shapes import tensor_of
from theorems.engine.strategies.values import Fill
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.evaluated.same import compared

BY_NAME = {fault.name: fault for fault in FAULTS}
CORNERS, FOLD = "whole norm: a derivative where there is none", "the fold's loop begins anew at the first slice"
SMALL = [name for name in links() if evaluator_of().library.declaration(name) is not None]
SEEN = tuple(
    fault
    for fault in FAULTS
    if fault.name not in NO_VALUE and SHOWN_BY.get(fault.definition, fault.definition) in SMALL
)


@pytest.mark.parametrize("fault", SEEN, ids=lambda fault: fault.name)
def test_a_fault_is_contradicted_at_its_own_definition(fault: Any) -> None:
    assert contradicted(evaluator_of(), fault).ending is ComparisonEnding.DIFFERS


def test_what_is_not_contradicted_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    idle = next(fault for fault in FAULTS if fault.definition not in SMALL and fault.definition in links())
    faults = (SEEN[0], idle, BY_NAME[CORNERS])
    assert [fault for fault, _ in unseen(evaluator_of(), faults)] == [idle]
    monkeypatch.setattr(text, "FAULTS", faults)
    monkeypatch.setattr("theorems.tools.cli.values.evaluator_of", lambda _: evaluator_of())
    assert main(Path("lean")) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith(f"{idle.name} ({idle.definition}): not evaluated ")
    assert printed[-1] == "1 of 3 faults are contradicted by the text; 1 change no value of a definition"
    assert main(Path("lean"), [SEEN[0].name]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1 of 1 faults are contradicted by the text; 0 change no value of a definition"
    ]
    assert main(Path("lean"), ["no such fault"]) == 2
    assert capsys.readouterr().err.startswith("no fault of the mirror is called 'no such fault': ")


def test_every_fault_has_a_definition_that_can_show_it() -> None:
    shown = [f for f in FAULTS if f.name not in NO_VALUE]
    assert [f.name for f in shown if SHOWN_BY.get(f.definition, f.definition) not in links()] == []
    assert SHOWN_BY.keys() <= {fault.definition for fault in shown}


def test_what_changes_no_value_is_no_counterpart_of_a_definition_but_for_the_one_at_corners() -> None:
    assert [name for name in NO_VALUE if BY_NAME[name].definition in links()] == [CORNERS]


@pytest.mark.usefixtures(untraced.__name__)
def test_what_changes_no_value_is_used_by_no_counterpart_of_the_small_text() -> None:
    with ExitStack() as faults:  # all at once, since a run of the text takes seconds
        for name in NO_VALUE:
            if name not in (CORNERS, FOLD):
                faults.enter_context(BY_NAME[name].applied())
        found = {one: compared(evaluator_of(), links()[one], 1).ending for one in SMALL}
    assert set(found.values()) == {ComparisonEnding.SAME}


def test_the_loop_of_a_fold_begins_at_the_first_slice() -> None:
    tensors = [tensor_of(Fill("fractions", 3), Shape(*dims)) for dims in ((), (3,), (2, 3), (0, 2))]

    def folded() -> list[fmpq]:
        return [tensor_foldl_spec(lambda acc, x: acc * 2 + x, fmpq(1), t) for t in tensors]

    right = folded()
    with BY_NAME[FOLD].applied():
        assert folded() == right


def test_the_whole_norm_without_the_zero_at_corners_differs_there_alone() -> None:
    context = (Shape(1, 2), Shape(2), Shape(2))
    inputs = Inputs(*(Idx(context, i, shape) for i, shape in enumerate(context)))
    regular, corner = rational_vector([1, 3, 2, 5, 1, 1]), rational_vector([1, 1, 2, 5, 1, 1])
    seed = rational_vector([1, 2])

    def pulled_back(x: Any) -> list[str]:
        node = whole.whole_node(inputs, fmpq(0))
        assert node.vec is not None
        with precision(128):
            return [str(entry) for entry in node.vec.vjp(BALL, x, seed)]

    right = [pulled_back(regular), pulled_back(corner)]
    with BY_NAME[CORNERS].applied():
        wrong = [pulled_back(regular), pulled_back(corner)]
    assert wrong[0] == right[0]
    assert wrong[1] != right[1]
