"""`leanmirror campaign`: the counts are those of the plan, however often it is interrupted."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns import plan, record
from theorems.tools.campaigns.record import CampaignRecord
from theorems.tools.campaigns.shard import Examined, Shard
from theorems.tools.campaigns.versions import deciding
from theorems.tools.cli import campaigning, render_campaign
from theorems.tools.cli.signals import Stopped

SMALL = "inner_getRaw_singleRaw"
LEAST = "Invalid value for --at-least: "
BOTH = (NAME, SMALL)
Refused = Callable[..., str]


@pytest.fixture(autouse=True)
def short_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "LENGTH", 10)


def run(call: Call, *options: str, names: tuple[str, ...] = BOTH, code: int = 0) -> str:
    result = call("campaign", *names, "--jobs", "1", *options)
    assert result.exit_code == code, result.output
    return result.stdout


def figures(path: str | Path) -> dict[str, Any]:
    """A report without what differs from run to run."""
    data = json.loads(Path(path).read_text("utf-8"))
    for theorem in data["theorems"]:
        assert theorem.pop("seconds") >= 0
    for name in ("processor_seconds", "elapsed_seconds"):
        assert data["campaign"].pop(name) >= 0
        assert all(each.pop(name, 0) >= 0 for each in data["campaign"]["theorems"].values())
    return data


class Interrupted:
    """Examines so many shards, then is interrupted."""

    def __init__(self, examine: Callable[..., Examined], shards: int, why: BaseException) -> None:
        self.examine, self.left, self.why = examine, shards, why

    def __call__(self, *arguments: Any) -> Examined:
        if not self.left:
            raise self.why
        self.left -= 1
        return self.examine(*arguments)


@contextmanager
def interrupted(shards: int, why: BaseException) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(campaigning, "examine", Interrupted(campaigning.examine, shards, why))
        yield


def test_a_campaign_interrupted_twice_ends_with_the_counts_of_one_that_was_not(call: Call) -> None:
    goal = ("--cases", "70", "--seed", "4")
    run(call, *goal, "--record", "whole.jsonl", "--json", "whole.json")
    with interrupted(3, KeyboardInterrupt()):
        result = call("campaign", *BOTH, "--jobs", "1", *goal, "--record", "r.jsonl")
    assert (result.exit_code, result.stdout) == (130, "")
    assert [line for line in result.stderr.splitlines() if line] == [
        "leanmirror: r.jsonl keeps what has ended: the same command goes on from there",
        "leanmirror: interrupted",
    ]
    path = Path("r.jsonl")
    assert len(path.read_text("utf-8").splitlines()) == 4
    path.write_bytes(path.read_bytes()[:-20])  # killed while it wrote
    with interrupted(4, Stopped(15)):
        assert call("campaign", *BOTH, "--jobs", "1", *goal, "--record", "r.jsonl").exit_code == 143
    with interrupted(2, KeyboardInterrupt()):  # no more than these are left
        run(call, *goal, "--record", "r.jsonl", "--json", "r.json")
    assert figures("r.json") == figures("whole.json")
    assert [theorem["tried"] for theorem in figures("r.json")["theorems"]] == [35, 35]
    assert figures("r.json")["campaign"]["shards"] == 8


KILLED = """\
import json, os, signal, sys
from theorems.tools.campaigns import plan
from theorems.tools.campaigns.record import CampaignRecord
from theorems.tools.cli import main

lines, size, write = int(sys.argv[1]), int(sys.argv[2]), CampaignRecord._write


def killed(record, data):
    global lines
    if lines:
        lines -= 1
        return write(record, data)
    if size:
        record._file.write(json.dumps(data).encode()[:size])
        record._file.flush()
    os.kill(os.getpid(), signal.SIGKILL)


