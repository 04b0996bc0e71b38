"""The workers of a Dask scheduler that somebody has started: its client's executor has the interface of our seam."""

from __future__ import annotations

import logging
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

import click

from theorems.tools.campaigns.remote import OtherVersions, UnusableWorkers, agreed
from theorems.tools.campaigns.versions import deciding, differences
from theorems.tools.cli.calls import ToolFailure
from theorems.tools.cli.pools import Workers

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")
ANSWERS_WITHIN = 5  # seconds, else nobody is there
WAITING = 1000  # so many shards are with the scheduler at a time, however many workers it has or will have


def workers_of(address: str | None, jobs: int | None) -> AbstractContextManager[Workers | None]:
    """The workers of the scheduler at an address; None without an address.

    Raises `ClickException`, before any work, where the scheduler cannot be reached, has no worker, or has one that
    differs in a version that decides; and `ToolFailure` where it goes in the middle of a run.
    """
    if address is None:
        return nullcontext()
    if jobs is not None:
        raise click.UsageError("--jobs is about processes of this machine: leave it out beside --cluster")
    if not find_spec("distributed"):
        raise click.ClickException("--cluster needs distributed: pip install 'leanmirror[cluster]'")
    _require_answer(address)
    return _workers(address)


def _require_answer(address: str) -> None:
    """Raise `ClickException` where nothing listens at an address; Dask would take long to say so, and several lines."""
    try:
        found = urlsplit(address)
        scheme, host, port = found.scheme, found.hostname, found.port
    except ValueError:  # a port that is no number
        scheme = host = port = None
    if not host or not port or scheme != "tcp":
        raise click.ClickException(f"{address!r} is no address of a scheduler: tcp://HOST:PORT is expected")
    try:
        socket.create_connection((host, port), ANSWERS_WITHIN).close()
    except OSError as why:
        raise click.ClickException(_no_answer(address, why.strerror or str(why))) from why


def _no_answer(address: str, why: str) -> str:
    return f"no Dask scheduler answers at {address} ({why}): start one with `dask scheduler`"


@contextmanager
def _workers(address: str) -> Iterator[Workers]:
    with _silence(), _client(address) as client:
        _require_agreement(client, address)
        try:
            yield Workers(lambda _: _executor(client), 1, WAITING)
        except OtherVersions as why:
            raise click.ClickException(f"{address}: {why}") from why
        except UnusableWorkers as why:
            raise ToolFailure(f"{address}: {why}") from why


@contextmanager
def _silence() -> Iterator[None]:
    """What Dask logs is said by us, in one line."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _client(address: str) -> Iterator[Client]:
    made: Future[Client] = Future()
    # In a thread: Dask waits without a limit for what listens there and says nothing.
    threading.Thread(target=_connect, args=(address, made), daemon=True).start()
    try:
        client = made.result(ANSWERS_WITHIN)
    except TimeoutError:
        why = f"something listens there, and has said nothing for {ANSWERS_WITHIN} s"
        raise click.ClickException(_no_answer(address, why)) from None
    except Exception as why:  # which one depends on what answers
        raise click.ClickException(_no_answer(address, f"{type(why).__name__}: {why}")) from why
    try:
        yield client
    finally:
        client.close()


def _connect(address: str, made: Future[Client]) -> None:
    from distributed import Client

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of versions: those that decide are compared by us
            made.set_result(Client(address, timeout=ANSWERS_WITHIN, set_as_default=False))
    except Exception as error:
        made.set_exception(error)


def _require_agreement(client: Client, address: str) -> None:
    """Raise `ClickException` for a scheduler without workers, or with one that may decide otherwise."""
    found = _said_by(client)
    if not found:
        said = f"the scheduler at {address} has no worker: start one with `dask worker {address} --nthreads 1`"
        raise click.ClickException(said)
    for worker, theirs in found.items():
        if isinstance(theirs, BaseException):
            said = f"{type(theirs).__name__}: {theirs}"
            raise click.ClickException(f"the worker {worker} cannot run leanmirror: {said}")
        if changed := differences(theirs, deciding()):
            raise click.ClickException(f"the worker {worker} has other versions: {'; '.join(changed)}")


def _said_by(client: Client) -> Mapping[str, Any]:
    """What each worker decides by, or the exception that it raises."""
    said: Any = client.run(deciding, on_error="return")
    return said


@contextmanager
def _executor(client: Client) -> Iterator[Executor]:
    """The client's executor; what is queued is cancelled where the block is left early."""
    executor = client.get_executor(pure=False)  # pure work would be done once, and remembered by the scheduler
    try:
        yield AgreeingExecutor(executor)
    except BaseException:
        executor.shutdown(wait=False)
        raise
    executor.shutdown(wait=True)


class AgreeingExecutor(Executor):
    """Gives another executor its work with our versions: a worker may join later, and is held to them too."""

    def __init__(self, executor: Executor) -> None:
        self._executor, self._ours = executor, deciding()

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """A future of the other executor."""
        return self._executor.submit(agreed, self._ours, fn, *args, **kwargs)
