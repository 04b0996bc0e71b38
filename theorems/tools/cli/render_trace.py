"""What `leanmirror trace` prints: what was read, each name that is not as agreed, what has no test, the last word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lean_refs.reader.records import LeanDeclaration
from theorems.tools.audit.formats.visible import visible
from theorems.tools.cli.render import console
from theorems.tools.tracing.record import LinkVerdict, Trace
from theorems.tools.tracing.words import head_lines, last_word, link_lines, place

COLOURS = {
    LinkVerdict.BROKEN: "red",
    LinkVerdict.CHANGED: "red",
    LinkVerdict.MOVED: "yellow",
    LinkVerdict.NEW: "yellow",
    LinkVerdict.AGREED: "green",
}
# Of what does not fail so many lines; `--verbose` prints all.
SHOWN = 10


def print_trace(trace: Trace, *, strict: bool, verbose: bool) -> None:
    """The whole trace on standard output."""
    out = console()
    for line in head_lines(trace):
        out.print(line, soft_wrap=True)
    out.print("")
    for link in sorted(trace.links, key=lambda link: (link.verdict.rank, link.name)):
        if verbose or link.verdict is not LinkVerdict.AGREED:
            for line in link_lines(link):
                out.print(line, style=COLOURS[link.verdict], soft_wrap=True)
    if verbose or trace.counted(LinkVerdict.AGREED) < len(trace.links):
        out.print("")
    for line in rest_lines(trace, None if verbose else SHOWN):
        out.print(line, soft_wrap=True)
    out.print(last_word(trace, strict), soft_wrap=True)


def rest_lines(trace: Trace, most: int | None) -> Iterator[str]:
    """What has no link: agreed names without a test, theorems without one, and what was not read."""
    parts = (
        ("agreed, and on no test any more", [(one.name, "") for one in trace.orphans]),
        ("without a test", [(d.name, place(d)) for d in by_place(trace.untested)]),
        ("not understood in the tests", [(f"{one.file}:{one.line}", one.why) for one in trace.tests.unclear]),
        ("not read in the Lean files", [(f"{one.file}:{one.line}", one.why) for one in trace.project.unread]),
    )
    for title, lines in parts:
        if lines:
            yield f"{title}: {len(lines):,}"
            yield from (f"  {visible(one)}  {visible(what)}".rstrip() for one, what in lines[:most])
            if most is not None and len(lines) > most:
                yield f"  … {len(lines) - most:,} more: --verbose prints all"
            yield ""


def by_place(declarations: Iterable[LeanDeclaration]) -> list[LeanDeclaration]:
    """In the order of file and line."""
    return sorted(declarations, key=lambda d: (d.file, d.line))
