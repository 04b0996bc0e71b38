"""What a pin holds of each declaration, and a source read against it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files as resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lean_refs.drift import located
from lean_refs.facts import PINNED_REVISION
from lean_refs.fingerprint import BinderPrint, Evaluation, Fingerprint, Fingerprinter
from lean_refs.normal import digest
from lean_refs.prose.reading import coverage, read_prose
from lean_refs.prose.records import Prose
from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.records import Reading, Unread
from lean_refs.reader.tree import NotACheckoutError, lean_files, read_tree, with_headers

HASHES = (
    *("statement", "body", "docstring", "conclusion"),
    *("meaning", "result", "body_meaning", "skeleton", "body_skeleton"),
)


class UnknownRevisionError(Exception):
    """No pin has the revision asked for; the message lists those there are."""


class DamagedPinError(UnknownRevisionError):
    """A pin that is not what `leanmirror pin` writes."""


class DamagedNumbersError(Exception):
    """The file of pinned numbers is damaged; the message says how."""


@dataclass(frozen=True)
class SourceReading:
    """The part of a source that the closure lives in: its fingerprints, and what in it was not understood.

    `names` maps each pinned name to the name that the source gives it (another one only where it was
    renamed); a pinned name that the source lacks is not in it. `missing` are pinned files that are not there.
    `coverage` are the files that claim coverage in prose, which are read for that alone.
    """

    prints: Fingerprinter
    reading: Reading
    names: dict[str, str]
    missing: tuple[str, ...]
    coverage: Reading = field(default_factory=lambda: Reading({}))

    @cached_property
    def prose(self) -> tuple[Prose, ...]:
        """Every text of the files read, those that claim coverage last."""
        return (*read_prose(self.reading), *read_prose(self.coverage))

    @property
    def unread(self) -> list[Unread]:
        """Everything in the files read that was not understood."""
        return self.reading.unread


def raw_pin(revision: str = PINNED_REVISION) -> dict[str, Any]:
    """The pin of `revision` as JSON data; raises `UnknownRevisionError` if there is none."""
    pins = resources("lean_refs").joinpath("pins")
    pin = pins.joinpath(f"{revision[:7]}.json")
    if not pin.is_file():
        known = ", ".join(sorted(path.name.removesuffix(".json") for path in pins.iterdir()))
        raise UnknownRevisionError(f"there is no pin of revision {revision!r}; there are pins of {known}")
    found = json.loads(pin.read_text("utf-8"))
    if damaged := next((key for key, made in _PARTS.items() if not _is_of(found.get(key, {}), made)), ""):
        raise DamagedPinError(f"{pin} is damaged in its {damaged!r}: `leanmirror pin --source DIR` writes it anew")
    if not found["revision"].startswith(revision):
        raise UnknownRevisionError(f"there is no pin of revision {revision!r}; there is one of {found['revision']}")
    return found


# What a pin says beside its declarations: by file or by declaration a list, or an object.
_PARTS: Mapping[str, type] = {"surroundings": dict, "prose": list, "ledger": list}


def _is_of(part: object, made: type) -> bool:
    return isinstance(part, dict) and all(isinstance(one, made) for one in part.values())


def pinned_numbers(revision: str = PINNED_REVISION) -> list[Any]:
    """What the text of each definition and theorem gives at fixed instances, as JSON data; nothing where none are kept.

    Raises `DamagedNumbersError` for a file that is not what `leanmirror pin` writes.
    """
    return numbers_in(resources("lean_refs").joinpath("numbers", f"{revision[:7]}.json"))


def numbers_in(file: Traversable) -> list[Any]:
    """The same of one file."""
    if not file.is_file():
        return []
    try:
        found = json.loads(file.read_text("utf-8"))
    except (ValueError, RecursionError) as why:
        raise DamagedNumbersError(f"{file} is no JSON: {why}") from why
    lists = [found.get("definitions"), found.get("theorems", [])] if isinstance(found, dict) else [None]
    if not all(isinstance(one, list) for one in lists):
        raise DamagedNumbersError(f"{file} has no list of definitions, or another thing for its theorems")
    if not str(found.get("revision")).startswith(revision := file.name.partition(".")[0]):
        raise DamagedNumbersError(f"{file} is of revision {found.get('revision')!s:.12}, its name says {revision}")
    entries = [entry for one in lists for entry in one]  # pyright: ignore[reportOptionalIterable]
    seen = Counter(entry["name"] for entry in entries if isinstance(entry, dict) and isinstance(entry.get("name"), str))
    if twice := next((name for name, count in seen.items() if count > 1), ""):
        raise DamagedNumbersError(f"{file} has two entries of {twice}")
    return entries


def text_digests(pinned: Mapping[str, Fingerprint]) -> dict[str, str]:
    """A digest of the text of each declaration and of every one that it rests on: what numbers are made from."""
    own = {name: f"{name} {made.statement} {made.body}" for name, made in pinned.items()}
    return {name: digest(" ".join(sorted(own[other] for other in _reached(name, pinned)))) for name in pinned}


def _reached(name: str, pinned: Mapping[str, Fingerprint]) -> set[str]:
    reached, ahead = {name}, [name]
    while ahead:
        made = pinned[ahead.pop()]
        new = {other for other in (*made.named, *made.named_in_body) if other in pinned} - reached
        reached |= new
        ahead.extend(new)
    return reached


def pinned_fingerprints(pin: Mapping[str, Any]) -> dict[str, Fingerprint]:
    """The fingerprints that a pin stores, by name; a declaration without one is left out."""
    return {entry["name"]: _restored(entry) for entry in pin["declarations"] if "hash" in entry}


def read_source(root: Path, pin: Mapping[str, Any]) -> SourceReading:
    """Read the closure of `pin` in the source below `root`.

    Only the pinned files are read if every pinned name is in them, else the whole tree is searched, by name
    and then by structure. Raises `NotACheckoutError` if `root` holds no Lean source of TorchLean.
    """
    pinned = pinned_fingerprints(pin)
    pinned_files = sorted({made.file for made in pinned.values()})
    present = [file for file in pinned_files if (root / file).is_file()]
    missing = tuple(file for file in pinned_files if file not in present)
    if root.is_dir() and not present and not any(file.startswith("NN/") for file in lean_files(root)):
        raise NotACheckoutError(f"{root} holds no Lean file under NN/; the root of a TorchLean checkout is expected")
    reading = read_tree(root, present or None)
    found = {declaration.name for declaration in reading.declarations}
    if present and not found.issuperset(pinned):
        reading = _widened(root, reading, pinned.keys() - found)
    reading = through_aliases(with_headers(reading, root))
    prints = Fingerprinter(reading)
    return SourceReading(prints, reading, located(pinned, prints), missing, coverage(root, reading))


def _widened(root: Path, reading: Reading, lost: set[str]) -> Reading:
    """The reading with the files that hold lost names, or of the same folders if no file does."""
    whole = read_tree(root)
    homes = {d.file for d in whole.declarations if d.name in lost}
    folders = {file.rsplit("/", 1)[0] for file in reading.files}
    near = {file for file in whole.files if file.rsplit("/", 1)[0] in folders}
    kept = sorted({*reading.files, *homes, *near})
    return Reading({file: whole.files[file] for file in kept}, whole.revision, whole.toolchain)


def _restored(entry: Mapping[str, Any]) -> Fingerprint:
    return Fingerprint(
        name=entry["name"],
        kind=entry["kind"],
        file=entry["file"],
        line=entry["line"],
        end_line=entry["end"],
        **{key: entry["hash"][key] for key in HASHES},
        binders=tuple(_binder(*fields) for fields in entry["binders"]),
        named=tuple(entry["named"]),
        named_in_body=tuple(entry["named_in_body"]),
        values=tuple(Evaluation(tuple(v["dims"].items()), v["value"]) for v in entry.get("values", ())),
        outside=entry.get("outside", ""),
        disagrees="",
        unproved=entry.get("unproved", False),
        quantified=tuple((name, kind) for name, kind in entry.get("quantified", ())),
        private=entry.get("private", False),
    )


def _binder(*fields: Any) -> BinderPrint:
    return BinderPrint(*fields[:-1], says=tuple(map(tuple, fields[-1])))
