"""`leanmirror replay`: exactly the recorded instance; and every file that is none."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flint import fmpq

from mirror.arithmetic import rational_vector
from mirror.core.soundness import Node
from mirror.core.vectorization import inner
from mirror.linear_map import PositionWise
from mirror.nodes.context import single
from tests.engine.test_locating import in_nodes, raising
from tests.faults.catalogue import named
from tests.faults.fault import fault, node_fault
from tests.tools.cli.broken_replays import EDITS, Edit, members
from tests.tools.cli.conftest import NAME, Call, only_the_block
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.checking import check
from theorems.engine.codec import encode
from theorems.engine.evidence.nodes import NodePart
from theorems.engine.evidence.verdicts import Equal, Judgement, Verdict
from theorems.engine.registry import get, theorems
from theorems.engine.report import Failure, Report
from theorems.engine.theorem import Hypothesis, Theorem
from theorems.tools.reports.replay import failure_data, write_failure

Refused = Callable[..., str]
BLOCK = "decoderCore_backpropVec_eq_adjoint_fderiv_at"


@pytest.fixture(scope="module")
def false_report() -> Report:
    """What a run of the false theorem gives."""
    return check(dataclasses.replace(theorems()[NAME], conclusion=only_the_block), examples=50, seed=4)


@pytest.fixture
def recorded(false_theorem: Theorem, false_report: Report, tmp_path: Path) -> Path:
    """A replay file of the false theorem, which stands in the registry."""
    return write_failure(false_report, tmp_path)


def test_a_failure_still_fails(call: Call, recorded: Path) -> None:
    result = call("replay", str(recorded))
    assert_snapshot("replay_refuted", result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")


def test_the_instance_is_the_recorded_one_and_no_other(false_theorem: Theorem, recorded: Path) -> None:
    from theorems.tools.reports.replay import read_failure

    report = check(false_theorem, examples=50, seed=4)
    assert report.failure is not None
    recording = read_failure(recorded)
    assert encode(dict(recording.case)) == encode(dict(report.failure.case))
    assert recording.replay() == report.failure.judgement


def test_a_mended_theorem_holds(call: Call, recorded: Path, replaced: Callable[..., Theorem]) -> None:
    def mended(ar: Any, x: Any) -> Any:
        yield Equal("x = x", x, x)

    replaced(conclusion=mended)
    result = call("replay", str(recorded))
    assert (result.exit_code, result.stdout) == (0, f"{NAME}: recorded refuted (seed 4), now equal\n")


def test_a_theorem_that_compares_nothing_now_is_not_mended(
    refused: Refused, recorded: Path, replaced: Callable[..., Theorem]
) -> None:
    replaced(conclusion=lambda ar: iter(()))
    assert refused("replay", str(recorded)) == f"nothing is compared for the instance: {NAME} says nothing about it"


def test_other_versions_are_said(call: Call, recorded: Path) -> None:
    edit(recorded, lambda data: data["versions"].update({"numpy": "0.1", "gone": "9"}))
    lines = call("replay", str(recorded)).stdout.splitlines()
    assert lines[1].startswith("  version differs: numpy 0.1 -> ")
    assert lines[2] == "  version differs: gone 9 -> none"


def test_an_exception_of_the_mirror_replays_as_one(
    call: Call, tmp_path: Path, replaced: Callable[..., Theorem]
) -> None:
    def raising(ar: Any, x: Any) -> Any:
        yield Equal("⟨x, x⟩ = ⟨x, x⟩", inner(ar, x, x[1:]), inner(ar, x, x))

    path = write_failure(check(replaced(conclusion=raising), examples=9), tmp_path)
    result = call("replay", str(path))
    assert_snapshot("replay_raised", result.stdout)
    assert result.exit_code == 1


def test_an_instance_that_failed_a_hypothesis_replays_as_one(
    call: Call, tmp_path: Path, replaced: Callable[..., Theorem]
) -> None:
    zero = Hypothesis("zero", "x is 0", lambda ar, x: not any(x))
    path = write_failure(check(replaced(hypotheses=(zero,)), examples=30), tmp_path)
    result = call("replay", str(path))
    assert_snapshot("replay_unsatisfied", result.stdout)
    assert result.exit_code == 1


def edit(path: Path, change: Edit) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    change(data)
    path.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize("name", EDITS)
def test_a_file_that_is_no_recording(refused: Refused, recorded: Path, name: str) -> None:
    change, said = EDITS[name]
    edit(recorded, change)
    assert refused("replay", str(recorded)).startswith(f"cannot replay {recorded}: {said}")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"[]", b"3"], ids=["empty", "cut", "bytes", "deep", "list", "3"]
)
def test_a_file_that_is_not_even_that(refused: Refused, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file.json").write_bytes(content)
    assert refused("replay", "file.json").startswith("cannot replay file.json: it is not ")


def test_a_name_that_stands_twice_in_a_file(refused: Refused, recorded: Path) -> None:
    text = recorded.read_text("utf-8")
    recorded.write_text(text.replace('"seed":', '"seed": 7, "seed":', 1), encoding="utf-8")
    assert refused("replay", str(recorded)) == f"cannot replay {recorded}: an object in it names 'seed' more than once"


def test_a_file_that_is_not_there(refused: Refused) -> None:
    assert refused("replay", "nowhere.json") == "cannot replay nowhere.json: No such file or directory"


def test_shapes_that_do_not_fit(refused: Refused, recorded: Path) -> None:
    edit(recorded, lambda data: members(data).update(x={"array": ["1"], "of": [1]}))
    assert refused("replay", str(recorded)).startswith(
        f"the instance does not fit {NAME}: ValueError in mirror.core.fderiv._require_length: got an array of"
    )


def test_values_that_what_checks_cannot_read(refused: Refused, recorded: Path, replaced: Any) -> None:
    replaced(conclusion=lambda ar, x: iter((x[7],)))
    assert refused("replay", str(recorded)).startswith(f"the instance does not fit {NAME}: IndexError: index 7 is out")


def test_an_instance_that_fails_a_hypothesis(refused: Refused, recorded: Path, replaced: Any) -> None:
    replaced(hypotheses=(Hypothesis("never", "it never holds", lambda ar: False),))
    assert refused("replay", str(recorded)) == (
        "the instance fails the hypothesis never, so the theorem says nothing about it"
    )


@pytest.mark.parametrize("entry", ["-inf", "nan"])
def test_a_bias_that_is_not_real(refused: Refused, tmp_path: Path, entry: str) -> None:
    report = check(get(BLOCK), examples=1)
    case = smallest_block()
    data = failure_data(_with_failure(report, case))
    members(data)["parameters"]["Parameters"]["bias"]["array"][0] = entry
    (tmp_path / "bias.json").write_text(json.dumps(data), encoding="utf-8")
    assert refused("replay", "bias.json") == (
        f"cannot replay bias.json: {entry} is not a real number and the theorems are about real numbers: "
        "for a mask use a finite gap such as -1e4 or -1e9"
    )


def test_a_bias_of_another_shape(refused: Refused, tmp_path: Path) -> None:
    data = failure_data(_with_failure(check(get(BLOCK), examples=1), smallest_block()))
    members(data)["parameters"]["Parameters"]["bias"] = {"array": ["0", "0"], "of": [2]}
    (tmp_path / "bias.json").write_text(json.dumps(data), encoding="utf-8")
    assert refused("replay", "bias.json").startswith(f"the instance does not fit {get(BLOCK).name}: ValueError")


def test_a_report_without_failure_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no failure to record"):
        write_failure(check(get(NAME), examples=1), tmp_path)


# ---- which node is wrong


def record(name: str, case: dict[str, Any], folder: Path, verdict: Verdict = Verdict.REFUTED) -> str:
    report = dataclasses.replace(check(get(NAME), examples=1), theorem=get(name).name)
    return str(write_failure(dataclasses.replace(report, failure=Failure(case, Judgement(verdict))), folder))


def test_the_wrong_node_is_named(call: Call, tmp_path: Path) -> None:
    path = record(BLOCK, smallest_block(), tmp_path)
    with fault("gelu", "", "", "nodes.elementwise:gelu", node_fault(vjp=unscaled)).applied():
        result = call("replay", path, "--locate")
    assert_snapshot("replay_located", result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")


def unscaled(node: Node) -> Any:
    return lambda ar, x, delta: single(ar, node.inputs[0], delta)


def test_a_certificate_that_is_a_hypothesis_and_fails_is_located(call: Call, tmp_path: Path) -> None:
    path = record(BLOCK, smallest_block(), tmp_path, Verdict.UNSATISFIED)
    with named("whole norm: certificate of zero").applied():
        result = call("replay", path, "--locate")
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert lines[0] == f"{get(BLOCK).name}: recorded unsatisfied (seed 0), now unsatisfied"
    (k,) = (k for k, line in enumerate(lines) if line.startswith("  located: "))
    assert lines[k] == "  located: node 7 of 13, counted from 0: wholeNode"
    assert lines[k + 3] == "    its certificate claims another derivative than D, that of its forward map:"


def test_a_node_that_raises_is_located(call: Call, tmp_path: Path) -> None:
    path = record(BLOCK, smallest_block(), tmp_path, Verdict.RAISED)
    with fault("add", "", "", "nodes.arithmetic:add", node_fault(vjp=lambda node: raising)).applied():
        result = call("replay", path, "--locate")
    assert result.exit_code == 1
    assert result.stdout.splitlines()[-6:] == [
        "  located: node 6 of 13, counted from 0: add",
        "    it reads entry 3 (residual stream) [1, 2], entry 13 (merged heads) [1, 2]",
        "    it makes entry 14 (attention residual) [1, 2]",
        "    its vjp raises ZeroDivisionError: boo",
        "    its vjp on tensors raises ZeroDivisionError: boo",
        "    nodes 0 to 5 are right at this instance, those after it were not examined",
    ]


@pytest.mark.unmeasured
def test_a_fault_that_a_run_finds_is_located_from_its_file(call: Call) -> None:
    with in_nodes((3, NodePart.VJP)).applied():
        assert call("check", BLOCK, "--examples", "60", "--jobs", "1").exit_code == 1
        result = call("replay", f"report/failures/{get(BLOCK).name}.json", "--locate")
    assert result.exit_code == 1
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("  located: "))
    assert line == "  located: node 3 of 13, counted from 0: softmaxLast"


def test_right_nodes_leave_the_runs_that_put_them_together(call: Call, tmp_path: Path) -> None:
    path = record("seqFfnResidual_backpropVec_eq_adjoint_fderiv", feed_forward(), tmp_path)
    with named("seed on the inputs lost").applied():
        result = call("replay", path, "--locate")
    assert_snapshot("replay_located_nowhere", result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")


def feed_forward() -> dict[str, Any]:
    one = PositionWise(1, 1, 1, (fmpq(1),))
    vectors = {"b1": [0], "b2": [0], "x": [2], "seed": [1, 0, 0, 0, 1]}
    values = {name: rational_vector(entries) for name, entries in vectors.items()}
    sizes = {"seq_len": 1, "d_model": 1, "d_ff": 1}
    return {**sizes, "fc1": one, "fc2": one, **values, "directions": (rational_vector([1]),)}


def test_what_holds_now_has_nothing_to_locate(call: Call, tmp_path: Path) -> None:
    result = call("replay", record(BLOCK, smallest_block(), tmp_path), "--locate")
    assert (result.exit_code, result.stdout) == (0, f"{get(BLOCK).name}: recorded refuted (seed 0), now enclosed\n")


def test_a_theorem_without_a_graph_has_no_node_to_locate(refused: Refused, recorded: Path) -> None:
    assert refused("replay", str(recorded), "--locate") == (
        f"{NAME} is about no graph, so there is no node to locate: leave out --locate"
    )


def test_a_file_that_cannot_be_read_is_refused_with_locate_too(refused: Refused, recorded: Path) -> None:
    edit(recorded, lambda data: data.update(format="leanmirror replay 0"))
    assert refused("replay", str(recorded), "--locate").startswith(f"cannot replay {recorded}: another version")


def smallest_block() -> dict[str, Any]:
    from tests.tools.reports.blocks import block

    return block()


def _with_failure(report: Any, case: Any) -> Any:
    return dataclasses.replace(report, failure=Failure(case, Judgement(Verdict.REFUTED)))
