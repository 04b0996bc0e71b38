"""The committed result of `python -m tests.texts`, and what the command says of others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mirror.rooms import links
from tests.mutants.result import Malformed, Reasons, read_reasons
from tests.source import ROOT
from tests.texts import __main__ as command
from tests.texts.result import DRAWN, REASONS, OfDeclaration, Result, checked, counted, read, write
from tests.texts.run import Fate, Seen
from tests.texts.table import page
from tests.texts.test_runs import CORE, source
from theorems.engine.registry import theorems


def test_the_committed_result_holds_and_its_page_says_so() -> None:
    result, reasons = read(), read_reasons(REASONS)
    definitions, statements = checked(result, reasons)
    assert definitions.holds
    assert statements.holds
    assert definitions.all >= 200
    assert statements.all >= 150
    assert len(statements.outside) <= 4
    assert not definitions.outside
    assert result.drawn == DRAWN
    assert set(result.definitions) <= links().keys()
    assert set(result.statements) <= theorems().keys()
    assert command.PAGE.read_text("utf-8") == page(result, reasons)


def test_the_manual_says_the_figures_of_the_committed_result() -> None:
    manual = " ".join((ROOT / "docs" / "audit.md").read_text("utf-8").split())
    definitions, statements = checked(read(), read_reasons(REASONS))
    for found, what in ((definitions, "definitions"), (statements, "statements")):
        assert f"{found.noticed} of {found.all} changes of {what}" in manual


def test_the_result_quotes_no_text() -> None:
    for fate in read().fates():
        _, _, words = fate.name.partition("] ")
        assert len(words) <= 90, fate.name
        assert "\n" not in fate.name


def small(*fates: Fate, clean: str = "same function") -> Result:
    return Result("0" * 40, definitions={"A.b": OfDeclaration("1234", 9, clean, fates)})


UNNOTICED = Fate("A.b [term] left of + dropped (token 3)", "term", Seen.UNNOTICED)
NOTICED = [Fate(f"A.b [sign] - dropped (token {k})", "sign", Seen.DIFFERS, "A.b") for k in range(40)]


def test_what_is_unnoticed_wants_a_reason_and_is_listed_first() -> None:
    result = small(UNNOTICED, *NOTICED, Fate("A.b [index] 0 → 1 (token 1)", "index", Seen.DEEP, "A.b"))
    without, given = Reasons(), Reasons(equivalent={UNNOTICED.name: "x + 0 is x."})
    assert not counted(result.definitions, without).holds
    assert f"`{UNNOTICED.name}`: **no reason is given**" in page(result, without)
    assert counted(result.definitions, given).holds
    assert f"`{UNNOTICED.name}`: equivalent. x + 0 is x." in page(result, given)
    assert "**41 of 42 noticed (97.6%)**: 40 differs, 1 differs with --deep, 1 unnoticed." in page(result, given)
    assert "- differs with --deep: `A.b [index] 0 → 1 (token 1)`" in page(result, given)
    known = Reasons(survivor={UNNOTICED.name: "Too rare."})
    assert f"`{UNNOTICED.name}`: Too rare." in page(result, known)


def test_too_many_unnoticed_ones_do_not_hold_whatever_the_reasons() -> None:
    others = [replace(UNNOTICED, name=f"{UNNOTICED.name} {k}") for k in range(2)]
    given = Reasons(equivalent={f.name: "It is the same." for f in others})
    assert not counted(small(*others, *NOTICED).definitions, given).holds


def test_a_text_that_differs_as_it_is_does_not_hold() -> None:
    result = small(*NOTICED, clean="differs")
    assert not counted(result.definitions, Reasons()).holds
    assert "0 of 1 definitions are the same function." in page(result, Reasons())
    assert "- `A.b`: differs" in page(result, Reasons())


def test_changes_of_what_is_not_evaluated_as_it_is_are_not_counted() -> None:
    result = small(*NOTICED, clean="not evaluated")
    assert counted(result.definitions, Reasons()).all == 0
    assert "0 of 1 definitions are the same function." in page(result, Reasons())
    assert "- `A.b`: not evaluated" in page(result, Reasons())


def test_a_reason_that_nothing_needs_is_refused() -> None:
    with pytest.raises(Malformed, match=r"a reason is given for a change that is noticed.*A\.b \[sign\]"):
        checked(small(*NOTICED), Reasons(survivor={NOTICED[0].name: "Why?"}))


def test_a_result_is_read_as_it_was_written(tmp_path: Path) -> None:
    result = small(UNNOTICED, *NOTICED)
    write(result, tmp_path / "result.json")
    assert read(tmp_path / "result.json") == result


@pytest.mark.parametrize(
    "text", ["[]", "{", "{}", '{"revision": "", "drawn": {}, "definitions": {"A": {"fates": [{}]}}, "statements": {}}']
)
def test_what_is_no_result_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(text, "utf-8")
    with pytest.raises(Malformed, match="holds no result of a run"):
        read(tmp_path / "result.json")


# ---- the command


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command writes here, and runs on a small checkout."""
    monkeypatch.setattr(command, "read", lambda: read(tmp_path / "result.json"))
    monkeypatch.setattr(command, "write", lambda result: write(result, tmp_path / "result.json"))
    monkeypatch.setattr(command, "PAGE", tmp_path / "RESULT.md")
    monkeypatch.setattr(command, "read_reasons", lambda _: Reasons())
    monkeypatch.setattr(command, "source_in", lambda _: source())
    monkeypatch.delenv("LEANMIRROR_SOURCE", raising=False)
    return tmp_path


