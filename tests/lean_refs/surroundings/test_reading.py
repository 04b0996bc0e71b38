"""Every kind of command around declarations is read, with its place and how far it reaches."""

import pytest

from lean_refs.reader.tokens import tokenize
from lean_refs.surroundings.bound import bound_names
from lean_refs.surroundings.reading import digest_of, read_surroundings

BEFORE, AFTER = "def a : Nat := 1\n", "\ndef b : Nat := 2\ntheorem c : 1 = 1 := by rfl\n"


def records(text):
    return read_surroundings("NN/A.lean", text)[1].records


def one(text):
    (found,) = records(text)
    return found


# What stands after `a` and before `b` and `c`: its title, the declarations that it reaches, whether importers see it.
WHOLE = [
    ("open Real", "open Real", "bc", False),
    ("open Real hiding exp", "open Real hiding exp", "bc", False),
    ("open Real renaming exp → e", "open Real renaming exp → e", "bc", False),
    ("open Real (exp)", "open Real ( exp", "bc", False),
    ("open scoped Topology", "open scoped Topology", "bc", False),
    ("open Real in", "open Real", "b", False),
    ("export Real (exp log)", "export Real exp log", "bc", True),
    ("variable {x : Nat} [Add x] (h : 1 = 1)", "variable x [Add] h", "bc", False),
    ("include h", "include h", "bc", False),
    ("omit h in", "omit h", "b", False),
    ("universe u v", "universe u v", "bc", False),
    ("set_option debug.skipKernelTC true", "option debug.skipKernelTC true", "bc", False),
    ("set_option maxHeartbeats 1000 in", "option maxHeartbeats 1000", "b", False),
    ('notation "‖" x "‖" => id x', "notation ‖ ‖", "bc", True),
    ('local notation "ε" => 0', "local notation ε", "bc", False),
    ('scoped notation "ε" => 0', "scoped notation ε", "bc", True),
    ('notation3 "ε" => 0', "notation3 ε", "bc", True),
    ('infixl:65 " ⊕ " => Nat.add', "infixl ⊕", "bc", True),
    ('syntax "foo" term : term', "syntax foo", "bc", True),
    ('macro "foo" : tactic => `(tactic| trivial)', "macro foo", "bc", True),
    ("macro_rules | `(max $a $b) => `($a)", "macro_rules", "bc", True),
    ("local macro_rules | `(max $a $b) => `($a)", "local macro_rules", "bc", False),
    ('elab "foo" : term => pure default', "elab foo", "bc", True),
    ("attribute [simp] a", "simp of a", "bc", True),
    ("attribute [local simp] a", "local simp of a", "bc", False),
    ("attribute [-simp] a", "-simp of a", "bc", True),
    ("attribute [simp] a in", "simp of a", "b", False),
    ("attribute [local instance 100] a", "local instance 100 of a", "bc", False),
    ("deriving instance Repr, BEq for T", "deriving T Repr BEq", "bc", True),
    ("\nshortcut a", "unknown command shortcut", "bc", True),
    ("#exit", "exit", "bc", True),
    ("#eval 1", "#eval", "bc", True),
    ("run_cmd pure ()", "run_cmd", "bc", True),
    ("run_meta pure ()", "run_meta", "bc", True),
    ("initialize pure ()", "initialize", "bc", True),
    ("initialize_simps_projections A (x → y)", "initialize_simps_projections", "bc", True),
    ("simproc foo (1) := fun _ => pure default", "simproc", "bc", True),
    ('  notation "ε" => 0', "notation ε", "bc", True),
]


@pytest.mark.parametrize(("text", "title", "reached", "outward"), WHOLE)
def test_a_command_is_read_with_what_it_reaches(text, title, reached, outward):
    _, found = read_surroundings("NN/A.lean", BEFORE + text + AFTER)
    (record,) = found.records
    assert (record.title, "".join(found.covered(record)), record.outward) == (title, reached, outward)
    assert record.line == 2 + text.count("\n")


