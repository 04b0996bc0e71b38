"""The record of a campaign: what it keeps, and what it refuses to go on with."""

from __future__ import annotations

import dataclasses
import errno
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.tools.cli.conftest import NAME, only_the_block
from theorems.engine.counts import Counts
from theorems.engine.registry import get
from theorems.engine.theorem import registered
from theorems.tools.campaigns.record import DIGEST, UnusableRecord, entry, key, opened
from theorems.tools.campaigns.shard import Examined, Shard, examine, received
from theorems.tools.cli.pools import Here
from theorems.tools.output.files import CannotWrite

SHARD = Shard(NAME, "quick", 3, 30, 0, 2, shrink=True)


def examined(shard: Shard = SHARD) -> Examined:
    return received(shard, Here().submit(examine, shard))[1]


def written(path: Path, *shards: Shard) -> Path:
    with opened(path, "quick") as record:
        for shard in shards:
            record.add(get(NAME), shard, examined(shard))
    return path


def shortened(counts: Counts) -> Counts:
    counts.seen = {digest[:DIGEST] for digest in counts.seen}
    return counts


def test_what_is_counted_is_read_again(tmp_path: Path) -> None:
    path, found = tmp_path / "new" / "r.jsonl", examined()
    with opened(path, "quick") as record:
        record.add(get(NAME), SHARD, found)
    with opened(path, "quick") as record:
        ((name, seed, examples), kept) = entry(record.done[key(SHARD)])
        assert record.elapsed >= json.loads(path.read_text("utf-8").splitlines()[-1])["elapsed"] > 0
    assert (name, seed, examples) == (NAME, 3, 30)
    assert kept.counts == shortened(found.counts)
    assert (kept.seconds, kept.processor_seconds) == (round(found.seconds, 3), round(found.processor_seconds, 3))


def test_a_failure_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    false_theorem = dataclasses.replace(get(NAME), conclusion=only_the_block)
    monkeypatch.setitem(registered(), NAME, false_theorem)
    found = examined()
    with opened(tmp_path / "r", "quick") as record:
        record.add(false_theorem, SHARD, found)
        kept = entry(record.done[key(SHARD)])[1].counts
    assert found.counts.failure is not None
    assert kept.failure is not None
    assert str(kept.failure.case) == str(found.counts.failure.case)
    assert kept.failure.judgement.mismatch == found.counts.failure.judgement.mismatch
    assert kept.failure.judgement.verdict == "refuted"


def test_a_last_line_that_is_half_written_is_dropped(tmp_path: Path) -> None:
    path = written(tmp_path / "r", SHARD, Shard(NAME, "quick", 4, 30, 0, 2))
    whole = path.read_bytes()
    path.write_bytes(whole[:-9])
    with opened(path, "quick") as record:
        assert [k[1] for k in record.done] == [3]
        record.add(get(NAME), Shard(NAME, "quick", 5, 30, 0, 2), examined())
    with opened(path, "quick") as record:
        assert [k[1] for k in record.done] == [3, 5]


@pytest.mark.parametrize("kept", [0, 1, 12, 60])
def test_a_first_line_that_is_half_written_is_written_anew(tmp_path: Path, kept: int) -> None:
    path = written(tmp_path / "r")
    whole = path.read_bytes()
    path.write_bytes(whole[:kept])
    assert written(path).read_bytes() == whole


def test_two_campaigns_do_not_write_to_one_record(tmp_path: Path) -> None:
    path = tmp_path / "r"
    said = r"^another campaign is writing to it$"
    with opened(path, "quick"), pytest.raises(UnusableRecord, match=said), opened(path, "quick"):
        pass
    written(tmp_path / "r", SHARD)


@pytest.mark.usefixtures("no_locks")
def test_where_files_have_no_locks_there_is_none(tmp_path: Path) -> None:
    with opened(tmp_path / "r", "quick"):
        written(tmp_path / "r")


@pytest.fixture
def no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theorems.tools.campaigns.record.fcntl", None)


