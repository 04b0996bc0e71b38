"""Workflow commands: what fails or changed, as annotations of the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from collections import Counter

from theorems.tools.audit.account import Account, Affected
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.formats.visible import visible
from theorems.tools.output.counted import counted

# GitHub shows so many of each kind that one step writes.
SHOWN = 10
_COMMANDS = {AuditVerdict.FAILS: "error", AuditVerdict.ERROR: "error", AuditVerdict.CHANGED: "warning"}


def github(account: Account) -> str:
    """A command for each declaration, `SHOWN` of a kind; then how the audit ended, and how many more there are."""
    said: list[str] = []
    written, left = Counter[str](), Counter[str]()
    for one in account.to_read():
        kind = _COMMANDS[one.verdict]
        where = written if written[kind] < SHOWN else left
        where[kind] += 1
        if where is written:
            said.append(_of(one, kind))
    more = ", ".join(counted(number, f"more {kind}") for kind, number in left.items())
    ended = account.verdict() + (f"; not shown here: {more}" if more else "")
    return "".join([*said, command("notice", [ended], title="leanmirror audit")])


def _of(one: Affected, kind: str) -> str:
    """The command of one declaration: all that fails or changed about it."""
    file, line = one.place
    place = {"file": file} if file else {}
    place |= {"line": str(line)} if line else {}
    return command(kind, [text for told in one.told for text in told.lines()], **place, title=one.name)


def command(kind: str, lines: list[str], **properties: str) -> str:
    """One workflow command; nothing in its text can end it, or begin another."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {given}::{'%0A'.join(_data(line) for line in lines)}\n"


def _data(text: str) -> str:
    return visible(text).replace("%", "%25")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
