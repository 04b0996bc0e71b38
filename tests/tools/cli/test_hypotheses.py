"""`leanmirror hypotheses`: what is printed, replayed and searched for, and how a wrong call ends."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools.cli.conftest import NAME, Call
from tests.tools.cli.snapshot import assert_snapshot
from theorems.engine.registry import theorems
from theorems.engine.theorem import Hypothesis, Theorem
from theorems.tools.hypotheses import labels, record
from theorems.tools.hypotheses.labels import Label, Weighed, weighed
from theorems.tools.hypotheses.record import from_text, recorded

Refused = Callable[..., str]
CORE = "decoderCore_backpropVec_eq_adjoint_fderiv_at"
NORM = "backprop_eq_adjoint_fderiv_layerNorm_at"
FLATTEN = "Spec.Tensor.Private.flattenSpec_dim_apply"


def test_help(call: Call) -> None:
    result = call("hypotheses", "--help")
    assert result.exit_code == 0
    assert_snapshot("hypotheses_help", result.stdout)


def test_the_hypotheses_of_two_theorems(call: Call) -> None:
    result = call("hypotheses", CORE, NORM)
    assert (result.exit_code, result.stderr) == (0, "")
    assert_snapshot("hypotheses_of_two", result.stdout)


def test_all_of_them_by_default(call: Call) -> None:
    lines = call("hypotheses").stdout.splitlines()
    labelled = {e.theorem for e in weighed()}
    assert [line for line in lines if line.startswith(("Proofs", "Spec"))] == [n for n in theorems() if n in labelled]
    stated = [t.name for t in theorems().values() if t.hypotheses]
    hypotheses = [h for t in theorems().values() for h in t.hypotheses]
    assert lines[-1].startswith(f"{len(hypotheses)} hypotheses of {len(stated)} theorems: ")
    assert f"met in {len(stated)} of {len(stated)}; " in lines[-1]


def test_what_stands_in_the_types_is_said(call: Call) -> None:
    result = call("hypotheses", "castVec_castVec")
    assert result.exit_code == 0
    _, label, because, _, last = result.stdout.splitlines()
    assert label == "  part of the statement: (h₁), (h₂) (in the types)"
    assert because.startswith("      because A cast takes the equality of lengths")
    assert last == "no hypotheses but 2 in the types"


def test_one_hypothesis_by_its_name(call: Call) -> None:
    lines = call("hypotheses", CORE, "--hypothesis", "hNorm2").stdout.splitlines()
    assert [line.strip() for line in lines if "necessary: " in line] == ["necessary: hNorm2"]


def test_every_stored_instance_replays(call: Call) -> None:
    result = call("hypotheses", NORM, FLATTEN, "--replay")
    assert (result.exit_code, result.stdout) == (0, "4 labels replayed: nothing against them\n")


def test_one_is_not_many(call: Call) -> None:
    root = "hasDerivAt_sqrt_clamp_of_pos"
    assert call("hypotheses", root, "--replay").stdout == "1 label replayed: nothing against it\n"
    assert call("hypotheses", root).stdout.splitlines()[-1] == "1 hypothesis of 1 theorem: 1 necessary; met in 1 of 1"


def test_a_label_that_its_instance_does_not_show_is_refuted(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tuple(dataclasses.replace(e, label=Label.REDUNDANT) if "hNorm1" in e.hypotheses else e for e in weighed())
    monkeypatch.setattr(labels, "weighed", lambda: changed)
    result = call("hypotheses", CORE, "--replay")
    assert result.exit_code == 1
    first, last = result.stdout.splitlines()
    assert first.startswith(f"{CORE}: hNorm1 is redundant, but ")
    assert last == "2 labels replayed: 1 against them"


def test_a_theorem_that_nothing_meets_is_said(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    (full,) = (t for t in theorems() if t.endswith(NORM))
    monkeypatch.setattr(record, "recorded", lambda: dataclasses.replace(unmocked, met={full: None}))
    result = call("hypotheses", NORM)
    assert "  cannot be met, as far as was tried: no instance satisfies all hypotheses and is active" in result.stdout
    assert result.stdout.splitlines()[-1] == "2 hypotheses of 1 theorem: 2 necessary; met in 0 of 1"
    result = call("hypotheses", NORM, "--replay")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (
        1,
        f"nothing that was tried meets the hypotheses of {full}",
    )


def test_a_search_reports_hypotheses_that_nothing_can_meet(
    call: Call, replaced: Callable[..., Theorem], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: a theorem whose hypotheses contradict each other would be reported."""
    short = Hypothesis("short", "x has one entry at most", lambda ar, x: len(x) < 2)
    long = Hypothesis("long", "x has two entries at least", lambda ar, x: len(x) > 1)
    replaced(hypotheses=(short, long))
    both = Weighed(NAME, ("short", "long"), Label.PART, "a control")
    monkeypatch.setattr(labels, "weighed", lambda: (both,))
    result = call("hypotheses", NAME, "--search", "found.json", "--tries", "20")
    assert result.exit_code == 1
    assert "  cannot be met, as far as was tried: no instance satisfies all hypotheses and is active" in result.stdout
    assert f"nothing that was tried meets the hypotheses of {NAME}" in result.stdout.splitlines()
    replaced(hypotheses=(short,))
    monkeypatch.setattr(labels, "weighed", lambda: (dataclasses.replace(both, hypotheses=("short",)),))
    assert call("hypotheses", NAME, "--search", "found.json", "--tries", "60").exit_code == 0


