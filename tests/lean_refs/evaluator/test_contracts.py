"""Contracts: what is not of its declared type is refused by name, and goes unnoticed without them."""

from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    Constructed,
    Equivalence,
    Fin,
    LeanType,
    LinearMap,
    NotEvaluatedError,
    Pair,
    StructureValue,
    arrow,
    continuous,
    euclidean,
    fin,
)
from lean_refs.evaluator.contracts import Contracts
from lean_refs.evaluator.errors import ContractError
from lean_refs.evaluator.machine import Blocked, Delayed, DelayedType, Sought, at_hand, force
from tests.lean_refs.evaluator.texts import evaluator_of

TEXT = """inductive Tree : Nat → Type where
  | leaf (n : Nat) : Tree 0
  | node {n : Nat} (left right : Tree n) (h : n = n) : Tree (n + 1)

structure Idx (Γ : List Nat) (s : Nat) where
  i : Fin Γ.length
  h : Γ.get i = s

def bad : Idx [4, 5] 4 := ⟨⟨1, by simp⟩, by simp⟩
def good : Idx [4, 5] 5 := ⟨⟨1, by simp⟩, by simp⟩
def place {Γ : List Nat} {s : Nat} (idx : Idx Γ s) : Nat := idx.i
def placed : Nat := place good
def other (n : Nat) : Idx [4, n] 5 := ⟨⟨1, by simp⟩, by simp⟩
def three (n : Nat) (h : n = 3) : Nat := n
def two : Nat := three 2 (by simp)
abbrev Family := (n : Nat) → Fin (n + 1)
def family : Family := fun n => (by simp : n = n) ▸ (1 : Fin 2)
def number (i : Fin 2) : Nat := i
def real (i : Fin 2) : ℝ := number i + 1
def viaFunction (i : Fin 2) : Nat := (fun j => j : Fin 2 → Nat) i
def misplaced (h : 1 = 1) : Nat := h ▸ (2 : ℝ)
def odd (n : Nat) : missing := n
def takes (n : missing) : Nat := 1
inductive Shape where
  | scalar : Shape
  | dim : Nat → Shape → Shape
structure At (Γ : List Shape) (s : Shape) where
  i : Fin Γ.length
  h : Γ.get i = s
def here {m : Nat} : At [.dim m .scalar] (.dim m .scalar) := ⟨⟨0, by simp⟩, by simp⟩
def size {Γ : List Shape} {n : Nat} (at_ : At Γ (.dim n .scalar)) : Nat := n
def foundLate (k : Nat) : Nat := size (here (m := k))
def away (k : Nat) : Nat := size (⟨⟨0, by simp⟩, by simp⟩ : At [.dim (k + 1) .scalar] (.dim k .scalar))
def all (h : ∀ n : Nat, n = n) (k : HasDerivAt (fun x : ℝ => x) 1 0) : Nat := 1
"""
TREE, IDX = LeanType("Tree", (0,)), LeanType("Idx", ((4, 5), 5))
LEAF = Constructed("Tree.leaf", (1,))


@pytest.mark.parametrize(
    ("name", "arguments", "reason"),
    [
        ("bad", {}, "the result of bad has a field h that proves Eq Nat 5 4, which does not hold"),
        ("two", {}, "the argument h of three proves Eq Nat 2 3, which does not hold"),
        ("misplaced", {}, "the result of misplaced is declared as Nat, it is a Fraction"),
        ("other", {"n": 6}, "the result of other has a field h that proves Eq Nat 6 5, which does not hold"),
        ("away", {"k": 2}, "has a field h that proves Eq Shape … …, which does not hold"),
        (
            "place",
            {"Γ": (4, 6), "s": 5, "idx": StructureValue("Idx", {"i": Fin(1, 2), "h": PROOF})},
            "the argument idx of place has a field h that proves Eq Nat 6 5, which does not hold",
        ),
        (
            "place",
            {"Γ": (4, 5, 6), "s": 5, "idx": StructureValue("Idx", {"i": Fin(1, 2), "h": PROOF})},
            "the argument idx of place has a field i that is declared as Fin 3, it is the index 1 below 2",
        ),
    ],
)
def test_a_breach_is_named(name, arguments, reason):
    plain, strict = evaluator_of(TEXT), evaluator_of(TEXT, contracts=True)
    plain.call(name, **arguments)
    with pytest.raises(ContractError) as refused:
        strict.call(name, **arguments)
    assert reason in str(refused.value)