# What belongs to a declaration: it reaches that one, and what follows.
OWN = [
    ("instance : Add Nat := ⟨Nat.mul⟩", ["instance Add Nat", "the body of instance Add Nat"]),
    ("local instance : Add Nat := ⟨Nat.mul⟩", ["local instance Add Nat", "the body of instance Add Nat"]),
    (
        "scoped instance (priority := high) : Add Nat := ⟨Nat.mul⟩",
        ["scoped instance Add Nat", "the body of instance Add Nat"],
    ),
    ("instance : Coe (List Nat) (Option Nat) := ⟨f⟩", ["instance Coe …", "the body of instance Coe …"]),
    ("open Real in def t : Nat := 1", ["open Real"]),
    ("axiom t : False", ["axiom t"]),
    ("abbrev t : Nat := 1", ["reducible of t"]),
    ("opaque t : Nat", ["opaque t"]),
    ("private def t : Nat := 1", ["private of t"]),
    ("protected theorem t : 1 = 1 := rfl", ["protected of t"]),
    ("unsafe def t : Nat := 1", ["unsafe of t"]),
    ("noncomputable partial def t : Nat := 1", ["partial of t"]),
    ("@[simp, implemented_by u] def t : Nat := 1", ["simp of t", "implemented_by u of t"]),
    ('@[extern "f(x, y)", reducible] def t : Nat := 1', ['extern "f(x, y)" of t', "reducible of t"]),
    ("structure T where\n  x : Nat\n  deriving Repr, BEq", ["deriving T Repr BEq"]),
    ("theorem t : 1 = 2 := sorry", ["sorry of t"]),
    ("theorem t : 1 = 2 := by admit", ["admit of t"]),
    ("theorem t : 1 = 2 := by\n  skip\n  stop\n  rfl", ["stop of t"]),
    ("theorem t : 1 = 2 := sorryAx _ false", ["sorryAx of t"]),
    ("theorem t : 1 = 2 := by native_decide", ["native_decide of t"]),
    ("theorem t : 1 = 2 := by decide +native", ["decide +native of t"]),
    ("theorem t : 1 = 2 := by decide (config := { native := true })", ["decide +native of t"]),
    ("theorem t : 1 = 2 := by\n  apply?", ["apply? of t"]),
    ("theorem t : 1 = 2 := Lean.ofReduceBool _ _ rfl", ["Lean.ofReduceBool of t"]),
    ("def t : Nat := unsafe unsafeCast 1", ["unsafe of t", "unsafeCast of t"]),
    ("theorem t : 1 = 2 := by\n  set_option debug.byAsSorry true in\n  rfl", ["option debug.byAsSorry "]),
    ("theorem t : 1 = 2 := by\n  set_option maxRecDepth 9 in\n  rfl", []),
    ("def takes (stop : Nat) : Nat := if stop = 1 then stop else 2", []),
    ('/-- Never sorry. -/\ndef t : String := "sorry" -- sorry', []),
    ("set_option debug.skipKernelTC true in\ntheorem t : 1 = 1 := rfl", ["option debug.skipKernelTC true"]),
    ("theorem t : 1 = 2 := by plausible", ["plausible of t"]),
    ("theorem t : 1 = 2 := by bv_decide?", ["bv_decide? of t"]),
    ('theorem t : 1 = 2 := by bv_check "a.lrat"', ["bv_check of t"]),
    ("theorem t : 1 = 2 := _root_.sorryAx _ true", ["sorryAx of t"]),
    ("theorem t : 1 = 2 := «sorryAx» _ true", ["sorryAx of t"]),
    ("theorem t : 1 = 2 := by\n  decide\n    +native", ["decide +native of t"]),
    ("theorem t : 1 = 2 := by first | done | stop", ["stop of t"]),
    ("theorem t : 1 = 2 := by first | done | admit", ["admit of t"]),
    ("theorem t : 1 = 2 := by { admit }", ["admit of t"]),
    ("theorem t : 1 = 2 := by\n  all_goals admit", ["admit of t"]),
    ("theorem t : 1 = 2 := by (try rfl); repeat admit", ["admit of t"]),
    ("theorem t : 1 = 2 := by iterate 3 stop", ["stop of t"]),
    ("theorem t : 1 = 2 := t\ndecreasing_by all_goals admit", ["admit of t"]),
    ("theorem t : 1 = 2 := t\ndecreasing_by admit", ["admit of t"]),
    ("def t : Nat → Nat\n  | stop => stop", []),
    ("def t (s : Nat) : Set Nat := {stop | stop = s}", []),
    ("#guard_msgs (drop all) in\n/-- d -/\ntheorem t : 1 = 2 := by rfl", ["#guard_msgs of t"]),
    ("#guard_msgs in\n#eval 1\ntheorem t : 1 = 1 := by rfl", ["#eval"]),
    ("example : 1 = 2 := by sorry", []),
    ("example : 1 = 2 := by run_tac pure ()", ["run_tac"]),
    ("example : 1 = 1 := rfl", []),
    ("suppress_compilation", []),
    ("#check a", []),
]


