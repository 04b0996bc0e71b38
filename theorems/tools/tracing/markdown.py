"""A trace as Markdown, for the summary of a CI run or a comment: what fails in a table, everything else folded."""

from __future__ import annotations

from collections.abc import Iterator

from theorems.tools.audit.formats.markdown import SIZE, code, folded, prose, within
from theorems.tools.output.counted import counted
from theorems.tools.tracing.record import LeanLink, LinkVerdict, Trace
from theorems.tools.tracing.words import last_word, place, tests_of

_TABLE = 40_000


def markdown(trace: Trace, *, strict: bool = False) -> str:
    """The page; no sign of a Lean file or a test is markup in it."""
    page = f"## leanmirror trace\n\n**{prose(last_word(trace, strict))}**\n\n"
    told = [link for link in trace.links if link.verdict is not LinkVerdict.AGREED]
    if told:
        head = ["| | name | what | tests |", "| --- | --- | --- | --- |"]
        rows = [_row(link) for link in sorted(told, key=lambda link: link.verdict.rank)]
        page += "\n".join([*head, *within(rows, _TABLE, "| | {} more | | |"), "\n"])
    for title, lines in (
        (f"{counted(len(trace.untested), 'theorem')} without a test", _untested(trace)),
        (
            f"{counted(len(trace.orphans), 'agreed name')} on no test any more",
            (f"- {code(o.name)}" for o in trace.orphans),
        ),
        (f"{counted(len(trace.tests.unclear), 'place')} in the tests not understood", _places(trace.tests.unclear)),
        (f"{counted(len(trace.project.unread), 'place')} in the Lean files not read", _places(trace.project.unread)),
    ):
        page += folded(title, within(list(lines), SIZE - len(page), "- {} more"))
    return page


def _row(link: LeanLink) -> str:
    why = "<br>".join(map(prose, link.why))
    tests = "<br>".join(map(code, tests_of(link)))
    return f"| {link.verdict.value} | {code(link.name)} | {why} | {tests} |"


def _untested(trace: Trace) -> Iterator[str]:
    for declaration in trace.untested:
        yield f"- {code(declaration.name)} {prose(place(declaration))}"


def _places(places: object) -> Iterator[str]:
    for one in places:  # type: ignore[attr-defined]
        yield f"- {prose(f'{one.file}:{one.line}')}: {prose(one.why)}"
