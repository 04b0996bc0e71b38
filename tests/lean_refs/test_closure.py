"""What a declaration rests on, in the small library."""

from lean_refs.closure import rests_on
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tree import read_tree
from tests.lean_refs import mini_lean as mini

TAPE = "Proofs.Autograd"


def names(found):
    return {d.name.removeprefix(f"{TAPE}.") for d in found}


def test_a_definition_rests_on_its_statement_and_its_body(reading):
    found = rests_on(reading, [f"{TAPE}.Block.idxScaled"])
    rest = {"Idx", "Idx.last", "Block.Mat", "Block.ΓBlock", "Block.ΓCore", "Block.Row", "Spec.Shape"}
    assert names(found) == {"Block.idxScaled", *rest}
    assert [(d.file, d.line) for d in found] == sorted((d.file, d.line) for d in found)


def test_what_is_known_is_not_followed(reading):
    found = rests_on(reading, [f"{TAPE}.Block.idxScaled"], {f"{TAPE}.Block.ΓBlock", f"{TAPE}.Idx", "Spec.Shape"})
    assert names(found) == {"Block.idxScaled", "Idx.last", "Block.Mat"}


def test_a_theorem_does_not_rest_on_its_proof(reading):
    found = names(rests_on(reading, [f"{TAPE}.Block.block_ok_again"]))
    assert {"Block.block_ok_again", "Good", "Block.carried"} <= found
    assert "Block.block_ok" not in found


def test_a_declaration_of_a_file_that_is_not_imported_is_a_local_name_here(tmp_path):
    root = mini.write(tmp_path)
    (root / "NN/Far.lean").write_text(
        "namespace Proofs.Autograd.Block\ndef dg0 : Nat := 0\nend Proofs.Autograd.Block\n"
    )
    assert "Block.dg0" not in names(rests_on(read_tree(root), [f"{TAPE}.Block.coreDGraph"]))


def test_a_file_that_is_imported_on_two_ways_is_seen_once():
    texts = {
        "A.lean": "def A.a := 1",
        "B.lean": "import A\ndef B.b := A.a",
        "C.lean": "import A\nimport Mathlib\ndef C.c := A.a",
        "D.lean": "import B\nimport C\ntheorem D.d : B.b = C.c := by simp [E.e]",
        "E.lean": "def E.e := 1",
    }
    tree = Reading({file: read_text(file, text) for file, text in texts.items()})
    assert [d.name for d in rests_on(tree, ["D.d"])] == ["A.a", "B.b", "C.c", "D.d"]
