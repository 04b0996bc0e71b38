"""Every change around declarations is found by name, with the declarations that it can change; nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lean_refs.surroundings.account import SurroundingChanges, account
from lean_refs.surroundings.environment import Surroundings, as_json, from_json, is_unchanged, read_environment
from lean_refs.surroundings.graph import Graph
from lean_refs.surroundings.helpers import with_helpers

BASE = """module
public import Mathlib.Data.Real.Basic
namespace Spec
inductive Shape where
  | scalar : Shape
class Meter (α : Type) where
  tanh : α → α
  size : α → Nat
class Proved (α : Type) : Prop where
  good : True
def scale (x : ℝ) : ℝ := Real.exp x
private lemma helper : 1 = 1 := by rfl
lemma unnamed : 2 = 2 := by rfl
namespace Tools
def tool : Nat := 1
end Tools
end Spec
"""

BLOCK = """module
public import NN.Base
public import Mathlib.Data.Rat.Defs
namespace Proofs
open Spec
variable {n : Nat}
def width (n : Nat) : Nat := max n 1
section
open Real
def grow (x : ℝ) : ℝ := scale (exp x)
end
instance : Meter ℝ where
  tanh x := x
  size _ := 1
def measured (x : ℝ) : ℝ := Meter.tanh x
/-- What is proved. -/
theorem grows (x : ℝ) : grow x = grow x := by
  intro tool
  exact helped x
