"""A store of failures that several people and machines share: Hypothesis's databases, of its own and of other kinds.

Of each failure it holds the choices behind it, which Hypothesis can go on from, and its replay file, because choices do
not outlive a change of the strategy. The digest of a replay file is its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from hypothesis.database import (
    DirectoryBasedExampleDatabase,
    ExampleDatabase,
    MultiplexedDatabase,
    ReadOnlyDatabase,
)

from theorems.tools.output.files import CannotWrite, refuse_unwritable

REDIS = ("redis", "rediss", "unix")
READ_ONLY = "read-only:"
ANSWERS_WITHIN = 4  # seconds, else no Redis is there
KEPT = timedelta(days=365)  # in Redis, after the last failure of a theorem
REPLAYS = b"leanmirror replay files"


class UnusableStore(ValueError):
    """No store is there, or none that can be used."""


@dataclass(frozen=True, slots=True)
class StoredReplay:
    """The text of a replay file, and its digest."""

    digest: str
    content: bytes


class FailureStore:
    """A database, and where it is, as any command line says it: a folder by its whole path, no password."""

    def __init__(self, database: ExampleDatabase, where: Sequence[str]) -> None:
        self._database, self.where = database, where

    def keep(self, theorem: str, content: bytes, choices: Sequence[bytes]) -> str:
        """Store a failure; its digest. Raises `UnusableStore` where it is not there afterwards."""
        try:
            for each in choices:
                self._database.save(_key(theorem), each)
            self._database.save(REPLAYS, content)
            kept = content in self._database.fetch(REPLAYS)
        except Exception as why:  # whatever the database raises: the failure is in a file besides
            raise UnusableStore(" ".join(f"{type(why).__name__}: {why}".split())) from why
        if not kept:  # Hypothesis's databases swallow what they cannot write
            raise UnusableStore("what was written is not there")
        return digest_of(content)

    def choices(self, theorem: str) -> list[bytes]:
        """The choices behind a theorem's failures."""
        return sorted(self._database.fetch(_key(theorem)))

    def replays(self) -> Iterator[StoredReplay]:
        """Every replay file, in the order of the digests."""
        found = {digest_of(content): content for content in self._database.fetch(REPLAYS)}
        return (StoredReplay(digest, found[digest]) for digest in sorted(found))


def digest_of(content: bytes) -> str:
    """The name of a replay file in a store."""
    return blake2b(content, digest_size=6).hexdigest()


def _key(theorem: str) -> bytes:
    return f"leanmirror choices {theorem}".encode()


def store(where: Sequence[str]) -> FailureStore:
    """The store in some places, which are all read; what is not `read-only:` is written.

    A place is a folder or the address of a Redis. Raises `UnusableStore` for one that is not there.
    """
    return FailureStore(MultiplexedDatabase(*map(_database, where)), [_from_anywhere(place) for place in where])


def _database(place: str) -> ExampleDatabase:
    if place.startswith(READ_ONLY):
        return ReadOnlyDatabase(_opened(place.removeprefix(READ_ONLY), written=False))
    return _opened(place, written=True)


def _opened(place: str, *, written: bool) -> ExampleDatabase:
    scheme, address, _ = place.partition("://")
    if address:
        if scheme not in REDIS:
            said = f"{_shown(place)} is the address of no Redis: redis://HOST:PORT/0 is expected, or a folder"
            raise UnusableStore(said)
        return _redis(place)
    if not place:
        raise UnusableStore(f"{READ_ONLY} names no place: a folder or the address of a Redis is expected after it")
    folder = Path(place)
    try:
        if written:
            refuse_unwritable(folder / "failures")
        elif not folder.is_dir():
            raise UnusableStore(f"there is no folder {place} to read failures from")
    except CannotWrite as why:
        raise UnusableStore(f"failures cannot be stored in {place}: {why.strerror}") from why
    return DirectoryBasedExampleDatabase(folder)


def _redis(place: str) -> ExampleDatabase:
    if not find_spec("redis"):
        raise UnusableStore(f"{_shown(place)} needs redis: pip install 'leanmirror[redis]'")
    from hypothesis.extra.redis import RedisExampleDatabase
    from redis import Redis, RedisError

    try:
        client = Redis.from_url(place, socket_connect_timeout=ANSWERS_WITHIN, socket_timeout=ANSWERS_WITHIN)
        client.ping()
    except (RedisError, ValueError, OSError, TypeError) as why:  # a TypeError: of a parameter that it does not have
        raise UnusableStore(f"no Redis answers at {_shown(place)}: {' '.join(str(why).split())}") from why
    return RedisExampleDatabase(client, expire_after=KEPT, key_prefix=b"leanmirror:")


def _from_anywhere(place: str) -> str:
    """A place as it may be printed for those who stand in another folder."""
    if "://" in place:
        return _shown(place)
    kind = READ_ONLY if place.startswith(READ_ONLY) else ""
    return f"{kind}{Path(place.removeprefix(READ_ONLY)).absolute()}"


def _shown(place: str) -> str:
    """A place as it may be printed."""
    return re.sub(r"(?<=[?&]password=)[^&]*", "…", re.sub(r"(://[^:/@]*:).*@", r"\1…@", place))
