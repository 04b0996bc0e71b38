"""What a text gives is found anew at each precision: a ball that is kept would stay as wide as it was."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flint import arb

from lean_refs.evaluator import Evaluator, force
from mirror.arithmetic import precision
from tests.tools.audit.evaluated.texts import extended
from theorems.tools.audit.evaluated.same import applied, target_of

TEXT = """
namespace Proofs.Autograd
noncomputable def tau : ℝ := Real.pi + Real.pi
noncomputable def ofConstant (n : Nat) : ℝ := tau * n
noncomputable def ofClass {α : Type} [MathFunctions α] : α := MathFunctions.pi
noncomputable def throughClass (n : Nat) : ℝ := ofClass (α := ℝ) * n
noncomputable def beside {n : Nat} (x : Vec n) : Vec (n + 1) := appendVec x (vecOfFun (n := 1) fun _ => Real.pi)
noncomputable def moved (n : Nat) : ℝ := beside (vecOfFun (n := n) fun _ => 1) ⟨n, by omega⟩
end Proofs.Autograd
"""


def value(evaluator: Evaluator, name: str) -> Any:
    arguments: Any = [SimpleNamespace(lean=3, type=None)]
    return force(applied(target_of(evaluator, f"Proofs.Autograd.{name}"), evaluator, arguments)[0])


@pytest.mark.parametrize("name", ["ofConstant", "throughClass", "moved"])
def test_more_bits_give_a_narrower_ball(name: str) -> None:
    evaluator = extended(TEXT)
    for bits in (64, 1000, 64):
        with evaluator.running(), precision(bits):
            found = value(evaluator, name)
            assert isinstance(found, arb)
            assert bits - 4 <= found.rel_accuracy_bits() <= bits
