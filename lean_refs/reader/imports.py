"""Which files a file can see: itself, and what it imports, directly or not."""

from __future__ import annotations

from lean_refs.reader.records import Reading

# The packages that TorchLean rests on: what they have is the same for all who import them, and no file of a reading.
PACKAGES = frozenset(("Lean", "Init", "Std", "Batteries", "Mathlib", "Aesop", "Qq", "Plausible", "ProofWidgets"))


def file_of(module: str) -> str:
    """The file of a module, from the root of its package."""
    return f"{module.replace('.', '/')}.lean"


class Imports:
    """The imports between the files of a reading, and those of its headers, which it did not read further."""

    def __init__(self, reading: Reading) -> None:
        self._imports = {name: file.imports for name, file in reading.files.items()} | dict(reading.headers)
        self._folders = {name.partition("/")[0] for name in self._imports} - PACKAGES
        self._seen: dict[str, frozenset[str] | None] = {}

    def of(self, file: str) -> frozenset[str] | None:
        """The files that `file` sees; None where the imports of one of them are not known."""
        if file not in self._seen:
            seen, ahead, whole = set[str](), [file], True
            while ahead:
                if (here := ahead.pop()) in seen:
                    continue
                if here in self._imports:
                    seen.add(here)
                    ahead += map(file_of, self._imports[here])
                else:
                    # What another package has is not in the reading; what this one has may be anything.
                    whole = whole and here.partition("/")[0] not in self._folders
            self._seen[file] = frozenset(seen) if whole else None
        return self._seen[file]
