"""Where this package lies, and whether that is a checkout of leanmirror, whose files a command may write."""

from __future__ import annotations

import tomllib
from pathlib import Path


def lean_refs_folder() -> Path:
    """The folder of `lean_refs`."""
    return Path(__file__).parent


def in_checkout() -> bool:
    """Whether `lean_refs` lies in a checkout of leanmirror rather than among the installed packages."""
    try:
        project = tomllib.loads((lean_refs_folder().parent / "pyproject.toml").read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return project.get("project", {}).get("name") == "leanmirror"