plan.LENGTH, CampaignRecord._write = 10, killed
main(sys.argv[3:])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no signal that kills")
def test_a_campaign_that_is_killed_goes_on_from_its_record(call: Call) -> None:
    """Twice, the second time in the middle of a line: the record alone says how far it was."""
    goal = ("--cases", "70", "--seed", "4")
    run(call, *goal, "--record", "whole.jsonl", "--json", "whole.json")
    path, lines = Path("r.jsonl"), Path("whole.jsonl").read_bytes().count(b"\n")
    for written, size in ((4, 0), (2, 300)):
        command = [sys.executable, "-c", KILLED, str(written), str(size), "campaign", *BOTH, "--jobs", "1"]
        ended = subprocess.run([*command, *goal, "--record", str(path)], capture_output=True, check=False)
        assert (ended.returncode, ended.stdout) == (-signal.SIGKILL, b""), ended.stderr
    whole, _, half = path.read_bytes().rpartition(b"\n")
    assert (whole.count(b"\n") + 1, len(half)) == (6, 300)
    for left in (lines - 6, 0):  # no more than these are examined, and all is in the record then
        with interrupted(left, KeyboardInterrupt()):
            run(call, *goal, "--record", str(path), "--json", "r.json")
        assert figures("r.json") == figures("whole.json")
    assert path.read_bytes().count(b"\n") == lines


def test_what_it_prints(call: Call) -> None:
    printed = run(call, "--cases", "40", "--at-least", f"{SMALL}=26")
    assert_snapshot("campaign_holds", printed.replace(*_versions(printed)))
    assert Path("report", "campaign.jsonl").exists()
    assert [p.name for p in Path("report").iterdir()] == ["campaign.jsonl"]


def _versions(printed: str) -> tuple[str, str]:
    (line,) = [line for line in printed.splitlines() if line.startswith("Versions: ")]
    assert [word.split()[0] for word in line.removeprefix("Versions: ").split(", ")] == [
        *("leanmirror", "Python", "hypothesis", "python-flint", "TorchLean", "sources")
    ]
    return line, "Versions: …"


def test_a_folder_of_records_and_a_goal_that_is_raised(call: Call, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    run(call, "--cases", "20", "--record", "records")
    lines = (tmp_path / "records/campaign.jsonl").read_text("utf-8").splitlines()
    run(call, "--cases", "40", "--record", "records", "--json", "c.json")
    after = (tmp_path / "records/campaign.jsonl").read_text("utf-8").splitlines()
    assert (after[:3], len(after)) == (lines, 5)
    assert figures("c.json")["campaign"]["cases"] == 40
    run(call, "--cases", "20", "--record", "records", "--json", "c.json", names=(NAME,))
    found = figures("c.json")["campaign"]
    assert found.pop("versions") == deciding()
    assert found == {"cases": 20, "shards": 2, "theorems": {NAME: {"shards": 2}}}
    assert len((tmp_path / "records/campaign.jsonl").read_text("utf-8").splitlines()) == 5


def test_a_shard_says_what_a_check_of_its_seed_says(call: Call) -> None:
    run(call, "--cases", "10", "--seed", "9", "--json", "campaign.json", names=(NAME,))
    call("check", NAME, "--seed", "9", "--examples", "10", "--jobs", "1", "--json", "check.json")
    (one,), (other,) = (json.loads(Path(p).read_text("utf-8"))["theorems"] for p in ("campaign.json", "check.json"))
    assert one | {"seconds": 0} == other | {"seconds": 0}


def test_hours_are_those_of_all_its_runs_together(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CampaignRecord, "elapsed", property(lambda kept: 600.0 * len(kept.done)))
    run(call, "--hours", "0.5", "--json", "h.json")
    found = figures("h.json")
    assert [theorem["tried"] for theorem in found["theorems"]] == [10, 20]
    run(call, "--hours", "0.5", "--json", "h.json")
    assert figures("h.json") == found
    run(call, "--hours", "1", "--json", "h.json")
    assert [theorem["tried"] for theorem in figures("h.json")["theorems"]] == [30, 30]


def test_a_theorem_that_no_time_was_left_for_was_not_examined(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CampaignRecord, "elapsed", property(lambda kept: 3600.0 * len(kept.done)))
    printed = run(call, "--hours", "1", code=2)
    assert ": vacuous, no instance was examined" in printed


def test_nothing_after_a_failure_is_run_or_counted(call: Call, false_theorem: Theorem, tmp_path: Path) -> None:
    printed = run(call, "--cases", "80", "--json", "f.json", code=1)
    assert f"replay it: leanmirror replay report/failures/{NAME}.json" in printed
    held, failed = figures("f.json")["theorems"]
    assert (held["tried"], failed["status"]) == (40, "refuted")
    assert failed["failure"] == json.loads(Path(f"report/failures/{NAME}.json").read_text("utf-8"))
    lines = Path("report/campaign.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["theorem"].rpartition(".")[2] for line in lines[1:]].count("inner_get_single") == 1
    run(call, "--cases", "80", "--json", "f.json", code=1)
    assert Path("report/campaign.jsonl").read_text("utf-8").splitlines() == lines
    call("campaign", NAME, "--hours", "1")  # ends at once


def test_an_error_is_no_verdict_and_is_tried_again(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    examine, lost = campaigning.examine, Examined(error="no memory")
    with monkeypatch.context() as patch:
        patch.setattr(campaigning, "examine", lambda shard: lost if shard.theorem == NAME else examine(shard))
        printed = run(call, "--cases", "40", code=3)
    assert f"{NAME}: error\n  no memory" in printed
    run(call, "--cases", "40", "--json", "e.json")
    assert [theorem["tried"] for theorem in figures("e.json")["theorems"]] == [20, 20]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "give --hours or --cases, one of the two: how long the campaign is to run"),
        (("--hours", "1", "--cases", "5"), "give --hours or --cases, one of the two: how long the campaign is to run"),
        (("--hours", "0"), "Invalid value for '--hours': 0.0 is not in the range 0<x<=1000000.0."),
        (("--cases", "1"), "1 case for 2 theorems is too few: 2 are the least"),
        (("--cases", "9", "--at-least", "5"), "9 cases for 2 theorems is too few: 10 are the least"),
        (("--cases", "9", "--at-least", "x"), f"{LEAST}'x' is neither a number nor NAME=NUMBER"),
        (("--cases", "9", "--at-least", "tanh_exp_eq=2"), f"{LEAST}no theorem of this campaign is called tanh_exp_eq"),
    ],
)
def test_a_wrong_call(refused: Refused, options: tuple[str, ...], said: str) -> None:
    assert refused("campaign", *BOTH, *options) == said
    assert not Path("report").exists()


