"""Terms, one form each: what they give, and what is refused with its reason."""

from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    Constructed,
    Fin,
    FunctionType,
    LeanType,
    LinearMap,
    NotEvaluatedError,
    Pair,
    arrow,
    continuous,
    euclidean,
    fin,
    force,
    holds,
)
from lean_refs.evaluator.machine import Sought
from tests.lean_refs.evaluator.texts import evaluator_of

SPACE, LIST = euclidean(2), LeanType("List", (NAT,))
U, V = (Q(1), Q(-2)), (Q(3), Q(5))
IDENTITY = LinearMap(SPACE, SPACE, lambda x: x)
TURN = LinearMap(SPACE, SPACE, lambda x: (-x[1], x[0]))
PAIR = LeanType("Prod", (REAL, SPACE))
LOCAL = {
    "n": (3, NAT),
    "m": (0, NAT),
    "x": (Q(4), REAL),
    "y": (Q(1, 2), REAL),
    "u": (U, SPACE),
    "v": (V, SPACE),
    "i": (Fin(1, 2), fin(2)),
    "xs": ((5, 6), LIST),
    "p": (Pair(Q(2), U), PAIR),
    "T": (TURN, continuous(SPACE, SPACE)),
    "f": (lambda r: r * r, arrow(REAL, REAL)),
    "g": (lambda r: r + 1, arrow(REAL, REAL)),
    "F": (lambda k: Q(k.value + 1), arrow(fin(2), REAL)),
    "h": (PROOF, LeanType("Eq", (NAT, 1, 2))),
    "gs": ((lambda a: a + 1, lambda a: a + 2), LeanType("List", (arrow(NAT, NAT),))),
    "inst": (lambda _: lambda a: a, FunctionType("c", "[", NAT, lambda _: arrow(NAT, NAT))),
    "impl": (lambda k: lambda j: 10 * k + j.value, FunctionType("k", "{", NAT, lambda k: arrow(fin(k), NAT))),
    "t": (Constructed("T.a", (1,)), LeanType("T")),
    "w": (lambda a: lambda b: 10 * a + b, arrow(NAT, arrow(NAT, NAT))),
}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "contracts"])
def evaluator(request):
    return evaluator_of("", contracts=request.param)


