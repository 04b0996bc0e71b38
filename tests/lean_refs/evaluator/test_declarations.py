"""Declarations: namespaces, variables, classes, tactics; and sources that are not evaluated, each with its place."""

from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    Constructed,
    Fin,
    LeanType,
    NotEvaluatedError,
    Pair,
    StructureValue,
    force,
)
from lean_refs.evaluator import declarations as building
from lean_refs.evaluator.sources import read_with_imports
from lean_refs.evaluator.world import World
from tests.lean_refs.evaluator.numbers import Numbers
from tests.lean_refs.evaluator.texts import evaluator_of

TEXT = """universe u
class Scale (α : Type) where
  factor : α
  scale : α → α

class Pointed (α : Type) where
  point : α

instance : Scale Nat := { factor := 3, scale := fun n => 3 * n }
noncomputable instance : Scale ℝ where
  odd := fun x => |x|
  factor := 2
  scale := fun x =>
    2 * x
instance : Missing.Thing Nat := thing
instance : Pointed Nat where
instance : Pointed ℝ where
  point := |x|
instance : Scale (missing) where
instance {α : Type} [Scale α] : Pointed (List α) := ⟨[Scale.factor]⟩
class Twice (α : Type) where
  twice : α
instance {α : Type} : Twice (List α) := { twice := [] }
instance : Twice (List Nat) := ⟨[2]⟩
instance : Twice Nat := ⟨1⟩
@[reducible, instance] def other : Twice Nat := ⟨2⟩
instance : Twice ℝ := { twice := 1 }
class Of (f : Nat → Nat) where
  value : Nat
def one (n : Nat) : Nat := 1
instance : Of one := ⟨1⟩

namespace Outer
export Inner (exported)
namespace Inner
def exported : Nat := 11
def plain := 5
abbrev Alias (n : Nat) := Fin n
def later (n : Nat) := fun k : Nat => n + k
def Pred (n : Nat) : Prop := n = n
def both {α : Type} [Scale α] (x : α) : α := Scale.scale x
def viaClass (n : Nat) : Nat := Scale.factor + Scale.scale n
def listPoint : List Nat := Pointed.point
def natPoint : Nat := Pointed.point
def twoLists : List Nat := Twice.twice
def oneList : List ℝ := Twice.twice
def twoNats : Nat := Twice.twice
def oneReal : ℝ := Twice.twice
def ofFunction : Nat := Of.value (f := fun n => 1)
def noInstance (x : PUnit) : PUnit := Scale.scale x
def withProof (h : Pred 3) (n : Nat) : Nat := n
private def hidden (n : Nat := 4) : Nat := n
def usesHidden : Nat := hidden + hidden 1
structure Point where
  x : Nat
  y : Nat := 9
  (lt : x < y)
  on {k : Nat} (m : Nat) : Nat
def Point.sum (p : Point) (k : Nat := 0) : Nat := p.x + p.y + k
def point : Point := { x := 1, lt := by simp, on := fun {k} m => m + 1 }
def useOf (p : Point) : Nat := p.sum + p.sum 1 + Point.x p + Point.y p + p.on (k := 2) 5 + p.1
def Point.zero : Nat := 0
def Point.after (k : Nat) (p : Point) : Nat := k + p.x
def noSubject (p : Point) : Nat := p.zero
def noArgument (p : Point) : Nat := p.after
def fieldOf : Nat := point.x + Inner.point.y
def point2 : Point where
  x := 3
  lt := by simp
  on := fun {k} m => m
def realPoint : ℝ := Pointed.point
def strange (n : 1 + 1) : Nat := 3
def proofOf (p : Point) : p.x < p.y := Point.lt p
end Inner
open Inner in
def opened : Nat := plain + later 2 3
open Inner (plain)
open Inner renaming later → sooner
def aliased : Nat := plain + _root_.Outer.Inner.plain + exported
variable {α : Type} (a b : α) {c : Nat} (unused : Nat) [Scale α]
def takes : α := Scale.scale a
def implicit : {n : Nat} → Fin n → Nat := fun i => i.val
def binds : {n : Nat} → Nat := fun {n} => n + 1
def delegates : {n : Nat} → Fin n → Nat := implicit
def partialImplicit {m n : Nat} (i : Fin m) : Nat := m + implicit i
def overNamed (f : Nat → Nat → Nat) : Nat := f 1 2
def function : Nat := overNamed (fun a b => a + b) + overNamed Nat.add2
def lambdas : Nat := (fun a b => a * b) 2 3
theorem about (n : Nat) (h : 0 < n) : ∃ k : Nat, n = k + 1 := by sorry
lemma unstated := trivial
end Outer

namespace Data
inductive Tree where
  | leaf : Nat → Tree
  | node (left right : Tree) : Tree
inductive Flag | yes | no
open Tree
def total : Tree → Nat
  | leaf n => n
  | node l r => total l + total r
def mirror (t : Tree) : Tree := by
  cases t with
  | leaf n => exact leaf n
  | @node l r => exact node (mirror r) (mirror l)
def depth (t : Tree) (start : Nat) : Nat := by
  induction t with
  | leaf n => exact start
  | node l r ihl ihr => exact max ihl ihr + 1
def labelled (t : Tree) (f : Fin (total t) → Nat) : Nat := by
  induction t with
  | leaf _ => exact 1
  | node l r ihl ihr =>
      exact ihl (fun i => 0) + ihr (fun i => 0)
def choose (p : Nat × Nat) (x : Flag) : Nat := by
  obtain ⟨a, b⟩ := p
  rcases p with ⟨c, d⟩
  have e : Nat := a
  letI g := d
  haveI : 1 = 1 := by rfl
  show Nat
  refine (fun k : Nat => k + e) ?_
  · exact (match x with | .yes => a | .no => b + g * 100)
def choose2 : Nat → Nat → Nat := by
  intro a b
  change Nat
  simpa [choose] using (a, b).2
def pairs : (Nat × Nat) × Nat := by
  refine ⟨⟨?_, ?_⟩, ({ fst := ?_, snd := 0 } : Nat × Nat).1⟩
  · exact 1
  · have two : 1 = 1 := by
      rfl; done
    exact 2
  · exact 3
def applied : Nat := by
  refine Nat.succ ?_
  exact 4; done
def nested (a b : Flag) : Nat :=
  match a with
  | .yes =>
    match b with
    | Flag.yes => 1
    | Flag.no => 2
  | .no => 3
def sumTo (n : Nat) : Nat :=
  let rec go (k : Nat) : Nat := if k = 0 then 0 else k + go (k - 1)
  go n
def otherKind (n : Nat) : Nat :=
  match n with
  | leaf a => a
def otherType (x : Flag) : Nat :=
  match x with
  | .leaf n => n
def tooMany : Tree → Nat
  | leaf a b => a
  | _ => 1
def named : Tree → Nat
  | .node (left := l) (right := .leaf k) => total l * k
  | .node (right := r) .. => 0
  | _ => 1
end Data
"""