def test_a_record_that_it_cannot_go_on_with(refused: Refused, call: Call) -> None:
    run(call, "--cases", "20")
    said = refused("campaign", *BOTH, "--cases", "20", "--profile", "full")
    path = Path("report", "campaign.jsonl")
    why = "it is of the profile quick, and this campaign has full"
    assert said == f"cannot go on with {path}: {why}: name another file with --record"


# ---- progress


class Clock:
    """It stands still but for the shards, of which each takes 25 seconds."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now, self.examine = 0.0, campaigning.examine
        patch.setattr(campaigning, "examine", self.examined)
        patch.setattr(render_campaign, "time", self)
        patch.setattr(record, "time", self)

    def monotonic(self) -> float:
        return self.now

    def examined(self, shard: Shard) -> Examined:
        self.now += 25
        return self.examine(shard)


def test_a_line_a_minute_says_how_far_it_is(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    run_ = call("campaign", *BOTH, "--jobs", "1", "--cases", "60")
    assert run_.stderr.splitlines() == [
        "30 of 60 cases, 0.4 a second, about 1 min 15 s left",
        "60 of 60 cases, 0.4 a second, about 0 s left",
    ]
    again = call("campaign", *BOTH, "--jobs", "1", "--hours", "0.1")
    assert again.stderr.splitlines() == [
        "90 cases, 0.4 a second, 2 min 15 s left",
        "120 cases, 0.4 a second, 1 min 00 s left",
        "150 cases, 0.4 a second, 0 s left",
    ]


def test_a_bar_on_a_terminal(call: Call, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    for goal in (60, None):
        with record.opened(Path("r"), "quick") as kept:
            made = plan.CampaignPlan(BOTH, "quick", 0, goal)
            running = campaigning.Campaign([], made, kept, None if goal else 3600.0)
            with render_campaign.progress_of(running) as ended:
                ended(30)
    err = capsys.readouterr().err
    assert "30 of 60 cases, 0.0 a second, no estimate yet" in err
    assert "30 cases, 0.0 a second, 1 h 00 min left" in err
