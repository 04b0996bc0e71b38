"""A checkout of TorchLean, or a part of it, to one reading."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from lean_refs.reader.imports import file_of
from lean_refs.reader.mask import mask
from lean_refs.reader.records import FileReading, Reading, Unread
from lean_refs.reader.revision import revision_of
from lean_refs.reader.scan import read_text

_SKIPPED = frozenset((".lake", ".git", "build"))
_TOOLCHAIN = re.compile(r"v?(\d+\.\d+\.\d+\S*)\s*$")
_IMPORT = re.compile(r"^[ \t]*(?:(?:public|meta|private)\s+)*import\s+(?:all\s+)?([^\s«]+)", re.MULTILINE)


class NotACheckoutError(Exception):
    """The folder is not what a reading needs; the message says what is missing."""


def read_file(root: Path, file: str) -> FileReading:
    """Read the file at `root / file`; a missing or undecodable one, or a pipe, is an `Unread` record."""
    path = root / file
    if path.exists() and not (path.is_file() or path.is_dir()):
        return _unreadable(file, "it is a pipe, a socket or a device, and no file")
    try:
        source = path.read_text("utf-8")
    except OSError as problem:
        return _unreadable(file, f"the file cannot be opened: {problem.strerror}")
    except UnicodeDecodeError as problem:
        return _unreadable(file, f"the file is not UTF-8 (byte {problem.start}: {problem.reason})")
    return read_text(file, source.replace("\r\n", "\n"))


def _unreadable(file: str, why: str) -> FileReading:
    return FileReading(file, (), (), frozenset(), (Unread(file, 1, why),))


def read_tree(root: Path, files: Iterable[str] | None = None) -> Reading:
    """Read `files` below `root` (all Lean files if None), each as its path with forward slashes.

    Raises `NotACheckoutError` if `root` is no folder or holds no Lean file.
    """
    if not root.is_dir():
        raise NotACheckoutError(f"{root} is not a folder; the root of a TorchLean checkout is expected")
    chosen = sorted(files) if files is not None else lean_files(root)
    if not chosen:
        raise NotACheckoutError(f"{root} holds no .lean file; the root of a TorchLean checkout is expected")
    readings = {file: read_file(root, file) for file in chosen}
    return Reading(readings, revision_of(root), toolchain_of(root), root=root)


def with_headers(reading: Reading, root: Path) -> Reading:
    """The reading with the imports of every further file below `root` that its files see."""
    headers: dict[str, tuple[str, ...]] = {}
    ahead = [module for file in reading.files.values() for module in file.imports]
    while ahead:
        file = file_of(ahead.pop())
        if file not in reading.files and file not in headers and (root / file).is_file():
            headers[file] = imports_in((root / file).read_text("utf-8", errors="replace"))
            ahead += headers[file]
    return replace(reading, headers=headers, root=root)


def imports_in(source: str) -> tuple[str, ...]:
    """The modules that a Lean text imports, and nothing else of it."""
    return tuple(_IMPORT.findall(mask(source).code))


def lean_files(root: Path) -> list[str]:
    """Every `.lean` file below `root` but those of builds and packages, sorted."""
    paths = (path.relative_to(root) for path in root.rglob("*.lean"))
    return sorted(path.as_posix() for path in paths if not _SKIPPED.intersection(path.parts))


def toolchain_of(root: Path) -> str | None:
    """The Lean version in `lean-toolchain`, such as `4.31.0`, or None."""
    try:
        found = _TOOLCHAIN.search((root / "lean-toolchain").read_text("utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return found.group(1) if found else None