TREE = Constructed("Data.Tree.node", (Constructed("Data.Tree.leaf", (2,)), Constructed("Data.Tree.leaf", (5,))))


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "contracts"])
def evaluator(request):
    return evaluator_of(TEXT, contracts=request.param)


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("Outer.opened", {}, 10),
        ("Outer.aliased", {}, 21),
        ("Outer.Inner.both", {"α": REAL, "x": Q(5)}, 10),
        ("Outer.Inner.viaClass", {"n": 2}, 9),
        ("Outer.Inner.listPoint", {}, None),
        ("Outer.Inner.oneList", {}, ()),
        ("Outer.Inner.oneReal", {}, 1),
        ("Outer.Inner.withProof", {"n": 2}, 2),
        ("Outer.Inner.usesHidden", {}, 5),
        ("Outer.Inner.hidden", {}, 4),
        ("Outer.Inner.point", {}, None),
        ("Outer.takes", {"α": NAT, "a": 2}, 6),
        ("Outer.implicit", {"n": 3, "": Fin(2, 3)}, 2),
        ("Outer.binds", {"n": 3}, 4),
        ("Outer.delegates", {"n": 3, "": Fin(1, 3)}, 1),
        ("Outer.partialImplicit", {"m": 3, "n": 7, "i": Fin(1, 3)}, 4),
        ("Outer.lambdas", {}, 6),
        ("Outer.Inner.fieldOf", {}, 10),
        ("Outer.Inner.strange", {"n": 1}, 3),
        ("Outer.about", {"n": 2}, PROOF),
        ("Data.total", {"": TREE}, 7),
        ("Data.mirror", {"t": TREE}, Constructed("Data.Tree.node", TREE.arguments[::-1])),
        ("Data.depth", {"t": TREE, "start": 4}, 5),
        ("Data.labelled", {"t": TREE, "f": lambda i: 0}, 2),
        ("Data.choose", {"p": Pair(1, 2), "x": Constructed("Data.Flag.yes", ())}, 2),
        ("Data.choose", {"p": Pair(1, 2), "x": Constructed("Data.Flag.no", ())}, 203),
        ("Data.pairs", {}, Pair(Pair(1, 2), 3)),
        ("Data.nested", {"a": Constructed("Data.Flag.yes", ()), "b": Constructed("Data.Flag.no", ())}, 2),
        ("Data.nested", {"a": Constructed("Data.Flag.no", ()), "b": Constructed("Data.Flag.no", ())}, 3),
        ("Data.sumTo", {"n": 4}, 10),
    ],
)
def test_a_definition_gives(evaluator, name, arguments, expected):
    if expected is not None:
        assert evaluator.call(name, **arguments) == expected