VALUES = {
    "(let q : (fun a : Type => a) Nat := n; q : Nat)": 3,
    "(@Inhabited.default : Nat)": 0,
    "gs.get i 3": 5,
    "inst 3": 3,
    "impl i": 21,
    "(fun (q : EuclideanSpace ℝ (Fin 2) → EuclideanSpace ℝ (Fin 2)) => q u) T": (2, 1),
    "((EuclideanSpace.equiv (ι := Fin 2) (𝕜 := ℝ)).symm : (Fin 2 → ℝ) →L[ℝ] EuclideanSpace ℝ (Fin 2)) F": (1, 2),
    "if t = t then 1 else 2": 1,
    "let q : {k : Nat} → Nat → Nat := fun a => a + 1; q (k := 3) 2": 3,
    "let q := fun k : Fin 2 => n; q i + q i": 6,
    "(fun (q : Nat × Nat → Nat) => q (1, 2)) (fun ⟨a, b⟩ => a + b)": 3,
    "match n with | _ ↦ 4": 4,
    "match h with | ⟨a, b⟩ => n": 3,
    "(by simp : ¬ 1 = 2)": PROOF,
    "(by simp : ∃ k : Nat, k = 1)": PROOF,
    "(by simp : let a := 1; a = 1)": PROOF,
    "show Nat by · exact n": 3,
    # Numerals and arithmetic by type: 1/0 is 0, ℕ subtracts down to 0, ℕ gives way to ℝ.
    "2": 2,
    "(2 : ℝ)": Q(2),
    "(0.25 : ℝ)": Q(1, 4),
    "(7 : Fin 3)": Fin(1, 3),
    "n - 5": 0,
    "n + 5 * 2 ^ 2": 23,
    "n / 2": 1,
    "n / m": 0,
    "n % 2": 1,
    "n % m": 3,
    "x / 0": 0,
    "0⁻¹ + x": Q(4),
    "x / y": Q(8),
    "n * x": Q(12),
    "x * n": Q(12),
    "1 / x": Q(1, 4),
    "1 + n": 4,
    "1 + 2": 3,
    "(1 / 2 : ℝ)": Q(1, 2),
    "-x": Q(-4),
    "-(2 : ℝ)": Q(-2),
    "x⁻¹": Q(1, 4),
    "x ^ 2 - x": Q(12),
    "(x ^ 0 : ℝ)": 1,
    "(↑n : ℝ)": Q(3),
    "(n : ℝ) / 2": Q(3, 2),
    "x - y * 2": Q(3),
    # Vectors, maps, pairs and functions, entry by entry.
    "u + v": (4, 3),
    "u - v": (-2, -7),
    "2 • u": (2, -4),
    "x • u": (4, -8),
    "n • u": (3, -6),
    "-u": (-1, 2),
    "u + 0": U,
    "(T + T) u": (4, 2),
    "(T - 1) u": (1, 3),
    "(2 • T) u": (4, 2),
    "(-T) u": (-2, -1),
    "(0 + T) u": (2, 1),
    "(p + p).2": (2, -4),
    "(p - 0).1": 2,
    "(x • p).1": 8,
    "(x • p).2": (4, -8),
    "(f + g) x": 21,
    "(x • f) x": 64,
    "(f - 0) x": 16,
    "(0 : EuclideanSpace ℝ (Fin 3))": (0, 0, 0),
    "(f ∘ g) x": 25,
    "(T ∘ T) u": (-1, 2),
    # Binders, lists, pairs, projections.
    "∑ k : Fin 2, u k * v k + 1": -6,
    "∑ k : Fin 0, u 0": 0,
    "∑ k : Fin 2, (k : Nat)": 1,
    "(∑ k : Fin 2, x : ℝ)": 8,
    "[1, n]": (1, 3),
    "([] : List Nat)": (),
    "1 :: xs": (1, 5, 6),
    "xs ++ [n]": (5, 6, 3),
    "[] ++ xs": (5, 6),
    "[1] ++ [2]": (1, 2),
    "(1, 2, n).2.1": 2,
    "()": UNIT,
    "(n, x).1": 3,
    "(x, n).fst": 4,
    "i.val": 1,
    "i.1": 1,
    "i.2": PROOF,
    "p.snd 0": 1,
    "fun (⟨a, b⟩ : Nat × Nat) => a": None,
    "(fun (⟨a, b⟩ : Nat × Nat) => a + 2 * b) (1, 3)": 7,
    "(fun (a b : Nat) => a - b) 5 2": 3,
    "(fun a : Nat => a) <| 4": 4,
    "4 |> (fun a : Nat => a + 1)": 5,
    "(· + 1) n": 4,
    "(fun _ : Nat => 7) n": 7,
    "F i": 2,
    "w 1 2": 12,
    "F (Fin.cast h 0)": None,
    "(w · 3) 4": 43,
    # Local definitions and conditions.
    "let a := n; a + a": 6,
    "let a : ℝ := n\na / 2": Q(3, 2),
    "let (a, b) := (n, x); b": 4,
    "let ⟨a, b⟩ := i; a": 1,
    "let (a, b) : Nat × ℝ := (1, 2); b": Q(2),
    "have : 1 = 1 := by simp\nn": 3,
    "have a := n; a": 3,
    "let k (a : Nat) : Nat := a + 1; k 2": 3,
    "let k (a : Nat) b := a + b; k 2 3": 5,
    "let rec k (a : Nat) : Nat := if a = 0 then 0 else k (a - 1) + 2; k n": 6,
    "if 1 < n then x else y": 4,
    "if h : n = 1 then x else y": Q(1, 2),
    "if n ≠ 3 then 1 else 2": 2,
    "if n ≤ 3 ∧ ¬ n = 2 then 1 else 2": 1,
    "if n ≥ 4 ∨ 2 > n then 1 else 2": 2,
    "if x < 5 ↔ n < 5 then 1 else 2": 1,
    "if i = (1 : Fin 2) then 1 else 2": 1,
    "if i ≤ 0 then 1 else 2": 2,
    "if ∃ k : Fin 2, u k < 0 then 1 else 2": 1,
    "if ∀ k : Fin 2, u k < 0 then 1 else 2": 2,
    "if xs = [5, 6] then 1 else 2": 1,
    "if u = v then 1 else 2": 2,
    "if p = p then 1 else 2": 1,
    "if True ∧ ¬ False then 1 else 2": 1,
    "if F = F then 1 else 2": 1,
    "if (n = 3 → n = 4) then 1 else 2": 2,
    "if (n = 4 → n = 5) then 1 else 2": 1,
    "if (n, n).1 = 3 then 1 else 2": 1,
    # Matches.
    "match n with | 0 => 1 | k + 1 => k": 2,
    "match m, n with | 0, Nat.succ k => k | _, _ => 9": 2,
    "match xs with | [] => 0 | a :: _ => a": 5,
    "match xs with | [a] => a | [a, b] => b | _ => 0": 6,
    "match p with | (a, b) => a": 2,
    "match h2 : n with | 3 => 1 | _ => 2": 1,
    "match i with | ⟨0, _⟩ => 0 | ⟨Nat.succ k, hk⟩ => k + 10": 10,
    "match (1, 2, n) with | ⟨a, b, c⟩ => c": 3,
    "match m with | Nat.zero => 1 | _ => 2": 1,
    "match n with | (k : Nat) => k": 3,
    "match n with\n| 1 | 3 => 7\n| _ => 8": 7,
    # Proofs, holes, ascriptions, constructors.
    "(by simp : 1 = 1)": PROOF,
    "(⟨n, x⟩ : Nat × ℝ)": Pair(3, 4),
    "(⟨1, n, x⟩ : Nat × Nat × ℝ)": Pair(1, Pair(3, 4)),
    "h ▸ n": 3,
    "(h ▸ n : Nat)": 3,
    "show Nat from n": 3,
    "(_ : Nat)": None,
    "({ fst := n, snd := 2 } : Nat × ℝ)": Pair(3, 2),
    "@Fin.castAdd 2 3 i": Fin(1, 5),
    "Fin.castAdd (n := 2) _ i": None,
    "(Fin.castAdd _ i : Fin (2 + 3))": None,
    "List.length xs": 2,
    "show Nat by exact n": 3,
    "ContinuousLinearMap.comp T T u": (-1, 2),
    "(T.toLinearMap u)": (2, 1),
    "T.toLinearMap.toFun u": (2, 1),
    # Types.
    "Nat → ℝ": None,
    "Nat × ℝ": LeanType("Prod", (NAT, REAL)),
    "Nat ≃ ℝ": LeanType("Equiv", (NAT, REAL)),
    "ℝ →ₗ[ℝ] ℝ": LeanType("LinearMap", (REAL, REAL)),
}


