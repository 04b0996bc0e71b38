"""What the page about stability promises is there, and it promises all that the packages offer, and nothing else."""

from __future__ import annotations

import json
import re
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from tests.docs.pages import Page, manual
from theorems.engine.registry import theorems
from theorems.tools.cli import main
from theorems.tools.reports.replay import FORMAT

# What is first imported while pytester runs is forgotten after it, and a theorem cannot be registered twice.
theorems()

PAGE = next(page for page in manual() if page.path == "docs/stability.md")


def table(page: Page, title: str) -> dict[str, list[str]]:
    """The rows of the table under a heading: the first cell, and what the second one names in inline code."""
    rows = [row.split("|")[1:3] for row in str(page.section(title)).splitlines() if row.startswith("|")]
    return {first.strip(): re.findall(r"`([^`]+)`", rest) for first, rest in rows[2:]}


def promised(page: Page) -> dict[str, list[str]]:
    return {first.strip("`"): names for first, names in table(page, "Python").items()}


def differences(page: Page) -> list[str]:
    """What is promised and not offered, or offered and not promised."""
    found = []
    for module, names in promised(page).items():
        package = import_module(module)
        offered = set(package.__all__)
        if module == "pytest_leanmirror":  # hooks and fixtures are for pytest to find
            offered = {name for name in offered if not name.startswith("pytest_")} - {"check_theorem"}
        found += [f"{module} has no {name}" for name in sorted(set(names) - offered)]
        found += [f"{name} of {module} is not listed" for name in sorted(offered - set(names))]
        found += [
            f"{name} of {module} cannot be imported" for name in names if not hasattr(import_module(module), name)
        ]
    return found


def test_all_that_is_offered_is_promised_and_nothing_else() -> None:
    assert differences(PAGE) == []
    assert promised(PAGE).keys() == {"theorems", "mirror.arithmetic", "mirror.jit", "pytest_leanmirror"}


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("`judge`, ", "", "judge of theorems is not listed"),
        ("`judge`, ", "`judge`, `assess`, ", "theorems has no assess"),
        ("| `mirror.jit` | ", "| `mirror.jit` | `panels`, ", "mirror.jit has no panels"),
    ],
)
def test_a_name_too_many_or_too_few_is_seen(was: str, now: str, says: str) -> None:
    assert differences(Page(PAGE.path, PAGE.text.replace(was, now, 1)))[0] == says


def test_the_properties_are_those_that_a_run_writes(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        from theorems import get
        @pytest.mark.lean("Proofs.Autograd.CtxVec.get")
        def test_it(check_theorem):
            check_theorem(get("inner_get_single"))
        """
    )
    pytester.runpytest_inprocess("--leanmirror-examples=3", "--junitxml=j.xml").assert_outcomes(passed=1)
    written = {p.attrib["name"] for p in ET.parse(pytester.path / "j.xml").iterfind(".//property")}
    (listed,) = (re.findall(r"`(\w+)`", first) for first in table(PAGE, "pytest") if "`verdict`" in first)
    assert written == set(listed)


def test_the_format_of_a_replay_file_is_the_one_that_is_read() -> None:
    assert json.loads("{" + table(PAGE, "Files")["replay file"][1] + "}") == {"format": FORMAT}


def test_the_reports_of_check_have_what_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = table(PAGE, "Files")
    monkeypatch.chdir(tmp_path)
    call = ["check", "inner_get_single", "--examples", "2", "--json", "c.json", "--junit", "c.xml"]
    assert CliRunner().invoke(main, call).exit_code == 0
    report = json.loads((tmp_path / "c.json").read_text("utf-8"))
    listed = files["`leanmirror check --json FILE`"]
    found = {*report, *report["theorems"][0]}
    assert set(listed) <= found
    (case,) = ET.parse(tmp_path / "c.xml").iterfind(".//testcase")
    assert case.attrib["name"] == "Proofs.Autograd.CtxVec.inner_get_single"
