"""The store of failures: what is kept is found again, and a place that cannot be used is said before any work."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis.database import InMemoryExampleDatabase, MultiplexedDatabase, ReadOnlyDatabase

from theorems.tools.campaigns import store as stores
from theorems.tools.campaigns.store import FailureStore, UnusableStore, digest_of, store

NAME = "A.theorem"


def test_what_is_kept_is_found_again_under_its_digest(tmp_path: Path) -> None:
    kept = store([str(tmp_path / "new")])
    digest = kept.keep(NAME, b"one", [b"c", b"b"])
    assert kept.keep(NAME, b"one", [b"b"]) == digest == digest_of(b"one")
    other = kept.keep("Another", b"two", [])
    again = store([str(tmp_path / "new")])
    assert {each.digest: each.content for each in again.replays()} == {digest: b"one", other: b"two"}
    assert (again.choices(NAME), again.choices("Another")) == ([b"b", b"c"], [])


def test_several_places_are_read_and_what_is_read_only_is_not_written(tmp_path: Path) -> None:
    theirs, ours = str(tmp_path / "theirs"), str(tmp_path / "ours")
    store([theirs]).keep(NAME, b"one", [b"c"])
    both = store([ours, f"read-only:{theirs}"])
    both.keep(NAME, b"two", [b"b"])
    assert [each.content for each in both.replays()] == sorted((b"one", b"two"), key=digest_of)
    assert both.choices(NAME) == [b"b", b"c"]
    assert [each.content for each in store([theirs]).replays()] == [b"one"]


@pytest.mark.parametrize("places", [("read-only:here",), ("read-only:here", "read-only:here")])
def test_what_cannot_be_kept_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, places: tuple[str, ...]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("here").mkdir()
    with pytest.raises(UnusableStore, match=r"^what was written is not there$"):
        store(places).keep(NAME, b"one", [])


def test_a_database_that_fails_is_said() -> None:
    class Gone(InMemoryExampleDatabase):
        def save(self, key: bytes, value: bytes) -> None:
            raise ConnectionError("it has\ngone")

    with pytest.raises(UnusableStore, match=r"^ConnectionError: it has gone$"):
        FailureStore(Gone(), ["there"]).keep(NAME, b"one", [])


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UnusableStore, match=r"^failures cannot be stored in .*file: Not a directory$"):
        store([str(tmp_path / "file")])
    with pytest.raises(UnusableStore, match=r"^there is no folder .*none to read failures from$"):
        store([f"read-only:{tmp_path / 'none'}"])
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_read_only_of_nothing_is_no_place() -> None:
    with pytest.raises(UnusableStore, match=r"^read-only: names no place: a folder or the address of a Redis is exp"):
        store(["read-only:"])


# ---- Redis


@pytest.mark.parametrize("place", ["http://here:1/0", "REDIS://here", "read-only:s3://here/x"])
def test_an_address_of_something_else_is_no_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnusableStore, match=r"://here.* is the address of no Redis: redis://HOST:PORT/0 is expected"):
        store([place])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("place", ["redis://[::1", "unix:///run/none?nonsense=1"])
def test_an_address_that_is_none_is_named(place: str) -> None:
    pytest.importorskip("redis")
    with pytest.raises(UnusableStore, match=rf"^no Redis answers at {re.escape(place)}: "):
        store([place])


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("redis://me:a:b/c@d@here:1/0", "redis://me:…@here:1/0"),
        ("rediss://:secret@[::1]/0", "rediss://:…@[::1]/0"),
        ("unix:///run/x?db=0&password=secret&a=b", "unix:///run/x?db=0&password=…&a=b"),
        ("redis://here:1/0", "redis://here:1/0"),
        ("folder/a:b@c", str(Path.cwd() / "folder/a:b@c")),
    ],
)
def test_no_password_is_printed(monkeypatch: pytest.MonkeyPatch, place: str, shown: str) -> None:
    monkeypatch.setattr(stores, "_database", lambda _: InMemoryExampleDatabase())
    assert store([place]).where == [shown]


def test_a_redis_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(UnusableStore, match=r"^no Redis answers at redis://me:…@127\.0\.0\.1:1/0: .*refused"):
        store(["redis://me:secret@127.0.0.1:1/0"])
    with pytest.raises(UnusableStore, match=r"^no Redis answers at redis://127\.0\.0\.1:port/0: .*port"):
        store(["redis://127.0.0.1:port/0"])


def test_a_redis_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "ANSWERS_WITHIN", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(UnusableStore, match=rf"no Redis answers at redis://127\.0\.0\.1:{port}: Timeout"):
            store([f"redis://127.0.0.1:{port}"])


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)
    with pytest.raises(UnusableStore, match=r"^redis://here needs redis: pip install 'leanmirror\[redis\]'$"):
        store(["redis://here"])


def test_a_redis_is_hypothesis_s_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in that answers: what the database does with it is Hypothesis's."""
    redis = pytest.importorskip("redis")

    class Answering(redis.Redis):
        def __init__(self) -> None: ...

        def __del__(self) -> None: ...

        def __repr__(self) -> str:
            return "Answering()"

        def ping(self, **_: Any) -> bool:
            return True

    monkeypatch.setattr(redis.Redis, "from_url", lambda *_, **__: Answering())
    made = store(["redis://here", "read-only:redis://there"])._database
    assert isinstance(made, MultiplexedDatabase)
    first, second = made._wrapped
    assert repr(first) == "RedisExampleDatabase(Answering(), expire_after=datetime.timedelta(days=365))"
    assert isinstance(second, ReadOnlyDatabase)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    path = tmp_path / "redis"
    options = ["--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:
        try:
            while not path.exists():
                time.sleep(0.01)
            yield f"unix://{path}"
        finally:
            server.kill()


def test_a_real_redis_keeps_failures(redis_server: str) -> None:
    digest = store([redis_server]).keep(NAME, "ε".encode(), [b"c"])
    again = store([f"read-only:{redis_server}"])
    assert [(each.digest, each.content) for each in again.replays()] == [(digest, "ε".encode())]
    assert again.choices(NAME) == [b"c"]
