"""What both sides of a claim share is one list: in the code, on the page, in what the command prints and writes."""

from __future__ import annotations

import json

from tests.source import ROOT, imports, module_files
from theorems.engine.evidence.shared import SHARED, in_one_line
from theorems.tools.cli.parallel import Plan
from theorems.tools.cli.render import total_lines
from theorems.tools.reports.json import document


def test_the_page_has_the_list() -> None:
    page = (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")
    rows = "\n".join(f"| {s.what} | {s.why} | {s.seen_by} |" for s in SHARED)
    assert f"| --- | --- | --- |\n{rows}\n\n" in page


def test_a_run_prints_and_writes_it() -> None:
    assert total_lines([], Plan("quick", 0, None))[-1] == in_one_line()
    assert all(s.what in in_one_line() for s in SHARED)
    written = json.loads(document([], seed=0, profile="quick"))["shared"]
    assert [(s["what"], s["why"], s["seen_by"]) for s in written] == [(s.what, s.why, s.seen_by) for s in SHARED]


def test_the_derivative_side_takes_nothing_else_from_the_mirror() -> None:
    """The list covers these: the arithmetics with their jets, and the inner product."""
    path = module_files("theorems")["theorems.engine.evidence.derivatives"]
    taken = {name for name, _ in imports(path) if name.startswith("mirror")}
    assert taken == {"mirror.arithmetic", "mirror.core.vectorization"}
