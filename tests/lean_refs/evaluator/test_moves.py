"""What only moves numbers is found once; what looks at one is run for each."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from lean_refs.evaluator import Evaluator, Fin, NotEvaluatedError, Pair, StructureValue, moves, world
from lean_refs.evaluator.declarations import Body
from lean_refs.evaluator.kept import KeptFunction
from lean_refs.evaluator.machine import Sought
from lean_refs.evaluator.moves import LookedAtError, Placeholder, PlaceholderScalars
from lean_refs.evaluator.scalars import Scalars
from lean_refs.evaluator.values import NAT, arrow, fin
from tests.lean_refs.evaluator.numbers import Numbers
from tests.lean_refs.evaluator.texts import evaluator_of

TEXT = """namespace Small
abbrev Vec (n : Nat) := EuclideanSpace ℝ (Fin n)

inductive Tensor : List Nat → Type where
  | scalar : ℝ → Tensor []
  | dim : ∀ {n s}, (Fin n → Tensor s) → Tensor (n :: s)

inductive Stream where
  | stream : (Nat → ℝ) → Stream

structure Both (n : Nat) where
  left : Vec n
  right : Vec n

structure Place (n : Nat) where
  i : Fin n

def back {n : Nat} (v : Vec n) : Vec n := WithLp.toLp 2 fun i => v ⟨n - 1 - i.1, by omega⟩
def append {m n : Nat} (a : Vec m) (b : Vec n) : Vec (m + n) := WithLp.toLp 2 (Fin.append a b)
def none {n : Nat} (v : Vec n) : Vec 0 := WithLp.toLp 2 fun i => nomatch i
def after (n : Nat) (v : Vec n) : Vec (n + 1) := append (m := 1) 0 v
def turned (k : Nat) {n : Nat} (v : Vec n) : Vec n := WithLp.toLp 2 fun i => v ⟨(i.1 + k) % n, by omega⟩
def entry {n : Nat} (v : Vec n) (i : Fin n) : ℝ := v i
def through {n : Nat} (v : Vec n) (i : Fin n) : ℝ := entry v i
def place {n : Nat} (p : Place n) (v : Vec n) : ℝ := v p.i
def swap (p : ℝ × ℝ) : ℝ × ℝ := (p.2, p.1)
def each (xs : List ℝ) : List ℝ := xs
def those (xs : List (Vec 2)) : List (Vec 2) := xs

def row {n : Nat} (v : Vec n) : Tensor [n] := .dim fun i => .scalar (v i)
def entries {n : Nat} : Tensor [n] → Vec n
  | .dim f => WithLp.toLp 2 fun i => match f i with | .scalar x => x
def constant (v : Vec 2) : Stream := .stream fun _ => v 0
def begin : Stream → ℝ
  | .stream f => f 0

def double {n : Nat} (v : Vec n) : Vec n := v + v
def largest (v : Vec 2) : ℝ := max (v 0) (v 1)
def chosen (v : Vec 2) : ℝ := if v 0 = 0 then v 0 else v 1
def rooted (v : Vec 2) : ℝ := Real.sqrt (v 0)
def raised (v : Vec 2) : ℝ := Real.exp (v 0)
def slope (v : Vec 2) (x : ℝ) : ℝ := fderiv ℝ (fun y : ℝ => v 0 * y + x * y) 1 1
def slopeThere (v : Vec 2) : ℝ := fderiv ℝ (fun y : ℝ => y * y) (v 0) 1
def slopeOfNone (v : Vec 2) : ℝ := fderiv ℝ (fun y : ℝ => v 0) 1 1
def both {n : Nat} (v : Vec n) : Both n := ⟨v, back v⟩
def left {n : Nat} (b : Both n) : Vec n := b.left
def Named (v : Vec 2) : Type := Vec 2
def turnedBy (f : Nat → Nat) {n : Nat} (v : Vec n) : Vec n := turned (f 1) v

def About {n : Nat} (v : Vec n) : Prop := True
def told {n : Nat} {v : Vec n} (h : About v) : Vec n := v
def there {n : Nat} (v : Vec n) (h : About v) : Vec n := told h

inductive Two where | two : (Fin 2 → ℝ) → Two
def pairOf (v : Vec 2) : Two := .two fun i => if i.1 = 0 then v 0 else v 0
def firstOf : Two → ℝ
  | .two f => f 0
def firstOfPair (v : Vec 2) : ℝ := firstOf (pairOf v)
def endless (x : ℝ) : ℝ := endless x
abbrev Tagged (c : ℝ) := Vec 2
def tag {c : ℝ} (x : Tagged c) : ℝ := c
def tagAt (T : Type) (x : T) (d : ℝ) : ℝ := tag x
def tagOf (c : ℝ) (v : Tagged c) : ℝ := tagAt (Tagged c) v 1

def slopeOfBack (v : Vec 2) (x : Vec 2) : Vec 2 := fderiv ℝ (fun y : Vec 2 => back y) x v
end Small
"""
ONE, TWO, SIX = Fraction(1), Fraction(2), Fraction(6)
V, W = (ONE, TWO, SIX), (SIX, TWO, TWO)


def q(*whole: int) -> tuple[Fraction, ...]:
    return tuple(map(Fraction, whole))


def run(evaluator: Evaluator, name: str, **arguments: Any) -> Any:
    return evaluator.call(f"Small.{name}", **arguments)


Counted = Callable[..., tuple[list[Any], int]]


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """What a definition gives for several arguments in turn, and how often its own text was run for them."""

    def calls(name: str, *cases: dict[str, Any], **options: Any) -> tuple[list[Any], int]:
        times = 0
        original = Body._ran

        def noted(self: Any, environment: Any) -> Any:
            nonlocal times
            times += self._declaration.name == f"Small.{name}"
            return original(self, environment)

        evaluator = evaluator_of(TEXT, **options)
        with monkeypatch.context() as patch:
            patch.setattr(Body, "_ran", noted)
            found = [run(evaluator, name, **case) for case in cases]
        return found, times

    return calls


MOVED = [
    ("back", [{"n": 3, "v": V}, {"n": 3, "v": W}], [V[::-1], W[::-1]]),
    (
        "append",
        [{"m": 3, "a": V, "n": 1, "b": q(5)}, {"m": 3, "a": W, "n": 1, "b": q(7)}],
        [q(1, 2, 6, 5), q(6, 2, 2, 7)],
    ),
    ("none", [{"n": 3, "v": V}, {"n": 3, "v": W}], [(), ()]),
    ("after", [{"n": 1, "v": q(4)}, {"n": 1, "v": q(5)}], [q(0, 4), q(0, 5)]),
    ("entry", [{"n": 3, "v": V, "i": Fin(2, 3)}, {"n": 3, "v": W, "i": Fin(2, 3)}], [SIX, TWO]),
    ("swap", [{"p": Pair(ONE, TWO)}, {"p": Pair(TWO, SIX)}], [Pair(TWO, ONE), Pair(SIX, TWO)]),
    ("each", [{"xs": V}, {"xs": W}], [V, W]),
    ("those", [{"xs": (V[:2], W[:2])}, {"xs": (W[1:], V[:2])}], [(V[:2], W[:2]), (W[1:], V[:2])]),
]


@pytest.mark.parametrize(("name", "cases", "expected"), MOVED, ids=[name for name, _, __ in MOVED])
def test_what_only_moves_numbers_is_run_once(counted: Counted, name: str, cases: Any, expected: Any) -> None:
    assert counted(name, *cases) == (expected, 1)


def test_it_is_run_again_for_other_sizes_and_other_places(counted: Counted) -> None:
    sizes = [{"n": 3, "v": V}, {"n": 2, "v": V[:2]}, {"n": 3, "v": W}, {"n": 2, "v": W[:2]}]
    assert counted("back", *sizes) == ([V[::-1], (TWO, ONE), W[::-1], (TWO, SIX)], 2)
    places = [{"k": k, "n": 3, "v": V} for k in (0, 1, 2, 1)]
    assert counted("turned", *places) == ([V, q(2, 6, 1), q(6, 1, 2), q(2, 6, 1)], 3)
    structures = [{"n": 3, "p": StructureValue("Small.Place", {"i": Fin(i, 3)}), "v": V} for i in (0, 2, 2)]
    assert counted("place", *structures) == ([ONE, SIX, SIX], 2)


def test_a_tensor_is_moved_like_a_vector(counted: Counted) -> None:
    evaluator = evaluator_of(TEXT)
    tensors = [run(evaluator, "row", n=3, v=v) for v in (V, W)]
    assert counted("entries", *({"n": 3, "": one} for one in tensors)) == ([V, W], 1)
    given, times = counted("row", {"n": 3, "v": V}, {"n": 3, "v": W})
    assert [run(evaluator, "entries", **{"n": 3, "": one}) for one in given] == [V, W]
    assert times == 1


COMPUTED = [
    ("double", [{"n": 3, "v": V}, {"n": 3, "v": W}], [q(2, 4, 12), q(12, 4, 4)]),
    ("largest", [{"v": q(1, 2)}, {"v": q(4, 3)}], [TWO, Fraction(4)]),
    ("chosen", [{"v": q(0, 2)}, {"v": q(1, 2)}], [Fraction(0), TWO]),
    ("rooted", [{"v": q(-1, 2)}, {"v": q(0, 2)}], [0, 0]),
    ("raised", [{"v": q(0, 2)}, {"v": q(0, 3)}], [1, 1]),
    ("slope", [{"v": q(3, 0), "x": ONE}, {"v": q(4, 0), "x": TWO}], [Fraction(4), SIX]),
    ("slopeThere", [{"v": q(3, 0)}, {"v": q(1, 0)}], [SIX, TWO]),
    ("slopeOfNone", [{"v": q(3, 0)}, {"v": q(1, 0)}], [0, 0]),
]


@pytest.mark.parametrize(("name", "cases", "expected"), COMPUTED, ids=[name for name, _, __ in COMPUTED])
def test_what_looks_at_a_number_is_run_for_each(counted: Counted, name: str, cases: Any, expected: Any) -> None:
    found, times = counted(name, *cases, *cases)
    assert found == expected * 2
    assert times == len(cases) * 2 + 1  # once on placeholders


def test_what_is_no_data_is_run_for_each(counted: Counted) -> None:
    for name in ("both", "Named", "constant"):
        size = {"n": 2} if name == "both" else {}
        found, times = counted(name, {**size, "v": q(1, 2)}, {**size, "v": q(3, 4)})
        assert times == 3
        if name == "both":
            assert [one.fields["left"] for one in found] == [q(1, 2), q(3, 4)]
        if name == "Named":
            assert [one.via[0] for one in found] == [("Small.Named", (v,)) for v in (q(1, 2), q(3, 4))]
    structures = [StructureValue("Small.Both", {"left": V, "right": W}) for _ in range(2)]
    assert counted("left", *({"n": 3, "b": one} for one in structures)) == ([V, V], 2)
    turn = {"f": lambda k: k, "n": 3, "v": V}
    assert counted("turnedBy", turn, turn) == ([q(2, 6, 1)] * 2, 2)
    evaluator = evaluator_of(TEXT)
    streams = [run(evaluator, "constant", v=v) for v in (q(1, 2), q(3, 4))]
    assert counted("begin", *({"": one} for one in streams)) == ([ONE, Fraction(3)], 2)


def test_what_a_type_tells_is_of_the_same_run() -> None:
    # `there` gives the vector that stands in the type of its proof: there too a placeholder, no number.
    evaluator = evaluator_of(TEXT)
    assert [run(evaluator, "there", n=3, v=v) for v in (V, W)] == [V, W]


def test_the_derivative_of_a_move_is_one() -> None:
    evaluator = evaluator_of(TEXT)
    assert [run(evaluator, "slopeOfBack", v=v, x=q(5, 7)) for v in (q(1, 2), q(3, 4))] == [
        q(2, 1),
        q(4, 3),
    ]


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "entry",
    ["Real.sqrt (unknown v)", "endless (v 1)", "fderiv ℝ (fun y : ℝ => Real.sqrt y) 0 1", "Real.exp (v 1 * 1000000)"],
)
def test_what_nothing_looks_at_may_raise(monkeypatch: pytest.MonkeyPatch, entry: str) -> None:
    monkeypatch.setattr(world, "_FRAMES", 2000)  # what has no end runs out of them sooner
    evaluator = evaluator_of(TEXT.replace("then v 0 else v 0", f"then v 0 else {entry}"))
    assert [run(evaluator, "firstOfPair", v=v) for v in (q(1, 2), q(3, 4))] == [ONE, Fraction(3)]


def test_what_a_type_is_named_by_is_part_of_its_form() -> None:
    evaluator = evaluator_of(TEXT)
    assert [run(evaluator, "tagOf", c=c, v=q(5, 7)) for c in (ONE, SIX)] == [ONE, SIX]


def test_all_of_it_is_the_same_without_moves() -> None:
    plain = evaluator_of(TEXT, moves=False)
    for name, cases, expected in MOVED + COMPUTED:
        assert [run(plain, name, **case) for case in cases] == expected


def test_without_moves_everything_is_run(counted: Counted) -> None:
    assert counted("back", {"n": 3, "v": V}, {"n": 3, "v": W}, moves=False) == ([V[::-1], W[::-1]], 2)


def test_under_contracts_everything_is_run() -> None:
    evaluator = evaluator_of(TEXT.replace("(i : Fin n) : ℝ := v i", "(i : Fin n) : Vec 1 := v i"))
    assert run(evaluator, "through", n=3, v=V, i=Fin(0, 3)) == ONE
    with evaluator.under_contracts(), pytest.raises(NotEvaluatedError, match="EuclideanSpace"):
        run(evaluator, "through", n=3, v=W, i=Fin(0, 3))


def test_what_was_found_is_forgotten_before_it_is_too_much(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "_MOST_KNOWN", 0)
    cases = [{"n": n, "v": V[:n]} for n in (1, 2, 1)]
    assert counted("back", *cases) == ([V[:1], V[1::-1], V[:1]], 3)


def test_a_refusal_is_that_of_the_text() -> None:
    evaluator = evaluator_of(TEXT.replace("v ⟨n - 1 - i.1, by omega⟩", "v (unknown i)"))
    for v in (V, W):
        with pytest.raises(NotEvaluatedError, match=r"NN/Small\.lean:\d+: Small\.back: not evaluated: unknown"):
            run(evaluator, "back", n=3, v=v)


UNARY = (operator.neg, bool, hash)
ORDER = (operator.lt, operator.le, operator.gt, operator.ge, operator.eq)
BINARY = (operator.add, operator.sub, operator.mul, operator.truediv, *ORDER)


@pytest.mark.parametrize("operation", UNARY + BINARY, ids=lambda operation: operation.__name__)
def test_no_operation_takes_a_placeholder(operation: Callable[..., object]) -> None:
    placeholder = Placeholder(0)
    for given in ((placeholder,),) if operation in UNARY else ((placeholder, ONE), (ONE, placeholder)):
        with pytest.raises(LookedAtError):
            operation(*given)


def test_no_function_of_the_scalars_takes_a_placeholder() -> None:
    scalars, placeholder = PlaceholderScalars(Numbers()), Placeholder(0)
    names = {name for name in vars(Scalars) if not name.startswith("_")} - {"bits", "of_rational", "pi", "derivative"}
    assert names == {"sign", "varies", "inverse", "sqrt", "exp", "tanh"}
    for name in sorted(names):
        getattr(scalars, name)(ONE)
        with pytest.raises(LookedAtError):
            getattr(scalars, name)(placeholder)
    for function, point in ((lambda x: x, [placeholder]), (lambda x: [placeholder], [ONE])):
        with pytest.raises(LookedAtError):
            scalars.derivative(function, point)
    assert scalars.derivative(lambda x: [x[0] * x[0]], [SIX]) == [(12,)]
    assert scalars.of_rational(1, 2) == Fraction(1, 2)


def test_the_values_of_a_function_in_data_are_kept() -> None:
    asked: list[Fin] = []
    table = KeptFunction(lambda i: asked.append(i) or i.value, arrow(fin(2), NAT))
    assert [table(Fin(1, 2)), table(Fin(1, 2)), table.values()] == [1, 1, [0, 1]]
    assert asked == [Fin(1, 2), Fin(0, 2)]
    # On what is no index, and on what is not known, it is run.
    infinite = KeptFunction(lambda i: "run", arrow(NAT, NAT))
    assert (infinite(7), infinite(Sought("i")), infinite.values()) == ("run", "run", None)
    assert KeptFunction(lambda i: i, NAT).values() is None
