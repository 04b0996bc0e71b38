"""The files that declarations rest on: their own, and all that these import, directly or not."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.records import Reading
from lean_refs.reader.tree import read_file, revision_of, toolchain_of


def read_with_imports(root: Path, files: Iterable[str]) -> Reading:
    """Read `files` below `root` and every file below it that they import, so that all names in them have a meaning."""
    readings = {}
    ahead = sorted(files)
    while ahead:
        file = ahead.pop()
        if file in readings or not (root / file).is_file():
            continue
        readings[file] = read_file(root, file)
        ahead += [f"{module.replace('.', '/')}.lean" for module in readings[file].imports]
    whole = Reading({file: readings[file] for file in sorted(readings)}, revision_of(root), toolchain_of(root))
    return through_aliases(whole)
