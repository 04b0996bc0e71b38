"""Makes a pin of a scope and a source: names, numbers and hashes, the same bytes every time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from lean_refs.fingerprint import BinderPrint, Fingerprinter
from lean_refs.ledger.derive import derived
from lean_refs.ledger.line import as_pinned
from lean_refs.pin import HASHES, pinned_fingerprints
from lean_refs.prose.prints import as_json, print_of
from lean_refs.prose.reading import claims, read_prose
from lean_refs.reader.records import Reading, Unread
from lean_refs.reader.revision import is_commit
from lean_refs.reader.tree import NotACheckoutError, read_tree
from lean_refs.scope import Scope
from lean_refs.surroundings.building import building_json, building_of
from lean_refs.surroundings.environment import as_json as surroundings_json
from lean_refs.surroundings.environment import read_environment
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.helpers import with_helpers


@dataclass(frozen=True, slots=True)
class Made:
    """A pin as JSON data, the names in scope that the source lacks, and what in its files was not understood."""

    data: dict[str, Any]
    missing: tuple[str, ...]
    unread: tuple[Unread, ...]


def read_checkout(root: Path) -> Reading:
    """Read every Lean file below `root`; raises `NotACheckoutError` if none is under `NN/`."""
    tree = read_tree(root)
    if not any(file.startswith("NN/") for file in tree.files):
        raise NotACheckoutError(f"{root} holds no Lean file under NN/; the root of a TorchLean checkout is expected")
    return tree


def make_pin(tree: Reading, scope: Scope, revision: str | None = None) -> Made:
    """The pin of everything in `scope`, in the order of Lean file and line.

    `revision` is the full commit hash; raises `NotACheckoutError` where neither it nor the source tells that.
    """
    commit = revision or _told(tree)
    homes = {d.name: d.file for d in reversed(tree.declarations) if d.name in scope.entries}
    missing = tuple(name for name in scope.entries if name not in homes)
    # The files that the scope lives in and no others: an audit reads these, and must find the same names in them.
    files = {f: tree.files[f] for f in sorted({*homes.values()})}
    headers = {name: file.imports for name, file in tree.files.items() if name not in files}
    near = Reading(files, tree.revision, tree.toolchain, headers)
    prints = Fingerprinter(near)
    entries = [_entry(d.name, prints) for d in near.declarations if homes.get(d.name) == d.file]
    head: dict[str, Any] = {"revision": commit, "lean": tree.toolchain or "unknown"}
    head |= {"prose": as_json(print_of(text) for text in (*read_prose(near), *read_prose(_claims(tree, near))))}
    made = pinned_fingerprints({"declarations": entries})
    head |= {"ledger": as_pinned(derived(tree, made, scope.seed_module))}
    if tree.root is not None:
        around = read_environment(tree.root, files)
        head["surroundings"] = surroundings_json(with_helpers(around, Graph(around), homes), homes)
        head["building"] = building_json(building_of(tree.root))
    return Made(head | {"declarations": entries}, missing, _unread(tree, near, anywhere=bool(missing)))


def _claims(tree: Reading, near: Reading) -> Reading:
    """The files that claim coverage in prose, as far as they are not read for their declarations."""
    return Reading({file: made for file, made in tree.files.items() if file not in near.files and claims(file)})


def _told(tree: Reading) -> str:
    """The commit that the source tells in full."""
    if tree.revision is not None and is_commit(tree.revision):
        return tree.revision
    told = f"the source only tells {tree.revision} of its revision" if tree.revision else "the source tells no revision"
    raise NotACheckoutError(f"{told}; give the revision, a commit hash of 40 hexadecimal digits")


def _unread(tree: Reading, near: Reading, *, anywhere: bool) -> tuple[Unread, ...]:
    """What was not understood in the files of the scope, and in those beside them where something is missing."""
    folders = {file.rsplit("/", 1)[0] for file in near.files}
    beside = (file for file in tree.files if anywhere and file.rsplit("/", 1)[0] in folders)
    return tuple(record for file in sorted({*near.files, *beside}) for record in tree.files[file].unread)


def pin_text(data: Mapping[str, Any]) -> str:
    """A pin as the text of its file: one declaration, or one entry of a dictionary, a line; keys in a fixed order."""
    lines = [f' "{key}": {_head(value)},' for key, value in data.items() if key != "declarations"]
    entries = ",\n".join("  " + _json(entry) for entry in data["declarations"])
    return "\n".join(("{", *lines, ' "declarations": [', entries, " ]", "}", ""))


def _head(value: Any) -> str:
    if not isinstance(value, dict):
        return _json(value)
    return "{\n" + ",\n".join(f"  {_json(key)}: {_json(entry)}" for key, entry in value.items()) + "\n }"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "))


def _entry(name: str, prints: Fingerprinter) -> dict[str, Any]:
    made = prints.of(name)
    entry: dict[str, Any] = {"name": name, "kind": made.kind, "file": made.file, "line": made.line}
    entry |= {"end": made.end_line, "hash": {key: getattr(made, key) for key in HASHES}}
    entry["binders"] = [_fields(binder) for binder in made.binders]
    entry |= {"quantified": [list(binder) for binder in made.quantified]} if made.quantified else {}
    entry["named"], entry["named_in_body"] = list(made.named), list(made.named_in_body)
    if made.values:
        entry["values"] = [{"dims": dict(e.dims), "value": e.value} for e in made.values]
    else:
        entry["outside"] = made.outside or made.disagrees
    flags = {"unproved": made.unproved, "private": made.private}
    return entry | {flag: True for flag, holds in flags.items() if holds}


def _fields(binder: BinderPrint) -> list[Any]:
    """A binder as a list, in the order of its fields."""
    *hashed, says = asdict(binder).values()
    return [*hashed, list(map(list, says))]
