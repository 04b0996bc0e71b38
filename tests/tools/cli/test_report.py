"""`leanmirror report`, and the page that `leanmirror check` writes: where it goes, what is refused, how it ends."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.cli.conftest import NAME, Call
from tests.tools.page.reports import NASTY, audit, check, conform, entry, written
from theorems.tools.page import made


@pytest.fixture(autouse=True)
def nothing_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("theorems.tools.page.made.committed", list)


def test_a_page_is_made_of_the_reports_in_report(call: Call, tmp_path: Path) -> None:
    written(tmp_path / "report", check=check(), other=[1])
    result = call("report")
    assert (result.exit_code, result.stdout) == (0, "report/index.html\n")
    assert result.stderr == "leanmirror: report/other.json is no report of leanmirror: left out\n"
    assert "All 2 theorems hold" in (tmp_path / "report" / "index.html").read_text("utf-8")


@pytest.mark.unmeasured
def test_reports_and_the_page_may_be_anywhere(call: Call, tmp_path: Path) -> None:
    written(tmp_path / "a", check=check())
    written(tmp_path / "b", mine=conform())
    assert call("report", "--from", "a", "--from", "b/mine.json", "-o", "c/d.html").exit_code == 0
    page = (tmp_path / "c" / "d.html").read_text("utf-8")
    assert "b/mine.json" in page
    assert "kernels:attention" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("no JSON", "report/a.json is no JSON: Expecting value: line 1 column 1 (char 0)"),
        ('{"format": "leanmirror audit 7"}', "report/a.json is 'leanmirror audit 7', and this version reads "),
        ('{"format": "leanmirror audit 1"}', "report/a.json says that it is 'leanmirror audit 1', and is damaged"),
        ("[]", "no report of leanmirror in report: `leanmirror check --json report/check.json` writes one"),
    ],
)
def test_bad_input_is_one_line_and_leaves_the_old_page(
    refused: Callable[..., str], tmp_path: Path, text: str, says: str
) -> None:
    written(tmp_path / "report", a=text)
    (tmp_path / "report" / "index.html").write_text("old", "utf-8")
    assert refused("report").startswith(says)
    assert (tmp_path / "report" / "index.html").read_text("utf-8") == "old"


@pytest.mark.unmeasured
def test_without_a_folder_the_line_says_how_to_get_one(refused: Callable[..., str]) -> None:
    says = "report is not there: `leanmirror check --json report/check.json` writes a report that a page can be made of"
    assert refused("report") == says
    assert refused("report", "-o", ".") == "cannot write .: Is a directory"


@pytest.mark.unmeasured
def test_a_report_that_ends_a_script_is_escaped(call: Call, tmp_path: Path) -> None:
    written(tmp_path / "report", check=check(entry(NAME, "error", error=NASTY)))
    assert call("report").exit_code == 0
    assert NASTY not in (tmp_path / "report" / "index.html").read_text("utf-8")


def test_a_checkout_has_the_result_of_the_mutants(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.undo()
    assert [path.parts[-3:] for path in made.committed()] == [("tests", "mutants", "result.json")]
    monkeypatch.setattr("lean_refs.home.in_checkout", lambda: False)
    assert made.committed() == []


# ---- the page and the picture of a run


def test_a_picture_is_drawn_of_a_run_and_of_a_kernel(call: Call, tmp_path: Path) -> None:
    assert call("check", NAME, "--examples", "5", "--plot", "a/run.svg").exit_code == 0
    assert "1 of 1 theorem holds: 5 instances" in (tmp_path / "a" / "run.svg").read_text("utf-8")
    kernel = "import jax\ndef f(q, kt, v, bias, scale):\n    return jax.nn.softmax(scale * q @ kt + bias) @ v\n"
    (tmp_path / "kernels.py").write_text(kernel, "utf-8")
    options = (
        "--kind",
        "attention",
        "--forward-only",
        "--instances",
        "1",
        "--dims",
        "H=1,n=2,d=1",
        "--mask",
        "no mask",
    )
    assert call("conform", "kernels:f", *options, "--plot", "kernel.svg").exit_code == 0
    assert "kernels:f: attention, float32" in (tmp_path / "kernel.svg").read_text("utf-8")


@pytest.mark.parametrize("command", [("check", NAME), ("conform", "kernels:f")])
def test_a_picture_needs_matplotlib(
    refused: Callable[..., str], monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setattr("theorems.tools.cli.calls.find_spec", lambda name: None)
    assert refused(*command, "--plot", "p.svg") == "--plot needs matplotlib: pip install 'leanmirror[plot]'"


@pytest.mark.unmeasured
def test_a_run_writes_its_page_and_says_where(call: Call, tmp_path: Path) -> None:
    result = call("check", NAME, "--examples", "5", "--json", "report/check.json", "--page", "report/index.html")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "page: report/index.html")
    assert "The theorem holds" in (tmp_path / "report" / "index.html").read_text("utf-8")


@pytest.mark.usefixtures("false_theorem")
def test_a_refuted_run_has_a_page_and_its_own_exit_code(call: Call, tmp_path: Path) -> None:
    result = call("check", NAME, "--examples", "5", "--page", "index.html")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (1, "page: index.html")
    page = (tmp_path / "index.html").read_text("utf-8")
    assert "The theorem does not hold" in page
    assert "single idx (get idx x) = x" in page
    assert "this run" in page


def test_other_reports_are_shown_beside_a_run_as_far_as_they_can_be_used(call: Call, tmp_path: Path) -> None:
    damaged = {"format": "leanmirror bench 2"}
    old = check(entry(NAME, "refuted"))
    written(tmp_path / "report", audit=audit(), bench=damaged, conform="{", check=old, mine=conform())
    result = call("check", NAME, "--examples", "5", "--page", "report/index.html")
    assert result.exit_code == 0
    page = (tmp_path / "report" / "index.html").read_text("utf-8")
    assert "The theorem holds" in page, "the run itself stands for the report of an older one"
    assert "<code>report/check.json</code>" not in page
    assert "1 declaration or file fails" in page
    for left in ("report/bench.json says that it is", "report/conform.json is no JSON"):
        assert f"Left out: {left}" in page


@pytest.mark.unmeasured
def test_a_page_that_cannot_be_written_is_refused_before_the_run(refused: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert "cannot write file/index.html" in refused("check", NAME, "--page", "file/index.html")
    both = refused("check", NAME, "--json", "x", "--page", "x")
    assert both == "x and x cannot both be written: give each a file of its own"


@pytest.mark.unmeasured
def test_what_a_run_writes_can_be_read_again(call: Call, tmp_path: Path) -> None:
    """`check`, `hypotheses` and the rest write what `report` reads: here those that take no time."""
    folder = tmp_path / "report"
    assert call("check", NAME, "--examples", "5", "--json", "report/check.json").exit_code == 0
    labels = call("hypotheses", "decoderCore_backpropVec_eq_adjoint_fderiv_at", "--json").stdout
    (folder / "hypotheses.json").write_text(labels, "utf-8")
    assert json.loads(labels)["format"] == "leanmirror labels 1"
    shutil.copy(report_of_mutants(), folder / "mutants.json")
    assert call("report").exit_code == 0


def report_of_mutants() -> Path:
    return Path(__file__).resolve().parents[2] / "mutants" / "result.json"
