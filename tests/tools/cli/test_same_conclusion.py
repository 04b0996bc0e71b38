"""`leanmirror audit --source`: the text of theorems, on the instances of their properties."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.tools.audit.evaluated.statements import STATEMENTS
from tests.tools.audit.evaluated.texts import TEXT
from tests.tools.cli.conftest import Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.cli import values

FILE = "NN/Proofs/Autograd/Tape/Core/Soundness.lean"
NAMES = ("castVec_add", "ctxSize_snoc", "evalCLM_apply", "tanh_exp_eq")
CHANGES = {
    "castVec h u + castVec h v": "castVec h u - castVec h v",
    "Real.tanh x =": "Real.cosh x =",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "lean" / FILE
    path.parent.mkdir(parents=True)
    text = STATEMENTS
    for old, new in CHANGES.items():
        text = text.replace(old, new)
    path.write_text(TEXT + text, "utf-8")
    return tmp_path / "lean"


@pytest.mark.unmeasured
def test_the_section_counts_and_names_the_exceptions(call: Call, source: Path) -> None:
    result = call("audit", *NAMES, "--source", str(source), "--jobs", "1", "--json", "audit.json")
    assert result.exit_code == 1
    assert "\nsame conclusion: 2 of 4, 1 different, 1 not evaluated\n" in result.stdout
    assert "same function" not in result.stdout
    assert_snapshot("audit_conclusions", _of_the_section(result.stdout))
    sections = json.loads(Path("audit.json").read_text("utf-8"))["sections"]
    (section,) = [s for s in sections if s["title"] == "same conclusion"]
    assert [f["verdict"] for f in section["findings"]] == ["fails", "holds", "holds", "not checked"]
    titles = [s["title"] for s in sections]
    assert titles.index("same conclusion") == titles.index("same statement") + 1


@pytest.mark.parametrize(("name", "code"), [("castVec_add", 1), ("tanh_exp_eq", 0), ("evalCLM_apply", 0)])
def test_what_differs_exits_1(call: Call, source: Path, monkeypatch: pytest.MonkeyPatch, name: str, code: int) -> None:
    monkeypatch.setattr("theorems.tools.audit.audit.SECTIONS", ())
    assert call("audit", name, "--source", str(source), "--jobs", "1").exit_code == code


def _of_the_section(output: str) -> str:
    lines = [line for line in output.splitlines() if line.lstrip().startswith("same conclusion")]
    # Where a statement stands in the small text is no matter here.
    return re.sub(r"\.lean:\d+", ".lean:LINE", "\n".join(lines) + "\n")


@pytest.mark.unmeasured
def test_definitions_and_theorems_have_a_line_each(call: Call, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    counts: list[int] = []

    def agreed(_: object, name: str, count: int) -> FunctionComparison:
        counts.append(count)
        return FunctionComparison(name, ComparisonEnding.SAME, 1)

    monkeypatch.setattr(values, "agreed", agreed)
    both = ("audit", "castVec", "ctxSize_snoc", "--source", str(source), "--jobs", "1")
    for options in ((), ("--deep",)):
        found = call(*both, *options).stdout
        assert "\nsame function: 1 of 1, 0 different, 0 not evaluated\n" in found
        assert "\nsame conclusion: 1 of 1, 0 different, 0 not evaluated\n" in found
    assert counts == [values.FEW, values.MANY]
    assert "same conclusion" not in call(*both, "--no-values").stdout
