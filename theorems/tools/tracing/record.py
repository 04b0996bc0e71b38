"""What a trace found: a link for each Lean name on a test, and what has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lean_refs.reader.records import LeanDeclaration
from theorems.tools.tracing.lock import Agreed
from theorems.tools.tracing.marks import LeanMark, MarkReading
from theorems.tools.tracing.project import LeanProject


class LinkVerdict(Enum):
    """How it stands with a name on tests; `BROKEN` and `CHANGED` fail."""

    BROKEN = "broken"
    CHANGED = "changed"
    MOVED = "moved"
    NEW = "new"
    AGREED = "agreed"

    @property
    def rank(self) -> int:
        """Where it stands in a list: what fails comes first."""
        return list(LinkVerdict).index(self)

    @property
    def fails(self) -> bool:
        """Whether a trace ends with 1 for it."""
        return self in (LinkVerdict.BROKEN, LinkVerdict.CHANGED)


@dataclass(frozen=True, slots=True)
class LeanLink:
    """A Lean name, the tests that carry it, and what became of its declaration; `why` says it in sentences.

    `renamed` is what it is called now, where a declaration that says the same was found; `settled` says that what this
    rests on is the same too.
    """

    name: str
    marks: tuple[LeanMark, ...]
    verdict: LinkVerdict
    why: tuple[str, ...] = ()
    declaration: LeanDeclaration | None = None
    renamed: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """All links, the theorems that no test is about, and the agreed names that no test carries any more.

    `agreed` is None where nothing was agreed yet. `new_names` are the declarations that go by other names now, by their
    old ones.
    """

    project: LeanProject
    tests: MarkReading
    links: tuple[LeanLink, ...]
    untested: tuple[LeanDeclaration, ...]
    orphans: tuple[Agreed, ...]
    agreed: Mapping[str, Agreed] | None
    new_names: Mapping[str, str] = field(default_factory=dict)

    def counted(self, verdict: LinkVerdict) -> int:
        """How many links ended so."""
        return sum(link.verdict is verdict for link in self.links)

    @property
    def names(self) -> list[str]:
        """The names that tests carry, and those that were agreed and that none carries."""
        return [*(link.name for link in self.links), *(one.name for one in self.orphans)]

    @property
    def failing(self) -> list[LeanLink]:
        """The links that make it fail."""
        return [link for link in self.links if link.verdict.fails]

    def holds(self, strict: bool = False) -> bool:
        """Whether nothing fails; a strict trace wants every name agreed, every theorem tested and everything read."""
        loose = any(link.verdict in (LinkVerdict.NEW, LinkVerdict.MOVED) for link in self.links)
        rest = (loose, self.untested, self.orphans, self.project.unread, self.tests.unclear)
        return not self.failing and not (strict and any(rest))