def test_what_has_no_declared_type_has_that_of_its_body(evaluator):
    assert evaluator.type_of("Outer.Inner.plain") == NAT
    assert evaluator.call("Outer.Inner.Alias", n=3) == LeanType("Fin", (3,))
    assert evaluator.term("Outer.Inner.later 2 3")[0] == 5
    assert evaluator.type_of("Outer.Inner.both", **{"α": REAL, "x": Q(1)}) == REAL


def test_a_structure_with_a_default_a_proof_and_a_function(evaluator):
    point = evaluator.value("Outer.Inner.point")
    assert isinstance(point, StructureValue)
    assert (point.fields["x"], point.fields["y"], point.fields["lt"]) == (1, 9, PROOF)
    assert evaluator.call("Outer.Inner.useOf", p=point) == 10 + 11 + 1 + 9 + 6 + 1
    assert evaluator.call("Outer.Inner.proofOf", p=point) is PROOF
    assert point.via[0] == ("Outer.Inner.point", ())
    assert evaluator.value("Outer.Inner.point2").fields["x"] == 3
    assert [parameter.name for parameter in evaluator.parameters("Outer.Inner.useOf")] == ["p"]


def test_functions_by_tactics(evaluator):
    function = evaluator.value("Data.choose2")
    with evaluator.running():
        assert force(function(3)(4)) == 4


