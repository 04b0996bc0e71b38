"""Names are those of the files that a file imports; where a file is not at hand, its names may be anybody's."""

from lean_refs.reader.imports import Imports
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tree import imports_in, read_tree, with_headers

A, B, C = "NN/A.lean", "NN/B.lean", "NN/C.lean"


def reading_of(**texts):
    return Reading({f"NN/{name}.lean": read_text(f"NN/{name}.lean", text) for name, text in texts.items()})


def meant(reading, written, file):
    user = next(d for d in reading.files[file].declarations if d.name.endswith("user"))
    found = NameTable(reading).resolve_in(written, user)
    return found.name if found else None


USER = "namespace N\ndef user : Nat := max 1 2\nend N\n"


def test_a_name_of_a_file_that_is_not_imported_is_not_taken():
    texts = {"A": "namespace N\ndef max : Nat := 1\nend N", "C": USER}
    assert meant(reading_of(**texts), "max", C) is None
    assert meant(reading_of(**texts | {"C": f"import NN.A\n{USER}"}), "max", C) == "N.max"


def test_an_import_of_an_import_counts():
    texts = {"A": "def N.max : Nat := 1", "B": "public import NN.A", "C": f"import NN.B\n{USER}"}
    assert meant(reading_of(**texts), "max", C) == "N.max"
    twice = reading_of(**texts | {"C": f"import NN.B\nimport NN.A\n{USER}"})
    assert Imports(twice).of(C) == {A, B, C}
    assert meant(reading_of(**texts | {"B": "public import Mathlib.Logic.Basic"}), "max", C) is None


def test_of_two_declarations_with_one_name_the_imported_one_is_meant():
    texts = {"A": "def N.T : Nat := 1", "B": "structure N.T where\n  x : Nat", "C": f"import NN.B\n{USER}"}
    table = NameTable(reading_of(**texts))
    assert [found.kind for found in (table.get("N.T", C), table.get("N.T")) if found] == ["structure", "def"]
    assert meant(reading_of(**texts), "T.x", C) == "N.T.x"


def test_where_an_imported_file_is_not_at_hand_every_name_may_be_meant():
    texts = {"A": "def N.max : Nat := 1", "C": f"import NN.Gone\n{USER}"}
    assert Imports(reading_of(**texts)).of(C) is None
    assert meant(reading_of(**texts), "max", C) == "N.max"


def test_what_another_package_has_is_not_missing():
    reading = reading_of(A="import Mathlib.Order.Basic\ndef N.max : Nat := 1", C=USER)
    planted = Reading(reading.files | {"Mathlib/Planted.lean": read_text("Mathlib/Planted.lean", "def a := 1")})
    assert Imports(planted).of(A) == {A}


def test_the_headers_of_further_files_say_which_files_are_seen(tmp_path):
    (tmp_path / "NN").mkdir()
    for name, text in {
        "A": "def N.max : Nat := 1",
        "B": "module\npublic import NN.A\n",
        "C": f"import NN.B\n{USER}",
    }.items():
        (tmp_path / f"NN/{name}.lean").write_text(text, "utf-8")
    near = read_tree(tmp_path, [A, C])
    assert Imports(near).of(C) is None
    whole = with_headers(near, tmp_path)
    assert whole.headers == {B: ("NN.A",)}
    assert Imports(whole).of(C) == {A, B, C}


def test_imports_alone_are_read():
    text = "module\n/- import No.A -/\npublic meta import A.B\nimport all C\n-- import No.B\nimport D.E --F\ndef a := 1"
    assert imports_in(text) == ("A.B", "C", "D.E")
