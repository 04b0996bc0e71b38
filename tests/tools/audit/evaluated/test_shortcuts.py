"""Round trips are left out only where their lemmas hold, in the text itself."""

from __future__ import annotations

import pytest

from tests.tools.audit.evaluated.texts import extended
from theorems.tools.audit.evaluated.shortcuts import shortcuts

PACKED = """
namespace Proofs.Autograd
open Spec
def toVecT : ∀ {s : Shape}, Tensor ℝ s → Vec (Shape.size s)
  | Shape.scalar, Tensor.scalar x => WithLp.toLp 2 fun _ => x
  | Shape.dim n rest, Tensor.dim f => WithLp.toLp 2 fun k =>
      toVecT (f (Fin.divNat (m := n) (n := Shape.size rest) k)) (Fin.modNat (m := n) (n := Shape.size rest) k)

def ofVecT : ∀ {s : Shape}, Vec (Shape.size s) → Tensor ℝ s
  | Shape.scalar, v => Tensor.scalar (v ⟨0, by simp⟩)
  | Shape.dim n rest, v => Tensor.dim fun i => ofVecT (s := rest) (WithLp.toLp 2 fun k => v (finProdFinEquiv (i, k)))

theorem toVecT_ofVecT {s : Shape} (v : Vec (Shape.size s)) : toVecT (ofVecT (s := s) v) = v := by simp
end Proofs.Autograd
"""
PACK, UNPACK = "Proofs.Autograd.toVecT", "Proofs.Autograd.ofVecT"


def test_a_round_trip_whose_lemma_holds_is_left_out() -> None:
    # There is no `flattenCtx` in this text, so nothing is left out of it.
    assert shortcuts(extended(PACKED)) == {PACK: UNPACK}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Tensor.scalar (v ⟨0, by simp⟩)", "Tensor.scalar (-(v ⟨0, by simp⟩))"),
        ("(ofVecT (s := s) v) = v :=", "(ofVecT (s := s) v) = 2 • v :="),
        ("(ofVecT (s := s) v) = v :=", "(ofVecT (s := s) v) = unheard v :="),
        ("theorem toVecT_ofVecT", "theorem toVecT_of_ofVecT"),
    ],
)
def test_one_whose_lemma_does_not_hold_or_is_not_understood_is_computed(old: str, new: str) -> None:
    assert PACKED.count(old) == 1
    assert shortcuts(extended(PACKED.replace(old, new))) == {}