@pytest.mark.parametrize("text", [text for text, expected in VALUES.items() if expected is not None])
def test_a_term_gives(evaluator, text):
    found = evaluator.term(text, **LOCAL)[0]
    assert (found, type(found)) == (VALUES[text], type(found))


REFUSED = {
    "w (_).val 1": "the argument _ cannot be found",
    "if [p] = [p] then 1 else 2": "equality of List",
    "w.comp": "Function.comp",
    "show Nat by exact +": "a term is expected",
    "fderiv ℝ (fun y : ℝ => (fun k : Fin 2 => y)) x 1": "coordinates of a function",
    "nothing": "nothing",
    "n.nothing": "Nat.nothing",
    "xs.first": "List.first",
    "(1 / 2)": "a quotient of numerals",
    "0.5": "the numeral 0.5 where no",
    "0x1F": "the numeral 0x1F",
    "-n": "the negative of a natural number",
    "n⁻¹": "⁻¹ of what is no real number",
    "x ^ y": "an exponent that is no",
    "u ^ 2": "^ at type EuclideanSpace",
    "u * v": "* at type EuclideanSpace",
    "xs + xs": "+ at type List",
    "x % y": "% at type Real",
    "i + i": "+ at type Fin",
    "x • xs": "• at type List",
    "(1 : List Nat)": "the numeral 1 of type List",
    "(3 : EuclideanSpace ℝ (Fin 2))": "the numeral 3 of",
    "(0 : Fin 0)": "the numeral 0 of type Fin",
    "(⟨2, by simp⟩ : Fin 2)": "⟨2, _⟩ of type Fin 2",
    "⟨1, 2⟩": "⟨…⟩ where the type",
    "(⟨1⟩ : Nat × Nat)": "with 1 of 2 fields",
    "(⟨1, 2⟩ : Nat)": "⟨…⟩ of type Nat",
    "({ fst := 1 } : Nat × Nat)": "without its field snd",
    "({ fst := 1, snd := 2, thd := 3 } : Nat × Nat)": "Prod has no field thd",
    "({ a := 1 } : Nat)": "{ … } of type Nat",
    "{ a := 1 }": "{ … } where the type",
    ".nil": ".nil where the type",
    "(.nil : List Nat)": "List.nil",
    "n 1": "is no function",
    "h 1": "a proof is applied",
    "∑ k, u k": "∑ over what",
    "nomatch n": "a match without alternatives",
    "match n with | 0 => 1": "no alternative matches",
    "match x with | 0 => 1": "no natural number",
    "match x with | k + 1 => k": "a successor as a pattern",
    "match n with | .a => 1": "the pattern .a for a value",
    "match n with | a.b => 1": "the pattern a.b",
    "match n, m with | 0 => 1": "1 patterns for 2 values",
    "match n with | ⟨a, b⟩ => a": "⟨…⟩ as a pattern",
    "match p with | ⟨a⟩ => 1": "with 1 patterns for 2",
    "match n with | -1 => 1": "a pattern of this form",
    "Fin.castAdd (k := 1) i": "gets an argument k",
    "[]": "[] where the type",
    "if T = T then 1 else 2": "equality of Cont",
    "if f = f then 1 else 2": "all values of an infinite type",
    "if xs < xs then 1 else 2": "the order of List",
    "if HasDerivAt f x x then 1 else 2": "whether HasDerivAt holds",
    "(by ring_nf : Nat)": "the tactic ring_nf",
    "Fin.append F": None,
    "(by simpa : Nat)": "simpa without 'using'",
    "(by intro ⟨a, b⟩; exact a : Nat → Nat)": "intro with a pattern",
    "(by rcases p : Nat)": "rcases without a pattern",
    "(by obtain p : Nat)": "obtain without a pattern",
    "(by induction n with | zero => exact 1 : Nat)": "induction on what is no variable",
    "(by cases n : Nat)": "cases without alternatives",
    "(by cases n with | 0 => exact 1 : Nat)": "no constructor",
    "(by refine ⟨?_, ?_⟩; exact 1 : Nat × Nat)": "a goal that no tactic closes",
    "(by classical : Nat)": "a block without tactics",
    "i.2.symm": None,
    "Fin.castAdd 1 xs": None,
    "let ⟨0, b⟩ := i; b": "does not match",
    "fun": "is expected",
    "(n : Nat": "is expected",
    "n +": "a term is expected, not 'the end'",
    "let := 1; 2": None,
    "fun x y": "bound name",
    "(n; m)": "is expected",
    "n )": "the end of the term",
    "@ 1": "a name after '@'",
    "? 1": "a name after '?'",
    "{ 1 }": "a field name",
    "fun => 1": "a bound name",
    "let 1 := 2; n": "a name",
    "match n with 1": "'|'",
    "show Nat n": "'from' or 'by'",
    "let a b + c := 1; n": "':='",
    "⦃n⦄": "a term",
    "max (u) (v)": "the order of EuclideanSpace",
    "Fin.val": "Fin.val",
    "Inhabited.default (α := Nat) 1": "is no function",
    "∀ k : Fin 2, ": "is expected",
    "∃ k : Nat, k = 1": None,
    "if ∃ k : Nat, k = 1 then 1 else 2": "infinite type",
    "9" * 4001: "a numeral of 4001 digits",
    "(" * 3000 + "1" + ")" * 3000: "nested more than 200 deep",
}


