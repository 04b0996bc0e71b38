"""Accounts of audits that nobody made: one of each verdict, and one with text that would like to be markup."""

from __future__ import annotations

from theorems.tools.audit.account import Account
from theorems.tools.audit.findings import Finding, Section, changed, error, fails, holds, not_checked, note

# What ends a line, a cell, a command, a property or a tag, or turns the screen red and the text around.
HOSTILE = "a|b\n::error file=x::y\r\x1b[31m%0A@who #12 <b>`c``d` [e](f) *g* _h_ $i$ \u202ej\x00 ~k~ \\ &lt; ,:"
FILE = "NN/a b,c:d%e|#f.lean"
REVISION = "1" * 40


def account(*findings: Finding, asked: tuple[str, ...] = (), block: tuple[str, ...] = ()) -> Account:
    """One section with the findings, and a ledger."""
    section = Section("kinds", "so many", findings, "what it means")
    ledger = Section("ledger", "1 line", (note("A.block", "fixed: x"), note("A.other", "fixed: y")))
    return Account("Lean: two words", REVISION, (section, ledger), source=REVISION, asked=asked, block=block)


def of_each() -> Account:
    """A finding of each verdict."""
    return account(
        holds("A.holds", "as it was", file="NN/A.lean", line=1),
        changed("A.changed", "reworded", file="NN/A.lean", line=2),
        note("A.note", "a fact", file="NN/A.lean", line=3),
        not_checked("A.left", "nobody asked"),
        error("A.error", "KeyError"),
        fails("A.fails", "differs", file="NN/A.lean", line=4, before="x < y", now="x ≤ y"),
        block=("A.block",),
    )


def hostile() -> Account:
    """Everything that a Lean file can name is hostile."""
    found = (
        fails(HOSTILE, HOSTILE, file=FILE, line=7, before=f"{HOSTILE}!", now=f"{HOSTILE}?"),
        not_checked("n", HOSTILE),
    )
    ledger = Section("ledger", HOSTILE, (note(HOSTILE, HOSTILE),), HOSTILE)
    return Account(HOSTILE, REVISION, (Section("kinds", HOSTILE, found, HOSTILE), ledger), block=(HOSTILE,))