def test_what_a_function_gives_is_held_when_it_is_applied():
    strict = evaluator_of(TEXT, contracts=True)
    function = strict.call("family")
    with strict.running():
        assert function(1) == Fin(1, 2)
        with pytest.raises(ContractError, match="the result of family is declared as Fin 3, it is the index 1 below 2"):
            function(2)


def test_an_index_is_a_number_where_one_is_declared():
    plain, i = evaluator_of(TEXT), Fin(1, 2)
    assert [plain.call(name, i=i) for name in ("number", "real", "viaFunction")] == [1, 2, 1]
    assert type(plain.call("real", i=i)) is Q


def test_what_is_right_or_not_understood_passes():
    strict = evaluator_of(TEXT, contracts=True)
    assert strict.value("placed") == 1
    with pytest.raises(NotEvaluatedError, match="not evaluated: missing"):  # a number of a type that is not known
        strict.call("odd", n=2)
    assert strict.call("takes", n=2) == 1
    assert strict.call("all") == 1
    assert strict.call("foundLate", k=2) == 2  # n is found from the type of an index, which is of shapes
    with pytest.raises(NotEvaluatedError, match="nothing"):
        strict.call("nothing")


def test_contracts_are_asked_for_or_put_in_force_for_a_while():
    plain = evaluator_of(TEXT)
    plain.value("good")
    with plain.under_contracts(), pytest.raises(ContractError):
        plain.call("three", n=2)
    assert plain.call("three", n=2) == 2


IDENTITY = LinearMap(euclidean(2), euclidean(2), lambda x: x)


