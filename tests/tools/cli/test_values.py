"""`leanmirror audit --source`: the text evaluated and compared, in this process or in several."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import pinned_numbers
from tests.tools.audit.evaluated.texts import TEXT
from tests.tools.cli.conftest import Call
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.pinned.record import PinnedDefinition
from theorems.tools.cli import values
from theorems.tools.cli.pools import Work, in_processes

# A file of the pin: what is looked for in a source is looked for in those.
FILE = "NN/Proofs/Autograd/Tape/Core/Soundness.lean"
SUM, APPEND = "Proofs.Autograd.sumExp", "Proofs.Autograd.appendVec"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "lean" / FILE
    path.parent.mkdir(parents=True)
    path.write_text(TEXT.replace("Real.exp (x k)", "Real.tanh (x k)"), "utf-8")
    return tmp_path / "lean"


def test_each_definition_has_its_outcome(source: Path) -> None:
    found = {o.name: o.ending for o in values.evaluated(source, [SUM, APPEND, "Proofs.Autograd.dotCLM"], 2, jobs=1)}
    assert found == {
        SUM: ComparisonEnding.DIFFERS,
        APPEND: ComparisonEnding.SAME,
        "Proofs.Autograd.dotCLM": ComparisonEnding.NOT_EVALUATED,
    }


def test_a_fault_of_the_machinery_is_no_verdict(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> FunctionComparison:
        raise KeyError("k")

    monkeypatch.setattr(values, "compared", broken)
    (found,) = values.evaluated(source, [SUM], 2, jobs=2)
    assert found.ending is ComparisonEnding.FAILED
    assert found.why.startswith("KeyError: 'k' (")


def test_a_fault_of_the_machinery_is_named_and_exits_3(
    call: Call, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> FunctionComparison:
        raise KeyError("k")

    monkeypatch.setattr("theorems.tools.audit.evaluated.same.draw_arguments", broken)
    result = call("audit", APPEND, "--source", str(source), "--jobs", "1")
    assert "\n    same function (error): KeyError: 'k' (theorems/tools/audit/evaluated/same.py:" in result.stdout
    assert "\nsame function: 0 of 1, 0 different, 0 not evaluated, leanmirror itself failed on 1\n" in result.stdout
    line, *others = result.stderr.splitlines()
    assert line.startswith(f"leanmirror: {APPEND}: KeyError: 'k' (")
    assert line.endswith("; this is no verdict")
    assert not others
    # What fails goes first: here a source of one file lacks the others.
    assert result.exit_code == 1
    monkeypatch.setattr("theorems.tools.audit.audit.SECTIONS", ())
    assert call("audit", APPEND, "--source", str(source), "--jobs", "1").exit_code == 3


def test_several_jobs_take_the_slow_ones_first(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []

    def in_processes(
        names: list[str],
        work: Work[str, FunctionComparison, FunctionComparison],
        jobs: int,
        meanwhile: Callable[[], None],
    ) -> list[FunctionComparison]:
        meanwhile()
        assert begun == ["others"]
        assert (names, work.arguments, jobs) == (["Proofs.Autograd.LayerNorm.wholeNode", SUM], (Path("lean"), 2), 2)
        future: Future[FunctionComparison] = Future()
        future.set_exception(MemoryError())
        done: Future[FunctionComparison] = Future()
        done.set_result(FunctionComparison(SUM, ComparisonEnding.SAME, 3))
        return [work.received(names[0], future), work.received(SUM, done), work.lost(SUM, "killed")]

    monkeypatch.setattr(values, "in_processes", in_processes)
    names = [SUM, "Proofs.Autograd.LayerNorm.wholeNode"]
    failed, same, lost = values.evaluated(Path("lean"), names, 2, 4, lambda: begun.append("others"))
    assert (failed.ending, failed.why[:11]) == (ComparisonEnding.FAILED, "MemoryError")
    assert same.instances == 3
    assert lost.why == "killed"


def test_other_things_are_done_while_processes_work() -> None:
    done: list[str] = []
    work = Work(str.upper, (), lambda _, future: future.result(), lambda _, why: why)
    for outcome in in_processes(["name"], work, 1, lambda: done.append("meanwhile")):
        done.append(outcome)
    assert done == ["meanwhile", "NAME"]


@pytest.mark.unmeasured
def test_the_section_counts_and_names_the_exceptions(call: Call, source: Path) -> None:
    result = call("audit", SUM, APPEND, "--source", str(source), "--jobs", "1", "--json", "audit.json")
    assert result.exit_code == 1
    assert "\nsame function: 1 of 2, 1 different, 0 not evaluated\n" in result.stdout
    assert "\n    same function (fails): differs at the numbers: at position 0, " in result.stdout
    (section,) = [
        s for s in json.loads(Path("audit.json").read_text("utf-8"))["sections"] if s["title"] == "same function"
    ]
    assert {f["name"]: f["verdict"] for f in section["findings"]} == {SUM: "fails", APPEND: "holds"}


@pytest.mark.unmeasured
def test_more_instances_or_none(call: Call, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []
    monkeypatch.setattr(
        values,
        "compared",
        lambda evaluator, link, count: counts.append(count) or FunctionComparison(link.lean, ComparisonEnding.SAME, 1),
    )
    call("audit", SUM, "--source", str(source), "--jobs", "1")
    call("audit", SUM, "--source", str(source), "--jobs", "1", "--deep")
    assert counts == [values.FEW, values.MANY]
    result = call("audit", SUM, "--source", str(source), "--no-values")
    assert "\n  same function: --no-values was given\n  same conclusion: --no-values was given\n" in result.stdout
    assert "\nsame function: " not in result.stdout
    assert len(counts) == 2


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--deep",), "--deep is about the text of a source: name it by --source"),
        (("--no-values",), "--no-values is about the text of a source: name it by --source"),
        (("--deep", "--no-values", "--source", "."), "--deep evaluates on more instances, --no-values on none"),
    ],
)
def test_options_that_say_nothing_are_refused(call: Call, options: tuple[str, ...], why: str) -> None:
    result = call("audit", *options)
    assert result.exit_code == 2
    assert why in result.stderr


@pytest.mark.unmeasured
def test_without_a_source_a_wrong_pinned_number_exits_1_by_name(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = pinned_numbers()
    (wrong,) = (e for e in entries if e["name"] == APPEND)
    wrong["instances"][0]["parts"][0] = "1/7"
    monkeypatch.setattr("theorems.tools.audit.pinned.kept.pinned_numbers", lambda _: entries)
    result = call("audit", SUM, APPEND)
    assert result.exit_code == 1
    assert "\nsame function: 1 of 2, 1 different, 0 not evaluated (at pinned numbers)\n" in result.stdout
    assert f"\nfails       {APPEND}  " in result.stdout
    assert "\n    same function (fails): differs at the numbers: at position " in result.stdout
    theorem = call("audit", "inner_append")
    assert "same function" not in theorem.stdout


@pytest.mark.unmeasured
def test_only_the_drift_of_what_was_named_and_of_what_that_rests_on_is_evaluated(
    call: Call, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    def noted(pinned: PinnedDefinition, *_: Any) -> FunctionComparison:
        asked.add(pinned.name)
        return FunctionComparison(pinned.name, ComparisonEnding.SAME, 1)

    monkeypatch.setattr("theorems.tools.audit.pinned.kept.in_a_text", noted)
    monkeypatch.setattr(values, "_examined", lambda name, *_: FunctionComparison(name, ComparisonEnding.SAME, 1))
    said = call("audit", APPEND, "--source", str(source), "--jobs", "1").stdout
    assert asked == {APPEND, "Proofs.Autograd.vecOfFun"}
    assert "; evaluated: 2 same, 0 differ, 0 not evaluated" in said
    call("audit", "--source", str(source), "--jobs", "1")
    assert len(asked) > 10


@pytest.mark.unmeasured
def test_without_a_source_a_fault_below_a_theorem_exits_1_by_name(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.nodes import batched

    name = "Proofs.Autograd.TapeNodes.Batched.unheadsCLM_apply"
    assert "\nsame conclusion: 1 of 1, 0 different, 0 not evaluated (at pinned numbers)\n" in call("audit", name).stdout
    # The same fault on both sides: the property still holds.
    monkeypatch.setattr(batched, "unheads_clm", lambda h, n: lambda _, x: 2 * x)
    monkeypatch.setattr(batched, "unheads", lambda h, n, x: 2 * x.reshape(-1))
    result = call("audit", name)
    assert result.exit_code == 1
    assert "\nsame conclusion: 0 of 1, 1 different, 0 not evaluated (at pinned numbers)\n" in result.stdout
    assert f"\nfails       {name}  " in result.stdout
    assert "\n    same conclusion (fails): differs at the left side of the conclusion: at position " in result.stdout


@pytest.mark.unmeasured
def test_drift_that_text_leaves_unknown_is_evaluated(call: Call, source: Path) -> None:
    found = call("audit", SUM, "--source", str(source), "--jobs", "1").stdout
    assert "drift (fails): " in found
    assert "evaluated on the pinned arguments: differs at the numbers: at position 0, " in found
    assert "; evaluated: " in found
    assert "evaluated on the pinned" not in call("audit", SUM, "--source", str(source), "--no-values").stdout