def test_a_run_writes_the_result_and_the_page(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(small(), elsewhere / "result.json")
    name = CORE + "ctxSize"
    assert command.main([name, "--source", "."]) == 0
    found = read(elsewhere / "result.json").definitions
    assert set(found) == {"A.b", name}
    assert len(found[name].fates) == 2
    assert capsys.readouterr().out == (elsewhere / "RESULT.md").read_text("utf-8")
    assert command.main(["--show"]) == 0


def test_stale_runs_what_has_changed(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = small()
    monkeypatch.setattr(command, "sample", lambda declaration, _: [])
    of = {d.name: replace(command.of_declaration(source(), d), clean="same function") for d in source().definitions[:3]}
    result.definitions = of | {n: replace(d, source="other") for n, d in list(of.items())[:1]}
    assert [command.is_stale(source(), result, d) for d in source().definitions[:4]] == [True, False, False, True]
    asked = command._parser().parse_args(["--stale", "--source", "."])
    assert len(command._chosen(asked, source(), result)) == len(source().definitions) - 2
    result.definitions |= {n: replace(d, clean="not run") for n, d in of.items()}
    assert len(command._chosen(asked, source(), result)) == len(source().definitions)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "texts: no source is named: give --source DIR, or set LEANMIRROR_SOURCE"),
        (["--show"], "result.json"),
        (["--source", ".", "Proofs.Autograd.nothing"], "texts: Proofs.Autograd.nothing is no definition or theorem"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(
    elsewhere: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if len(arguments) == 3:
        write(small(), elsewhere / "result.json")
    assert command.main(arguments) == 2
    assert said in capsys.readouterr().err


def test_a_folder_without_definitions_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--source", str(tmp_path)]) == 2
    assert "declares none of the definitions" in capsys.readouterr().err


def test_a_source_that_differs_ends_with_1(elsewhere: Path) -> None:
    write(small(UNNOTICED), elsewhere / "result.json")
    assert command.main(["--show"]) == 1


def test_a_run_that_breaks_ends_with_3(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "source_in", lambda _: None)
    assert command.main(["--source", "."]) == 3
    assert "AttributeError" in capsys.readouterr().err
