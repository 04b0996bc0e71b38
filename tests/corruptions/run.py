"""One corruption after the other in a copy of a library, and what the audit says of each."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from pathlib import Path
from unittest.mock import patch

from lean_refs.drift import EvaluatedMeaning
from lean_refs.reader import tree
from lean_refs.reader.parser import parse_code
from lean_refs.reader.scan import read_text
from lean_refs.surroundings.reading import read_surroundings
from tests.corruptions.corruption import Corruption, Named
from tests.corruptions.library import Change, Library
from theorems.tools.audit.audit import SECTIONS
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.material import Material, gather
from theorems.tools.cli.values import evaluator_in, meanings

SectionsInOrder = Sequence[Callable[[Material], Section]]
Found = tuple[str, Finding]  # the title of the section, and what it says
_LINE = re.compile(r"(?<=:)\d+|(?<=line )\d+|(?<=lines )[\d, ]+")
_SAID = frozenset((AuditVerdict.FAILS, AuditVerdict.CHANGED, AuditVerdict.NOTE))
_MOST = 160  # characters of a message that a report repeats


class Ending(Enum):
    """How the audit met a corruption; the first two are right."""

    FOUND = "found"
    QUIET = "nothing fails"
    ELSEWHERE = "found under another name"
    NOT_FOUND = "NOT FOUND"
    ALARM = "FALSE ALARM"

    @property
    def right(self) -> bool:
        """Whether that is what should come of it."""
        return self in (Ending.FOUND, Ending.QUIET)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one corruption: the section that found it, and what it said of whom."""

    name: str
    kind: str
    ending: Ending
    section: str = ""
    said: str = ""


class Bench:
    """A copy of a library's Lean files in `folder`, corrupted and mended again, and what the audit says of it clean."""

    def __init__(
        self,
        library: Library,
        folder: Path,
        gathered: Callable[[Path], Material] = gather,
        sections: SectionsInOrder = SECTIONS,
    ) -> None:
        self._copy(library.root, folder)
        self.library = Library(folder, library.files)
        self._gathered = gathered
        material = self.material()
        made = [(section, section(material)) for section in sections]
        self._sections = {found.title: section for section, found in made}
        self.clean = [found for _, section in made for found in _said(section)]
        self._known = {_key(found) for found in self.clean}

    def move(self, folder: Path) -> None:
        """Go on in another folder, with a copy of its own."""
        self._copy(self.library.root, folder)
        self.library = Library(folder, self.library.files)

    def outcome(self, corruption: Corruption) -> Outcome:
        """What the audit says of a corruption; raises `NothingChanged` for one that changes nothing."""
        expected = corruption.expected.sections if corruption.expected else ()
        first = [title for title in expected if title in self._sections]
        rest = [title for title in self._sections if title not in first]
        with self._changed(corruption.change(self.library)):
            material, new = self.material(corruption.valued), list[Found]()
            for title in (*first, *rest):  # what is expected is looked for where it is expected, and then it is enough
                said = _said(self._sections[title](material))
                new += [found for found in said if _key(found) not in self._known]
                if corruption.expected and any(_is_named(found, corruption.expected) for found in new):
                    break
        return _judged(corruption, new)

    def material(self, valued: str = "") -> Material:
        """What the audit reads of the folder, as it is now; the text of `valued` is run, too."""
        material = self._gathered(self.library.root)
        return replace(material, evaluated=_running(self.library.root, material, valued)) if valued else material

    @contextmanager
    def _changed(self, change: Change) -> Iterator[None]:
        before = {file: self.library.root / file for file in change}
        kept = {file: path.read_bytes() for file, path in before.items() if path.is_file()}
        try:
            for file, text in change.items():
                _write(before[file], None if text is None else text.encode("utf-8", "surrogateescape"))
            yield
        finally:
            for file, path in before.items():
                _write(path, kept.get(file))

    @staticmethod
    def _copy(root: Path, folder: Path) -> None:
        for file in tree.lean_files(root):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / file, folder / file)
        if (root / "lean-toolchain").is_file():
            shutil.copyfile(root / "lean-toolchain", folder / "lean-toolchain")


@contextmanager
def read_once() -> Iterator[None]:
    """While this lasts a text is read once: what a corruption leaves alone is known from the clean library."""
    with ExitStack() as stack:
        for function in (read_text, read_surroundings, parse_code):
            known = lru_cache(maxsize=None)(function)
            for name, module in list(sys.modules.items()):
                if name.startswith("lean_refs.") and vars(module).get(function.__name__) is function:
                    stack.enter_context(patch.object(module, function.__name__, known))
        yield


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _running(root: Path, material: Material, valued: str) -> EvaluatedMeaning:
    """What the pinned numbers say of one declaration."""
    evaluator_in.cache_clear()  # the text at this place is another one each time
    assert material.source is not None, "what was read of the library"
    found = meanings(root, material.source.reading.files, material.pin["revision"], material.pinned)
    return lambda name, now: found(name, now) if name == valued else None


def _said(section: Section) -> list[Found]:
    """What a section says that a corruption may have brought about."""
    return [(section.title, finding) for finding in section.findings if finding.verdict in _SAID]


def _judged(corruption: Corruption, new: list[Found]) -> Outcome:
    failing = [found for found in new if found[1].verdict is AuditVerdict.FAILS]
    if corruption.expected is None:
        return _outcome(corruption, Ending.ALARM if failing else Ending.QUIET, failing)
    right = [found for found in new if _is_named(found, corruption.expected)]
    if right:
        return _outcome(
            corruption, Ending.FOUND, sorted(right, key=lambda found: found[1].verdict is not AuditVerdict.FAILS)
        )
    return _outcome(corruption, Ending.ELSEWHERE if failing else Ending.NOT_FOUND, failing or new)


def _outcome(corruption: Corruption, ending: Ending, found: list[Found]) -> Outcome:
    section, said = (found[0][0], _words(found[0][1])) if found else ("", "")
    return Outcome(corruption.name, corruption.kind, ending, section, said)


def _is_named(found: Found, expected: Named) -> bool:
    title, finding = found
    if title not in expected.sections or not (expected.note or finding.verdict is AuditVerdict.FAILS):
        return False
    text = " ".join((finding.name, finding.basis, finding.file, finding.before, finding.now, *finding.others))
    return all(word in text for word in expected.words)


def _words(finding: Finding) -> str:
    said = f"{finding.name}: {finding.basis}"
    return said if len(said) <= _MOST else f"{said[: _MOST - 1]}…"


def _key(found: Found) -> tuple[str, str, AuditVerdict, str]:
    """What makes two findings the same, wherever the lines moved."""
    title, finding = found
    return title, finding.name, finding.verdict, _LINE.sub("N", finding.basis)
