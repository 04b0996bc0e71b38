"""The pinned numbers of TorchLean against the mirror and the properties, and what becomes of damaged ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lean_refs import load_pin
from lean_refs.drift import Meaning
from lean_refs.facts import PINNED_REVISION
from lean_refs.pin import DamagedNumbersError, numbers_in, pinned_fingerprints, pinned_numbers, raw_pin
from mirror.rooms import links
from tests.tools.audit.evaluated.texts import changed, evaluator_of
from theorems.core.fderiv.graphs import CASES
from theorems.engine.reasons import NOT_RUN
from theorems.engine.registry import theorems
from theorems.tools.audit.evaluated.outcome import ComparisonEnding
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.pinned import kept
from theorems.tools.audit.pinned.kept import PinnedNumbers, at_pinned_numbers, meaning_in
from theorems.tools.cli.values import meanings

SUM, ADD = "Proofs.Autograd.sumExp", "Proofs.Autograd.castVec_add"
NODES = "Proofs.Autograd.Node.correct_inner"  # of which a node of each kind is kept
THEOREMS = [d.name for d in load_pin().theorems]
PRINTS = pinned_fingerprints(raw_pin())
# What is said of positions in a list has no numbers.
WITHOUT_NUMBERS = {"Proofs.Autograd.Idx.get_append_last", "Proofs.Autograd.Idx.get_append_left"}
# Hypotheses that an instance of some theorem breaks.
BROKEN = "hAttentionPack hAttnPack hFfnPack hMaskedAttentionPack hMerge hProject hResidual hStdNe0 hVarEpsPos hf hk hx"
# Names of types, which give no numbers.
OUTSIDE = {"Proofs.Autograd.TList", "Proofs.Autograd.GraphFDerivCorrect", "Proofs.Autograd.GraphFDerivCorrectAt"}


@pytest.mark.unmeasured
def test_the_mirror_gives_the_pinned_numbers_of_every_definition() -> None:
    found = {o.name: o for o in PinnedNumbers(PINNED_REVISION, PRINTS).held(links().values())}
    assert {name for name, o in found.items() if o.ending is not ComparisonEnding.SAME} == OUTSIDE
    assert {o.instances for name, o in found.items() if name not in OUTSIDE} <= {1, 2, 3}


def test_the_properties_give_the_pinned_numbers_of_every_conclusion() -> None:
    found = list(PinnedNumbers(PINNED_REVISION, PRINTS).concluded(THEOREMS))
    apart = {o.name: o.why for o in found if o.ending is not ComparisonEnding.SAME}
    assert apart == NOT_RUN
    entries = {e["name"]: e["statements"] for e in pinned_numbers() if "statements" in e}
    assert entries.keys() == theorems().keys()
    said = {name: [one["conclusion"] for one in e if "conclusion" in one] for name, e in entries.items()}
    assert {name for name, conclusions in said.items() if not all(c["left"] for c in conclusions)} == WITHOUT_NUMBERS
    assert {len(c) for name, c in said.items() if name != NODES} == {2, 3}
    assert len(said[NODES]) == len(CASES)
    broken = {h for e in entries.values() for one in e for h, holds in one["hypotheses"].items() if not holds}
    assert broken == set(BROKEN.split())


def test_a_theorem_without_a_counterpart_has_nothing_to_compare() -> None:
    (found,) = PinnedNumbers(PINNED_REVISION, PRINTS).concluded(["Proofs.Autograd.new"])
    assert (found.ending, found.why) == (ComparisonEnding.NOT_EVALUATED, "no counterpart")


def test_no_lean_text_is_pinned() -> None:
    words = (":=", "fun ", "by ", "Fin.", "Real.", "WithLp", "theorem", "∑", "→")
    for entry in pinned_numbers():
        said = entry.get("instances") or entry.get("declared") or entry.get("statements")
        assert not [word for word in words if word in json.dumps(said, ensure_ascii=False)], entry["name"]


def altered(monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    """The pinned numbers with the entry of SUM changed; None leaves it out."""
    entries = [e if e["name"] != SUM else change(json.loads(json.dumps(e))) for e in pinned_numbers()]
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: [e for e in entries if e is not None])


def wrong(entry: Any) -> Any:
    entry["instances"][1]["parts"][0] = "1/7"
    return entry


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (wrong, "differs at the numbers: at position 0, 1/7 against"),
        (lambda _: None, "no numbers of it are pinned: `leanmirror pin --source DIR` makes them"),
        (lambda e: e | {"text": "0" * 16}, "its pinned numbers are of another text: `leanmirror pin"),
        (lambda e: {"name": e["name"]}, "what is pinned is damaged: "),
    ],
)
def test_a_fault_of_the_pin_fails_by_name(monkeypatch: pytest.MonkeyPatch, change: Any, why: str) -> None:
    altered(monkeypatch, change)
    (section,) = at_pinned_numbers(PINNED_REVISION, PRINTS, [links()[SUM], links()["Proofs.Autograd.appendVec"]])
    assert section.failed
    (finding,) = (f for f in section.findings if f.verdict is AuditVerdict.FAILS)
    assert finding.name == SUM
    assert finding.basis.startswith(why)
    assert section.summary.startswith("1 of 2, ")
    assert section.summary.endswith(" (at pinned numbers)")


@pytest.mark.parametrize(
    "text",
    [
        '{"revision": "21198a1", "definitions": [\n{"name": "a"',
        "[1]",
        '{"definitions": 3}',
        '{"definitions": [], "theorems": 3}',
        '{"revision": "564289f", "definitions": []}',
        '{"revision": 3, "definitions": []}',
        '{"revision": "21198a1", "definitions": [{"name": "a"}, {"name": "b"}], "theorems": [{"name": "a"}]}',
        "null",
        "[" * 200_000,
    ],
    ids=["truncated", "a list", "a number", "theorems", "another revision", "no revision", "twice", "null", "deep"],
)
def test_a_damaged_file_fails_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    file = tmp_path / "21198a1.json"
    file.write_text(text, "utf-8")
    with pytest.raises(DamagedNumbersError, match=r"21198a1\.json"):
        numbers_in(file)
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: numbers_in(file))
    sections = at_pinned_numbers(PINNED_REVISION, PRINTS, [links()[SUM]], [ADD])
    assert [section.title for section in sections] == ["same function", "same conclusion"]
    for section in sections:
        assert section.failed
        assert section.findings[0].name == "lean_refs/numbers"
        assert "21198a1.json" in section.findings[0].basis


def test_a_file_without_theorems_has_none_pinned(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "21198a1.json"
    file.write_text('{"revision": "21198a1", "definitions": []}', "utf-8")
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: numbers_in(file))
    (section,) = at_pinned_numbers(PINNED_REVISION, PRINTS, [], [ADD])
    assert section.summary == "0 of 1, 0 different, 0 not evaluated, 1 without pinned numbers (at pinned numbers)"
    assert section.failed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (
            lambda e: e["statements"][1]["conclusion"].update(right="1/7"),
            "differs at the right side of the conclusion: ",
        ),
        (lambda e: e.update(text="0" * 16), "its pinned numbers are of another text: `leanmirror pin"),
        (lambda e: e.pop("statements"), "what is pinned is damaged: nothing is pinned of "),
        (lambda e: e["statements"].append(3), "what is pinned is damaged: "),
        (lambda e: e.update(name="another"), "no numbers of it are pinned: `leanmirror pin --source DIR` makes them"),
    ],
)
def test_a_fault_of_a_pinned_conclusion_fails_by_name(monkeypatch: pytest.MonkeyPatch, change: Any, why: str) -> None:
    entries = pinned_numbers()
    change(next(e for e in entries if e["name"] == ADD))
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: entries)
    (section,) = at_pinned_numbers(PINNED_REVISION, PRINTS, [], [ADD, "Proofs.Autograd.castVec_smul"])
    assert section.failed
    (finding,) = (f for f in section.findings if f.verdict is AuditVerdict.FAILS)
    assert finding.name == ADD
    assert finding.basis.startswith(why)
    assert section.summary.startswith("1 of 2, ")


def test_an_entry_that_is_no_entry_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "pinned_numbers", lambda _: [3])
    (found,) = PinnedNumbers(PINNED_REVISION, PRINTS).held([links()[SUM]])
    assert found.ending is ComparisonEnding.MISSING


@pytest.mark.parametrize(
    ("old", "new", "meaning", "why"),
    [
        (
            "def sumExp",
            "/-- A sum. -/\ndef sumExp",
            Meaning.SAME,
            "evaluated on the pinned arguments: same (3 instances)",
        ),
        (
            "Real.exp (x k)",
            "Real.exp (2 * x k)",
            Meaning.DIFFERS,
            "evaluated on the pinned arguments: differs at the num",
        ),
        ("Real.exp (x k)", "Real.cosh (x k)", Meaning.UNKNOWN, "not evaluated: NN/Small.lean:"),
    ],
)
def test_what_a_changed_text_means(old: str, new: str, meaning: Meaning, why: str) -> None:
    ask = meaning_in(lambda: changed(old, new), PinnedNumbers(PINNED_REVISION, PRINTS))
    found = ask(SUM, SUM)
    assert found[0] is meaning
    assert found[1].startswith(why)


def test_a_theorem_is_asked_beside_its_property_and_what_has_neither_is_not_evaluated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask = meaning_in(evaluator_of, PinnedNumbers(PINNED_REVISION, PRINTS))
    theorem = "Proofs.Autograd.inner_append"
    assert ask(theorem, theorem) == (
        Meaning.UNKNOWN,
        f"not evaluated: there is no declaration {theorem} in the source",
    )
    assert ask(theorem, "Proofs.renamed") == (Meaning.UNKNOWN, "not evaluated: no numbers of it are pinned")
    altered(monkeypatch, lambda e: {"name": e["name"]})
    damaged = meaning_in(evaluator_of, PinnedNumbers(PINNED_REVISION, PRINTS))
    assert damaged(SUM, SUM)[1].startswith("not evaluated: what is pinned is damaged: ")


def test_damaged_numbers_leave_what_changed_unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def damaged(_: str) -> Any:
        raise DamagedNumbersError("it is no JSON")

    monkeypatch.setattr(kept, "pinned_numbers", damaged)
    ask = meanings(tmp_path, (), PINNED_REVISION, PRINTS)
    assert ask(SUM, SUM) == (Meaning.UNKNOWN, "not evaluated: it is no JSON")