def test_a_statement_with_a_hypothesis(evaluator):
    stated = evaluator.statement("Outer.about", n=2)
    assert force(stated.hypotheses["h"]).head == "LT"
    assert stated.conclusion.head == "Exists"


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("Outer.Inner.realPoint", {}, "a term is expected, not '|'"),
        ("Outer.Inner.both", {"x": Q(1)}, "the argument α cannot be found"),
        ("Outer.Inner.noSubject", {"p": None}, "Outer.Inner.Point.zero takes no Outer.Inner.Point"),
        ("Outer.Inner.noArgument", {"p": None}, "as a projection, without its argument k"),
        ("Data.otherKind", {"n": 1}, "the pattern Data.Tree.leaf for a value of another kind"),
        ("Data.otherType", {"x": Constructed("Data.Flag.no", ())}, "the pattern .leaf for a value of Data.Flag"),
        ("Data.tooMany", {"": Constructed("Data.Tree.leaf", (1,))}, "a pattern with other arguments"),
        ("Data.depth", {"t": Constructed("No.leaf", (1,)), "start": 1}, "No.leaf"),
        ("Outer.Inner.natPoint", {}, "the instance of Pointed without a field point"),
        ("Outer.Inner.noInstance", {"x": UNIT}, "an instance of Scale"),
        ("Outer.Inner.twoLists", {}, "2 instances of Twice: NN/Small.lean:23 and NN/Small.lean:24"),
        ("Outer.Inner.twoNats", {}, "2 instances of Twice: NN/Small.lean:25 and NN/Small.lean:26"),
        ("Outer.Inner.ofFunction", {}, "an instance of Of"),
        ("Outer.function", {}, "Nat.add2"),
        ("Outer.unstated", {}, "a theorem without a statement"),
        ("Outer.none", {}, "there is no declaration Outer.none"),
        ("Outer.about", {}, "without its argument n"),
        ("Outer.about", {"n": 1, "k": 2}, "takes no k"),
        ("Data.applied", {}, "the tactic done after exact"),
        ("Data.named", {"": TREE}, "'=>'"),
    ],
)
def test_a_declaration_is_refused(evaluator, name, arguments, reason):
    run = evaluator.statement if name in ("Outer.about", "Outer.unstated") else evaluator.call
    if "p" in arguments:
        arguments = {"p": evaluator.value("Outer.Inner.point")}
    with pytest.raises(NotEvaluatedError) as refused:
        run(name, **arguments)
    assert reason in str(refused.value)


BAD = """namespace Bad
def truncated (n : Nat) : Nat := n +

def truncatedLater (n : Nat) : Nat :=
  let a := n
  (a + 1

def tactic (n : Nat) : Nat := by
  magic n

def unbound (n : Nat) : Nat :=
  n + nowhere

def endless (n : Nat) : Nat := endless (n + 1)

def loop (n : Nat) : Nat :=
  let rec go (k : Nat) : Nat := go k
  go n

def patterns : Nat → Nat → Nat
  | 0, 1 => 1
  | 2 => 2

def wide (f : ℝ → ℝ) (n : Nat) : Nat := if n = 0 then 1 else wide f (n - 1) + wide f (n - 1)

axiom nobody : Nat
def resting (h : typed 1) : Nat := 2

def digits : Nat := DIGITS
def deep : Nat := DEEP
def typed (n : Nat +) : Nat := n
def equal (n : Nat) : Nat := by
  induction n with
  | zero => exact 1
def inside (n : Nat) : Nat :=
  let m := n
  by induction m with
     | zero => exact 1
inductive Tree where
  | leaf : Tree
  | node : Tree → Tree
  | torn : (Tree → Tree
structure Torn where
  x : Nat +
def few (t : Tree) : Nat := by
  induction t with
  | leaf => exact 1
def many (t : Tree) : Nat := by
  induction t with
  | leaf => exact 1
  | node a b c => exact 1
def odd (t : Tree) : Nat := by
  induction t with
  | 1 => exact 1
def odder (t : Tree) : Nat := by
  induction t with
  | node 1 => exact 1
def holes (t : Tree) : Nat := by
  induction t with
  | leaf => exact 1
  | node _ _ => exact 2
def wrong (t : Tree) : Nat := by
  cases t with
  | 1 => exact 1
  | leaf => exact 2
end Bad

namespace Shadow
def max (a b : Nat) : Nat := a
def uses (n : Nat) : Nat := max n 1
def Fin.castAdd (n : Nat) : Nat := n
def local (max : Nat → Nat → Nat) : Nat := max 1 2
end Shadow
def Real.exp (x : ℝ) : ℝ := x
def usesExp (x : ℝ) : ℝ := Real.exp x
def projects (e : Real) : Real := e.exp
"""
DIGITS = "1" * 5000


@pytest.fixture(scope="module")
def bad():
    return evaluator_of(BAD.replace("DIGITS", DIGITS).replace("DEEP", "(" * 3000 + "1" + ")" * 3000), most_calls=20_000)


LEAF = Constructed("Bad.Tree.leaf", ())


