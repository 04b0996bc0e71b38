"""The page of the reports that are there, and that of a run that has just ended."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from lean_refs import home
from theorems.tools.page.documents import ReportFile, Reports, UnusableReport, read_reports, whatever_is_in
from theorems.tools.page.page import page_view
from theorems.tools.page.render import html

FOLDER = Path("report")


def page_of(places: Sequence[Path], page: Path) -> tuple[str, Reports]:
    """The page that will stand at a path, and what it is made of: of `report` and what is committed, by default.

    Raises `UnusableReport` in one line.
    """
    reports = read_reports(places) if places else read_reports([FOLDER], committed())
    return html(page_view(reports, page.parent)), reports


def page_of_run(document: str, file: Path | None, page: Path) -> str:
    """The page of a run that has just ended, and of the other reports in the page's folder, as far as they can be used.

    `document` is the run as JSON, `file` where that was written.
    """
    there = whatever_is_in([page.parent] * page.parent.is_dir(), committed())
    run = ReportFile("check", file or Path("this run"), json.loads(document))
    reports = Reports((run, *(r for r in there.found if r.kind != "check")), there.others, there.unusable)
    while True:
        try:
            return html(page_view(reports, page.parent))
        except UnusableReport as why:
            reports = reports.without(why)


def committed() -> list[Path]:
    """The reports that a checkout has committed."""
    mutants = home.lean_refs_folder().parent.joinpath("tests", "mutants", "result.json")
    return [mutants] if home.in_checkout() and mutants.is_file() else []