@pytest.mark.parametrize("text", [text for text, reason in REFUSED.items() if reason], ids=lambda text: text[:60])
def test_a_term_is_refused(evaluator, text):
    with pytest.raises(NotEvaluatedError) as refused:
        force(evaluator.term(text, **LOCAL)[0])
    assert REFUSED[text] in str(refused.value)


def test_what_is_not_known_is_not_guessed(evaluator):
    with pytest.raises(NotEvaluatedError, match="the argument _ cannot be found from the others"):
        evaluator.term("Fin.castAdd _ i", **LOCAL)
    with pytest.raises(NotEvaluatedError, match="the argument _ cannot be found from the others"):
        evaluator.term("(_ : Nat)", **LOCAL)
    with pytest.raises(NotEvaluatedError, match="the argument m cannot be found from the others"):
        evaluator.term("Fin.cast nowhere i", **LOCAL)


def test_types_of_functions(evaluator):
    type_ = evaluator.term("∀ k : Fin n, k < n → Nat", **LOCAL)[0]
    assert isinstance(type_, FunctionType)
    assert (type_.name, type_.kind, force(type_.domain)) == ("k", "(", fin(3))
    inner = force(type_.codomain(Fin(2, 3)))
    assert holds(evaluator.world, inner.domain)
    implicit = evaluator.term("{a b : Nat} → [Inhabited Nat] → (c : Fin a) → Fin b", **LOCAL)[0]
    assert (implicit.name, implicit.kind) == ("a", "{")


