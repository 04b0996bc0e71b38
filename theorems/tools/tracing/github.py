"""A trace as workflow commands: annotations of the tests whose names are broken or changed."""

from __future__ import annotations

from pathlib import Path

from theorems.tools.audit.formats.github import SHOWN, command
from theorems.tools.tracing.record import LeanLink, LinkVerdict, Trace
from theorems.tools.tracing.words import last_word

_COMMANDS = {
    LinkVerdict.BROKEN: "error",
    LinkVerdict.CHANGED: "error",
    LinkVerdict.MOVED: "warning",
    LinkVerdict.NEW: "warning",
}


def github(trace: Trace, root: Path, *, strict: bool = False) -> str:
    """A command for each name, ten of a kind at most: a broken name at its mark, a changed one at its declaration."""
    said: list[str] = []
    left = 0
    for kind in ("error", "warning"):
        links = [link for link in trace.links if _COMMANDS.get(link.verdict) == kind]
        said += [_of(link, kind, trace, root) for link in links[:SHOWN]]
        left += len(links[SHOWN:])
    ended = last_word(trace, strict) + (f"; not shown here: {left} more" if left else "")
    return "".join([*said, command("notice", [ended], title="leanmirror trace")])


def _of(link: LeanLink, kind: str, trace: Trace, root: Path) -> str:
    if link.declaration is not None:
        path = (trace.project.root / link.declaration.file).resolve()
        file = path.relative_to(root.resolve()).as_posix() if path.is_relative_to(root.resolve()) else str(path)
        place = {"file": file, "line": str(link.declaration.line)}
    else:
        place = {"file": link.marks[0].file, "line": str(link.marks[0].line)}
    why = [*link.why, *(f"test: {mark.test}" for mark in link.marks)]
    return command(kind, why or [link.verdict.value], **place, title=link.name)
