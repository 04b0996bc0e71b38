"""Ill-typed text is not evaluated, with file and line; a mistake of leanmirror on well-typed text is still one."""

from __future__ import annotations

from typing import Any

import pytest

from lean_refs.evaluator import PROOF, UNIT
from lean_refs.evaluator.errors import ContractError
from mirror.rooms import links
from tests.tools.audit.evaluated import statements
from tests.tools.audit.evaluated.texts import FILE, TEXT, changed, evaluator_of
from theorems.tools.audit.evaluated import forms
from theorems.tools.audit.evaluated.agreed import agreed
from theorems.tools.audit.evaluated.ill_typed import refused
from theorems.tools.audit.evaluated.outcome import ComparisonEnding, FunctionComparison
from theorems.tools.audit.evaluated.same import compared

CORE = "Proofs.Autograd."
NOT_EVALUATED = (ComparisonEnding.NOT_EVALUATED, ComparisonEnding.ILL_TYPED)


def outcome(name: str, old: str, new: str) -> FunctionComparison:
    return compared(changed(old, new), links()[CORE + name], 1)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        # applied to too much or to something else
        ("evalCLM", "fun x => x i", "fun x => x i i", "what is applied to arguments is no function"),
        ("appendVec", "(Fin.append a b)", "(Fin.append (a a) b)", "an argument is declared as Fin 1, it is of type Eu"),
        ("elemwiseVec", "f (v k)", "f v", "an argument is declared as Real, it is of type EuclideanSpace Real (Fin 1)"),
        ("castVec", "v (Fin.cast h.symm k)", "(v + h) k", "a Proof at type EuclideanSpace"),
        ("elemwiseVec", "f (v k)", "f (v k) + v", "a list of 1 at type Real"),
        ("elemwiseVec", "f (v k)", "f (v k) + f", "a function at type Real"),
        ("elemwiseVec", "f (v k)", "v k ^ v", "^ with an exponent that is no natural number"),
        ("Graph.appendCLM", "(n := n) p.1 p.2,", "(n := n) (p.1 + appendVec p.1 p.1) p.2,",
         "+ of vectors of 1 and of 2 entries"),
        ("sumExp", "Real.exp (x k)", "inner ℝ x (appendVec x x)", "an inner product of 1 and of 2 numbers"),
        # another structure, a projection that there is not, parts exchanged
        ("DGraph.snoc", "(dg.hg, hn)", "(dg.hg, [hn])", "a list of type Proofs.Autograd.NodeFDerivCorrect"),
        ("DGraph.snoc", "(dg : DGraph Γ ss)", "(dg : Graph Γ ss)", "Proofs.Autograd.Graph.g"),
        ("DGraph.snoc", ".snoc dg.g node,", ".snoc dg.g.2 node,", "Proofs.Autograd.Graph.2"),
        ("NodeFDerivCorrect.at", "⟨hn.deriv xV, rfl⟩", "⟨rfl, hn.deriv xV⟩", "rfl"),
        ("NodeFDerivCorrect.at", "⟨hn.deriv xV, rfl⟩", "⟨hn.right xV, rfl⟩", "is no function"),
        ("NodeFDerivCorrect.at", "⟨hn.deriv xV, rfl⟩", "⟨hn.deriv, rfl⟩", "a function where EuclideanSpace"),
        ("NodeFDerivCorrect.at", "⟨hn.deriv xV, rfl⟩", "⟨(hn.deriv xV, 1), rfl⟩", "is no function"),
        ("Graph.appendCLM", "p.2, map_add' := by simp, map_smul' := by simp }\n  exact { toLinearMap := f,",
         "p.2, map_add' := by simp, map_smul' := by simp }\n  exact { toLinearMap := [f],", "a list of type LinearMap"),
        ("Graph.appendCLM", "p.2, map_add' := by simp, map_smul' := by simp }\n  exact { toLinearMap := f,",
         "p.2, map_add' := by simp, map_smul' := by simp }\n  exact { toLinearMap := n,", "of what is no linear map"),
        # another length than the declared one
        ("vecOfFun", "(f : Fin n → ℝ) : Vec n", "(f : Fin n → ℝ) : Vec (n + 1)",
         "a list of 1 where EuclideanSpace Real (Fin 2"),
        ("appendVec", ": Vec (m + n) :=", ": Vec (m + m) :=", "where EuclideanSpace Real (Fin"),
        ("elemwiseVec", "(f : ℝ → ℝ) : Vec n → Vec n", "(f : ℝ → ℝ) : Vec n → Vec 3", "it is of type Fin 3"),
        # what is no type
        ("vecOfFun", "{n : Nat} (f : Fin n → ℝ) : Vec n", "{n : Nat} (f : Fin n → ℝ) : Vec", "what stands for a type"),
        ("vecOfFun", "{n : Nat} (f : Fin n → ℝ)", "{n : (Nat, Nat)} (f : Fin 2 → ℝ)", "what stands for a type is a Pa"),
        ("vecOfFun", "(f : Fin n → ℝ) : Vec n", "(f : Fin n → ℝ) : n", "what stands for a type is the natural number"),
        ("vecOfFun", "(f : Fin n → ℝ) : Vec n", "(f : Fin ℝ → ℝ) : Vec n", "an argument is declared as Nat, it is of"),
        ("vecOfFun", "Vec n := WithLp.toLp 2 f", "Vec n := WithLp.toLp (ι := Nat) 2 f", "Nat where Fin n is ex"),
        ("Vec", "EuclideanSpace ℝ (Fin n)", "EuclideanSpace ℝ Fin", "Vec is declared as Type, it is a function"),
        ("GraphFDerivCorrect", "_, .nil => PUnit", "_, .nil => (PUnit, PUnit)", "what stands for a type is a Pair"),
        ("GraphFDerivCorrect", "_, .nil => PUnit", "_, .nil => (fun q => q)", "what stands for a type is a function"),
        # a shape, a list, a tensor for another
        ("LayerNorm.ΓLN", "VecShape n, VecShape n]", "VecShape n, n]", "the natural number 1 where Spec.Shape.scalar"),
        ("LayerNorm.ΓLN", "[MatShape m n,", "n :: [MatShape m n,", "the natural number 1 where Spec.Shape.scalar or"),
        ("ctxSize", "Shape.size s + ctxSize rest", "Shape.size s + rest", "a list of 0 at type Nat"),
        ("ctxSize", "Shape.size s + ctxSize rest", "Shape.size s + ctxSize s", "a list as a pattern for what is no li"),
        ("Idx.weaken", "Idx (Γ ++ rest) s", "Idx (Γ ++ s) s", "++ of what are no lists"),
        ("Idx.weaken", "⟨idx.i.1, by omega⟩", "idx", "a Proofs.Autograd.Idx where an index is expected"),
        ("Node", "forward : TList Γ →", "forward : TList →", "what stands for a type is a function"),
        ("LayerNorm.Inputs", "Inputs (Γ : List Shape) (m n : Nat)", "Inputs (Γ : List Shape) (m : Nat)",
         "Proofs.Autograd.LayerNorm.Inputs with 2 arguments"),
    ],
)  # fmt: skip
def test_an_ill_typed_definition_is_not_evaluated(name: str, old: str, new: str, why: str) -> None:
    found = outcome(name, old, new)
    assert found.ending in NOT_EVALUATED
    assert found.why.startswith(f"{FILE}:")
    assert why in found.why


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("Real.tanh x = (Real.exp x", "Real.tanh = (Real.exp x", "what is applied to arguments is no function"),
        ("Real.tanh x = (Real.exp x", "Real.tanh x = (Real.exp", "at type"),
    ],
)
def test_an_ill_typed_statement_is_not_evaluated(old: str, new: str, why: str) -> None:
    found = agreed(statements.stated(old, new), "Proofs.tanh_exp_eq", 1)
    assert found.ending in NOT_EVALUATED
    assert found.why.startswith(f"{FILE}:")
    assert why in found.why


