"""Which commit a source is: read without git from a checkout, a worktree or an unpacked archive, and never guessed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_COMMIT = re.compile(r"[0-9a-f]{40}")
_PART_OF_ONE = re.compile(r"[0-9a-f]{7,40}")
# Where a source says nothing of its commit.
UNKNOWN_WHY = "it has no .git, no .git_archival.txt, and its folder is not called TorchLean-COMMIT, as in an archive"


def is_commit(text: str) -> bool:
    """Whether a text is a commit in full: 40 hexadecimal digits."""
    return bool(_COMMIT.fullmatch(text))


def revision_of(root: Path) -> str | None:
    """The commit of the source at `root`, or the part of it that an archive tells, or None.

    It stands in `.git`, which may name another worktree's; in the `.git_archival.txt` of `git archive`; in the name of
    the folder that GitHub packs; or in the manifest of the project that this is a package of.
    """
    found = (_of_git(root), _of_archival(root), _of_folder(root), _of_manifest(root))
    return next(filter(None, found), None)


def _of_git(root: Path) -> str | None:
    try:
        git = _git_folder(root / ".git")
        name = _line(git / "HEAD").removeprefix("ref: ")
        if is_commit(name):
            return name
        # A worktree has its own HEAD; the branches are those of the repository.
        common = git / _line(git / "commondir") if (git / "commondir").is_file() else git
        loose = common / name
        return _line(loose) if loose.is_file() else _packed(common, name)
    except (OSError, UnicodeDecodeError):
        return None


def _line(path: Path) -> str:
    return path.read_text("utf-8").strip()


def _git_folder(path: Path) -> Path:
    return path.parent / _line(path).removeprefix("gitdir:").strip() if path.is_file() else path


def _packed(git: Path, name: str) -> str | None:
    lines = (line.split() for line in (git / "packed-refs").read_text("utf-8").splitlines())
    return next((line[0] for line in lines if line[1:] == [name]), None)


def _of_archival(root: Path) -> str | None:
    """The line `node: COMMIT`; `git archive` fills it in, and a checkout has a placeholder there."""
    try:
        lines = (root / ".git_archival.txt").read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    nodes = (line.partition(":")[2].strip() for line in lines if line.startswith("node:"))
    return next(filter(is_commit, nodes), None)


def _of_folder(root: Path) -> str | None:
    name, dash, commit = root.resolve().name.rpartition("-")
    return commit if dash and name.lower().endswith("torchlean") and _PART_OF_ONE.fullmatch(commit) else None


def _of_manifest(root: Path) -> str | None:
    """What `lake-manifest.json` says of a package in `.lake/packages` of another project."""
    place = root.resolve()
    if [folder.name for folder in (place.parent, place.parent.parent)] != ["packages", ".lake"]:
        return None
    try:
        manifest: Any = json.loads((place.parents[2] / "lake-manifest.json").read_text("utf-8"))
        named = [p for p in manifest["packages"] if p["name"].strip("«»").lower() == place.name.lower()]
        revisions = [p["rev"] for p in named]
    except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None
    return next((found for found in revisions if isinstance(found, str) and is_commit(found)), None)