def edited(path: Path, line: int, change: Callable[[dict[str, Any]], Any]) -> None:
    lines = [json.loads(text) for text in path.read_text("utf-8").splitlines()]
    change(lines[line])
    path.write_text("".join(json.dumps(data) + "\n" for data in lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda data: data["versions"].update(hypothesis="1.2"), r"it is of other versions: hypothesis 1\.2, here 6.*"),
        (lambda data: data["versions"].pop("Python"), r"it is of other versions: Python none, here 3.*"),
        (lambda data: data["versions"].update({"Lisp": "1"}), "it is of other versions: Lisp 1, here none"),
        (lambda data: data.update(profile="full"), "it is of the profile full, and this campaign has quick"),
        (lambda data: data.update(record="leanmirror campaign 0"), "it is no record of a campaign .*"),
        (lambda data: data.update(versions=["6"]), r"it is no record of a campaign \(no .*"),
    ],
)
def test_a_record_of_another_run_is_refused_by_name(tmp_path: Path, change: Any, said: str) -> None:
    path = written(tmp_path / "r", SHARD)
    edited(path, 0, change)
    before = path.read_bytes()
    with pytest.raises(UnusableRecord, match=f"^{said}$"), opened(path, "quick"):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize("text", ["hello", "hello\n", "[1]\n", '{"a": 1}\n', '{"record": 5}\n{"a": 1}\n'])
def test_a_file_that_is_no_record_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "r"
    path.write_text(text)
    with pytest.raises(UnusableRecord, match="no record of a campaign"), opened(path, "quick"):
        pass
    assert path.read_text() == text


DAMAGES: list[Callable[[dict[str, Any]], Any]] = [
    lambda data: data.pop("seen"),
    lambda data: data.pop("check"),
    lambda data: data.update(verdict="fine"),
    lambda data: data.update(verdict="refuted"),
    lambda data: data.update(seen=5),
    lambda data: data.update(seen=""),
    lambda data: data.update(elapsed=None),
    lambda data: data.update(elapsed=float("inf")),
    lambda data: data.update(failure={"mismatch": {}}),
    lambda data: data.update(theorem=[NAME]),
    lambda data: data.update(seed="3"),
    lambda data: data.update(tried=900),
    lambda data: data.update(tried="30"),
    lambda data: data.update(seconds=None),
    lambda data: data.update(traits=[1, 2]),
]


@pytest.mark.parametrize("number", range(len(DAMAGES)))
def test_a_damaged_line_is_named(tmp_path: Path, number: int) -> None:
    path = written(tmp_path / "r", SHARD, Shard(NAME, "quick", 4, 30, 0, 2))
    edited(path, 1, DAMAGES[number])
    said = "^line 2 is no shard of a campaign as it was written: the file is damaged$"
    with pytest.raises(UnusableRecord, match=said), opened(path, "quick"):
        pass


@pytest.mark.parametrize("order", [(0, 2, 1), (0, 1, 2, 1)])
def test_lines_that_stand_twice_or_in_another_order_say_the_same(tmp_path: Path, order: tuple[int, ...]) -> None:
    path = written(tmp_path / "r", SHARD, Shard(NAME, "quick", 4, 30, 0, 2))
    lines = path.read_bytes().splitlines(keepends=True)
    with opened(path, "quick") as record:
        done = record.done
    path.write_bytes(b"".join(lines[number] for number in order))
    with opened(path, "quick") as record:
        assert record.done == done
        assert record.elapsed >= json.loads(lines[2])["elapsed"]


class Full(io.RawIOBase):
    """A file on a full disk."""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, _: object) -> int:
        return 0

    def seek(self, *_: int) -> int:
        return 0

    def truncate(self, _: int | None = None) -> int:
        return 0

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("path", ["/dev/full", "/dev/null", "."])
def test_what_is_no_plain_file_is_not_read(path: str) -> None:
    with pytest.raises(UnusableRecord, match=r"^it is no plain file$"), opened(Path(path), "quick"):
        pass


@pytest.mark.usefixtures("no_locks")
def test_what_a_full_disk_did_not_take_is_said_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing the file tries to write it again, and fails again."""
    file = io.BufferedRandom(Full())
    monkeypatch.setattr(Path, "open", lambda *_: file)
    with pytest.raises(CannotWrite, match=r"cannot write .*r: No space left"), opened(tmp_path / "r", "quick"):
        pass
    assert file.closed


def test_a_record_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=r"cannot write .*file/r: "), opened(tmp_path / "file" / "r", "quick"):
        pass
    with opened(tmp_path / "r", "quick") as record:
        monkeypatch.setattr(record, "_file", Full())
        with pytest.raises(CannotWrite, match=r"cannot write .*r: No space left on device"):
            record.add(get(NAME), SHARD, examined())