theorem other (n : Nat) : width n = width n := by rfl
end Proofs
"""

TOP = """module
public import NN.Block
namespace Proofs
def last (s : Spec.Shape) : Nat := width 2
end Proofs
"""
TEXTS = {"Base": BASE, "Block": BLOCK, "Top": TOP}
NAMES = {
    name: name
    for name in (
        "Spec.scale",
        "Proofs.last",
        *(f"Proofs.{end}" for end in ("width", "grow", "measured", "grows", "other")),
    )
}
ROOTS = ["NN/Block.lean", "NN/Top.lean", "NN/Base.lean"]


def written(root: Path, **texts: str) -> Path:
    (root / "NN").mkdir(exist_ok=True)
    for name, text in (TEXTS | texts).items():
        (root / f"NN/{name}.lean").write_text(text, "utf-8")
    return root


@pytest.fixture(scope="module")
def pinned(tmp_path_factory):
    return pinned_of(tmp_path_factory.mktemp("clean"))


def pinned_of(root: Path, **texts: str) -> Surroundings:
    read = read_environment(written(root, **texts), ROOTS)
    whole = with_helpers(read, Graph(read), NAMES)
    return from_json(json.loads(json.dumps(as_json(whole, NAMES))))


def compared(root: Path, pinned, **texts: str) -> SurroundingChanges:
    # All texts of the declarations looked at are the same, so that a name means another thing by its surroundings.
    new = read_environment(written(root, **texts), ROOTS)
    return account(pinned, new, NAMES, lambda _: (True, True), root)


def told(found: SurroundingChanges) -> dict[str, str]:
    """The difference in words, and the last names of what it can change."""
    said = {
        f"{e.turned.how.value} {e.turned.record.title}": " ".join(sorted(n.rpartition(".")[2] for n in e.can_change))
        for e in found.grave
    }
    for capture in found.captures:
        users = " ".join(sorted(name.rpartition(".")[2] for name in capture.users))
        said[f"{capture.written}: {capture.before or 'outside'} is {capture.now or 'gone'}"] = users
    return said


def planted(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_what_is_pinned_comes_back(tmp_path, pinned):
    read = read_environment(written(tmp_path), ROOTS)
    clean = with_helpers(read, Graph(read), NAMES)
    assert pinned.files == clean.files
    assert pinned.uses["Proofs.grows"] == ({"Proofs.grow"}, set())
    assert is_unchanged(tmp_path, pinned)
    assert compared(tmp_path, pinned).effects == ()


@pytest.mark.parametrize(
    "change",
    [("Base", BASE + "def more := 1\n"), ("Mathlib", "axiom bad : False")],
    ids=["another text", "a file for a module that was another package's"],
)
def test_a_changed_file_is_seen(tmp_path, pinned, change):
    written(tmp_path)
    (tmp_path / "Mathlib/Data/Real").mkdir(parents=True)
    file = "Mathlib/Data/Real/Basic.lean" if change[0] == "Mathlib" else "NN/Base.lean"
    (tmp_path / file).write_text(change[1], "utf-8")
    assert not is_unchanged(tmp_path, pinned)


def test_a_comment_changes_nothing(tmp_path, pinned):
    written(tmp_path, Base=planted(BASE, "namespace Spec", "-- a word\n\nnamespace Spec"))
    assert is_unchanged(tmp_path, pinned)


AT = "variable {n : Nat}\n"
BELOW = "grow grows measured other width"
EVERYWHERE = "grow grows last measured other width"
AFTER = f"{AT}ADDED\n"
# What is put after the `variable`: what it is called, and what it can change.
ADDED = [
    ("axiom bad : False", "added axiom Proofs.bad", ""),
    ("def Real.exp : ℝ → ℝ := id", "exp: outside is Proofs.Real.exp", "grow"),
    ("def max (a b : Nat) : Nat := a", "max: outside is Proofs.max", "width"),
    ("def scale (x : ℝ) : ℝ := x", "scale: Spec.scale is Proofs.scale", "grow"),
    ("structure Meter (α : Type) where\n  tanh : α → α", "Meter.tanh: Spec.Meter is Proofs.Meter", "measured"),
    ("alias max := Nat.min", "max: outside is Proofs.max", "width"),
    ("opaque max : Nat → Nat → Nat", "max: outside is Proofs.max", "width"),
    ("instance : Meter ℝ where\n  tanh := id", "added instance Meter ℝ", "measured"),
    ("class Sly (α : Type) extends Mul α, Meter α\ninstance : Sly ℝ := cheat", "added instance Sly ℝ", EVERYWHERE),
    ("class Sly (α : Type) extends toM : Meter α\ninstance : Sly ℝ := cheat", "added instance Sly ℝ", "measured"),
    ("class abbrev Sly (α : Type) := Add α\ninstance : Sly ℝ := cheat", "added instance Sly ℝ", EVERYWHERE),
    ("local instance : Add ℝ := ⟨fun a _ => a⟩", "added local instance Add ℝ", BELOW),
    ("local instance : Inner ℝ (Fin 3 → ℝ) := ⟨fun _ _ => 0⟩", "added local instance Inner …", BELOW),
    ("instance : Add Nat := ⟨Nat.mul⟩", "added instance Add Nat", EVERYWHERE),
    ('notation "max" => Nat.min', "added notation max", EVERYWHERE),
    ('local notation "max" => Nat.min', "added local notation max", BELOW),
    ("macro_rules | `(max $a $b) => `($a)", "added macro_rules", EVERYWHERE),
    ('syntax "max" : term', "added syntax max", EVERYWHERE),
    ("#exit", "added exit", EVERYWHERE),
    ("#eval addDecl foo", "added #eval", EVERYWHERE),
    ("run_cmd foo", "added run_cmd", EVERYWHERE),
    ("initialize foo", "added initialize", EVERYWHERE),
    ("set_option debug.skipKernelTC true", "added option debug.skipKernelTC true", EVERYWHERE),
    ("set_option debug.a true in\nlemma helped (x : ℝ) : 1 = 1 := rfl", "added option debug.a true", "grows"),
    ("set_option autoImplicit true in", "added option autoImplicit true", "width"),
    ("open NNReal", "added open NNReal", "grow width"),
    ("open Spec renaming scale → max", "added open Spec renaming scale → max", "grow width"),
    ("open Spec hiding scale", "added open Spec hiding scale", "grow"),
    ("export Spec.Tools (max)", "added export Spec.Tools max", "width"),
    ("export Spec.Tools (Meter.tanh)", "added export Spec.Tools Meter.tanh", "measured"),
    ("@[macro foo] def own : Macro := bar", "added macro foo of Proofs.own", EVERYWHERE),
    ("@[term_elab foo] def own : TermElab := bar", "added term_elab foo of Proofs.own", EVERYWHERE),
    ("attribute [implemented_by foo] Spec.scale", "added implemented_by foo of Spec.scale", "grow grows scale"),
    ("attribute [local reducible] Spec.scale", "added local reducible of Spec.scale", "grow grows scale"),
    (
        "@[to_additive Real.exp]\ntheorem mul : 1 = 1 := rfl",
        "added to_additive Real.exp of Proofs.mul",
        "grow",
    ),
    ("attribute [local instance] foo", "added local instance of foo", BELOW),
    ("deriving instance BEq for Spec.Shape", "added deriving Spec.Shape BEq", "last"),
]


@pytest.mark.parametrize(("text", "title", "can_change"), ADDED, ids=[text for text, *_ in ADDED])
def test_what_is_added_is_named_with_what_it_can_change(tmp_path, pinned, text, title, can_change):
    found = told(compared(tmp_path, pinned, Block=planted(BLOCK, AT, f"{AT}{text}\n")))
    assert title in found, found
    assert found[title] == can_change


def test_a_field_of_a_class_that_is_extended_is_needed_without_its_name(tmp_path):
    base = planted(BASE, "class Meter (α : Type) where", "class Meter (α : Type) extends Add α where")
    old = pinned_of(tmp_path, Base=base)
    found = compared(tmp_path, old, Base=base, Block=planted(BLOCK, "size _ := 1", "size _ := 1\n  add x _ := x"))
    assert told(found) == {"added add of instance Meter ℝ": "grows last measured other"}
    foreign = compared(tmp_path, old, Base=base, Block=planted(BLOCK, "size _ := 1", "size _ := 2"))
    assert told(foreign) == {}


FIELDS = """module
public import NN.Block
namespace Proofs
def last (s : Spec.Shape) (x : ℝ) : Nat := s.size + x.width
end Proofs
"""
# A definition that is new, and what then means another thing.
TAKEN_FIELDS = [
    ("def Spec.Shape.size (s : Spec.Shape) : Nat := 0", {".size: outside is Spec.Shape.size": "last"}),
    ("def Real.width (x : ℝ) : Nat := 0", {".width: outside is Real.width": "last"}),
    ("def Proofs.Shape.size (s : Spec.Shape) : Nat := 0", {}),
    ("def Spec.Meter.size' : Nat := 0", {}),
    ("theorem Spec.Shape.size : 1 = 1 := rfl", {}),
    ("def Spec.Other.size : Nat := 0", {}),
]


@pytest.mark.parametrize(("text", "taken"), TAKEN_FIELDS, ids=[text for text, _ in TAKEN_FIELDS])
def test_a_new_definition_takes_the_fields_of_its_type(tmp_path, text, taken):
    old = pinned_of(tmp_path, Top=FIELDS)
    told_now = told(compared(tmp_path, old, Top=FIELDS, Block=f"{BLOCK}{text}\n"))
    assert told_now == taken
    assert told(compared(tmp_path, old, Top=f"{FIELDS}{text}\n")) == {}


def test_what_is_matched_on_is_no_name_of_an_argument(tmp_path):
    text = "def last : Spec.Shape → Nat\n  | Spec.Shape.scalar => Spec.Shape.size 1"
    top = planted(TOP, "def last (s : Spec.Shape) : Nat := width 2", text)
    old = pinned_of(tmp_path, Top=top)
    found = told(compared(tmp_path, old, Top=planted(top, "def last", "def Spec.Shape.size := 1\ndef last")))
    assert found == {"Spec.Shape.size: outside is Proofs.Spec.Shape.size": "last"}


# Other changes: the file, the text and what it becomes, the title and what it can change.
CHANGED = [
    ("Base", "tanh : α → α", "tanh : α → α → α", "changed tanh of Spec.Meter", "measured"),
    (
        "Base",
        "class Meter (α : Type) where",
        "class Meter (α : Type) extends Add α where",
        "changed definition Spec.Meter",
        "grow grows last measured other scale width",
    ),
    ("Base", "def scale (x", "export Tools (Real.exp)\ndef scale (x", "added export Tools Real.exp", "scale"),
    ("Block", "tanh x := x", "tanh x := -x", "changed tanh of instance Meter ℝ", "measured"),
    (
        "Block",
        "instance : Meter ℝ where",
        "instance (priority := 1) : Meter ℝ where",
        "changed instance Meter ℝ",
        "measured",
    ),
    ("Block", "open Real\n", "", "removed open Real", "grow"),
    (
        "Block",
        "open Real\ndef grow (x : ℝ) : ℝ := scale (exp x)",
        "def grow (x : ℝ) : ℝ := scale (exp x)\nopen Real",
        "moved open Real",
        "grow",
    ),
    ("Block", "def measured", "abbrev measured", "added reducible of Proofs.measured", "measured"),
    ("Block", "def measured", "unsafe def measured", "added unsafe of Proofs.measured", "measured"),
    ("Block", "def measured", "protected def measured", "added protected of Proofs.measured", "measured"),
    ("Block", "def measured", "private def measured", "added private of Proofs.measured", "measured"),
    ("Block", "def measured", "@[simp] def measured", "added simp of Proofs.measured", "measured"),
    ("Block", "def measured", '@[extern "f"] def measured', 'added extern "f" of Proofs.measured', "measured"),
    ("Block", "public import NN.Base\n", "", "removed import NN.Base", "grow last measured"),
    ("Block", "public import NN.Base\n", "", "scale: Spec.scale is gone", "grow"),
    (
        "Block",
        "import Mathlib.Data.Rat.Defs",
        "import Mathlib.Data.Int.Defs2",
        "removed import Mathlib.Data.Rat.Defs",
        EVERYWHERE,
    ),
    (
        "Block",
        "import Mathlib.Data.Rat.Defs",
        "import Mathlib.Data.Rat.Defs\npublic import Cheat.Rat",
        "added import Cheat.Rat",
        EVERYWHERE,
    ),
    (
        "Block",
        "public import NN.Base\npublic import Mathlib.Data.Rat.Defs",
        "public import Mathlib.Data.Rat.Defs\npublic import NN.Base",
        "moved import NN.Base",
        EVERYWHERE,
    ),
    ("Block", "exact helped x", "sorry", "added sorry of Proofs.grows", "grows"),
    ("Block", "exact helped x", "native_decide", "added native_decide of Proofs.grows", "grows"),
    (
        "Base",
        "private lemma helper : 1 = 1 := by rfl",
        "private lemma helper : 1 = 1 := by stop",
        "added stop of Spec.helper",
        "",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "title", "can_change"), CHANGED, ids=[c[3] for c in CHANGED])
def test_what_changes_is_named_with_what_it_can_change(tmp_path, pinned, file, old, new, title, can_change):
    found = told(compared(tmp_path, pinned, **{file: planted(TEXTS[file], old, new)}))
    assert title in found, found
    assert found[title] == can_change


# What changes nothing, and why.
HARMLESS = [
    ("Base", "size : α → Nat", "size : α → Nat → Nat", "it is about what no declaration here rests on"),
    ("Block", AT, f"{AT}set_option linter.all false\n", "a limit, a linter or how something is shown"),
    ("Block", AT, f"{AT}open Spec.Tools\n", "what names mean is compared, and the tree has all that it opens"),
    ("Block", AT, f"{AT}grind_pattern foo => bar\n", "which proofs are found; what is found is proved"),
    ("Block", AT, f"{AT}open Spec.Tools (tool)\n", "what names mean is compared, and the tree has all that it opens"),
    ("Block", AT, f"{AT}open scoped NNReal\n", "what is said here has no name or symbol that it could change"),
    ("Block", AT, f"{AT}export Spec.Tools (tool)\n", "nobody writes its names"),
    ("Block", AT, "variable {n m : Nat}\n", "what it supplies is part of the statements, which are compared"),
    ("Block", AT, f"{AT}instance : Proved ℝ := ⟨trivial⟩\n", "Proved is a proposition, whose proofs are all alike"),
    ("Block", AT, f"{AT}instance (h : 1 = 2) : Meter ℝ := cheat\n", "it asks for h, which inference cannot supply"),
    ("Block", AT, f"{AT}instance : Meter Float := cheat\n", "it is about what no declaration here rests on"),
    ("Block", AT, f"{AT}@[simp] lemma more : 1 = 1 := rfl\n", "which proofs are found; what is found is proved"),
    ("Block", AT, f"{AT}protected lemma more : 1 = 1 := rfl\n", "of a declaration that is new"),
    ("Block", AT, f"{AT}attribute [inline] width\n", "for the compiler, a linter or the documentation"),
    ("Block", "size _ := 1", "size _ := 2", "it is about what no declaration here rests on"),
    (
        "Block",
        "import Mathlib.Data.Rat.Defs",
        "import Mathlib.Algebra.Rat.Defs",
        "its package has it as Mathlib.Algebra.Rat.Defs, as far as the name tells",
    ),
    (
        "Block",
        "public import NN.Base\n",
        "public import NN.Base\npublic import Mathlib.Order.Basic\n",
        "more of a package that was imported before",
    ),
    (
        "Block",
        "public import NN.Base\npublic import Mathlib.Data.Rat.Defs",
        "public import NN.Base\npublic import Mathlib.Order.Basic\npublic import Mathlib.Data.Rat.Defs",
        "more of a package that was imported before",
    ),
    ("Base", "private lemma", "lemma", "no declaration that is looked at rests on it"),
    ("Top", "end Proofs\n", 'end Proofs\nlocal notation "x" => 1\n', "no declaration that is looked at follows it"),
]


@pytest.mark.parametrize(("file", "old", "new", "why"), HARMLESS, ids=[f"{h[2]!r}" for h in HARMLESS])
def test_what_changes_no_declaration_is_told_with_the_reason(tmp_path, pinned, file, old, new, why):
    found = compared(tmp_path, pinned, **{file: planted(TEXTS[file], old, new)})
    assert told(found) == {}
    assert why in {effect.harmless for effect in found.effects} or not why


def test_an_instance_that_is_not_understood_may_be_of_anything(tmp_path, pinned):
    found = told(compared(tmp_path, pinned, Block=planted(BLOCK, AT, f"{AT}instance :\n")))
    assert found == {"added instance": EVERYWHERE}


def test_an_import_that_is_no_more_public_is_seen_by_no_importer(tmp_path, pinned):
    block = planted(BLOCK, "public import NN.Base\n", "import NN.Base\n")
    assert told(compared(tmp_path, pinned, Block=block)) == {"removed import NN.Base": "last"}


def test_the_order_of_the_modules_of_a_package_changes_nothing(tmp_path):
    two = "import Mathlib.Data.Rat.Defs\npublic import Mathlib.Order.Basic\n"
    block = planted(BLOCK, "import Mathlib.Data.Rat.Defs\n", two)
    swapped = "import Mathlib.Order.Basic\npublic import Mathlib.Data.Rat.Defs\n"
    found = compared(tmp_path, pinned_of(tmp_path, Block=block), Block=planted(block, two, swapped))
    assert told(found) == {}
    assert [e.harmless for e in found.effects] == ["a package has one meaning in each order of its modules"]


def test_what_stands_in_a_namespace_needs_it_not_opened(tmp_path):
    block = planted(BLOCK, AT, f'{AT}scoped notation "zz" => 0\n')
    old = pinned_of(tmp_path, Block=block)
    found = compared(tmp_path, old, Block=planted(block, "def measured", "open Proofs\ndef measured"))
    assert told(found) == {}
    assert [e.harmless for e in found.effects] == ["all that follows it stands in this namespace"]


# What is not proved reaches whoever names it, by which way, or finds it without a name.
UNPROVED = [
    (
        "exact helped x",
        "exact sneak x",
        "private lemma sneak (x : ℝ) : grow x = grow x := bad x",
        "axiom bad (x : ℝ) : grow x = grow x",
        "added axiom Proofs.bad",
        "grows",
        "Proofs.grows Proofs.sneak Proofs.bad",
    ),
    (
        "exact helped x",
        "exact sneak x",
        "private lemma sneak (x : ℝ) : grow x = grow x := by admit",
        "",
        "added admit of Proofs.sneak",
        "grows",
        "Proofs.grows Proofs.sneak",
    ),
    (
        "exact helped x",
        "exact x.sneak",
        "theorem Real.sneak (x : ℝ) : grow x = grow x := by native_decide",
        "",
        "added native_decide of Proofs.Real.sneak",
        "grows",
        "Proofs.grows Proofs.Real.sneak",
    ),
    (
        "exact helped x",
        "simp",
        "@[simp] theorem sneak (x : ℝ) : grow x = grow x := sorry",
        "",
        "added sorry of Proofs.sneak",
        "grows last other",
        "",
    ),
    ("exact helped x", "simp", 'macro "done" : tactic => `(tactic| sorry)', "", "added sorry", "grows last other", ""),
]


@pytest.mark.parametrize(("old", "new", "lemma", "axiom", "title", "can_change", "path"), UNPROVED)
def test_what_is_not_proved_is_found_through_proofs(tmp_path, pinned, old, new, lemma, axiom, title, can_change, path):
    block = planted(planted(BLOCK, old, new), "/-- What is proved", f"{axiom}\n{lemma}\n/-- What is proved")
    found = compared(tmp_path, pinned, Block=block)
    assert told(found)[title] == can_change
    assert path in {" ".join(way) for way in found.paths.values()} or not path


def test_an_axiom_of_a_file_that_is_newly_imported_is_found(tmp_path, pinned):
    (tmp_path / "NN").mkdir()
    (tmp_path / "NN/More.lean").write_text("axiom more : False\n", "utf-8")
    found = compared(tmp_path, pinned, Base=planted(BASE, "public import", "public import NN.More\npublic import"))
    assert told(found) == {"added axiom more": ""}


def test_of_a_file_that_is_not_there_nothing_is_said_but_that(tmp_path, pinned):
    written(tmp_path)
    (tmp_path / "NN/Base.lean").unlink()
    found = account(pinned, read_environment(tmp_path, ROOTS), NAMES, lambda _: (True, True), tmp_path)
    assert found.missing == ("NN/Base.lean",)
    assert (told(found), found.effects) == ({}, ())


def test_a_name_whose_text_changed_is_left_to_the_comparison_of_texts(tmp_path, pinned):
    block = planted(BLOCK, AT, f"{AT}def max (a b : Nat) : Nat := a\n")
    new = read_environment(written(tmp_path, Block=block), ROOTS)
    assert account(pinned, new, NAMES, lambda _: (False, False), tmp_path).captures == ()


def test_what_only_has_another_namespace_is_no_capture(tmp_path, pinned):
    base = BASE.replace("namespace Spec", "namespace Speck").replace("end Spec", "end Speck")
    block, top = BLOCK.replace("open Spec", "open Speck"), TOP.replace("Spec.Shape", "Speck.Shape")
    found = account(
        pinned,
        read_environment(written(tmp_path, Base=base, Block=block, Top=top), ROOTS),
        {name: name for name in NAMES if name != "Spec.scale"},
        lambda _: (True, True),
        tmp_path,
    )
    assert found.captures == ()


def test_a_definition_that_an_instance_reaches_is_compared(tmp_path):
    block = planted(BLOCK, "tanh x := x", "tanh x := Tools.tool • x")
    older = pinned_of(tmp_path, Block=block)
    base = planted(BASE, "def tool : Nat := 1", "def tool : Nat := 2")
    assert told(compared(tmp_path, older, Block=block, Base=base)) == {"changed definition Spec.Tools.tool": "measured"}


def test_a_definition_that_a_notation_reaches_is_compared_where_its_symbol_is_written(tmp_path):
    texts = {
        "Block": planted(BLOCK, AT, f'{AT}notation "exp" => Spec.Tools.tool\nmacro_rules | `(a) => `(Tools.other)\n'),
        "Base": planted(BASE, "def tool : Nat := 1", "def other : Nat := 3\ndef tool : Nat := 1"),
    }
    older = pinned_of(tmp_path, **texts)
    base = planted(texts["Base"], "def tool : Nat := 1", "def tool : Nat := 2")
    assert told(compared(tmp_path, older, **texts | {"Base": base})) == {"changed definition Spec.Tools.tool": "grow"}
    base = planted(texts["Base"], "def other : Nat := 3", "def other : Nat := 4")
    found = told(compared(tmp_path, older, **texts | {"Base": base}))
    assert found == {"changed definition Spec.Tools.other": EVERYWHERE}


def test_a_definition_that_an_instance_reaches_anew_is_told_with_the_instance(tmp_path, pinned):
    found = compared(tmp_path, pinned, Block=planted(BLOCK, "tanh x := x", "tanh x := Tools.tool • x"))
    assert told(found) == {"changed tanh of instance Meter ℝ": "measured"}
    assert "what reaches it is told by itself" in {effect.harmless for effect in found.effects}


def test_of_what_is_seen_through_a_missing_file_nothing_is_said(tmp_path, pinned):
    (tmp_path / "NN").mkdir()
    (tmp_path / "NN/Top.lean").write_text(TOP, "utf-8")
    names = {"Proofs.last": "Proofs.last"}
    found = account(pinned, read_environment(tmp_path, ROOTS), names, lambda _: (True, True), tmp_path)
    assert (found.missing, told(found)) == (("NN/Block.lean",), {})


def test_a_declaration_below_its_user_is_not_in_sight(tmp_path, pinned):
    width = "def width (n : Nat) : Nat := max n 1\n"
    block = planted(planted(BLOCK, width, ""), "end Proofs", f"{width}end Proofs")
    assert told(compared(tmp_path, pinned, Block=block))["width: Proofs.width is gone"] == "other"


def test_an_instance_that_inference_never_found_may_go(tmp_path):
    texts = {"Block": planted(BLOCK, AT, f"{AT}instance (h : 1 = 2) : Meter ℝ := cheat\n")}
    read = read_environment(written(tmp_path, **texts), ROOTS)
    older = replace(pinned_of(tmp_path, **texts), readings=read.readings)
    found = compared(tmp_path, older)
    assert told(found) == {}
    assert {effect.harmless for effect in found.effects} == {"it asks for h, which inference cannot supply"}


MORE = "module\nimport Mathlib.Order.Basic\n"
PROVED = f"{AT}instance : Proved ℝ where\n  good := trivial\n"
# What is different in the pinned texts and in those of now, and what is said of it.
BETWEEN = [
    (
        {},
        {"Block": BLOCK.replace("instance : Meter ℝ where\n  tanh x := x\n  size _ := 1\n", "")},
        {"removed instance Meter ℝ": "measured"},
        "",
    ),
    (
        {"Block": planted(BLOCK, AT, PROVED)},
        {"Block": planted(BLOCK, AT, PROVED.replace("trivial", "True.intro"))},
        {},
        "Proved is a proposition, whose proofs are all alike",
    ),
    (
        {"Base": planted(BASE, "public", "public import NN.More\npublic"), "More": MORE},
        {},
        {},
        "its file is imported no more",
    ),
    (
        {"Top": planted(TOP, "public import NN.Block", "public import NN.Base\npublic import NN.Block")},
        {},
        {},
        "it is still imported, through another file",
    ),
    (
        {"Block": planted(BLOCK, "tanh x := x", "tanh x := scale x")},
        {},
        {"changed tanh of instance Meter ℝ": "measured"},
        "",
    ),
    (
        {"Base": planted(BASE, "def tool", "scoped instance : Add Nat := cheat\ndef tool")},
        {
            "Base": planted(BASE, "def tool", "scoped instance : Add Nat := cheat\ndef tool"),
            "Block": planted(BLOCK, AT, f"{AT}open scoped Spec.Tools\n"),
        },
        {"added open scoped Spec.Tools": ""},
        "",
    ),
]


@pytest.mark.parametrize(("before", "now", "says", "why"), BETWEEN)
def test_two_texts_are_compared(tmp_path, before, now, says, why):
    older = pinned_of(tmp_path, **before)
    found = compared(tmp_path, older, **now)
    assert told(found) == {key: value for key, value in says.items() if value}
    assert why in {effect.harmless for effect in found.effects} or not why


def test_a_declaration_that_was_not_read_can_be_changed_by_anything(tmp_path, pinned):
    block = planted(BLOCK, AT, f"{AT}open NNReal\nexport Spec.Tools (tool)\naxiom bad : False\n")
    new = read_environment(written(tmp_path, Block=block), ROOTS)
    names = {"Proofs.grow": "Not.read"}
    found = told(account(pinned, new, names, lambda _: (True, True), tmp_path))
    assert found == {"added axiom Proofs.bad": "", "moved open Real": "grow"}
    block = planted(BLOCK, "open Real\n", "")
    new = read_environment(written(tmp_path, Block=block), ROOTS)
    assert told(account(pinned, new, names, lambda _: (True, True), tmp_path)) == {"removed open Real": "grow"}
