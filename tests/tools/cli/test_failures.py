"""`--failures`: what a run finds is stored, is not read unless asked, and replays from there."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, Call
from theorems.engine.registry import get, theorems
from theorems.engine.theorem import Theorem, registered
from theorems.tools.campaigns.store import FailureStore, UnusableStore, store

SMALL = "inner_getRaw_singleRaw"
HERE = ("--examples", "40", "--jobs", "1")
Refused = Callable[..., str]


@pytest.fixture
def stored(call: Call, false_theorem: Theorem) -> str:
    """The digest of a failure that a check has stored in the folder `store`."""
    result = call("check", NAME, SMALL, *HERE, "--failures", "store", "--json", "first.json")
    assert (result.exit_code, result.stderr) == (1, "")
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("stored")]
    said, _, digest = line.rpartition(" ")
    assert said == f"stored, for whoever has the store: leanmirror replay --from {Path.cwd() / 'store'}"
    return digest


def failures(path: str) -> dict[str, Any]:
    data = json.loads(Path(path).read_text("utf-8"))
    return {theorem["theorem"]: theorem["failure"] for theorem in data["theorems"] if theorem.get("failure")}


def test_the_replay_file_is_stored_and_replays_by_digest_and_by_name(stored: str, call: Call) -> None:
    (kept,) = store(["store"]).replays()
    assert kept.content == Path(f"report/failures/{NAME}.json").read_bytes()
    assert kept.digest == stored
    by_file = call("replay", f"report/failures/{NAME}.json")
    for which in (stored, stored[:5], NAME, "inner_get_single"):
        result = call("replay", "--from", "store", which)
        assert (result.exit_code, result.stdout) == (1, by_file.stdout)


def test_the_command_that_is_printed_replays_from_every_folder(
    call: Call, false_theorem: Theorem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "old store").mkdir()
    stores = ("--failures", "new store", "--failures", "read-only:old store")
    printed = call("check", NAME, *HERE, *stores).stdout.splitlines()[-1]
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    program, *arguments = shlex.split(printed.partition(": ")[2])
    result = call(*arguments)
    assert (program, result.exit_code, result.stderr) == ("leanmirror", 1, "")


def test_the_store_is_listed(stored: str, call: Call) -> None:
    store(["store"]).keep(NAME, b"no replay file", [])
    store(["store"]).keep(NAME, b"[]", [])
    result = call("replay", "--from", "store")
    assert result.exit_code == 0
    assert f"{stored}  {NAME}  refuted  seed 0" in result.stdout.splitlines()
    assert len(result.stdout.splitlines()) == 3


def test_a_mended_theorem_holds_from_the_store_too(stored: str, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registered(), NAME, mended())
    assert call("replay", "--from", "store", stored).exit_code == 0
    assert call("check", NAME, *HERE, "--failures", "store", "--reuse").exit_code == 0


def mended() -> Theorem:
    false = theorems()[NAME]
    return dataclasses.replace(false, conclusion=get(SMALL).conclusion, instances=get(SMALL).instances)


def test_what_is_stored_is_not_read_unless_asked(stored: str, call: Call) -> None:
    again = call("check", NAME, SMALL, *HERE, "--failures", "store", "--json", "again.json")
    assert failures("again.json") == failures("first.json")
    assert again.stdout.endswith(f"{stored}\n")
    reused = call("check", NAME, SMALL, *HERE, "--failures", "store", "--reuse", "--json", "reused.json")
    assert reused.exit_code == 1
    assert "stored" not in reused.stdout  # it is there
    held, failed = json.loads(Path("reused.json").read_text("utf-8"))["theorems"]
    assert (held["tried"], failed["tried"]) == (40, 1)
    assert failed["failure"]["instance"] == failures("first.json")[NAME]["instance"]


def test_choices_are_enough_to_meet_a_failure_again(stored: str, call: Call, tmp_path: Path) -> None:
    """As where the replay file is of another format."""
    choices = store(["store"]).choices(NAME)
    assert len(choices) == 1
    store(["other"]).keep(NAME, b"leanmirror replay 1", choices)
    call("check", NAME, *HERE, "--failures", "other", "--reuse", "--json", "reused.json")
    assert json.loads(Path("reused.json").read_text("utf-8"))["theorems"][0]["tried"] == 1


def test_an_instance_that_fits_no_more_is_left_out(stored: str, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def misspelt(ar: Any, x: Any) -> Any:
        raise KeyError(x)

    monkeypatch.setitem(registered(), NAME, dataclasses.replace(theorems()[NAME], conclusion=misspelt))
    result = call("check", NAME, *HERE, "--failures", "store", "--reuse", "--json", "reused.json")
    assert result.exit_code == 3
    assert failures("reused.json") == {}


def test_a_campaign_stores_a_failure_with_its_shard(call: Call, false_theorem: Theorem) -> None:
    result = call("campaign", NAME, SMALL, "--cases", "60", "--seed", "5", "--jobs", "1", "--failures", "store")
    assert result.exit_code == 1
    (kept,) = store(["store"]).replays()
    assert (
        f"stored, for whoever has the store: leanmirror replay --from {Path.cwd() / 'store'} {kept.digest}"
        in result.stdout
    )
    said = json.loads(kept.content)
    assert (said["theorem"], said["seed"], said["examples"]) == (NAME, 5, 30)
    assert len(store(["store"]).choices(NAME)) == 1
    assert call("replay", "--from", "store", kept.digest).exit_code == 1


def test_a_failure_that_cannot_be_stored_is_said_and_is_in_its_file(
    call: Call, false_theorem: Theorem, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(self: FailureStore, *_: Any) -> str:
        raise UnusableStore("it has gone")

    monkeypatch.setattr(FailureStore, "keep", keep)
    result = call("check", NAME, *HERE, "--failures", "store")
    assert (result.exit_code, result.stderr) == (1, f"leanmirror: the failure of {NAME} is not stored: it has gone\n")
    assert Path(f"report/failures/{NAME}.json").exists()


def test_wrong_calls(refused: Refused, stored: str) -> None:
    redis = "redis://127.0.0.1:1"
    for command in (("check",), ("campaign", "--cases", "90"), ("check", "--reuse")):
        assert refused(*command, "--failures", redis).startswith(f"no Redis answers at {redis}: ")
    assert refused("replay", "--from", redis).startswith(f"no Redis answers at {redis}: ")
    assert refused("check", "--reuse") == "--reuse reads what is stored: say where, with --failures"
    assert refused("replay") == "Missing argument 'FILE': a replay file, or --from a store of them."
    assert refused("replay", "--from", "nowhere") == "there is no folder nowhere to read failures from"
    assert refused("replay", "--from", "store", "x") == (
        "no failure that is stored is called x: list them without a name"
    )
    Path("empty").mkdir()
    assert refused("replay", "--from", "read-only:empty") == "no failure is stored in read-only:empty"
    assert refused("replay", "--from", "store", stored, "--locate").endswith("leave out --locate")
