"""The benchmark of Lean text: what is timed, what is printed, and that a text which differs is no speed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import text
from lean_refs.evaluator import Evaluator
from tests.tools.audit.evaluated.texts import changed, evaluator_of

APPEND, CAST = "Proofs.Autograd.appendVec", "Proofs.Autograd.castVec"


def timed(monkeypatch: pytest.MonkeyPatch, evaluator: Evaluator) -> None:
    monkeypatch.setattr(text, "evaluator_of", lambda _, **__: evaluator)


def test_a_line_for_each_definition(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    timed(monkeypatch, evaluator_of())
    assert text.main([APPEND, CAST, "--source", str(tmp_path)]) == 0
    title, *lines = capsys.readouterr().out.splitlines()
    assert title.split() == ["run", "moved", "ratio"]
    assert [line.split()[0] for line in lines] == [APPEND, CAST]
    assert all(re.search(r" \d+\.\d\d s +\d+\.\d\d s +\d+\.\d$", line) for line in lines)


def test_a_text_that_differs_is_no_speed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    timed(monkeypatch, changed("Fin.append a b", "Fin.append a (fun k => b k + b k)"))
    assert text.main([APPEND, "--source", str(tmp_path)]) == 1
    assert f"not the same function: {APPEND}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--source", "nowhere"], "'nowhere' is no folder"),
        (["castVec", "--source", "."], "'castVec' is no definition of the mirror"),
        ([], "required: --source"),
    ],
)
def test_a_wrong_call_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    monkeypatch.delenv("LEANMIRROR_SOURCE", raising=False)
    with pytest.raises(SystemExit) as ended:
        text.main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
