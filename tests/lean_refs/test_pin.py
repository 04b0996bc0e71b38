"""The pin: the same bytes every time, everything comes back, and no upstream text in it."""

import json
import re
from dataclasses import replace

import pytest

from lean_refs.facts import PINNED_REVISION, load_pin
from lean_refs.fingerprint import Fingerprinter
from lean_refs.pin import DamagedPinError, UnknownRevisionError, pinned_fingerprints, raw_pin, read_source
from lean_refs.pinning import make_pin, pin_text, read_checkout
from lean_refs.reader.tree import NotACheckoutError
from lean_refs.scope import load_scope
from tests.lean_refs import mini_lean as mini


def test_the_same_source_gives_the_same_bytes(tmp_path, pin):
    assert pin_text(mini.pin_of(mini.write(tmp_path))) == pin_text(pin)


def test_everything_comes_back_from_the_text(pin, reading):
    restored = pinned_fingerprints(json.loads(pin_text(pin)))
    made = Fingerprinter(reading)
    assert restored == {name: made.of(name) for name in restored}
    assert len(restored) == len(pin["declarations"])


def test_a_pin_holds_names_numbers_and_hashes(pin):
    text = pin_text(pin)
    for sentence in ("The residual stream", "by simp", "ring\n", "idx.h", "0 < ε"):
        assert sentence not in text
    assert json.loads(text)["lean"] == "4.31.0"


def test_a_pin_is_in_the_order_of_file_and_line_whatever_the_order_of_the_scope(library):
    names = ["Spec.Shape", "Proofs.Autograd.Idx.weaken", "Proofs.Autograd.Idx", "Proofs.Autograd.Block.idxBeta"]
    made = make_pin(read_checkout(library), mini.scope(names), mini.REVISION)
    in_order = [names[3], "Spec.Shape", "Proofs.Autograd.Idx", "Proofs.Autograd.Idx.weaken"]  # Block, Shape, Tape
    assert [entry["name"] for entry in made.data["declarations"]] == in_order
    assert made.data["declarations"][0]["values"][0]["value"]["index"] == 4


def test_a_pin_says_nothing_that_a_person_wrote(library):
    assert "What Spec.Shape is" not in pin_text(make_pin(read_checkout(library), mini.scope(["Spec.Shape"]), "0").data)


def test_what_the_source_lacks_is_named(library):
    made = make_pin(read_checkout(library), mini.scope(["Spec.Shape", "Spec.Shapes", "No.such"]), mini.REVISION)
    assert made.missing == ("Spec.Shapes", "No.such")
    assert [entry["name"] for entry in made.data["declarations"]] == ["Spec.Shape"]


def test_a_file_that_cannot_be_read_is_told_where_something_is_missing(tmp_path):
    root = mini.write(tmp_path)
    (root / "NN/Shape.lean").write_bytes(b"\xff")
    made = make_pin(read_checkout(root), mini.scope(["Spec.Shape", "Proofs.Autograd.Idx"]), mini.REVISION)
    assert made.missing == ("Spec.Shape",)
    assert [(record.file, record.why[:24]) for record in made.unread] == [("NN/Shape.lean", "the file is not UTF-8 (b")]


def test_without_a_revision_there_is_no_pin(library):
    with pytest.raises(NotACheckoutError, match=r"the source tells no revision; give the revision"):
        make_pin(read_checkout(library), mini.scope([]))


def test_the_revision_is_the_one_that_the_source_tells(library):
    told = replace(read_checkout(library), revision="a" * 40)
    assert make_pin(told, mini.scope(["Spec.Shape"])).data["revision"] == "a" * 40


def test_of_texts_without_a_folder_nothing_is_pinned_that_stands_around_them(library):
    around = {"surroundings", "building"}
    tree = read_checkout(library)
    assert make_pin(tree, mini.scope(["Spec.Shape"]), mini.REVISION).data.keys() >= around
    assert not make_pin(replace(tree, root=None), mini.scope(["Spec.Shape"]), mini.REVISION).data.keys() & around


def test_a_folder_of_other_lean_is_refused(tmp_path, pin):
    (tmp_path / "A.lean").write_text("def a := 1", "utf-8")
    with pytest.raises(NotACheckoutError, match="holds no Lean file under NN/"):
        read_checkout(tmp_path)
    with pytest.raises(NotACheckoutError, match="holds no Lean file under NN/"):
        read_source(tmp_path, pin)


