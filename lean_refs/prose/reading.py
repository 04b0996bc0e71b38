"""Reads the prose of Lean files: module and section docs, docstrings, docs of fields and constructors."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from lean_refs.prose.records import About, Prose
from lean_refs.prose.texts import DocLine, lines_of, paragraphs, parts
from lean_refs.reader.records import DocComment, FileReading, LeanDeclaration, Reading
from lean_refs.reader.tokens import NAME
from lean_refs.reader.tree import read_file

# These claim in prose what the tree proves, and declare little or nothing.
COVERAGE = "Coverage.lean"
# What may stand before the name of a field or constructor: `| `, `(`, attributes, modifiers.
_BEFORE_NAME = re.compile(r"(?:[|({\[⦃\s]|@\[[^\]]*\]|(?:private|protected|noncomputable|partial)\b)*")
_NAME = re.compile(NAME)


def read_prose(reading: Reading) -> tuple[Prose, ...]:
    """Every text of a reading, file by file, in the order of the source."""
    return tuple(prose for file in reading.files.values() for prose in prose_of(file))


def claims(file: str) -> bool:
    """Whether the file, by its name, claims coverage."""
    return file.startswith("NN/") and file.endswith(f"/{COVERAGE}")


def coverage(root: Path, known: Reading) -> Reading:
    """The files below `root / "NN"` that claim coverage, those of `known` left out."""
    found = sorted(path.relative_to(root).as_posix() for path in (root / "NN").rglob(COVERAGE))
    return Reading({file: read_file(root, file) for file in found if file not in known.files})


def prose_of(file: FileReading) -> tuple[Prose, ...]:
    """Every text of one file, in order."""
    return tuple(
        Prose(file.file, lines[0].number, about, name, owner, order, _text(lines), tuple(paragraphs(lines)))
        for order, (about, name, owner, lines) in enumerate(_found(file))
    )


def _text(lines: tuple[DocLine, ...]) -> str:
    return "\n".join(line.text for line in lines).rstrip()


def _found(file: FileReading) -> Iterator[tuple[About, str, str, tuple[DocLine, ...]]]:
    starts = [declaration.start for declaration in file.declarations]
    module = file.file.removesuffix(".lean").replace("/", ".")
    first = True
    for doc in file.docs:
        lines = lines_of(doc.text, doc.line)
        if not doc.of_module:
            at = bisect_right(starts, doc.start) - 1
            subject = _subject(doc, file.declarations[at] if at >= 0 else None)
            # All of it is about one thing, whatever headings it has.
            yield from ((*subject, said) for said in [tuple(chain.from_iterable(parts(lines)))] if said)
            continue
        for part in parts(lines):
            if first and (not starts or doc.start < starts[0]):
                yield About.MODULE, module, "", part
            else:
                yield About.SECTION, part[0].heading, "", part
            first = False


def _subject(doc: DocComment, declaration: LeanDeclaration | None) -> tuple[About, str, str]:
    """What a docstring is about, by the declaration that starts at it or before it."""
    if declaration is None or doc.start >= declaration.stop:
        return About.COMMAND, " ".join(doc.ahead.split("\n")[0].split()[:2]), ""
    if doc.line == declaration.docstring_line and doc.text == declaration.docstring:
        return About.DECLARATION, declaration.name, declaration.name
    name = _next_name(doc.ahead)
    return _part_of(declaration, name, doc.ahead), f"{declaration.name}.{name}", declaration.name


def _part_of(declaration: LeanDeclaration, name: str, ahead: str) -> About:
    """What of a declaration is called `name`, by how the code ahead of its docstring begins."""
    if _is_maker(ahead, name):
        return About.CONSTRUCTOR
    if name not in (member.name for member in declaration.members):
        return About.INSIDE
    return About.CONSTRUCTOR if declaration.kind == "inductive" or ahead.startswith("|") else About.FIELD


def _next_name(code: str) -> str:
    before = _BEFORE_NAME.match(code)
    found = _NAME.match(code, before.end() if before else 0)
    return found.group() if found else ""


def _is_maker(code: str, name: str) -> bool:
    """Whether the docstring is that of a structure's constructor: `make ::`."""
    return bool(name) and code.partition(name)[2].lstrip().startswith("::")
