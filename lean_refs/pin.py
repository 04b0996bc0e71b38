"""Makes a pin: the facts, numbers and hashes of the closure at one revision, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from lean_refs.drift import located
from lean_refs.facts import PINNED_REVISION
from lean_refs.fingerprint import BinderPrint, Evaluation, Fingerprint, Fingerprinter
from lean_refs.reader.records import Reading, Unread
from lean_refs.reader.tree import NotACheckoutError, lean_files, read_tree

# What a person wrote down about a declaration: carried over by name, never computed.
HAND_MADE = ("depth", "semantic", "depth_semantic", "extension", "fact", "index", "refs")
_HASHES = ("statement", "body", "docstring", "meaning", "result", "body_meaning", "skeleton", "body_skeleton")


class UnknownRevisionError(Exception):
    """No pin has the revision asked for; the message lists those there are."""


@dataclass(frozen=True, slots=True)
class SourceReading:
    """The part of a source that the closure lives in: its fingerprints, and what in it was not understood.

    `names` maps each pinned name to the name that the source gives it (another one only where it was
    renamed); a pinned name that the source lacks is not in it. `missing` are pinned files that are not there.
    """

    prints: Fingerprinter
    reading: Reading
    names: dict[str, str]
    missing: tuple[str, ...]

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
    return json.loads(pin.read_text("utf-8"))


def pinned_fingerprints(pin: Mapping[str, Any]) -> dict[str, Fingerprint]:
    """The fingerprints that a pin stores, by name; declarations without one (hand-made pins) are left out."""
    return {entry["name"]: _restored(entry) for entry in pin["declarations"] if "hash" in entry}


def read_source(root: Path, pin: Mapping[str, Any]) -> SourceReading:
    """Read the closure of `pin` in the source below `root`.

    Only the pinned files are read if every pinned name is in them, else the whole tree is searched, by name
    and then by structure. Raises `NotACheckoutError` if `root` holds no Lean source of TorchLean.
    """
    pinned_files = sorted({entry["file"] for entry in pin["declarations"]})
    present = [file for file in pinned_files if (root / file).is_file()]
    missing = tuple(file for file in pinned_files if file not in present)
    wanted = [entry["name"] for entry in pin["declarations"]]
    if root.is_dir() and not present and not any(file.startswith("NN/") for file in lean_files(root)):
        raise NotACheckoutError(f"{root} holds no Lean file under NN/; the root of a TorchLean checkout is expected")
    reading = read_tree(root, present or None)
    found = {declaration.name for declaration in reading.declarations}
    if present and not found.issuperset(wanted):
        reading = _widened(root, reading, set(wanted) - found)
    prints = Fingerprinter(reading)
    return SourceReading(prints, reading, located(pinned_fingerprints(pin) or dict.fromkeys(wanted), prints), missing)


def _widened(root: Path, reading: Reading, lost: set[str]) -> Reading:
    """The reading with the files that hold lost names, or of the same folders if no file does."""
    whole = read_tree(root)
    homes = {d.file for d in whole.declarations if d.name in lost}
    folders = {file.rsplit("/", 1)[0] for file in reading.files}
    near = {file for file in whole.files if file.rsplit("/", 1)[0] in folders}
    kept = sorted({*reading.files, *homes, *near})
    return Reading({file: whole.files[file] for file in kept}, whole.revision, whole.toolchain)


def pin_data(root: Path, revision: str | None = None, base: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The pin of the source below `root` as JSON data, with the closure and the hand-made facts of `base`.

    `revision` is the full commit hash, needed where the source has no `.git`. Raises `NotACheckoutError`.
    """
    base = base or raw_pin()
    source = read_source(root, base)
    commit = revision or source.reading.revision
    if commit is None:
        raise NotACheckoutError(f"{root} has no .git to read the revision from; give the revision")
    entries = [_entry(old, source) for old in base["declarations"] if old["name"] in source.names]
    head = {key: value for key, value in base.items() if key != "declarations"}
    head |= {"revision": commit, "lean": source.reading.toolchain or base["lean"]}
    return head | {"declarations": entries}


def pin_text(data: Mapping[str, Any]) -> str:
    """A pin as the text of its file: one declaration a line, keys in a fixed order."""
    head = {key: value for key, value in data.items() if key != "declarations"}
    lines = [f' "{key}": {_json(value)},' for key, value in head.items()]
    entries = ",\n".join("  " + _json(entry) for entry in data["declarations"])
    return "\n".join(("{", *lines, ' "declarations": [', entries, " ]", "}", ""))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _entry(old: Mapping[str, Any], source: SourceReading) -> dict[str, Any]:
    made = source.prints.of(source.names[old["name"]])
    entry: dict[str, Any] = {"name": made.name, "kind": made.kind, "file": made.file, "line": made.line}
    entry |= {"end": made.end_line} | {key: old[key] for key in HAND_MADE if key in old}
    entry["hash"] = {key: getattr(made, key) for key in _HASHES}
    entry["binders"] = [_fields(binder) for binder in made.binders]
    entry |= {"quantified": [list(binder) for binder in made.quantified]} if made.quantified else {}
    entry["named"], entry["named_in_body"] = list(made.named), list(made.named_in_body)
    if made.values:
        entry["values"] = [{"dims": dict(e.dims), "value": e.value} for e in made.values]
    else:
        entry["outside"] = made.outside or made.disagrees
    flags = {"unproved": made.unproved, "private": source.prints.declarations[made.name].is_private}
    return entry | {flag: True for flag, holds in flags.items() if holds}


def _fields(binder: BinderPrint) -> list[str]:
    """A binder as a list: the class that an instance asks for is left out of all other binders."""
    *fields, instance_of = asdict(binder).values()
    return [*fields, instance_of] if instance_of else fields


def _restored(entry: Mapping[str, Any]) -> Fingerprint:
    return Fingerprint(
        name=entry["name"],
        kind=entry["kind"],
        file=entry["file"],
        line=entry["line"],
        end_line=entry["end"],
        **{key: entry["hash"][key] for key in _HASHES},
        binders=tuple(BinderPrint(*fields) for fields in entry["binders"]),
        named=tuple(entry["named"]),
        named_in_body=tuple(entry["named_in_body"]),
        values=tuple(Evaluation(tuple(v["dims"].items()), v["value"]) for v in entry.get("values", ())),
        outside=entry.get("outside", ""),
        disagrees="",
        unproved=entry.get("unproved", False),
        quantified=tuple((name, kind) for name, kind in entry.get("quantified", ())),
    )
