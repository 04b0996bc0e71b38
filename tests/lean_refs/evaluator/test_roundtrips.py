"""What packs after what unpacks is not computed, where the evaluator is told so; anything else is."""

from __future__ import annotations

from fractions import Fraction

from lean_refs.evaluator import NAT, Evaluator, Fin
from lean_refs.evaluator.machine import Image, Sought
from lean_refs.evaluator.roundtrips import Unpacking
from tests.lean_refs.evaluator.texts import evaluator_of

# `unpack` reverses, so that to pack what it gave shows whether it was computed.
TEXT = """namespace Small
inductive Cells : Nat → Type where
  | cells : ∀ {n}, (Fin n → ℝ) → Cells n

def unpack (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : Cells n :=
  .cells fun i => v ⟨n - 1 - i.1, by omega⟩

def pack (n : Nat) (c : Cells n) : EuclideanSpace ℝ (Fin n) :=
  match c with
  | .cells f => WithLp.toLp 2 f

def first (n : Nat) (c : Cells n) : Cells 1 :=
  match c with
  | .cells f => .cells fun _ => f ⟨0, by simp⟩

def packAll (n : Nat) (c : Cells n) : EuclideanSpace ℝ (Fin n) := pack n c
def there (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : EuclideanSpace ℝ (Fin n) := pack n (unpack n v)
def between (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : EuclideanSpace ℝ (Fin n) :=
  let c := unpack n v
  (fun d => packAll n d) c
def seen (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : EuclideanSpace ℝ (Fin 1) := pack 1 (first n (unpack n v))
def made (n : Nat) (v : EuclideanSpace ℝ (Fin n)) : EuclideanSpace ℝ (Fin n) := pack n (.cells fun i => v i)
end Small
"""
V = (Fraction(1), Fraction(2), Fraction(3))
BACK = V[::-1]
PAIRS = {"Small.pack": "Small.unpack"}


def run(evaluator: Evaluator, name: str) -> object:
    return evaluator.call(f"Small.{name}", n=3, v=V)


def test_nothing_is_left_out_unless_it_is_told() -> None:
    evaluator = evaluator_of(TEXT)
    assert [run(evaluator, name) for name in ("there", "between", "seen", "made")] == [BACK, BACK, BACK[:1], V]


def test_a_round_trip_is_left_out_where_nothing_looks_at_what_was_unpacked() -> None:
    evaluator = evaluator_of(TEXT, round_trips=PAIRS)
    assert [run(evaluator, name) for name in ("there", "between", "made")] == [V, V, V]


def test_what_was_unpacked_is_computed_when_it_is_looked_at() -> None:
    evaluator = evaluator_of(TEXT, round_trips=PAIRS)
    assert run(evaluator, "seen") == BACK[:1]
    cells = evaluator.call("Small.unpack", n=3, v=V)
    with evaluator.running():
        assert [cells.arguments[1](i) for i in (Fin(k, 3) for k in range(3))] == list(BACK)


def test_what_was_unpacked_elsewhere_is_packed_anew() -> None:
    text = TEXT.replace("pack 1 (first n (unpack n v))", "pack 1 (unpack 1 (pack 1 (first n (unpack n v))))")
    assert run(evaluator_of(text, round_trips=PAIRS), "seen") == BACK[:1]
    other = evaluator_of(TEXT.replace("pack n (unpack n v)", "pack 2 (unpack n v)"), round_trips=PAIRS)
    # The sizes are not the same, which Lean would refuse: here it is packed anew.
    assert run(other, "there") == BACK


def test_where_it_is_unpacked_at_is_not_known_it_is_computed() -> None:
    computed = Unpacking(lambda _: "computed", "Small.unpack")
    assert computed(((Sought("n"), NAT), (V, None))) == "computed"
    assert computed(((3, NAT), (V, None))).__class__ is Image
