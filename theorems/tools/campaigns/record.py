"""The record of a campaign: a file of JSON lines, one a shard that has ended, to which each run adds."""

from __future__ import annotations

import base64
import json
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

from theorems.engine.checking import report_of
from theorems.engine.codec import decode
from theorems.engine.counts import Counts
from theorems.engine.evidence.verdicts import Judgement, Mismatch, Verdict
from theorems.engine.report import Failure
from theorems.engine.theorem import Theorem
from theorems.tools.campaigns.shard import Examined, Shard
from theorems.tools.campaigns.versions import deciding, differences
from theorems.tools.output.files import CannotWrite
from theorems.tools.reports.replay import failure_data

try:
    import fcntl
except ImportError:  # pragma: no cover - only Windows has none
    fcntl = None

FORMAT = "leanmirror campaign 2"
_BEGINS = f'{{"record": "{FORMAT}"'.encode()
# Of an instance's digest so many bytes are kept: of 10⁶ instances two coincide by chance in one record of 500.
DIGEST = 6
COUNTED = ("tried", "accepted", "empty", "boundary", "compared", "full", "width")


class UnusableRecord(ValueError):
    """A file that no campaign can go on with: damaged, foreign, or of other versions."""


ShardKey = tuple[str, int, int]  # theorem, seed, examples


def key(shard: Shard) -> ShardKey:
    """What tells a shard of a campaign from every other."""
    return shard.theorem, shard.seed, shard.examples


@dataclass(frozen=True, slots=True)
class KeptShard:
    """A shard of the record: its seed and length, what was counted, and the seconds that it took."""

    seed: int
    examples: int
    counts: Counts
    seconds: float
    processor_seconds: float


class CampaignRecord:
    """An open record: the lines of shards that have ended, by key, and the seconds that its runs have taken."""

    def __init__(self, path: Path, file: BinaryIO, profile: str) -> None:
        self.path, self._file, self.done = path, file, dict[ShardKey, dict[str, Any]]()
        self._before, self._began = 0.0, time.monotonic()
        lines = self._whole_lines()
        if not lines:
            self._write({"record": FORMAT, "profile": profile, "versions": deciding()})
            return
        self._require(lines[0], profile)
        for number, text in enumerate(lines[1:], 2):
            self._take(number, text)

    @property
    def elapsed(self) -> float:
        """The seconds that all runs of the campaign have taken together, this one included."""
        return self._before + time.monotonic() - self._began

    def add(self, theorem: Theorem, shard: Shard, examined: Examined) -> None:
        """Write the line of a shard that has counts; raises `CannotWrite`."""
        data = _line(theorem, shard, examined) | {"elapsed": round(self.elapsed, 3)}
        self._write(data | {"check": _check(data)})
        self.done[key(shard)] = data

    def _whole_lines(self) -> list[bytes]:
        """The lines of the file, which afterwards ends with the last: one that is half written is dropped."""
        whole, newline, half = self._file.read().rpartition(b"\n")
        if not newline and not half.startswith(_BEGINS[: len(half)]):
            raise UnusableRecord("it is no record of a campaign")
        self._file.truncate(len(whole + newline))
        self._file.seek(0, os.SEEK_END)
        return whole.split(b"\n") if newline else []

    def _write(self, data: Mapping[str, Any]) -> None:
        try:
            self._file.write(json.dumps(data, ensure_ascii=False).encode() + b"\n")
            self._file.flush()
        except OSError as why:
            raise CannotWrite(self.path, why) from why

    def _require(self, text: bytes, profile: str) -> None:
        """Raise `UnusableRecord` for a first line that does not fit this campaign."""
        found = _object(text)
        if found.get("record") != FORMAT or not isinstance(found.get("versions"), dict):
            raise UnusableRecord(f"it is no record of a campaign (no {FORMAT!r} in its first line)")
        if changed := differences(found["versions"], deciding()):
            raise UnusableRecord(f"it is of other versions: {'; '.join(changed)}")
        if found.get("profile") != profile:
            raise UnusableRecord(f"it is of the profile {found.get('profile')}, and this campaign has {profile}")

    def _take(self, number: int, text: bytes) -> None:
        data = _object(text)
        if data.pop("check", None) != _check(data):
            raise UnusableRecord(f"line {number} is no shard of a campaign as it was written: the file is damaged")
        key, _ = entry(data)
        self._before = max(self._before, data["elapsed"])
        self.done[key] = data


@contextmanager
def opened(path: Path, profile: str) -> Iterator[CampaignRecord]:
    """The record in a file, made where there is none; raises `UnusableRecord` and `CannotWrite`."""
    if path.exists() and not path.is_file():
        raise UnusableRecord("it is no plain file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+b")
    except OSError as why:
        raise CannotWrite(path, why) from why
    try:
        _lock(file)
        file.seek(0)
        yield CampaignRecord(path, file, profile)
    finally:
        with suppress(OSError):  # of the half line that a full disk did not take: that has been said
            file.close()


def _lock(file: BinaryIO) -> None:
    """Raise `UnusableRecord` where another process writes to the file, until this one closes it."""
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as why:
            raise UnusableRecord("another campaign is writing to it") from why


def _object(text: bytes) -> dict[str, Any]:
    """A line as an object; an empty one for anything else."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _check(data: Mapping[str, Any]) -> str:
    """What a line ends with: a number that is damaged is a number still, and would be counted."""
    return blake2b(json.dumps(data, ensure_ascii=False).encode(), digest_size=6).hexdigest()


def _line(theorem: Theorem, shard: Shard, examined: Examined) -> dict[str, Any]:
    """A shard in one line; a failure is the data of a replay file."""
    counts, failure = examined.counts, None
    if counts.failure:
        failure = failure_data(report_of(theorem, shard.drawing, counts, shard.profile, examined.seconds))
    return {
        **{"theorem": shard.theorem, "seed": shard.seed, "examples": shard.examples},
        **{name: getattr(counts, name) for name in COUNTED},
        "verdict": str(counts.verdict),
        "seconds": round(examined.seconds, 3),
        "processor_seconds": round(examined.processor_seconds, 3),
        "traits": dict(counts.traits),
        "seen": base64.b64encode(b"".join(sorted(digest[:DIGEST] for digest in counts.seen))).decode(),
        "failure": failure,
    }


def entry(data: Mapping[str, Any]) -> tuple[ShardKey, KeptShard]:
    """What a line says."""
    seen, found = base64.b64decode(data["seen"]), data["failure"]
    counts = Counts(
        **{name: data[name] for name in COUNTED},
        seen={seen[k : k + DIGEST] for k in range(0, len(seen), DIGEST)},
        verdict=Verdict(data["verdict"]),
        traits=Counter(data["traits"]),
        failure=_failure(found) if found else None,
    )
    seed, examples = data["seed"], data["examples"]
    kept = KeptShard(seed, examples, counts, data["seconds"], data["processor_seconds"])
    return (data["theorem"], seed, examples), kept


def _failure(data: Mapping[str, Any]) -> Failure:
    mismatch = Mismatch(**data["mismatch"]) if data["mismatch"] else None
    return Failure(decode(data["instance"]), Judgement(Verdict(data["verdict"]), mismatch=mismatch))