unmocked = recorded()


def test_json(call: Call) -> None:
    (norm, core1, core2) = json.loads(call("hypotheses", CORE, NORM, "--json").stdout)["labels"]
    assert (core1["hypotheses"], core2["hypotheses"]) == (["hNorm1"], ["hNorm2"])
    assert (norm["hypotheses"], norm["label"]) == (["hVarEpsPos", "hStdNe0"], "necessary")
    assert {"eps", "x", "seed"} <= norm["counterexample"]["dict"].keys() & norm["met"]["dict"].keys()
    replayed = call("hypotheses", CORE, "--json", "--replay")
    assert len(json.loads(replayed.stdout)["labels"]) == 2
    assert replayed.stderr == "2 labels replayed: nothing against them\n"
    (part,) = json.loads(call("hypotheses", FLATTEN, "--hypothesis", "hidx", "--json").stdout)["labels"]
    assert (part["outcomes"], part["counterexample"], part["separates"]) == ({}, None, None)


def test_a_search_writes_what_it_finds_and_holds_the_labels_against_it(call: Call, tmp_path: Path) -> None:
    result = call("hypotheses", FLATTEN, "--search", "found.json", "--tries", "9", "--seed", "4")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "3 labels replayed: nothing against them"
    found = from_text((tmp_path / "found.json").read_text("utf-8"))
    assert (found.seed, found.tries, list(found.met)) == (4, 9, [FLATTEN])
    assert [f.tried for f in found.searches.values()] == [9]


def test_a_search_of_some_is_not_written_over_what_a_file_holds_of_others(
    call: Call, refused: Refused, tmp_path: Path
) -> None:
    root, path = "hasDerivAt_sqrt_clamp_of_pos", tmp_path / "found.json"
    assert call("hypotheses", FLATTEN, "--search", "found.json", "--tries", "2").exit_code == 0
    before = path.read_bytes()
    assert refused("hypotheses", root, "--search", "found.json", "--tries", "2") == (
        "found.json holds 1 search of other hypotheses, which would be lost: name another file, or search all"
    )
    assert path.read_bytes() == before
    assert call("hypotheses", FLATTEN, root, "--search", "found.json", "--tries", "9").exit_code == 0
    assert refused("hypotheses", "Graph.jvpVec_eq_fderiv", "--search", "found.json").startswith(
        "found.json holds 2 searches of other hypotheses"
    )


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}', '{"format": "leanmirror hypotheses 1"}'])
def test_what_is_no_record_may_be_written_over(call: Call, tmp_path: Path, text: str) -> None:
    (tmp_path / "found.json").write_text(text, encoding="utf-8")
    assert call("hypotheses", FLATTEN, "--search", "found.json", "--tries", "2").exit_code == 0


