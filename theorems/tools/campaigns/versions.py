"""What decides which instances are drawn and how they are judged: two processes that differ in it are not one run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from theorems.tools.reports.versions import versions

DECIDING = ("leanmirror", "Python", "hypothesis", "python-flint", "TorchLean")
TOOLS = "tools"  # they draw and judge nothing


@cache
def deciding() -> dict[str, str]:
    """Name to version of what decides, with a digest of our sources: a checkout changes and keeps its version."""
    found = versions()
    return {name: found[name] for name in DECIDING} | {"sources": _sources()}


def differences(theirs: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """`name theirs, here ours` for each version that is not the same."""
    names = [*ours, *(name for name in theirs if name not in ours)]
    pairs = [(name, theirs.get(name, "none"), ours.get(name, "none")) for name in names]
    return [f"{name} {their}, here {our}" for name, their, our in pairs if their != our]


def _sources() -> str:
    """A digest of the modules of the mirror and of the theorems."""
    digest = blake2b(digest_size=6)
    for package in ("mirror", "theorems"):
        folder = _folder(package)
        for path in sorted(folder.rglob("*.py")):
            relative = path.relative_to(folder)
            if relative.parts[0] != TOOLS:
                digest.update(f"{package}/{relative.as_posix()}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _folder(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent
