"""The files that pinned declarations live in, and all of their tree that these import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lean_refs.reader.imports import file_of
from lean_refs.reader.records import FileReading, LeanDeclaration
from lean_refs.surroundings.meant import Meanings
from lean_refs.surroundings.reading import digest_of, read_surroundings
from lean_refs.surroundings.records import FileSurroundings, Surrounding


@dataclass(frozen=True)
class Surroundings:
    """What surrounds the declarations of these files, and what their names mean.

    `uses` has, by declaration, the full names that its statement and its body mean. Of a pin there are no `readings`.
    """

    files: Mapping[str, FileSurroundings]
    uses: Mapping[str, tuple[frozenset[str], frozenset[str]]] = field(default_factory=dict)
    readings: Mapping[str, FileReading] = field(default_factory=dict)

    @cached_property
    def declared(self) -> Mapping[str, str]:
        """The file of every declaration, by its full name."""
        return {name: file.file for file in reversed([*self.files.values()]) for name in file.declared}

    @cached_property
    def _importers(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {file: set() for file in self.files}
        for file in self.files:
            for seen in self.seen(file) - {file}:
                found[seen].add(file)
        return {file: frozenset(importers) for file, importers in found.items()}

    def seen(self, file: str) -> set[str]:
        """The files of the tree that a file sees: itself, and what it imports, directly or not."""
        return {found for found in self._reached(file) if found in self.files}

    def modules(self, file: str) -> set[str]:
        """The files that a file sees, those of other packages as far as they are imported by name."""
        return set(self._reached(file))

    def _reached(self, file: str) -> Iterator[str]:
        seen, ahead = set[str](), [file]
        while ahead:
            if (here := ahead.pop()) not in seen:
                seen.add(here)
                yield here
                ahead += map(file_of, self.files[here].imports) if here in self.files else ()

    def reached(self, record: Surrounding) -> set[str]:
        """The declarations that a record of these files reaches, in its own file and in those that import it."""
        found = set(self.files[record.file].covered(record))
        if record.outward:
            found = found.union(*(self.files[file].declared for file in self._importers[record.file]))
        return found

    @cached_property
    def declarations(self) -> Mapping[str, LeanDeclaration]:
        """What was read of each declaration, by full name."""
        return {d.name: d for file in self.readings.values() for d in reversed(file.declarations)}

    @cached_property
    def _by_end(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for name in self.declarations:
            found[name.rpartition(".")[2]].append(name)
        return found

    def ending_in(self, written: str) -> list[str]:
        """The declarations that a written name can be, wherever it stands."""
        ends = self._by_end.get(written.rpartition(".")[2], [])
        return [name for name in ends if name == written or name.endswith(f".{written}")]

    @cached_property
    def meanings(self) -> Meanings:
        """What names mean in these files."""
        return Meanings(self.readings)


def read_environment(root: Path, files: Iterable[str], known: Mapping[str, FileReading] | None = None) -> Surroundings:
    """Read `files` below `root` and every file there that they import; a file that is not there is left out.

    `known` are those of which the declarations have been read.
    """
    found: dict[str, FileSurroundings] = {}
    readings: dict[str, FileReading] = {}
    ahead = list(files)
    while ahead:
        file = ahead.pop()
        if file not in found and (source := _source(root, file)) is not None:
            readings[file], found[file] = read_surroundings(file, source, (known or {}).get(file))
            ahead += map(file_of, found[file].imports)
    in_order = sorted(found)
    return Surroundings({f: found[f] for f in in_order}, {}, {f: readings[f] for f in in_order})


def is_unchanged(root: Path, pinned: Surroundings) -> bool:
    """Whether all files of a pinned environment have the code that they had, and import nothing else of the tree."""
    for file, known in pinned.files.items():
        source = _source(root, file)
        if source is None or digest_of(source) != known.code:
            return False
    others = {file_of(module) for known in pinned.files.values() for module in known.imports} - pinned.files.keys()
    return not any((root / file).is_file() for file in others)


def as_json(environment: Surroundings, names: Iterable[str]) -> dict[str, Any]:
    """What a pin holds of an environment, by file; of the declarations `names` also what their names mean."""
    place = {name: index for index, name in enumerate(environment.declared)}
    chosen = set(names)
    return {
        file: {
            "code": known.code,
            "declared": list(known.declared),
            "records": [_kept(record) for record in known.records],
            "uses": {
                d.name: [sorted(place[full] for full in set(part.values())) for part in _parts(environment, d)]
                for d in environment.readings[file].declarations
                if d.name in chosen
            },
        }
        for file, known in environment.files.items()
    }


def from_json(data: Mapping[str, Any]) -> Surroundings:
    """The environment that a pin holds."""
    files = {file: _restored(file, known) for file, known in data.items()}
    names = list(Surroundings(files).declared)
    uses = {
        name: (frozenset(names[i] for i in statement), frozenset(names[i] for i in body))
        for known in data.values()
        for name, (statement, body) in known["uses"].items()
    }
    return Surroundings(files, uses)


def _source(root: Path, file: str) -> str | None:
    try:
        return (root / file).read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError):
        return None


def _parts(environment: Surroundings, declaration: LeanDeclaration) -> tuple[Mapping[str, str], Mapping[str, str]]:
    meant = environment.meanings.of(declaration)
    return meant.statement, meant.body


def _kept(record: Surrounding) -> list[Any]:
    return [
        record.kind, list(record.names), record.word, record.line, record.digest, record.first, record.last,
        int(record.outward),
    ]  # fmt: skip


def _restored(file: str, known: Mapping[str, Any]) -> FileSurroundings:
    records = tuple(
        Surrounding(kind, tuple(names), word, file, line, digest, first, last, bool(outward))
        for kind, names, word, line, digest, first, last, outward in known["records"]
    )
    imports = tuple(record.names[0] for record in records if record.kind == "import")
    return FileSurroundings(file, known["code"], imports, tuple(known["declared"]), records)
