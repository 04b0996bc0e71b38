"""Reports as files: written whole or not at all, and refused before a run where they cannot be written."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from theorems.tools.output.signs import read_as_utf8


class CannotWrite(OSError):
    """Something could not be written: `filename` names it, always, and `strerror` says why."""

    def __init__(self, name: Path | str, why: OSError) -> None:
        super().__init__(why.errno, why.strerror or str(why), str(name))

    def __str__(self) -> str:
        return f"cannot write {self.filename}: {self.strerror}"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file whole, its folders made, or leave everything as it was and raise `CannotWrite`.

    Text is written as UTF-8. A link is followed. What is no ordinary file (a device, a pipe, what standard output or
    standard error goes to) cannot be replaced: it is written to as it is.
    """
    data = content if isinstance(content, bytes) else read_as_utf8(content).encode("utf-8", "backslashreplace")
    with _named(path):
        if is_stream(path):
            _pour(path, data)
        else:
            _replace(Path(os.path.realpath(path)), data)


def refuse_unwritable(path: Path) -> None:
    """Raise `CannotWrite` where it is clear beforehand that `write_whole` will fail; nothing is left behind."""
    with _named(path):
        if (found := _stat(path)) and stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if found and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if not is_stream(path):
            folders = Path(os.path.realpath(path)).parents
            tempfile.TemporaryFile(dir=next(folder for folder in folders if folder.exists())).close()


def is_stream(path: Path) -> bool:
    """Whether a path is something to write to as it is: no ordinary file, or one that a standard stream goes to."""
    found = _stat(path)
    return found is not None and (not stat.S_ISREG(found.st_mode) or _standard(found) is not None)


def is_standard_output(path: Path) -> bool:
    """Whether what is written to a path stands among what is printed."""
    found = _stat(path)
    return found is not None and _standard(found) == 1


def _stat(path: Path) -> os.stat_result | None:
    """What is at a path, links followed; None where nothing is."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _standard(found: os.stat_result) -> int | None:
    """The descriptor of standard output or standard error that goes to this file, if one does."""
    for number in (1, 2):
        with suppress(OSError):
            if os.path.samestat(found, os.fstat(number)):
                return number
    return None


def _pour(path: Path, data: bytes) -> None:
    number = _standard(path.stat())
    if number is not None:
        sys.stdout.flush()  # what was printed before comes before
    # A reader that has left wants no more: that is no failure.
    with suppress(BrokenPipeError), _opened(path, number) as file:
        file.write(data)


def _opened(path: Path, number: int | None) -> BinaryIO:
    return path.open("wb") if number is None else os.fdopen(os.dup(number), "wb")


def _replace(path: Path, data: bytes) -> None:
    with _folders_of(path):
        part = path.with_name(f".leanmirror-{secrets.token_hex(8)}")
        try:
            with part.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # some file systems say only now that they are full
            if path.exists():
                shutil.copymode(path, part)
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextmanager
def _folders_of(path: Path) -> Iterator[None]:
    """The folders that a path lacks, which go again where the block fails."""
    lacking = [folder for folder in path.parents if not folder.exists()]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        with suppress(OSError):
            for folder in lacking:
                folder.rmdir()
        raise


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """An `OSError` of the block as a `CannotWrite` that names the path: of a full disk, it names no file itself."""
    try:
        yield
    except OSError as why:
        raise CannotWrite(path, why) from why
