"""The scanner: declarations of every kind, their names, heads and places, and what it says it cannot read."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lean_refs.reader.names import NameTable, Resolved
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import spelled, tokenize


def read(source):
    reading = read_text("A.lean", source)
    assert reading.unread == ()
    return list(reading.declarations)


def one(source):
    (declaration,) = read(source)
    return declaration


def heads(declaration):
    return [(b.name, b.kind, spelled(b.type), spelled(b.default), b.from_variable) for b in declaration.binders]


@pytest.mark.parametrize(
    ("source", "kind", "style"),
    [
        ("abbrev a : Nat := 1", "abbrev", ":="),
        ("def a : Nat → Nat\n  | 0 => 1\n  | n => n", "def", "|"),
        ("theorem a : 1 = 1 := rfl", "theorem", ":="),
        ("lemma a : |x| = 1 := by\n  simp", "lemma", ":="),
        ("structure a (n : Nat) extends B n where\n  x : Nat", "structure", "extends"),
        ("class a (α : Type) where\n  x : α", "class", "where"),
        ("inductive a : Type where\n  | b\n  | c (n : Nat) : a\nderiving Repr", "inductive", "where"),
        ("instance a : B where\n  x := 1", "instance", "where"),
        ("axiom a : 1 = 2", "axiom", ""),
        ("opaque a : Nat", "opaque", ""),
        ("alias a := b.c", "alias", ":="),
        ("class inductive a : Prop where\n  | b", "class", "where"),
    ],
)
def test_every_kind(source, kind, style):
    declaration = one(source)
    assert (declaration.name, declaration.kind, declaration.body_style) == ("a", kind, style)


def test_a_head_with_every_kind_of_binder():
    declaration = one("def f.{u} {α : Type u} [Inhabited α] [i : B α] ⦃n m : Nat⦄ (x : α := (a, [b])) y : Nat := 0")
    assert heads(declaration) == [
        ("α", "implicit", "Type u", "", False),
        ("", "instance", "Inhabited α", "", False),
        ("i", "instance", "B α", "", False),
        ("n", "strict-implicit", "Nat", "", False),
        ("m", "strict-implicit", "Nat", "", False),
        ("x", "explicit", "α", "( a , [ b ] )", False),
        ("y", "explicit", "", "", False),
    ]
    assert spelled(declaration.result) == "Nat"
    assert declaration.body.strip() == "0"


def test_a_type_may_hold_let_match_and_bars():
    declaration = one(
        "theorem a (x : Nat) :\n    let y := x\n    |y| = match x with\n    | 0 => 0\n    | n => n := by\n  simp"
    )
    assert spelled(declaration.result).startswith("let y := x | y | = match")
    assert declaration.body.strip().startswith("by")


def test_full_names_follow_namespaces_and_sections():
    source = """namespace A.B
    section S
    def x := 1
    end S
    noncomputable section
    def _root_.y := 1
    private def C.z := 1
    end
    mutual
      def p := 1
      def q := 2
    end
    end A.B
    namespace A
    instance : Foo Nat := ⟨⟩
    end A
    theorem t : True := trivial
    """.replace("\n    ", "\n")
    names = [declaration.name for declaration in read(source)]
    assert names[:5] == ["A.B.x", "y", "A.B.C.z", "A.B.p", "A.B.q"]
    assert names[5].startswith("A.instance#")
    assert names[6] == "t"


def test_an_anonymous_instance_keeps_its_name_when_lines_move():
    first, second = one("instance : Foo Nat := ⟨⟩"), one("\n\n-- moved\ninstance :\n  Foo Nat := ⟨⟩")
    assert first.name == second.name
    assert first.name != one("instance : Foo Int := ⟨⟩").name


def test_modifiers_attributes_and_docstring():
    declaration = one(
        "/-- Says -/\n-- aside\n@[simp, foo (bar := 1)] private noncomputable\n  def a := 1 -- end\n\n/-! m -/\n"
    )
    assert declaration.modifiers == ("private", "noncomputable")
    assert declaration.attributes == ("simp, foo (bar := 1)",)
    assert declaration.docstring == " Says "
    assert (declaration.docstring_line, declaration.line, declaration.end_line) == (1, 4, 4)


def test_variables_are_taken_where_they_are_used():
    source = """variable {α : Type} [Add α] (n : Nat) {β : Type}