@pytest.mark.parametrize(
    ("name", "arguments", "line", "reason"),
    [
        ("Bad.truncated", {"n": 1}, 2, "a term is expected, not 'the end'"),
        ("Bad.truncatedLater", {"n": 1}, 6, "',' or ')' is expected, not 'the end'"),
        ("Bad.tactic", {"n": 1}, 8, "the tactic magic"),
        ("Bad.unbound", {"n": 1}, 11, "nowhere"),
        ("Bad.endless", {"n": 1}, 14, "nested more than"),
        ("Bad.loop", {"n": 1}, 16, "go does not seem to end"),
        ("Bad.patterns", {"": 1}, 20, "equations with different numbers of patterns"),
        ("Bad.wide", {"f": lambda x: x, "n": 20}, 24, "more than 20000 calls"),
        ("Bad.nobody", {}, 26, "axiom without a body"),
        ("Bad.digits", {}, 29, "a numeral of 5000 digits"),
        ("Bad.deep", {}, 30, "nested more than 200 deep"),
        ("Bad.typed", {"n": 1}, 31, "a term is expected"),
        ("Bad.equal", {"n": 1}, 32, "a value without constructors"),
        ("Bad.inside", {"n": 1}, 35, "no parameter of the declaration"),
        ("Bad.few", {"t": Constructed("Bad.Tree.node", (LEAF,))}, 45, "without an alternative for Bad.Tree.node"),
        ("Bad.many", {"t": Constructed("Bad.Tree.node", (LEAF,))}, 48, "an alternative with 3 names for 2"),
        ("Bad.odd", {"t": LEAF}, 52, "an alternative that is no constructor"),
        ("Bad.odder", {"t": LEAF}, 55, "an alternative with a pattern for a name"),
        ("Bad.wrong", {"t": LEAF}, 62, "an alternative that is no constructor"),
        ("Shadow.uses", {"n": 2}, 70, "max is declared by the source and has a meaning in the vocabulary"),
        ("usesExp", {"x": Q(1)}, 75, "Real.exp is declared by the source"),
        ("projects", {"e": Q(1)}, 76, "Real.exp is declared by the source"),
    ],
)
def test_bad_text_is_named_with_its_place(bad, name, arguments, line, reason):
    with pytest.raises(NotEvaluatedError) as refused:
        bad.call(name, **arguments)
    assert reason in refused.value.reason
    assert (refused.value.name, refused.value.file, refused.value.line) == (name, "NN/Small.lean", line)
    assert str(refused.value).startswith(f"NN/Small.lean:{line}: {name}: not evaluated: ")


def test_a_torn_member_is_named(bad):
    with pytest.raises(NotEvaluatedError, match=r"Bad\.Torn: not evaluated: a term is expected"):
        bad.term("Bad.Torn.x 1", "Bad.truncated")


def test_a_local_name_is_nobody_elses(bad):
    assert bad.call("Shadow.local", max=lambda a: lambda b: 10 * a + b) == 12
    assert bad.call("Bad.holes", t=Constructed("Bad.Tree.node", (LEAF,))) == 2
    assert bad.call("Bad.few", t=LEAF) == 1
    assert bad.call("Bad.resting", h=0) == 2


def test_pythons_own_stack_ends_in_a_refusal():
    world = World(Numbers())

    def endless(n):
        return endless(n + 1)

    with pytest.raises(NotEvaluatedError, match="nested too deeply"), world.running():
        endless(0)


def test_what_is_remembered_is_bounded(evaluator, monkeypatch):
    monkeypatch.setattr(building, "_MOST_KNOWN", 3)
    assert [evaluator.call("Data.sumTo", n=n) for n in range(8)] == [n * (n + 1) // 2 for n in range(8)]


def test_imports_are_followed(tmp_path):
    (tmp_path / "NN").mkdir()
    (tmp_path / "NN" / "A.lean").write_text("import NN.B\nimport Mathlib.C\ndef a : Nat := b\n", "utf-8")
    (tmp_path / "NN" / "B.lean").write_text("import NN.A\ndef b : Nat := 1\n", "utf-8")
    (tmp_path / "NN" / "C.lean").write_text("def c : Nat := 1\n", "utf-8")
    assert [*read_with_imports(tmp_path, ["NN/A.lean"]).files] == ["NN/A.lean", "NN/B.lean"]
