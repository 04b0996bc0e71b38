"""What a trace says, in the words that every format has."""

from __future__ import annotations

from collections.abc import Iterator

from lean_refs.reader.records import LeanDeclaration
from lean_refs.reader.tokens import unquoted
from theorems.tools.audit.formats.visible import visible
from theorems.tools.output.counted import counted
from theorems.tools.tracing.places import shown
from theorems.tools.tracing.record import LeanLink, LinkVerdict, Trace


def link_lines(link: LeanLink) -> Iterator[str]:
    """The name, why it is not as agreed, where Lean has it, and its tests; nothing in it acts on a terminal."""
    yield f"{link.verdict.value:7}  {visible(link.name)}"
    declared = [f"{link.declaration.kind}, {place(link.declaration)}"] if link.declaration else []
    for line in (*link.why, *declared, *tests_of(link)):
        yield f"         {visible(line)}"


def told_of_a_run(trace: Trace) -> Iterator[tuple[str, bool]]:
    """The lines about a run of tests, each with whether it is about a failure."""
    for link in trace.links:
        if link.verdict is not LinkVerdict.AGREED:
            yield from ((line, link.verdict.fails) for line in link_lines(link))
    if not trace.links:
        yield "no test of this run carries the lean marker: nothing was examined", True
        return
    yield f"{last_word(trace)}{' (of this run)' if trace.untested else ''}", bool(trace.failing)


def head_lines(trace: Trace) -> Iterator[str]:
    """What was read and compared."""
    reading, tests = trace.project.reading, trace.tests
    files = counted(len(reading.files), "Lean file")
    declared = counted(len(reading.declarations), "declaration")
    yield f"{shown(trace.project.root)}: {files}, {declared}, {counted(len(trace.project.theorems), 'theorem')}"
    if trace.project.unread:
        yield f"  {counted(len(trace.project.unread), 'place')} not read"
    names = {unquoted(mark.name) for mark in tests.marks}
    yield f"{counted(tests.files, 'test file')}: {counted(tests.tests, 'test')} about {counted(len(names), 'name')}"


def last_word(trace: Trace, strict: bool = False) -> str:
    """How it ended, in one line."""
    counts = [f"{trace.counted(verdict)} {verdict.value}" for verdict in LinkVerdict if trace.counted(verdict)]
    untested = f"; {len(trace.untested):,} of {counted(len(trace.project.theorems), 'theorem')} without a test"
    said = f"{counted(len(trace.links), 'name')}: {', '.join(counts)}{untested if trace.untested else ''}"
    if trace.holds(strict):
        return said
    return f"{said}. It fails" + ("." if trace.failing else ": --strict wants all of it agreed, tested and read.")


def place(declaration: LeanDeclaration) -> str:
    """Where a declaration is, from the source's root."""
    return f"{declaration.file}:{declaration.line}"


def tests_of(link: LeanLink) -> list[str]:
    """The tests of a link, each with the line of its mark."""
    return list(dict.fromkeys(f"{mark.test} ({mark.file}:{mark.line})" for mark in link.marks))