variable {n}
def a (x : α) : α := x + x
theorem b : n = n := by simp [β]
omit [Add α] in
theorem c (x : α) : x = x := rfl
variable (k : Nat) in
def d := k
def e : Nat := 0
include β
theorem f : True := trivial
"""
    a, b, c, d, e, f = read(source)
    assert [h[:3] for h in heads(a)] == [
        ("α", "implicit", "Type"),
        ("", "instance", "Add α"),
        ("x", "explicit", "α"),
    ]
    assert heads(b) == [("n", "implicit", "Nat", "", True)]
    assert [h[0] for h in heads(c)] == ["α", "x"]
    assert [h[0] for h in heads(d)] == ["k"]
    assert heads(e) == []
    assert [h[0] for h in heads(f)] == ["β"]


def test_a_variable_that_is_an_instance_of_nothing_variable_is_always_taken():
    source = "variable {n : Nat} [Fact (1 = 1)] [NeZero n]\ndef a := 0\ntheorem b : n = n := rfl"
    a, b = read(source)
    assert [h[2] for h in heads(a)] == ["Fact ( 1 = 1 )"]
    assert [h[2] for h in heads(b)] == ["Nat", "Fact ( 1 = 1 )", "NeZero n"]


@pytest.mark.parametrize("command", ["my_own a b", "simproc_decl a (_ + _) := fun _ => return .continue"])
def test_a_command_after_an_empty_line_is_no_part_of_the_declaration_before(command):
    a, b = read_text("A.lean", f"def a := 1\n\n{command}\n\ndef b :=\n\nby exact 2").declarations
    assert (a.body.strip(), b.body.strip()) == ("1", "by exact 2")


def test_structure_fields_and_constructors():
    structure = one(
        "structure S (n : Nat) where\n  mk ::\n  /-- first -/\n  x y : Fin n\n"
        "  f (k : Nat) : Nat := k +\n    1\n  (z : Nat)"
    )
    assert [(m.name, spelled(m.type), spelled(m.default)) for m in structure.members] == [
        ("x", "Fin n", ""),
        ("y", "Fin n", ""),
        ("f", "Nat", "k + 1"),
        ("z", "Nat", ""),
    ]
    inductive = one("inductive T (α : Type) : Nat → Type\n  | a : T α 0\n  | b {n : Nat} (x : α) : T α n")
    assert [(m.name, spelled(m.type)) for m in inductive.members] == [("a", "T α 0"), ("b", "T α n")]


def test_what_stands_in_comments_strings_and_terms_is_no_declaration():
    source = """/- def a := 1 -/
-- theorem b : True := trivial
/-- says
theorem c of it -/
def d := "
def e := 1
"
def f := by
  open Foo in
  exact (def_of x)