@pytest.mark.parametrize("text", ["∀ k, f k = x", "∀ k, HasDerivAt f (f k) k", "∀ j k, w 1 j = n → f k = x"])
def test_a_bound_name_without_a_type_gets_the_one_that_what_is_said_of_it_needs(evaluator, text):
    type_ = evaluator.term(text, **LOCAL)[0]
    assert force(type_.domain) == (NAT if "j" in text else REAL)


def test_contracts_refuse_what_has_another_type():
    plain, strict = evaluator_of(""), evaluator_of("", contracts=True)
    text = "(fun (w : EuclideanSpace ℝ (Fin 3)) => 1) u"
    assert plain.term(text, **LOCAL)[0] == 1
    with pytest.raises(
        NotEvaluatedError,
        match=r"declared as EuclideanSpace Real \(Fin 3\), it is of type EuclideanSpace Real \(Fin 2\)",
    ):
        strict.term(text, **LOCAL)
    with pytest.raises(NotEvaluatedError, match=r"declared as EuclideanSpace Real \(Fin 3\), it is of type a function"):
        strict.term("(fun (w : EuclideanSpace ℝ (Fin 3)) => 1) f", **LOCAL)


def test_whether_a_call_left_something_to_be_found():
    world, unknown = evaluator_of("").world, Sought("n")
    world.unsolved = [unknown]
    assert world.leaves_open()
    unknown.value = 3
    assert not world.leaves_open()


def test_constructors_are_compared_by_what_they_are_made_of():
    one, function = Constructed("T.a", (1, (2,))), Constructed("T.b", (len,))
    assert one == Constructed("T.a", (1, (2,)))
    assert one != Constructed("T.a", (2, (2,)))
    assert one != 1
    assert function == Constructed("T.b", (len,))
    assert {one, function} == {Constructed("T.a", (1, (2,))), function}
    assert (one.plain, function.plain) == (True, False)
    assert repr(one) == "Constructed('T.a', (1, (2,)))"
    assert repr(PROOF) == "PROOF"
