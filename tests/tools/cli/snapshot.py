"""Comparing what the command prints with what it printed when somebody last read it.

`LEANMIRROR_RENEW_SNAPSHOTS=1 pytest tests/tools` writes the snapshots anew, and so does `make renew`; read the
difference before committing it.
"""

from __future__ import annotations

import os
import re
from difflib import unified_diff
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"
ROOT = Path(__file__).resolve().parents[3]
# What differs from one run or machine to the next.
CHANGING = (
    (r" *\d+\.\d\d s\b", " T s"),
    (r" +time$", " time"),  # as far right as the longest time under it needs
    (r"[^,]* of processors in .*", " T of processors"),
    (r"\.py:\d+\b", ".py:LINE"),
    (re.escape(f"{ROOT}{os.sep}"), ""),
)


def normalised(text: str) -> str:
    """The text without times, and without the folder and the line numbers of our own files."""
    for pattern, by in CHANGING:
        text = re.sub(pattern, by, text, flags=re.MULTILINE)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def assert_snapshot(name: str, text: str) -> None:
    """The text is what the snapshot of that name says; raises `AssertionError` where it is not, or where none is."""
    path, found = FOLDER / f"{name}.txt", normalised(text)
    if os.environ.get("LEANMIRROR_RENEW_SNAPSHOTS"):
        path.write_text(found, encoding="utf-8")
    assert path.exists(), f"there is no snapshot {path.name}: renew the snapshots"
    kept = path.read_text(encoding="utf-8")
    assert found == kept, "\n".join(unified_diff(kept.splitlines(), found.splitlines(), path.name, "printed", n=0))
