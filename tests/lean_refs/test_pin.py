"""The pin: the same bytes every time, everything comes back, and no upstream text in it."""

import json
import re

import pytest

from lean_refs.facts import load_pin
from lean_refs.fingerprint import Fingerprinter
from lean_refs.pin import UnknownRevisionError, pin_data, pin_text, pinned_fingerprints, raw_pin
from lean_refs.reader.tree import NotACheckoutError, read_tree
from tests.lean_refs import mini_lean as mini


def test_the_same_source_gives_the_same_bytes(tmp_path, pin):
    again = pin_data(mini.write(tmp_path), mini.REVISION, json.loads(pin_text(pin)))
    assert pin_text(again) == pin_text(pin)


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


def test_what_a_person_wrote_is_kept(library):
    others = [("Proofs.Autograd.Idx.last", "NN/Tape.lean"), ("Spec.Shape", "NN/Shape.lean")]
    base = mini.base([("Proofs.Autograd.Block.idxBeta", "NN/Block.lean"), *others])
    base["declarations"][0] |= {"fact": "Index 4.", "refs": ["a"], "index": 4, "depth": 1}
    entry, *_ = pin_data(library, mini.REVISION, base)["declarations"]
    assert {key: entry[key] for key in ("fact", "refs", "index", "depth")} == {
        "fact": "Index 4.",
        "refs": ["a"],
        "index": 4,
        "depth": 1,
    }
    assert entry["values"][0]["value"]["index"] == 4


def test_without_a_revision_there_is_no_pin(library):
    with pytest.raises(NotACheckoutError, match=r"has no \.git to read the revision from; give the revision"):
        pin_data(library, None, mini.base([]) | {"declarations": [{"name": "a", "file": "NN/Block.lean"}]})


def test_a_folder_of_other_lean_is_refused(tmp_path, pin):
    (tmp_path / "A.lean").write_text("def a := 1", "utf-8")
    with pytest.raises(NotACheckoutError, match="holds no Lean file under NN/"):
        pin_data(tmp_path, mini.REVISION, pin)


def test_an_unknown_revision_is_named():
    with pytest.raises(UnknownRevisionError, match=r"no pin of revision 'fffffff'; there are pins of .*21198a1"):
        raw_pin("fffffff")


def test_the_committed_pin_is_whole():
    raw = raw_pin()
    pin = load_pin()
    assert len(pin.declarations) == raw["counts"]["total"] == len(pinned_fingerprints(raw))
    for entry in raw["declarations"]:
        if "index" in entry:
            assert {value["value"]["index"] for value in entry["values"]} == {entry["index"]}, entry["name"]
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
    names = [(d.name, d.file) for d in read_tree(library).declarations]
    entries = pin_data(library, mini.REVISION, mini.base(names))["declarations"]
    assert {e["name"].rsplit(".", 1)[-1] for e in entries if e.get("private")} == {"hidden"}
    assert any(e["name"].endswith("shown") for e in entries)
