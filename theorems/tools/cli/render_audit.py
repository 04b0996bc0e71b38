"""What `leanmirror audit` prints: what fails or changed, what is left open, counts, what was not checked, a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter

from rich.console import Console
from rich.text import Text

from lean_refs.evaluator.vocabulary import listing
from theorems.tools.audit.account import BAD, GRAVITY, TO_READ, Account, Affected, Told, Unchecked
from theorems.tools.audit.findings import AuditVerdict, Section
from theorems.tools.audit.formats.visible import at, visible
from theorems.tools.cli.render import console
from theorems.tools.output.counted import counted

COLOURS = {
    AuditVerdict.HOLDS: "green",
    AuditVerdict.FAILS: "red",
    AuditVerdict.CHANGED: "cyan",
    AuditVerdict.NOTE: "green",
    AuditVerdict.NOT_CHECKED: "yellow",
    AuditVerdict.ERROR: "red",
}
# So many declarations that changed and hold are named on the first screen; each that fails is.
CHANGED_SHOWN = 20
# So many changes of one thing, reasons for what was not checked, and names for one reason are given.
FEW = 3


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line of text, and how far it is indented; `aside` comes after it, where there is room, else below.

    What is no `prose`, as a full name, is never folded.
    """

    text: Text
    indent: int = 0
    aside: Text = field(default_factory=Text)
    prose: bool = True


def print_audit(account: Account, *, verbose: bool = False) -> None:
    """The first screen; with `verbose` everything else, too, each in its place."""
    out = console()
    for line in lines(account, verbose=verbose):
        _print(out, line)


def _print(out: Console, line: ScreenLine) -> None:
    """A line on a terminal is folded under its own indentation; in a file it stays one line."""
    indent, text = Text(" " * line.indent), line.text
    beside = text + Text("  ") + line.aside if line.aside else text
    if not out.is_terminal or beside.cell_len <= out.width - line.indent:
        out.print(indent + beside, soft_wrap=True)
        return
    folded: list[Text] = list(text.wrap(out, max(out.width - line.indent - 2, 20))) if line.prose else [text]
    below: list[Text] = [line.aside] if line.aside else []
    for k, part in enumerate(folded + below):
        part.rstrip()
        out.print(indent + Text(" " * (2 * bool(k))) + part, soft_wrap=True)


def lines(account: Account, *, verbose: bool = False) -> Iterator[ScreenLine]:
    """All lines in order, an empty one between two parts."""
    yield _line(account.basis, style="bold")
    parts = (
        _in_full(account),
        _to_read(account, verbose=verbose),
        _every_name(account) if verbose and not account.asked else (),
        _ledger(account, verbose=verbose),
        _ranked(account) if verbose and not account.asked else (),
        _counts(account, verbose=verbose),
        _unchecked(account, verbose=verbose),
        [_line(account.verdict(), style=_verdict_style(account))],
    )
    for part in parts:
        if found := list(part):
            yield _line("")
            yield from found


def _line(text: str, indent: int = 0, style: str = "") -> ScreenLine:
    return ScreenLine(Text(visible(text), style=style), indent)


def _verdict_style(account: Account) -> str:
    """Red where anything fails, or leanmirror did."""
    return COLOURS[AuditVerdict.FAILS if any(one.verdict in BAD for one in account.to_read()) else AuditVerdict.HOLDS]


# ---- what fails or changed


def _to_read(account: Account, *, verbose: bool) -> Iterator[ScreenLine]:
    """What fails or changed, by declaration; those that were asked for stand in full above."""
    found = [one for one in account.to_read() if one.name not in account.asked]
    left = [] if verbose else [one for one in found if one.verdict is AuditVerdict.CHANGED][CHANGED_SHOWN:]
    if not account.to_read() and not account.asked:
        unread = account.source is None  # a pin alone cannot have changed
        yield _line("nothing fails" if unread else "nothing fails, nothing changed", style=COLOURS[AuditVerdict.HOLDS])
    for _, alike in groupby((one for one in found if one not in left), key=_said):
        together = list(alike)
        yield from map(_headline, together)
        yield from _all_told(together[0]) if verbose else _told_in_short(together[0])
    if left:
        yield _line(f"{len(left)} more changed and hold: --verbose lists them", style=COLOURS[AuditVerdict.CHANGED])


def _all_told(one: Affected) -> Iterator[ScreenLine]:
    return (line for told in one.told for line in _told(told))


def _told_in_short(one: Affected) -> Iterator[ScreenLine]:
    """All that fails, and of what only changed a few findings of each section."""
    for title, several in groupby(one.told, key=attrgetter("title")):
        found = list(several)
        changed = [told for told in found if told.finding.verdict is AuditVerdict.CHANGED]
        left = changed[FEW:]
        yield from (line for told in found if told not in left for line in _told(told))
        if left:
            yield _line(f"{title} (changed): {len(left)} more: --verbose lists them", 4)


def _said(one: Affected) -> tuple[AuditVerdict, list[str]]:
    """All that is said of a declaration: what is alike of several in a row is said once."""
    return one.verdict, [line for told in one.told for line in told.lines()]