@pytest.mark.parametrize(("text", "titles"), OWN)
def test_what_belongs_to_a_declaration_is_read(text, titles):
    assert [record.title for record in records(BEFORE + text + AFTER)] == titles


def test_an_unproved_word_outside_every_declaration_reaches_what_follows():
    macro, word = records(BEFORE + 'macro "done" : tactic => `(tactic| sorry)' + AFTER)
    assert (macro.title, word.title, word.first, word.outward) == ("macro done", "sorry", 1, True)


def test_what_stands_in_a_section_ends_with_it():
    text = "namespace A\nsection\nopen Real\ndef a := 1\nend\ndef b := 2\nend A\nend\ndef c := 3\n"
    _, found = read_surroundings("NN/A.lean", text)
    assert found.declared == ("A.a", "A.b", "c")
    assert [found.covered(record) for record in found.records] == [("A.a",)]


def test_the_same_words_in_another_namespace_are_another_record():
    assert one("namespace A\nopen B\nend A").digest != one("namespace C\nopen B\nend C").digest


def test_imports_are_told_with_how_they_import():
    found = records("module\npublic import A.B\nmeta import C\nimport all D\ndef a := 1\n")
    assert [record.title for record in found] == [
        "module", "import A.B", "private meta import C", "private all import D",
    ]  # fmt: skip
    assert all(record.first == 0 and record.last is None for record in found)


def test_a_declaration_that_is_not_understood_is_a_record_too():
    (found,) = records("def a := 1\naxiom 3\n")
    assert (found.title, found.first) == ("axiom", 1)


def test_what_changes_nothing_by_what_it_is_says_why():
    text = "set_option linter.all true\n@[inline] def a := 1\nstructure T where\n  x : Nat\n  deriving Repr\nuniverse u"
    assert all(record.harmless for record in records(text))
    other = (
        "set_option autoImplicit true\n@[reducible] def a := 1\nopen B\nstructure T where\n  x : Nat\n  deriving BEq"
    )
    assert not any(record.harmless for record in records(other))


def test_comments_and_empty_lines_are_no_code():
    assert digest_of("def a := 1 -- one\n\n/- two -/\ndef b := 2") == digest_of("def a := 1\ndef b := 2\n")
    assert digest_of("def a := by\n  rfl") != digest_of("def a := by\n    rfl")


def test_a_field_is_one_thing_as_a_function_of_its_arguments_or_as_a_lambda():
    instance = "instance : Meter ℝ where\n  tanh {}\n  size _ := 1\n"
    one, other, changed = (records(instance.format(f)) for f in ("x := x", ":= fun x => x", "x := -x"))
    assert [r.title for r in one] == [
        "instance Meter ℝ",
        "tanh of instance Meter ℝ",
        "size of instance Meter ℝ",
    ]
    assert [r.digest for r in one] == [r.digest for r in other]
    assert [a.digest == b.digest for a, b in zip(one, changed, strict=True)] == [True, False, True]


def test_an_instance_on_one_line_has_its_fields():
    assert [r.title for r in records("instance : Meter ℝ where tanh x := x\n")] == [
        "instance Meter ℝ",
        "tanh of instance Meter ℝ",
    ]
    assert [r.title for r in records("instance : Meter ℝ where\n")] == ["instance Meter ℝ"]


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("fun x (y : A) z => |x| + y", "x y z"),
        ("∃ x ∈ S, |x| < y", "x"),
        ("obtain ⟨x : A, y⟩ := h", "x y"),
        ("intro a b\n  rcases h with ⟨c, d⟩\n  exact e", "a b c d"),
        ("match x with | u => u", "u"),
        ("(fun x)", "x"),
    ],
)
def test_what_a_text_binds_is_no_name_of_a_declaration(text, bound):
    assert bound_names(list(tokenize(text))) == set(bound.split())


def test_a_field_is_told_as_a_function():
    texts = ("f := g", "f x := g x", "f := fun x => g x", "f := λ x => g x", "f x := g y", "f x := x x", "f := g y")
    told = [records(f"instance : C Nat where\n  {text}\n")[1].digest for text in texts]
    assert len(set(told[:4])) == 1
    assert len(set(told[3:])) == 4