def saved(call: Call, *names: str) -> list[Path]:
    result = call("hypotheses", *names, "--save", "kept")
    assert result.exit_code == 0
    return [Path(line) for line in result.stdout.splitlines()]


def test_replay_replays_each_stored_instance(call: Call) -> None:
    met, without = saved(call, NORM)
    assert met.name.endswith(f"{NORM}.met.json")
    assert without.name.endswith(f"{NORM}.without-hVarEpsPos-hStdNe0.json")
    for path, said in ((met, ": recorded enclosed"), (without, " without hVarEpsPos, hStdNe0: recorded refuted")):
        result = call("replay", str(path))
        assert result.exit_code == 0
        assert f"{NORM}{said}" in result.stdout.splitlines()[0]


def test_every_instance_can_be_saved_and_the_plain_ones_replay(call: Call) -> None:
    paths = saved(call, "hasDerivAt_sqrt_clamp_of_pos", FLATTEN)
    assert [path.name.rsplit(".", 2)[1] for path in paths] == ["met", "without-hx", "met"]
    assert {call("replay", str(path)).exit_code for path in paths} == {0}


def test_what_was_not_found_is_not_saved(refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "recorded", lambda: record.Known(0, 0))
    said = "no instance is kept for these hypotheses: nothing was written"
    assert refused("hypotheses", NORM, "--save", "kept") == said


def test_what_is_no_folder_is_not_saved_to(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine", encoding="utf-8")
    assert refused("hypotheses", NORM, "--save", "kept") == "Invalid value for '--save': Directory 'kept' is a file."
    assert refused("hypotheses", NORM, "--save", "kept/inside").startswith("cannot write kept/inside/")
    assert (tmp_path / "kept").read_text("utf-8") == "mine"


def changed(path: Path, **members: object) -> str:
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | members), encoding="utf-8")
    return str(path)


def test_an_instance_that_no_longer_shows_what_it_was_kept_for(call: Call) -> None:
    _, without = saved(call, "hasDerivAt_sqrt_clamp_of_pos")
    result = call("replay", changed(without, instance={"dict": {"x": {"rational": "-1"}}}))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[0].endswith("hx: recorded refuted (seed 0), now equal")


def test_an_instance_that_ends_in_another_way_than_it_was_recorded(call: Call) -> None:
    _, without = saved(call, "hasDerivAt_sqrt_clamp_of_pos")
    result = call("replay", changed(without, verdict="undecided"))
    assert (result.exit_code, result.stdout.splitlines()[0][-31:]) == (1, "undecided (seed 0), now refuted")


def test_an_instance_without_what_the_theorem_does_not_have(call: Call, refused: Refused) -> None:
    _, without = saved(call, "hasDerivAt_sqrt_clamp_of_pos")
    for odd in (["hy"], ["hx", "hx"]):
        line = refused("replay", changed(without, without=odd))
        assert line.startswith(f"cannot replay {without}: it is to be without {odd}, and the hypotheses of ")
        assert line.endswith("hasDerivAt_sqrt_clamp_of_pos are ['hx']")
    for odd in ("hx", [["hx"]], {"hx": 1}, None):
        line = refused("replay", changed(without, without=odd))
        assert line == f"cannot replay {without}: its without should be a list of names, got {odd!r}"


WRONG = {
    "theorem": (("postNormGptDecoder",), "no theorem is called postNormGptDecoder; did you mean Proofs.Autograd."),
    "hypothesis": ((CORE, "--hypothesis", "hNrom1"), "no hypothesis here is called hNrom1; did you mean hNorm"),
    "none": ((NAME,), f"{NAME}: no hypotheses but the types"),
    "tries": ((CORE, "--tries", "3"), "--tries and --seed are for a search: name a file for it with --search FILE"),
    "no folder": ((CORE, "--search", "."), "cannot write .: Is a directory"),
    "two outputs": (
        (CORE, "--save", "kept", "--json"),
        "--save prints the files that it writes, and --json the labels: ask for one of them",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_is_one_line(refused: Refused, name: str) -> None:
    arguments, said = WRONG[name]
    assert refused("hypotheses", *arguments).startswith(said)
