"""Two small texts, and what became of the declarations of the first."""

from __future__ import annotations

from lean_refs.drift import Drift, drift
from lean_refs.fingerprint import Fingerprinter
from lean_refs.reader.aliases import through_aliases
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text


def prints(files: dict[str, str]) -> Fingerprinter:
    """The fingerprints of files by name."""
    return Fingerprinter(through_aliases(Reading({name: read_text(name, text) for name, text in files.items()})))


def between(old: str | dict[str, str], new: str | dict[str, str]) -> dict[str, Drift]:
    """What became of each declaration, by its old name; a text alone is the file `A.lean`."""
    before, now = (prints({"A.lean": text} if isinstance(text, str) else text) for text in (old, new))
    return {found.name: found for found in drift({n: before.of(n) for n in before.declarations}, now)}