def _headline(one: Affected) -> ScreenLine:
    file, line = one.place
    name, place = (at(file, line), "") if file == one.name else (visible(one.name), at(file, line) if file else "")
    verdict = Text(f"{one.verdict.value:12}", style=COLOURS[one.verdict])
    return ScreenLine(verdict + Text(name), aside=Text(place, "dim"), prose=False)


def _told(told: Told) -> Iterator[ScreenLine]:
    """A finding, with its verdict where it is no plain fact."""
    first, *changes = told.lines()
    verdict = told.finding.verdict
    mark = "" if verdict in (AuditVerdict.HOLDS, AuditVerdict.NOTE) else f" ({verdict.value})"
    yield _line(f"{told.title}{mark}{first.removeprefix(told.title)}", 4)
    yield from (_line(change, 6) for change in changes)


# ---- what was asked for


def _in_full(account: Account) -> Iterator[ScreenLine]:
    """Everything about each declaration that was asked for, what fails first; what is left open comes below."""
    ledger = account.ledger.title if account.ledger else ""
    for one in sorted(map(account.about, account.asked), key=lambda one: GRAVITY.index(one.verdict)):
        yield _headline(one)
        told = (told for told in one.told if told.title != ledger or told.finding.verdict in TO_READ)
        yield from (line for one_told in told for line in _told(one_told))


def _every_name(account: Account) -> Iterator[ScreenLine]:
    """A line for each name, with the sections that say something of it, and every remark."""
    elsewhere = {section.title for section in account.sections if section.ranked or section is account.ledger}
    for one in map(account.about, account.names):
        titles = ", ".join(dict.fromkeys(told.title for told in one.told))
        yield replace(_headline(one), aside=Text(titles, "dim"))
        remarks = (told for told in one.only(AuditVerdict.NOTE).told if told.title not in elsewhere)
        yield from (line for told in remarks for line in _told(told))


def _ledger(account: Account, *, verbose: bool) -> Iterator[ScreenLine]:
    """The lines of the declarations that were asked for; where none was, how many there are of each of the block."""
    if account.ledger is None:
        return
    title, names = account.ledger.title, account.asked or (account.names if verbose else account.block)
    place = {name: k for k, name in enumerate(names)}
    remarks = [f for f in account.ledger.findings if f.name in place and f.verdict not in TO_READ]
    by_name = groupby(sorted(remarks, key=lambda f: place[f.name]), key=attrgetter("name"))
    if account.asked or verbose:
        for name, findings in by_name:
            yield ScreenLine(Text(f"{title} of {visible(name)}", style="bold"), prose=False)
            yield from (_line(finding.basis, 2) for finding in findings)
    elif remarks:
        yield _line(f"{title} of the block: leanmirror audit NAME prints the lines of one", style="bold")
        for name, findings in by_name:
            yield ScreenLine(Text(f"{len(list(findings)):4}  {visible(name)}"), prose=False)


def _ranked(account: Account) -> Iterator[ScreenLine]:
    """The remarks of which the most telling comes first, by section."""
    for section in account.sections:
        told = [f for f in section.findings if section.ranked and f.verdict is AuditVerdict.NOTE]
        yield from [_line(section.title, style="bold")] if told else []
        yield from (_line(f"{at(f.file, f.line)} {f.name.rsplit('/', 1)[-1]}: {f.basis}", 2) for f in told)


# ---- counts


def _counts(account: Account, *, verbose: bool) -> Iterator[ScreenLine]:
    """What each section comes to, and what that means."""
    for section in account.sections:
        if any(f.verdict is not AuditVerdict.NOT_CHECKED for f in section.findings):
            yield ScreenLine(
                Text(visible(section.title), style=_style(section)) + Text(f": {visible(section.summary)}")
            )
            yield from [_line(section.means, 2, "dim")] if section.means else []
    if verbose:
        yield _line(f"on trust: {listing.counted()} of Lean and Mathlib; leanmirror audit --vocabulary lists them")


def _style(section: Section) -> str:
    found = {finding.verdict for finding in section.findings}
    return COLOURS[next((verdict for verdict in GRAVITY if verdict in found), AuditVerdict.NOTE)]


# ---- what was not checked


def _unchecked(account: Account, *, verbose: bool) -> Iterator[ScreenLine]:
    """What was not checked, in one place: by section, with the reasons, and the names where they are few."""
    found = list(account.unchecked())
    if found:
        yield _line("not checked:", style=COLOURS[AuditVerdict.NOT_CHECKED])
    for title, several in groupby(found, key=attrgetter("title")):
        reasons = list(several)
        if verbose or len(reasons) <= FEW:
            yield from (_line(_reason(one), 2) for one in reasons)
        else:
            number = sum(len(one.names) for one in reasons)
            said = (
                f"{title}: {number} of {reasons[0].total}, for {counted(len(reasons), 'reason')}: --verbose lists them"
            )
            yield _line(said, 2)


def _reason(one: Unchecked) -> str:
    """The section and the reason, and what is concerned, where that is not the whole section."""
    which = ", ".join(one.names) if len(one.names) <= FEW else f"{len(one.names)} of {one.total}"
    return f"{one.title}: {one.basis}" if one.whole else f"{one.title}: {which}: {one.basis}"