def test_an_entry_without_hashes_is_no_fingerprint_and_is_not_looked_for(library, pin):
    by_hand = {"name": "Spec.Shape.size", "kind": "def", "file": "NN/Shape.lean", "line": 1}
    kept = [entry for entry in pin["declarations"] if entry["name"] != by_hand["name"]]
    edited = pin | {"declarations": [*kept, by_hand, {"name": "Nowhere"}]}
    assert pinned_fingerprints(edited).keys() == {entry["name"] for entry in kept}
    assert read_source(library, edited).names.keys() == {entry["name"] for entry in kept}


def test_an_unknown_revision_is_named():
    with pytest.raises(UnknownRevisionError, match=r"no pin of revision 'fffffff'; there are pins of .*21198a1"):
        raw_pin("fffffff")


@pytest.mark.parametrize("revision", ["21198a1", "21198a14b2c49e37d891955b421d4f7400b69592"])
def test_a_pin_is_named_by_the_beginning_of_its_revision(revision: str) -> None:
    assert raw_pin(revision)["revision"].startswith(revision)


@pytest.mark.parametrize("revision", ["21198a1f", "21198a14b2c49e37d891955b421d4f7400b69592f"])
def test_a_revision_that_only_begins_like_a_pin_is_unknown(revision: str) -> None:
    with pytest.raises(UnknownRevisionError, match=f"no pin of revision '{revision}'; there is one of 21198a14"):
        raw_pin(revision)


def test_the_committed_pin_is_whole():
    raw = raw_pin()
    pin = load_pin()
    assert pin.declarations.keys() == pinned_fingerprints(raw).keys() == load_scope().entries.keys()
    assert raw["revision"].startswith(PINNED_REVISION)
    for entry in raw["declarations"]:
        assert all(re.fullmatch(r"[0-9a-f]{16}|", value) for value in entry["hash"].values())
    assert pin.declarations["Proofs.Autograd.Idx.weaken"].binders == (
        ("Γ", "implicit"),
        ("s", "implicit"),
        ("idx", "explicit"),
        ("rest", "explicit"),
    )


def test_a_theorem_in_the_pin_has_its_hypotheses_in_order():
    binders = load_pin().declarations["Proofs.Autograd.Transformer.postNormGptDecoderBlock_hasFDerivAt"].binders
    assert [name for name, _ in binders if name.startswith("h")] == [
        "hMaskedAttentionPack",
        "hNorm1VarEpsPos",
        "hNorm1StdNe0",
        "hFfnPack",
        "hNorm2VarEpsPos",
        "hNorm2StdNe0",
    ]


def test_the_private_declarations_of_the_pin_are_marked():
    marked = {d.name.rsplit(".", 1)[-1] for d in load_pin().declarations.values() if d.private}
    assert marked == {"get_append_last", "get_append_left", "flattenSpec_dim_apply"}


def test_a_pin_marks_what_another_file_cannot_name(tmp_path):
    library = mini.write(tmp_path)
    file = next(library.rglob("*.lean"))
    file.write_text(file.read_text("utf-8") + "\nprivate def hidden : Nat := 1\ndef shown : Nat := 1\n", "utf-8")
    entries = mini.pin_of(library)["declarations"]
    assert {e["name"].rsplit(".", 1)[-1] for e in entries if e.get("private")} == {"hidden"}
    assert any(e["name"].endswith("shown") for e in entries)


@pytest.mark.parametrize(
    ("key", "part"),
    [("prose", "x"), ("prose", {"a": 1}), ("ledger", None), ("ledger", []), ("surroundings", {"a": []})],
)
def test_a_damaged_pin_names_the_part(tmp_path, monkeypatch, pin, key, part):
    (tmp_path / "pins").mkdir()
    kept = tmp_path / "pins" / f"{pin['revision'][:7]}.json"
    kept.write_text(pin_text(pin), "utf-8")
    monkeypatch.setattr("lean_refs.pin.resources", lambda _: tmp_path)
    assert raw_pin(pin["revision"][:7]) == json.loads(pin_text(pin))
    kept.write_text(json.dumps(pin | {key: part}), "utf-8")
    with pytest.raises(DamagedPinError, match=f"^{kept} is damaged in its '{key}': `leanmirror pin "):
        raw_pin(pin["revision"][:7])
