"""What `leanmirror audit --vocabulary` prints: all that the evaluation of the text takes on trust."""

from __future__ import annotations

from lean_refs.evaluator.vocabulary.listing import vocabulary
from theorems.tools.cli.render import console


def print_vocabulary() -> None:
    """Two lines for each name, operator, coercion and tactic: what it is in Lean or Mathlib, and what it means here."""
    out = console()
    for kind, rows in vocabulary().items():
        out.print(f"{len(rows)} {kind}", style="bold")
        for row in rows:
            source = "" if row.written.split(" ", 1)[0] == row.source else f"  ({row.source})"
            out.print(f"  {row.written}{source}", soft_wrap=True)
            out.print(f"      {row.meaning}", soft_wrap=True)
    out.print("A name, an operator, a coercion or a tactic that is not in this list is not evaluated.", soft_wrap=True)
