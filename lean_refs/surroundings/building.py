"""How a checkout is built: the options of its Lake package, its Lean, and the packages that it rests on."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from pathlib import Path
from typing import Any

from lean_refs.normal import digest
from lean_refs.reader.mask import mask
from lean_refs.surroundings.words import is_harmless_option

LAKEFILES = ("lakefile.lean", "lakefile.toml")
_TOOLCHAIN, _MANIFEST = "lean-toolchain", "lake-manifest.json"
# ⟨`autoImplicit, false⟩, {name := `autoImplicit, value := false}, and "-DautoImplicit=false" among arguments.
_OPTION = re.compile(
    r"""(?:⟨\s*`+|name\s*:=\s*`+)(?P<name>[\w.]+)\s*,\s*(?:value\s*:=\s*)?(?P<value>[^⟩}\n]*[^⟩}\s])
    |-D\s*(?P<given>[a-z][\w.]*)=(?P<as>[^"\s,]+)""",
    re.VERBOSE,
)
# Other settings by which Lean takes a text for another thing, up to the next setting or command.
_SETTING = re.compile(
    r"\b(?P<key>moreLeanArgs|weakLeanArgs|plugins|srcDir)\s*:=(?P<value>.*?)(?=\n\s*\w+\s*:=|\n\S|\Z)", re.S
)


class BuildPart(Enum):
    """What a setting is of."""

    OPTION = "option"
    SETTING = "setting"
    LEAN = "Lean"
    PACKAGE = "package"
    REVISION = "revision"


@dataclass(frozen=True, slots=True)
class Built:
    """One such setting: what it is of, its name, its value, and where it stands."""

    part: BuildPart
    name: str
    value: str
    file: str
    line: int


def building_of(root: Path) -> tuple[Built, ...]:
    """Everything of how the checkout at `root` is built that its files say; nothing of files that are not there."""
    return tuple(one for file, read in _READERS.items() if (text := _text(root / file)) for one in read(file, text))


def building_json(building: tuple[Built, ...]) -> list[list[Any]]:
    """What a pin holds of it."""
    return [[one.part.value, one.name, one.value, one.file, one.line] for one in building]


def building_from(kept: list[list[Any]]) -> tuple[Built, ...]:
    """The same from a pin."""
    return tuple(Built(BuildPart(part), *rest) for part, *rest in kept)


@dataclass(frozen=True, slots=True)
class BuildChange:
    """A setting that came, went or has another value; `harmless` says why it changes nothing that is proved."""

    old: Built | None
    new: Built | None
    harmless: str


def build_changes(old: tuple[Built, ...], new: tuple[Built, ...]) -> list[BuildChange]:
    """Every difference, of files that both have; a lakefile in another language is read as the same one."""
    kinds = {_kind(one.file) for one in old} & {_kind(one.file) for one in new}
    found: list[BuildChange] = []
    for name in dict.fromkeys((one.part, one.name) for one in (*old, *new) if _kind(one.file) in kinds):
        before, now = ([b for b in side if (b.part, b.name) == name] for side in (old, new))
        gone, come = _without(before, now), _without(now, before)
        found += [BuildChange(a, b, _harmless(a, b)) for a, b in zip_longest(gone, come)]
    return found


def _without(some: list[Built], others: list[Built]) -> list[Built]:
    values = {one.value for one in others}
    return [one for one in some if one.value not in values]


def lacks_lakefile(building: tuple[Built, ...]) -> bool:
    """Whether nothing is known of how a package is built."""
    return not any(one.file in LAKEFILES for one in building)


def _harmless(old: Built | None, new: Built | None) -> str:
    found = new or old
    assert found is not None, "a difference has one side at least"
    if found.part is BuildPart.LEAN:
        return "another Lean takes the same text, or refuses it"
    if found.part is BuildPart.REVISION:
        return "another revision of a package, of which nothing is read here"
    if found.part is BuildPart.PACKAGE and (old is None or new is None):
        return "what is imported of a package is told by itself"
    if found.part is BuildPart.OPTION and is_harmless_option(found.name):
        return "a limit, a linter or how something is shown"
    if found.part is BuildPart.OPTION and new is None and found.name.startswith("debug."):
        return "without it more is proved, not less"
    return ""


def _kind(file: str) -> str:
    return file.partition(".")[0]


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return ""


def _of_lakefile(file: str, text: str) -> Iterator[Built]:
    code = mask(text).code
    # That it was read, also where it sets nothing.
    yield Built(BuildPart.SETTING, "package", "", file, 1)
    for found in _OPTION.finditer(code):
        name, value = found["name"] or found["given"], found["value"] or found["as"]
        yield Built(BuildPart.OPTION, name, value, file, _line(code, found.start()))
    for found in _SETTING.finditer(code):
        yield Built(BuildPart.SETTING, found["key"], _told(found["value"]), file, _line(code, found.start()))


def _of_toml(file: str, text: str) -> Iterator[Built]:
    yield Built(BuildPart.SETTING, "package", "", file, 1)
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    libraries = read.get("lean_lib")
    for table in (read, *(libraries if isinstance(libraries, list) else [])):
        for name, value in _flat(table.get("leanOptions")):
            line = _line(text, text.find(name.rpartition(".")[2]))
            yield Built(BuildPart.OPTION, name, json.dumps(value, default=str), file, line)
        for key in ("moreLeanArgs", "weakLeanArgs", "plugins", "srcDir"):
            if key in table:
                told = _told(json.dumps(table[key], default=str))
                yield Built(BuildPart.SETTING, key, told, file, _line(text, text.find(key)))


def _flat(options: object, before: str = "") -> Iterator[tuple[str, object]]:
    """Options as Lake takes them: a table, in which `pp.unicode` is a table in one, or a list of names and values."""
    if isinstance(options, list):
        yield from ((str(one["name"]), one.get("value")) for one in options if isinstance(one, dict) and "name" in one)
    elif isinstance(options, dict):
        for name, value in options.items():
            yield from _flat(value, f"{before}{name}.") if isinstance(value, dict) else [(f"{before}{name}", value)]


def _of_toolchain(file: str, text: str) -> Iterator[Built]:
    yield Built(BuildPart.LEAN, "lean", text.strip(), file, 1)


def _of_manifest(file: str, text: str) -> Iterator[Built]:
    try:
        packages = json.loads(text)["packages"]
        named = [(str(one["name"]), one) for one in packages]
    except (ValueError, KeyError, TypeError):
        return
    for name, one in named:
        line = _line(text, text.find(f'"{name}"'))
        yield Built(BuildPart.PACKAGE, name, str(one.get("url") or one.get("dir")), file, line)
        yield Built(BuildPart.REVISION, name, str(one.get("rev")), file, line)


_READERS = {
    "lakefile.lean": _of_lakefile, "lakefile.toml": _of_toml, _TOOLCHAIN: _of_toolchain, _MANIFEST: _of_manifest,
}  # fmt: skip


def _told(value: str) -> str:
    """Words and no more of upstream's text than their hash; spaces are layout."""
    return digest(" ".join(value.split()))


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, max(offset, 0)) + 1