"""
    assert [declaration.name for declaration in read(source)] == ["d", "f"]


@pytest.mark.parametrize(
    ("source", "line", "why"),
    [
        ("\ndef : Nat := 1", 2, "def: a name is expected after the keyword, not ':'"),
        ("def a (n : Nat := 1", 1, "brackets of this def do not balance"),
        ("theorem a (n : Nat))) : n = n := rfl", 1, "brackets of this theorem do not balance"),
        ("namespace A\nend B", 2, "end: 'end B' ends namespace 'A', 'end A' is expected"),
        ("end A", 1, "end: nothing is open here that 'end A' could end"),
        ("mutual\ndef a := 1", 2, "a mutual block is never ended"),
        ("structure A where\n  private", 1, "structure: a field is expected, not 'the end'"),
        ("def a (1 : Nat) := 1", 1, "def: a binder holds names before its colon, not '1'"),
        ("def a % b := 1", 1, "def: a type, ':=', '|' or 'where' is expected after the binders, not '%'"),
        ("variable n %", 1, "variable: binders are expected, not '%'"),
        (
            'import B\n#doc (Manual) "x" =>\ndef a',
            2,
            "the rest of the file is a Verso document, which is not read",
        ),
        ("def a := 1 /- b", 1, "a block comment is opened and never closed"),
        ("def a := 1\n\nmy_own a b\n\ndef b := 2", 3, "'my_own' begins no command that is known"),
    ],
)
def test_what_is_not_understood_is_named(source, line, why):
    assert (line, why) in [(record.line, record.why) for record in read_text("A.lean", source).unread]


def test_a_broken_declaration_costs_only_itself():
    reading = read_text("A.lean", "def a := 1\ntheorem b (x : [) := 1\ndef c := 1\n")
    assert [declaration.name for declaration in reading.declarations] == ["a", "c"]
    assert {record.line for record in reading.unread} == {2}


PIECES = st.sampled_from(
    [
        "def",
        "theorem",
        "a",
        "b",
        ":",
        ":=",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "⟨",
        "⟩",
        "|",
        "=>",
        "where",
        "by",
        "namespace",
        "end",
        "A",
        "section",
        "variable",
        "open",
        "in",
        "/-",
        "-/",
        "/--",
        "--",
        '"',
        "'",
        "\n",
        "@[",
        "]",
        ",",
        "instance",
        "structure",
        "extends",
        ".",
        ".x",
        "1",
        "fun",
        "let",
        "mutual",
        "set_option",
        "#check",
    ]
)


@given(st.lists(PIECES, max_size=40))
def test_no_text_makes_it_fail(pieces):
    source = " ".join(pieces)
    reading = read_text("A.lean", source)
    for declaration in reading.declarations:
        assert source[declaration.start : declaration.stop].strip()
        assert 1 <= declaration.line <= declaration.end_line <= source.count("\n") + 1


@given(st.lists(st.tuples(st.sampled_from(["def", "theorem", "abbrev"]), st.integers(0, 3)), max_size=8))
def test_positions_come_back(parts):
    source, lines = "", []
    for i, (keyword, gap) in enumerate(parts):
        source += "\n" * gap + f"/-- doc {i}\n-/\n"
        lines.append(source.count("\n") + 1)
        source += f"{keyword} a{i} (x : Nat) :\n    Nat := x -- {i}\n"
    declarations = read(source)
    assert [declaration.line for declaration in declarations] == lines
    for i, declaration in enumerate(declarations):
        text = source[declaration.start : declaration.stop]
        assert text.startswith(f"/-- doc {i}")
        assert text.endswith("Nat := x")


@given(st.text(max_size=40))
def test_tokens_are_where_they_say(code):
    for token in tokenize(code):
        assert code[token.start : token.end] == token.text
        assert token.column == token.start - (code.rfind("\n", 0, token.start) + 1)


def test_a_byte_order_mark_costs_no_declaration():
    assert [(d.name, d.line) for d in read("\ufeffdef a := 1\ndef b := 2\n")] == [("a", 1), ("b", 2)]


def test_a_name_in_quotes_may_hold_anything():
    spaces = [f"namespace {name}\ndef a := 1\nend {name}\n" for name in ("«my ns»", "x.«y.z»")]
    source = f"{''.join(spaces)}open «my ns» in\ndef b := a\n"
    a, c, b = read(source)
    assert [a.name, c.name, b.name] == ["«my ns».a", "x.«y.z».a", "b"]
    assert b.scope.opened == ("«my ns»",)
    assert one("open «my ns» in def b := a").scope.opened == ("«my ns»",)
    names = NameTable(Reading({"A.lean": read_text("A.lean", source)}))
    assert names.resolve_in("a", b) == Resolved("«my ns».a")
    assert names.resolve_in("x.«y.z».a.f", b) == Resolved("x.«y.z».a", ("f",))


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def a : Nat := 1 def b : Nat := 2\ndef c := 3", ["a", "b", "c"]),
        ("theorem a : True := trivial @[simp] private theorem b : True := trivial", ["a", "b"]),
        ("namespace A def a := 1 end A\ndef b := 1", ["A.a", "b"]),
        ("section variable (n : Nat) def a := n end\ndef b := 1", ["a", "b"]),
        # What is no command among others begins its line.
        ("def a := 1 private alias b := a\ndef c := 1", ["a", "c"]),
        # One keyword directly after another, in brackets or of a field is part of the same command.
        (
            "class inductive a : Prop where\n  | b\nderiving instance Repr for a\nnoncomputable instance b : C where",
            ["a", "b"],
        ),
        ('attribute [local instance] x\nmacro "m" : command => `(def a := 1)\ndef b := x.end', ["b"]),
    ],
)
def test_more_than_one_command_on_a_line(source, names):
    assert [d.name for d in read(source)] == names


def test_strict_implicit_binders_have_two_spellings():
    declaration = one("def f {{y z : Nat}} ⦃w : Nat⦄ {s : {n // n = 1}} : Nat := y")
    kinds = [(name, kind, type_) for name, kind, type_, _, _ in heads(declaration)]
    assert kinds == [
        ("y", "strict-implicit", "Nat"),
        ("z", "strict-implicit", "Nat"),
        ("w", "strict-implicit", "Nat"),
        ("s", "implicit", "{ n // n = 1 }"),
    ]


def test_an_alias_may_name_both_directions_of_an_equivalence():
    found = read("alias ⟨a, b⟩ := t\n/-- One. -/ alias ⟨_, c⟩ := A.t\nalias ⟨ d , _ ⟩ := t")
    assert [(d.name, d.kind, d.body.strip(), (d.docstring or "").strip()) for d in found] == [
        ("a", "alias", "t.mp", ""),
        ("b", "alias", "t.mpr", ""),
        ("c", "alias", "A.t.mpr", "One."),
        ("d", "alias", "t.mp", ""),
    ]


def test_a_prefix_that_is_not_understood_is_named():
    reading = read_text("A.lean", "open (x) in def a := 1\ndef b := 2")
    assert [(u.line, u.why) for u in reading.unread] == [(1, "open: a namespace is expected, not '('")]
    assert [d.name for d in reading.declarations] == ["a", "b"]


def calls_to_read(source):
    """How many functions are called, Python's own and generators' turns included, to read a text."""
    count = 0

    def counted(frame, event, _):
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        read_text("A.lean", source)
    finally:
        sys.setprofile(before)
    return count


MUCH = """/-- Says a thing. -/
@[simp] theorem t (x : Nat) (h : x < 3) : f x = "a" := by
  have h' : x ≤ 2 := by omega
  simp [h'] -- and so on
namespace A
variable (n : Nat)
structure S extends T where
  a : Nat := 1
  b : a = n
end A
def g : Nat → Nat
  | 0 => 1
  | n + 1 => s!"{n}".length
"""


def test_a_text_twice_as_long_takes_twice_the_work():
    # A time limit would tell slow machines, not slow readers.
    read_text("A.lean", MUCH)  # what is made once is made
    once, twice = (calls_to_read(MUCH * copies) for copies in (40, 80))
    assert 1.8 * once < twice < 2.2 * once
