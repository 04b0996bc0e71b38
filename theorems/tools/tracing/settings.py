"""What a project says about itself: `[tool.leanmirror]` in its pyproject.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from theorems.tools.tracing.errors import NotTraced
from theorems.tools.tracing.places import shown

KEYS = ("source", "tests", "ignore")
LOCK = "leanmirror.lock"
# pytest's own defaults.
_COLLECTED = {"python_files": ("test_*.py", "*_test.py"), "python_classes": ("Test",), "python_functions": ("test",)}


class SettingsError(NotTraced):
    """A file of the project does not say what it must; the message names file, place and what would be right."""


@dataclass(frozen=True, slots=True)
class Collected:
    """The patterns by which pytest finds files, classes and functions of tests: prefixes or globs of their names."""

    files: tuple[str, ...] = _COLLECTED["python_files"]
    classes: tuple[str, ...] = _COLLECTED["python_classes"]
    functions: tuple[str, ...] = _COLLECTED["python_functions"]


@dataclass(frozen=True, slots=True)
class TraceSettings:
    """Where a project has its Lean files and its tests; `root` is the folder that holds its pyproject.toml and lock.

    Of the globs to `ignore` those with a slash, or that end in `.lean`, are of Lean files from the source's root, which
    are not read; the others are of full Lean names, which need no test.
    """

    root: Path
    source: Path | None = None
    tests: tuple[Path, ...] = ()
    ignore: tuple[str, ...] = ()
    collected: Collected = field(default_factory=Collected)

    @property
    def lock(self) -> Path:
        """Where it is written what was agreed."""
        return self.root / LOCK


def settings_of(folder: Path) -> TraceSettings:
    """The settings of the project that a folder is in: the nearest pyproject.toml, from the folder upwards.

    Raises `SettingsError` where its table has an unknown key, or a value of the wrong type.
    """
    for root in (folder, *folder.parents):
        path = root / "pyproject.toml"
        if path.is_file():
            return _settings(root, path, _read(path))
    return TraceSettings(folder)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        tool = tomllib.loads(path.read_text("utf-8")).get("tool", {})
    except OSError as why:
        raise SettingsError(f"cannot read {shown(path)}: {why.strerror}") from why
    except ValueError as why:  # TOML's errors and those of UTF-8
        raise SettingsError(f"{shown(path)} is not TOML: {' '.join(str(why).split())}") from why
    return tool if isinstance(tool, Mapping) else {}


def _settings(root: Path, path: Path, tool: Mapping[str, Any]) -> TraceSettings:
    table = tool.get("leanmirror", {})
    if not isinstance(table, Mapping):
        raise SettingsError(f"{shown(path)}: leanmirror is {table!r}, expected a table [tool.leanmirror]")
    for key in table:
        if key not in KEYS:
            near = get_close_matches(key, KEYS, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise SettingsError(f"{shown(path)}: [tool.leanmirror] has no key {key}{meant}; expected {', '.join(KEYS)}")
    source = table.get("source")
    if source is not None and not (isinstance(source, str) and source.strip()):
        raise SettingsError(f"{shown(path)}: source of [tool.leanmirror] is {source!r}, expected the path of a folder")
    tests = _strings(path, "tests", table.get("tests", ()))
    return TraceSettings(
        root,
        None if source is None else root / source,
        tuple(root / folder for folder in tests),
        _strings(path, "ignore", table.get("ignore", ())),
        _collected(tool.get("pytest", {})),
    )


def _strings(path: Path, key: str, value: Any) -> tuple[str, ...]:
    """One string, or a list of them."""
    several = [value] if isinstance(value, str) else value
    found = tuple(one for one in several if isinstance(one, str)) if isinstance(several, list | tuple) else ()
    if not isinstance(several, list | tuple) or len(found) < len(several) or not all(one.strip() for one in found):
        raise SettingsError(
            f"{shown(path)}: {key} of [tool.leanmirror] is {value!r}, expected a string or a list of strings"
        )
    return found


def _collected(table: Any) -> Collected:
    """What `[tool.pytest]` or its older form says of names; whatever is wrong in it pytest says itself."""
    table = table if isinstance(table, Mapping) else {}
    said = {**table, **(table.get("ini_options") if isinstance(table.get("ini_options"), Mapping) else {})}
    return Collected(*(_patterns(said.get(key), default) for key, default in _COLLECTED.items()))


def _patterns(value: Any, default: tuple[str, ...]) -> tuple[str, ...]:
    words = value.split() if isinstance(value, str) else value
    return tuple(map(str, words)) if isinstance(words, list) else default