@pytest.mark.parametrize(
    ("type_", "value", "why"),
    [
        (NAT, 3, ""),
        (NAT, -1, "is declared as Nat, it is the natural number -1"),
        (NAT, Fin(1, 2), "is declared as Nat, it is the index 1 below 2"),
        (REAL, Q(1, 2), ""),
        (REAL, 2, "is declared as Real, it is the natural number 2"),
        (REAL, (Q(1),), "is declared as Real, it is a list of 1"),
        (REAL, abs, "is declared as Real, it is a function"),
        (fin(2), Fin(1, 2), ""),
        (fin(Sought("n")), Fin(1, 2), ""),
        (fin(3), Fin(1, 2), "is declared as Fin 3, it is the index 1 below 2"),
        (LeanType("List", (NAT,)), (1, 2), ""),
        (LeanType("List", (NAT,)), (1, Q(2)), "has an entry 1 that is declared as Nat, it is a Fraction"),
        (LeanType("List", (NAT,)), 3, "is declared as List Nat, it is the natural number 3"),
        (euclidean(2), (Q(1), Q(2)), ""),
        (euclidean(Sought("n")), (Q(1), Q(2)), ""),
        (LeanType("EuclideanSpace", (REAL, Sought("ι"))), (Q(1), Q(2)), ""),
        (euclidean(2), (Q(1),), "is declared as EuclideanSpace Real (Fin 2), it is a list of 1"),
        (euclidean(1), (1,), "has an entry 0 that is declared as Real, it is the natural number 1"),
        (LeanType("PUnit"), UNIT, ""),
        (LeanType("PUnit"), 0, "is declared as PUnit, it is the natural number 0"),
        (LeanType("Prod", (NAT, REAL)), Pair(1, Q(1)), ""),
        (LeanType("Prod", (NAT, REAL)), Pair(1, 1), "has a second part that is declared as Real, it is the natural"),
        (LeanType("Prod", (NAT, REAL)), 1, "is declared as Prod Nat Real, it is the natural number 1"),
        (arrow(NAT, REAL), abs, ""),
        (arrow(NAT, REAL), LEAF, "is declared as a function type, it is a Tree.leaf"),
        (continuous(euclidean(2), euclidean(2)), IDENTITY, ""),
        (
            continuous(euclidean(2), euclidean(3)),
            IDENTITY,
            "is declared as ContinuousLinearMap (EuclideanSpace Real (Fin 2)) (EuclideanSpace Real (Fin 3)), it is",
        ),
        (continuous(REAL, REAL), 3, "is declared as ContinuousLinearMap Real Real, it is the natural number 3"),
        (LeanType("Equiv", (NAT, REAL)), Equivalence(NAT, REAL, abs, abs), ""),
        (LeanType("Equiv", (NAT, NAT)), Equivalence(NAT, REAL, abs, abs), "it is Equiv Nat Real"),
        (TREE, LEAF, ""),
        (TREE, Constructed("Tree.leaf", (Q(1),)), "has an argument n of Tree.leaf that is declared as Nat"),
        (TREE, Constructed("Other.leaf", (1,)), "is declared as Tree 0, it is a Other.leaf"),
        (LeanType("Tree", (1,)), Constructed("Tree.node", (0, LEAF, LEAF, PROOF)), ""),
        (LeanType("Tree", (2,)), Constructed("Tree.node", (0, LEAF, LEAF, PROOF)), "it is Tree 1"),
        (LeanType("Tree", (1,)), LEAF, "is declared as Tree 1, it is Tree 0"),
        (IDX, StructureValue("Idx", {"i": Fin(1, 2), "h": PROOF}), ""),
        (IDX, StructureValue("Idx", {"h": PROOF}), "is a Idx without a field i"),
        (IDX, StructureValue("Idx", {"i": Fin(1, 2)}), ""),
        (IDX, StructureValue("Idx", {"i": Fin(0, 2)}), "has a field h that proves Eq Nat 4 5, which does not hold"),
        (IDX, StructureValue("Other", {}), "is declared as Idx (4, 5) 5, it is a Other"),
        (LeanType("Type"), NAT, ""),
        (LeanType("Missing"), 3, ""),
        (NAT, REAL, "is declared as Nat, it is Real"),
        (NAT, Sought("n"), ""),
        (NAT, Delayed(lambda: Q(1)), ""),
        (NAT, DelayedType(lambda _, __: (Q(1), NAT), ()), ""),
        (NAT, PROOF, ""),
        (Sought("α"), 3, ""),
        (3, 3, ""),
    ],
)
def test_a_value_of_a_type(type_, value, why):
    evaluator = evaluator_of(TEXT)
    problem = Contracts(evaluator.library, evaluator.world).problem(type_, value)
    assert problem.startswith(why) if not why.startswith("it is") else why in problem
    assert bool(problem) == bool(why)


def test_a_plain_value_is_looked_at_once_for_each_type_and_a_wrong_one_is_wrong_again():
    evaluator = evaluator_of(TEXT)
    contracts = Contracts(evaluator.library, evaluator.world)
    wrong = LeanType("Tree", (1,))
    for _ in range(2):
        assert contracts.problem(TREE, LEAF) == ""
        assert contracts.problem(TREE, Constructed("Tree.leaf", (1,))) == ""
        assert contracts.problem(wrong, LEAF) == "is declared as Tree 1, it is Tree 0"


def test_what_is_at_hand():
    later, call = Delayed(lambda: 3), Blocked("f", (), lambda: 4)
    assert [at_hand(one) for one in (later, call)] == [later, call]
    assert [force(one) for one in (later, call)] == [3, 4]
    assert [at_hand(one) for one in (later, call)] == [3, 4]
    found, unknown = Sought("n"), Sought("m")
    found.value = later
    assert (at_hand(found), at_hand(unknown)) == (3, unknown)
