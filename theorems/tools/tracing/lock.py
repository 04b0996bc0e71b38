"""leanmirror.lock: what the declarations said that tests are about when somebody last agreed to it.

A plain TOML table for each name, sorted, so that two branches that add names merge line by line. A table with
`rests_on` is of a name that tests carry; the others are of what those rest on, so that a change there has a name.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from theorems.tools.tracing.errors import NotTraced
from theorems.tools.tracing.places import shown

VERSION = 1
_HEAD = f"""\
# What Lean said when the tests about it were last agreed to. `leanmirror trace --accept` writes this file: commit it.
# Branches merge line by line. After a conflict take the file of one side whole, and accept again.
lock-version = {VERSION}
"""
_REMEDY = "take an older one, or remove it and accept anew"
_CONFLICT = re.compile(r"^(<{7}|>{7}|={7})(?: |$)", re.MULTILINE)
_KEYS = ("kind", "file", "statement", "rests_on")


class LockError(NotTraced):
    """The lock does not say what it must; the message names the place and what would be right."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed of one declaration: `statement` hashes what it says, `rests_on` what it rests on.

    `rests_on` is None for what no test is about and others rest on; empty where it rests on nothing of the project.
    """

    name: str
    kind: str
    file: str
    statement: str
    rests_on: str | None = None


def read_lock(path: Path) -> dict[str, Agreed] | None:
    """What was agreed, by name; None where nothing was written yet. Raises `LockError` for what is no lock."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return None
    except OSError as why:
        raise LockError(f"cannot read {shown(path)}: {why.strerror}") from why
    except UnicodeDecodeError as why:
        raise LockError(f"{shown(path)} is no lock: it is not UTF-8 at byte {why.start}") from why
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        raise LockError(
            f"{shown(path)}:{line}: a merge left a conflict: take the file of one side whole, and accept again"
        )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise LockError(f"{shown(path)} is no lock: {why}; {_REMEDY}") from why
    return _agreed(path, data)


def _agreed(path: Path, data: dict[str, Any]) -> dict[str, Agreed]:
    version = data.pop("lock-version", None)
    if version is None:
        raise LockError(f"{shown(path)} is no lock: it has no lock-version; {_REMEDY}")
    if version != VERSION:
        raise LockError(
            f"{shown(path)} has lock-version {version!r}, expected {VERSION}: use the leanmirror that wrote it"
        )
    return {name: _entry(path, name, table) for name, table in data.items()}


def _entry(path: Path, name: str, table: Any) -> Agreed:
    if not isinstance(table, Mapping):
        raise LockError(f"{shown(path)}: {name} is {table!r}, expected a table")
    if unknown := [key for key in table if key not in _KEYS]:
        raise LockError(f"{shown(path)}: {name} has an unknown key {unknown[0]}; expected {', '.join(_KEYS)}")
    for key in _KEYS:
        value = table.get(key, "" if key != "rests_on" else None)
        if not (isinstance(value, str) or (key == "rests_on" and value is None)) or (key in _KEYS[:3] and not value):
            raise LockError(f"{shown(path)}: {key} of {name} is {table.get(key)!r}, expected a string")
    return Agreed(name, **table)


def lock_text(agreed: Iterable[Agreed]) -> str:
    """The text of a lock: the same for the same names, whatever order they come in."""
    return "\n".join((_HEAD, *map(_table, sorted(agreed, key=lambda one: one.name))))


def _table(one: Agreed) -> str:
    fields = {"kind": one.kind, "file": one.file, "statement": one.statement}
    fields |= {"rests_on": one.rests_on} if one.rests_on is not None else {}
    lines = [f"{key} = {_quoted(value)}\n" for key, value in fields.items()]
    return f"[{_quoted(one.name)}]\n{''.join(lines)}"


def _quoted(text: str) -> str:
    """A basic string of TOML, which JSON strings are."""
    return json.dumps(text, ensure_ascii=False)
