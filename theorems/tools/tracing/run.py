"""One trace: the project and its tests read, the lock compared, written where that is asked for, names put right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lean_refs.names import did_you_mean, matching
from lean_refs.names import shown as named
from theorems.tools.output.counted import counted
from theorems.tools.output.files import write_whole
from theorems.tools.tracing.accepting import accepted
from theorems.tools.tracing.comparing import trace
from theorems.tools.tracing.errors import NotTraced
from theorems.tools.tracing.fixing import FixedMarks, rewritten
from theorems.tools.tracing.lock import lock_text, read_lock
from theorems.tools.tracing.marks import MarkReading
from theorems.tools.tracing.places import shown
from theorems.tools.tracing.project import LeanProject, read_project
from theorems.tools.tracing.read_marks import read_marks
from theorems.tools.tracing.record import Trace
from theorems.tools.tracing.settings import TraceSettings


@dataclass(frozen=True, slots=True)
class TraceCall:
    """What is traced: the settings, and what the call says instead of them."""

    settings: TraceSettings
    source: Path | None = None
    tests: tuple[Path, ...] = ()

    def project(self) -> LeanProject:
        """The Lean project; raises `NotTraced` where none is named, or what is named is none."""
        source = self.source or self.settings.source
        if source is None:
            raise NotTraced("which Lean project? name its folder by --source, or as source of [tool.leanmirror]")
        return read_project(source, self.settings.ignore)

    def marks(self) -> MarkReading:
        """The marks of the tests; raises `NotTraced` where there are no tests, or none carries a mark."""
        folders = self._folders()
        for folder in folders:
            if not folder.exists():
                raise NotTraced(f"{shown(folder)} is not there: the folder of the tests is expected")
        found = read_marks(folders, self.settings.root, self.settings.collected)
        if not found.marks and found.unclear:
            first, *more = found.unclear
            others = f" (and {counted(len(more), 'place')} more)" if more else ""
            raise NotTraced(f"no mark of the tests can be read: {first.file}:{first.line}: {first.why}{others}")
        if not found.marks:
            where = ", ".join(map(shown, folders))
            matching = " or ".join(self.settings.collected.files)
            files = f"{counted(found.files, 'file')} named {matching}"
            raise NotTraced(f'no test below {where} carries @pytest.mark.lean("Full.Name"): read {files}')
        return found

    def _folders(self) -> Sequence[Path]:
        root = self.settings.root
        named = self.tests or self.settings.tests
        return named or ((root / "tests") if (root / "tests").is_dir() else root,)

    def trace(self, project: LeanProject) -> Trace:
        """What became of every name that the tests carry."""
        return trace(project, self.marks(), read_lock(self.settings.lock))


@dataclass(frozen=True, slots=True)
class AcceptedNames:
    """What was written into a lock: how many names it has, and how many came, changed and went."""

    path: Path
    names: int
    new: int
    changed: int
    dropped: int

    def __str__(self) -> str:
        names = f"{self.names} name{'s' * (self.names != 1)}"
        return f"wrote {shown(self.path)}: {names}, {self.new} new, {self.changed} changed, {self.dropped} dropped"


def accept(found: Trace, lock: Path, names: Sequence[str] | None = None) -> tuple[AcceptedNames, Trace]:
    """Write the lock with the names agreed to (all that tests carry, if None), and what a trace says then."""
    before = {name: one for name, one in (found.agreed or {}).items() if one.rests_on is not None}
    agreed = accepted(found, names)
    write_whole(lock, lock_text(agreed.values()))
    now = {name: one for name, one in agreed.items() if one.rests_on is not None}
    changed = sum(name in before and before[name] != one for name, one in now.items())
    said = AcceptedNames(lock, len(now), len(now.keys() - before), changed, len(before.keys() - now))
    return said, trace(found.project, found.tests, agreed)


def fix(found: Trace, call: TraceCall) -> tuple[FixedMarks, Trace]:
    """Write the new names of renamed declarations into the tests and the lock; what was done, and the trace then."""
    root, lock = call.settings.root, call.settings.lock
    renamed = {link.name: link.renamed for link in found.links if link.renamed}
    done = rewritten([mark for link in found.links if link.renamed for mark in link.marks], renamed, root)
    for path, text in done.texts.items():
        write_whole(path, text)
    settled = {old: new for old, new in renamed.items() if old not in done.left}
    agreed = {settled.get(name, name): one for name, one in (found.agreed or {}).items()}
    same = [link.name for link in found.links if link.name in settled and link.settled]
    moved = {name: replace(one, name=name) for name, one in agreed.items()}
    after = trace(found.project, call.marks(), moved)
    if settled:
        after = accept(after, lock, [settled[name] for name in same])[1]
    return done, after


def selected(found: Trace, names: Sequence[str]) -> Trace:
    """The part of a trace that is about some of the names; raises `NotTraced` for a pattern that matches none."""
    known = found.names
    chosen: set[str] = set()
    for pattern in names:
        if not (some := matching(pattern, known)):
            raise NotTraced(f"no test is about {named(pattern)}{did_you_mean(pattern, known)}")
        chosen.update(some)
    links = tuple(link for link in found.links if link.name in chosen)
    return replace(found, links=links, untested=(), orphans=tuple(o for o in found.orphans if o.name in chosen))
