"""`leanmirror check`: what it prints, writes and exits with."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import strategies as st

from mirror.core.soundness import Idx
from mirror.spec.core.shape import Shape
from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.checking import check
from theorems.engine.counts import Counts
from theorems.engine.evidence.verdicts import Equal, Holds, Judgement, Verdict
from theorems.engine.registry import get, select
from theorems.engine.report import Failure
from theorems.engine.theorem import Hypothesis, Theorem
from theorems.tools.campaigns.shard import Examined, Shard, examine, lost, received
from theorems.tools.cli import parallel, pools
from theorems.tools.cli.failures import write_failures
from theorems.tools.cli.parallel import Plan, run
from theorems.tools.cli.pools import Work, Workers, this_process
from theorems.tools.cli.render import progress
from theorems.tools.reports.outcomes import Outcome, exit_code, status

PATTERN = "Proofs.Autograd.CtxVec.*"


def test_a_theorem_that_holds(call: Call) -> None:
    result = call("check", NAME, "--examples", "20", "--jobs", "1")
    assert_snapshot("check_holds", result.stdout)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_theorem_that_does_not(call: Call, false_theorem: Theorem) -> None:
    result = call("check", "inner_get_single", "--jobs", "1")
    assert_snapshot("check_refuted", result.stdout)
    assert (result.exit_code, result.stderr) == (1, "")


def test_the_printed_command_replays(call: Call, false_theorem: Theorem) -> None:
    printed = call("check", NAME, "--jobs", "1").stdout
    (line,) = [line for line in printed.splitlines() if "replay it:" in line]
    command = shlex.split(line.partition("replay it: leanmirror ")[2])
    assert call(*command).exit_code == 1


def test_a_glob_selects_and_the_table_keeps_the_order_of_lean(call: Call) -> None:
    printed = call("check", PATTERN, "--examples", "2", "--jobs", "2").stdout
    rows = [line.split()[0] for line in printed.splitlines() if line.startswith("Proofs.")]
    assert rows == [t.name for t in select([PATTERN])]
    assert len(rows) > 1


@pytest.mark.unmeasured
def test_numbers_do_not_depend_on_the_jobs(call: Call) -> None:
    for jobs in ("1", "3"):
        arguments = ("--examples", "60", "--seed", "5", "--jobs", jobs, "--json", f"{jobs}.json")
        assert call("check", PATTERN, "Proofs.tanh_deriv_correct", *arguments).exit_code == 0
    alone = without_times(Path("1.json"))
    assert alone == without_times(Path("3.json"))
    assert [t["tried"] for t in alone["theorems"]] == [60] * 7


def test_the_slow_ones_start_first() -> None:
    chosen = [get(NAME), get("decoderCore_backpropVec_eq_adjoint_fderiv_at"), get("toVec_ofVec")]
    first, *_ = run(chosen, Plan("quick", 0, 1), 1)
    assert first.theorem == chosen[1].name


def test_the_seed_of_a_run_is_one_and_is_printed(call: Call) -> None:
    assert "(profile quick, seed 0)" in call("check", NAME, "--examples", "1").stdout
    assert "(profile quick, seed 77)" in call("check", NAME, "--examples", "1", "--seed", "77").stdout
    fresh = [call("check", NAME, "--examples", "1", "--profile", "full").stdout for _ in range(2)]
    assert fresh[0].partition("seed")[2] != fresh[1].partition("seed")[2]


def test_jobs_are_by_default_the_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    from theorems.tools.cli import calls

    assert calls.processors() >= 1
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    assert calls.processors() == 3
    monkeypatch.setattr("os.cpu_count", lambda: None)
    assert calls.processors() == 1


# ---- reports


@pytest.mark.unmeasured
def test_json_report(call: Call, false_theorem: Theorem, tmp_path: Path) -> None:
    names = (NAME, "inner_getRaw_singleRaw")
    assert call("check", *names, "--jobs", "1", "--seed", "3", "--json", "new/check.json").exit_code == 1
    data = json.loads((tmp_path / "new/check.json").read_text(encoding="utf-8"))
    assert (data["seed"], data["profile"]) == (3, "quick")
    assert {"Python", "hypothesis", "TorchLean", "leanmirror"} <= data["versions"].keys()
    held, failed = data["theorems"]
    assert held["theorem"] == "Proofs.Autograd.CtxVec.inner_getRaw_singleRaw"
    assert (held["status"], held["passed"], held["failure"]) == ("equal", True, None)
    assert (held["tried"], held["accepted"], held["empty"], held["boundary"], held["compared"]) == (200, 200, 0, 0, 200)
    assert held["repeats"] == 200 - held["distinct"]
    assert (failed["theorem"], failed["status"], failed["passed"]) == (NAME, "refuted", False)
    replay = json.loads((tmp_path / f"report/failures/{NAME}.json").read_text(encoding="utf-8"))
    assert failed["failure"] == replay


def test_junit_report(call: Call, false_theorem: Theorem, tmp_path: Path) -> None:
    call("check", NAME, "inner_getRaw_singleRaw", "--jobs", "1", "--junit", "check.xml")
    suite = ET.parse(tmp_path / "check.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    held, failed = suite
    assert failed.get("name") == NAME
    assert [p.get("value") for p in failed.iterfind("properties/property[@name='theorem']")] == [NAME]
    assert held.find("failure") is None
    properties = {p.get("name"): p.get("value") for p in held.iterfind("properties/property")}
    assert (properties["accepted"], properties["empty"], properties["compared"]) == ("200", "0", "200")
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == "refuted"
    assert "single idx (get idx x) = x" in str(failure.get("message"))


def test_a_run_leaves_nothing_behind_that_it_was_not_asked_for(call: Call, tmp_path: Path) -> None:
    call("check", NAME, "--examples", "1")
    assert list(tmp_path.iterdir()) == []


def test_a_replay_file_that_cannot_be_written(call: Call, false_theorem: Theorem, tmp_path: Path) -> None:
    (tmp_path / "report").touch()
    result = call("check", NAME, "--jobs", "1")
    assert result.exit_code == 1
    path = Path("report", "failures", f"{NAME}.json")
    assert result.stderr == f"leanmirror: no replay file for {NAME}: cannot write {path}: Not a directory\n"
    assert "replay it" not in result.stdout


def test_replay_files_that_cannot_be_written_are_said_in_one_line(
    capsys: pytest.CaptureFixture[str], false_theorem: Theorem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "report").touch()
    outcomes = list(run([false_theorem], Plan("quick", 0, 50), 1))
    assert write_failures(outcomes * 3) == {}
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith("Not a directory (and none for 2 more)")


def test_theorems_of_which_no_instance_can_be_active_are_said_apart(call: Call, tmp_path: Path) -> None:
    zero = "Proofs.Autograd.TList.dot_fill_zero_right"
    result = call("check", zero, NAME, "--examples", "4", "--jobs", "1", "--json", "c.json")
    said = f"Not measured, because no instance can be active: {zero} (both sides are 0)."
    assert said in result.stdout.splitlines()
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["never_active"] == {zero: "both sides are 0"}
    assert "Not measured" not in call("check", NAME, "--examples", "4", "--jobs", "1").stdout
    assert "active: none can be, both sides are 0" in call("show", zero).stdout


# ---- outcomes that are no verdict


def test_vacuous_is_said_and_exits_2(call: Call, replaced: Callable[..., Theorem], tmp_path: Path) -> None:
    replaced(conclusion=lambda ar: iter(()))
    result = call("check", NAME, "--examples", "5", "--jobs", "1", "--json", "c.json", "--junit", "c.xml")
    assert_snapshot("check_vacuous", result.stdout)
    assert result.exit_code == 2
    (entry,) = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["theorems"]
    assert (entry["status"], entry["verdict"], entry["passed"]) == ("vacuous", "vacuous", False)
    assert 'type="vacuous"' in (tmp_path / "c.xml").read_text(encoding="utf-8")


def test_too_many_empty_instances_are_said(call: Call, replaced: Callable[..., Theorem]) -> None:
    def about_later_blocks(ar: Any, idx: Any, x: Any) -> Any:
        yield Equal("x = x", x[len(x) - 2 :], x[len(x) - 2 :]) if len(x) > 9 else Equal("nothing", [], [])

    replaced(conclusion=about_later_blocks)
    result = call("check", NAME, "--examples", "100", "--jobs", "1")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith(f"{NAME}: ")]
    assert re.fullmatch(rf"{NAME}: vacuous, \d+ compared nothing, of 100 instances: at most 15% may", line)
    assert result.exit_code == 2


def test_an_instance_that_fails_a_hypothesis_fails_by_its_name(
    call: Call, replaced: Callable[..., Theorem], tmp_path: Path
) -> None:
    replaced(hypotheses=(Hypothesis("never", "it never holds", lambda ar: False),))
    result = call("check", NAME, "--examples", "5", "--jobs", "1", "--json", "c.json", "--junit", "c.xml")
    assert_snapshot("check_unsatisfied", result.stdout)
    assert result.exit_code == 1
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["theorems"][0]["status"] == "unsatisfied"
    assert 'type="unsatisfied"' in (tmp_path / "c.xml").read_text(encoding="utf-8")


def test_an_exception_of_the_mirror_fails_as_raised(
    call: Call, replaced: Callable[..., Theorem], tmp_path: Path
) -> None:
    replaced(conclusion=lambda ar, x: iter((Holds("an index", bool(Idx((), 0, Shape()))),)))
    result = call("check", NAME, "--examples", "5", "--jobs", "1", "--json", "c.json", "--junit", "c.xml")
    assert_snapshot("check_raised", result.stdout)
    assert result.exit_code == 1
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["theorems"][0]["status"] == "raised"
    assert 'type="raised"' in (tmp_path / "c.xml").read_text(encoding="utf-8")


def test_a_misspelt_name_is_an_error_that_says_what_there_is(call: Call, replaced: Callable[..., Theorem]) -> None:
    replaced(conclusion=lambda ar, X: iter(()))
    result = call("check", NAME, "--examples", "5", "--jobs", "1")
    assert f"{NAME}: its instances lack X (asked for by the conclusion); they have idx, x, v" in result.stdout
    assert result.exit_code == 3


def test_an_error_of_the_machinery_is_one_row_of_the_table(
    call: Call, replaced: Callable[..., Theorem], tmp_path: Path
) -> None:
    replaced(instances=lambda sizes: st.integers().map(lambda n: 1 // 0))
    names = (NAME, "inner_getRaw_singleRaw")
    result = call("check", *names, "--examples", "5", "--jobs", "1", "--json", "c.json", "--junit", "c.xml")
    assert_snapshot("check_error", result.stdout)
    assert result.exit_code == 3
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["theorems"][1]["status"] == "error"
    assert 'errors="1"' in (tmp_path / "c.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        ([], 2),
        (["equal"], 0),
        (["equal", "vacuous"], 2),
        (["error"], 3),
        (["vacuous", "error", "equal"], 3),
        (["error", "refuted", "vacuous"], 1),
        (["error", "undecided"], 1),
        (["error", "raised"], 1),
        (["vacuous", "unsatisfied"], 1),
    ],
)
def test_exit_codes(statuses: list[str], code: int) -> None:
    report = check(get(NAME), examples=1)
    reports = {
        "equal": report,
        "vacuous": dataclasses.replace(report, accepted=0, empty=1),
        "refuted": dataclasses.replace(report, ending=Verdict.REFUTED),
        "undecided": dataclasses.replace(report, ending=Verdict.UNDECIDED),
        "unsatisfied": dataclasses.replace(report, ending=Verdict.UNSATISFIED),
        "raised": dataclasses.replace(report, ending=Verdict.RAISED),
    }
    outcomes = [Outcome("t", reports.get(s)) for s in statuses]
    assert [status(o) for o in outcomes] == statuses
    assert exit_code(outcomes) == code


# ---- shards


def test_a_failure_crosses_processes_as_plain_data(false_theorem: Theorem) -> None:
    shard = Shard(NAME, "quick", 0, 50, 0, 2, shrink=True)
    sent = examine(shard)
    assert sent.counts.failure is not None
    assert sent.counts.failure.case.keys() == {"dict"}
    future: Future[Examined] = Future()
    future.set_result(sent)
    _, found = received(shard, future)
    report = check(false_theorem, examples=50, seed=0)
    assert str(found.counts.failure) == str(report.failure)


def test_an_exception_of_a_process_is_said() -> None:
    future: Future[Examined] = Future()
    future.set_exception(KeyError("k"))
    _, found = received(Shard(NAME, "quick", 0, 50, 0, 2), future)
    assert found.ends
    assert found.error.startswith("KeyError: 'k' (")
    failed = pools.Here().submit(int, "k")
    assert isinstance(failed.exception(), ValueError)
    assert lost(Shard(NAME, "quick", 0, 50, 0, 2), "killed")[1].error == "killed"


def in_threads() -> Workers:
    """Threads: whatever has the interface of `concurrent.futures` will do."""
    return Workers(ThreadPoolExecutor, 3, 9)


@pytest.mark.unmeasured
def test_a_failure_is_the_same_whoever_examines_the_blocks(
    call: Call, false_theorem: Theorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = []
    for workers in (this_process, in_threads):
        monkeypatch.setattr(parallel, "local", lambda jobs, workers=workers: workers())
        names = (NAME, "inner_getRaw_singleRaw", "toVec_ofVec")
        assert call("check", *names, "--examples", "100", "--json", "check.json").exit_code == 1
        documents.append(without_times(Path("check.json")))
    alone, shared = documents
    assert alone == shared
    assert [t["theorem"] for t in alone["theorems"] if t["failure"]] == [NAME]


@dataclass
class Blocks:
    """What examines blocks: some of them fail, some raise; it is asked for those that are needed."""

    failing: set[int]
    raising: set[int]

    def of(self, number: int) -> Examined:
        if number in self.raising:
            return Examined(error=f"block {number}")
        case = {"n": number}
        failure = Failure(case, Judgement(Verdict.REFUTED)) if number in self.failing else None
        return Examined(Counts(tried=1, seen={bytes([number])}, failure=failure), seconds=1.0)


@pytest.mark.parametrize("order", [*permutations(range(4))])
@pytest.mark.parametrize(
    ("failing", "raising", "tried", "ends"),
    [((), (), 4, ""), ((1, 3), (2,), 2, "refuted"), ((0,), (), 1, "refuted"), ((3,), (2,), 0, "block 2")],
)
def test_the_first_block_that_ends_a_run_ends_it_in_whatever_order_they_come(
    order: tuple[int, ...], failing: tuple[int, ...], raising: tuple[int, ...], tried: int, ends: str
) -> None:
    blocks, each = Blocks({*failing}, {*raising}), parallel._Run(get(NAME), Plan("quick", 0, 100))
    assert [each.take(number, blocks.of(number)) for number in order].count(True) == 1
    outcome = each.outcome()
    if ends.startswith("block"):
        assert (outcome.report, outcome.error) == (None, ends)
    else:
        assert outcome.report is not None
        assert (outcome.report.tried, outcome.report.distinct, outcome.report.seconds) == (tried, tried, tried)
        assert each.fails == (ends == "refuted")


def test_no_block_after_a_failing_one_is_asked_for_and_that_one_is_shrunk_alone() -> None:
    each = parallel._Run(get(NAME), Plan("quick", 0, 200))
    shards = each.shards()
    assert (next(shards).first, next(shards).first) == (0, 1)
    each.take(1, Blocks({1}, set()).of(1))
    assert list(shards) == []
    assert not each.take(5, Blocks(set(), set()).of(5))
    again = each.again()
    assert (again.first, again.stop, again.shrink) == (1, 2, True)
    each.replace_last(Blocks(set(), set()).of(1))  # by whatever accident
    assert each.fails


def without_times(path: Path) -> dict[str, Any]:
    data = json.loads(path.read_text(encoding="utf-8"))
    for theorem in data["theorems"]:
        assert theorem.pop("seconds", 0) >= 0
    return data


class Killed:
    """A pool whose process is killed by some theorems; after that the pool takes no more."""

    def __init__(self, deadly: set[str], pools: list[list[str]]) -> None:
        self.deadly, self.given, self.broken = deadly, [], False
        pools.append(self.given)

    def submit(self, work: Callable[..., str], name: str) -> Future[str]:
        if self.broken:
            raise BrokenProcessPool
        self.given.append(name)
        future: Future[str] = Future()
        if name in self.deadly:
            self.broken = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(work(name))
        return future


def test_a_process_that_is_killed_takes_no_other_work_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[list[str]] = []
    monkeypatch.setattr(pools, "pool", lambda jobs: nullcontext(Killed({"b"}, made)))
    work = Work(str.upper, (), lambda name, future: f"{name}: {future.result()}", lambda name, why: f"{name}: {why}")
    found = set(pools.in_processes("abcd", work, 2))
    assert found == {"a: A", "b: its process ended without an answer, twice (out of memory?)", "c: C", "d: D"}
    assert sorted(made) == [["a", "b"], ["b"], ["c"], ["d"]]


def test_the_next_work_is_asked_for_when_a_worker_will_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    work = Work(str, (), lambda number, future: future.result(), lambda number, why: why)
    monkeypatch.setattr(pools, "pool", lambda jobs: nullcontext(pools.Here()))
    answers = pools.in_processes((asked.append(k) or k for k in range(40)), work, 2)
    next(answers)
    assert asked == list(range(2 * pools.AHEAD))
    assert [next(answers), next(answers), len(asked)] == ["1", "2", 2 * pools.AHEAD + 2]


# ---- processes


def test_workers_leave_the_interrupt_to_the_parent() -> None:
    before = signal.getsignal(signal.SIGINT)
    try:
        pools._ignore_interrupt()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_leaving_early_ends_the_processes() -> None:
    others = set(multiprocessing.active_children())

    def leave() -> None:
        with pools.pool(2) as pool:
            futures = [pool.submit(time.sleep, 600) for _ in range(4)]
            while not futures[0].running():
                time.sleep(0.05)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        leave()
    assert set(multiprocessing.active_children()) <= others


def test_an_interrupt_exits_130(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(parallel, "run", interrupted)
    result = call("check", NAME)
    # click ends the line that ^C was typed into.
    assert (result.exit_code, result.stderr.split("\n")[-2]) == (130, "leanmirror: interrupted")


def test_the_real_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "theorems.tools.cli", "check", PATTERN, "--examples", "3", "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    assert NAME in done.stdout


def test_a_bar_is_drawn_only_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with progress(2) as advance:
        advance(NAME)
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    with progress(2) as advance:
        advance(NAME)
    out, err = capsys.readouterr()
    assert out == ""
    assert "1/2" in err