def test_a_mistake_of_ours_on_a_well_typed_text_is_still_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise IndexError("tuple index out of range")

    monkeypatch.setattr("lean_refs.evaluator.operators.combined", broken)
    found = compared(evaluator_of(TEXT + "-- fresh"), links()[CORE + "ctxSize"], 1)
    assert found.ending is ComparisonEnding.FAILED
    assert found.why.startswith("IndexError: tuple index out of range (")


def test_what_fails_again_where_all_is_held_is_no_refusal() -> None:
    def broken() -> None:
        raise KeyError("k")

    assert refused(evaluator_of(), CORE + "ctxSize", broken) is None


@pytest.mark.parametrize(
    ("read", "value", "why"),
    [
        (forms.natural, (), "a list of 0 where a natural number is expected"),
        (forms.read_context, 3, "the natural number 3 where a list of shapes is expected"),
        (forms.fields, PROOF, "a Proof where a structure is expected"),
        (forms.read_tensor, UNIT, "a PUnit.unit where Spec.Tensor.scalar or Spec.Tensor.dim is expected"),
    ],
)
def test_a_value_of_another_kind_is_not_read(read: Any, value: Any, why: str) -> None:
    with pytest.raises(ContractError, match=why):
        read(value)


def test_what_is_right_when_it_is_repeated_is_not_ill_typed() -> None:
    assert refused(evaluator_of(), CORE + "sumExp", lambda: None) is None
