"""The files of `lean_refs/` that are derived from the mirror: written, or compared with what is there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from lean_refs import load_pin
from mirror.rooms import links
from theorems.engine.registry import theorems
from theorems.tools.audit.lean.alignment import formalization
from theorems.tools.audit.lean.facts import facts
from theorems.tools.audit.lean.notebook import notebook
from theorems.tools.audit.lean.text import check_decls, mirror_facts
from theorems.tools.audit.reasons import without_counterpart

FACTS, DECLS, NOTEBOOK = "MirrorFacts.lean", "CheckDecls.lean", "notebooks/decoder_block.ipynb"


def cited() -> list[str]:
    """Every declaration that the mirror, the theorems or a written reason names and another file can name.

    In the order of Lean file and line.
    """
    pin = load_pin()
    names = {*links(), *theorems(), *without_counterpart()}
    known = sorted((pin.declarations[name] for name in names), key=lambda d: (d.file, d.line))
    return [d.name for d in known if not d.private]


def lean_files() -> dict[str, str]:
    """Every derived file, by its path below `lean_refs/`: its text."""
    pin, names = load_pin(), cited()
    return {
        FACTS: mirror_facts(pin, facts()),
        DECLS: check_decls(pin, names),
        "lean_decls": "\n".join(names) + "\n",
        "formalization.yaml": formalization(pin, names),
        NOTEBOOK: notebook_of_the_block(),
    }


def notebook_of_the_block() -> str:
    """The text of the notebook, which looks up the theorems of the decoder-block module in Lean."""
    pin = load_pin()
    return notebook(pin, [d.name for d in sorted(pin.seed, key=lambda d: d.line) if d.is_theorem])


@dataclass(frozen=True, slots=True)
class Stale:
    """A file that is not what the mirror says: its path below the folder, what it should hold, where it differs."""

    name: str
    text: str
    difference: str


def stale(folder: Path) -> list[Stale]:
    """The derived files that are missing in a folder, or are not what the mirror says."""
    found = [Stale(name, text, difference(folder / name, text)) for name, text in lean_files().items()]
    return [file for file in found if file.difference]


def difference(path: Path, text: str) -> str:
    """`:LINE: has …, the mirror says …` for the first differing line, or nothing where the file is `text`."""
    try:
        present = path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ": missing"
    except UnicodeDecodeError as why:
        return f": not UTF-8 at byte {why.start}"
    if present == text:
        return ""
    lines = enumerate(zip_longest(present.split("\n"), text.split("\n")), start=1)
    number, (has, says) = next((k, pair) for k, pair in lines if pair[0] != pair[1])
    return f":{number}: has {_shown(has)}, the mirror says {_shown(says)}"


def _shown(line: str | None) -> str:
    return "no such line" if line is None else repr(line)
