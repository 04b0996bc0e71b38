"""Operators, coercions and tactics: each against what it means, and the lists against what the evaluator reads."""

from contextlib import contextmanager
from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    Constructed,
    Equivalence,
    Fin,
    LeanType,
    LinearMap,
    NotEvaluatedError,
    Pair,
    arrow,
    continuous,
    euclidean,
    fin,
    force,
)
from lean_refs.evaluator import parser as grammar
from lean_refs.evaluator.coercions import coerced
from lean_refs.evaluator.vocabulary import STRUCTURES, VOCABULARY
from lean_refs.evaluator.vocabulary.listing import counted, vocabulary
from lean_refs.evaluator.vocabulary.notation import COERCIONS, OPERATORS, TACTICS
from tests.lean_refs.evaluator.texts import evaluator_of

SPACE = euclidean(2)
U = (Q(1), Q(-2))
LOCAL = {
    "n": (3, NAT),
    "x": (Q(4), REAL),
    "u": (U, SPACE),
    "i": (Fin(1, 2), fin(2)),
    "xs": ((5, 6), LeanType("List", (NAT,))),
    "T": (LinearMap(SPACE, SPACE, lambda x: (-x[1], x[0])), continuous(SPACE, SPACE)),
    "f": (lambda r: r * r, arrow(REAL, REAL)),
    "g": (lambda r: r + 1, arrow(REAL, REAL)),
    "h": (PROOF, LeanType("Eq", (NAT, 1, 2))),
    "p": (Pair(7, Q(8)), LeanType("Prod", (NAT, REAL))),
    "e": (Equivalence(NAT, REAL, lambda n: Q(n + 1), lambda r: int(r) - 1), LeanType("Equiv", (NAT, REAL))),
}


def value(text):
    return evaluator_of("").term(text, **LOCAL)[0]


def decides(relation, *answers):
    """What a relation says of 2 and 3, 3 and 3, 3 and 2."""
    pairs = zip(((2, 3), (3, 3), (3, 2)), answers, strict=True)
    return [(f"if ({a} : ℝ) {relation} {b} then 1 else 0", int(answer)) for (a, b), answer in pairs]


def connects(connective, *answers):
    """A connective on all pairs of truth values."""
    pairs = zip((("True", "True"), ("True", "False"), ("False", "True"), ("False", "False")), answers, strict=True)
    return [(f"if {a} {connective} {b} then 1 else 0", int(answer)) for (a, b), answer in pairs]


MEANS = {
    "+": [("n + 2", 5), ("x + 1 / 2", Q(9, 2)), ("(u + u)", (2, -4))],
    "-": [("n - 5", 0), ("x - 5", -1), ("-u", (-1, 2)), ("u - u", (0, 0))],
    "*": [("n * 2", 6), ("x * x", 16)],
    "/": [("x / 3", Q(4, 3)), ("x / 0", 0), ("n / 2", 1), ("n / 0", 0)],
    "%": [("n % 2", 1), ("n % 0", 3)],
    "^": [("x ^ 3", 64), ("n ^ 2", 9), ("x ^ 0", 1)],
    "⁻¹": [("x⁻¹", Q(1, 4)), ("(0 : ℝ)⁻¹", 0)],
    "•": [("x • u", (4, -8)), ("(2 • T) u", (4, 2)), ("(2 • f) x", 32)],
    "∑": [("∑ k : Fin 2, u k", -1), ("∑ k : Fin 3, (k : Nat)", 3), ("(∑ k : Fin 0, x)", 0)],
    "++": [("xs ++ [7]", (5, 6, 7))],
    "::": [("4 :: xs", (4, 5, 6))],
    "∘": [("(f ∘ g) x", 25)],
    "▸": [("h ▸ n", 3)],
    "=": decides("=", False, True, False),
    "≠": decides("≠", True, False, True),
    "<": decides("<", True, False, False),
    "≤": decides("≤", True, True, False),
    ">": decides(">", False, False, True),
    "≥": decides("≥", False, True, True),
    "¬": [("if ¬ True then 1 else 0", 0), ("if ¬ False then 1 else 0", 1)],
    "∧": connects("∧", True, False, False, False),
    "∨": connects("∨", True, True, True, False),
    "↔": connects("↔", True, False, False, True),
    "∀": [("if ∀ k : Fin 2, k.val < 2 then 1 else 0", 1), ("if ∀ k : Fin 2, k.val < 1 then 1 else 0", 0)],
    "∃": [("if ∃ k : Fin 2, k.val = 1 then 1 else 0", 1), ("if ∃ k : Fin 2, k.val = 2 then 1 else 0", 0)],
    "→": [("(fun a : Nat => a + 1 : Nat → Nat) n", 4), ("if (n = 3 → n = 4) then 1 else 0", 0)],
    "×": [("Nat × ℝ", LeanType("Prod", (NAT, REAL)))],
    "≃": [("Nat ≃ ℝ", LeanType("Equiv", (NAT, REAL)))],
    "→L[ℝ]": [("ℝ →L[ℝ] ℝ", LeanType("ContinuousLinearMap", (REAL, REAL)))],
    "→ₗ[ℝ]": [("ℝ →ₗ[ℝ] ℝ", LeanType("LinearMap", (REAL, REAL)))],
    "≃L[ℝ]": [("ℝ ≃L[ℝ] ℝ", LeanType("ContinuousLinearEquiv", (REAL, REAL)))],
    "↑": [("(↑n : ℝ)", Q(3))],
    "<|": [("f <| g <| x", 25)],
    "$": [("f $ g $ x", 25)],
    "|>": [("x |> f |> g", 17)],
}

COERCES = {
    "Nat.cast": [("(n : ℝ) / 2", Q(3, 2))],
    "Fin.val": [("(i : Nat) + 1", 2)],
    "WithLp.ofLp": [("u 1", -2)],
    "DFunLike.coe": [("T u", (2, 1)), ("T.toLinearMap u", (2, 1)), ("e n", 4)],
    "ContinuousLinearEquiv.toContinuousLinearMap": [
        ("((EuclideanSpace.equiv (ι := Fin 2) (𝕜 := ℝ)).symm : (Fin 2 → ℝ) →L[ℝ] SPACE) (fun k => 7)".replace(
            "SPACE", "EuclideanSpace ℝ (Fin 2)"), (7, 7)),
    ],
}  # fmt: skip

PROVES = {
    "exact": "exact n",
    "refine": "refine Nat.succ ?_\n  exact 2",
    "intro": "refine (fun q : Nat → Nat => q 2) ?_\n  intro a\n  exact a + 1",
    "let": "let a := n\n  exact a",
    "letI": "letI a := n\n  exact a",
    "have": "have a := n\n  exact a",
    "haveI": "haveI : 1 = 1 := by simp\n  exact n",
    "show": "show Nat\n  exact n",
    "change": "change Nat\n  exact n",
    "classical": "classical\n  exact n",
    "subst": "subst h\n  exact n",
    "simpa": "simpa using n",
    "rcases": "rcases p with ⟨a, b⟩\n  exact a - 4",
    "obtain": "obtain ⟨a, b⟩ := p\n  exact a - 4",
    "·": "· exact n",
}


@pytest.mark.parametrize("sign", MEANS)
def test_an_operator_means_what_it_means(sign):
    for text, expected in MEANS[sign]:
        assert value(text) == expected, text


def test_the_operators_are_those_that_are_read_and_each_has_its_test():
    linear = {sign for sign in OPERATORS if "[" in sign}
    assert OPERATORS.keys() == MEANS.keys()
    binders = grammar._BINDERS.keys() - {"fun", "λ"}
    assert grammar._POWER.keys() | grammar._PREFIX.keys() | binders | {"⁻¹"} | linear == OPERATORS.keys()


@contextmanager
def without(entries, name):
    """One taken off a list, which has its order again afterwards: it is printed in it."""
    kept = dict(entries)
    del entries[name]
    try:
        yield
    finally:
        entries.clear()
        entries.update(kept)


@pytest.mark.parametrize("sign", ["→ₗᵢ[ℝ]", "≃ₗ[ℝ]", "→L[ℂ]"])
def test_an_arrow_outside_the_list_is_refused(sign):
    with pytest.raises(NotEvaluatedError, match=f"the operator {sign.replace('[', '.')[:-1]}"):
        value(f"ℝ {sign} ℝ")


@pytest.mark.parametrize(
    "sign", sorted(OPERATORS.keys() - grammar._BINDERS.keys() - {"→", "↑", "¬", "⁻¹", "$", "<|", "|>"})
)
def test_an_operator_that_is_taken_off_the_list_is_refused(sign):
    with without(OPERATORS, sign), pytest.raises(NotEvaluatedError, match="the operator "):
        value(MEANS[sign][0][0])


@pytest.mark.parametrize("source", COERCES)
def test_a_coercion_means_what_it_means(source):
    for text, expected in COERCES[source]:
        assert value(text) == expected, text


def test_every_coercion_has_its_test():
    assert [coercion.source for coercion in COERCIONS] == list(COERCES)


# A value of each kind, with its type.
VALUES = [
    LOCAL[name] for name in ("n", "x", "u", "i", "xs", "T", "f", "p", "e")
] + [(Constructed("T.a", ()), LeanType("T")), (PROOF, LeanType("Eq", (NAT, 1, 1)))]  # fmt: skip
TYPES = [type_ for _, type_ in VALUES] + [LeanType("LinearMap", (SPACE, SPACE))]


def test_nothing_else_is_coerced():
    changed = set()
    for type_ in TYPES:
        for typed in VALUES:
            found = coerced(evaluator_of("").world, typed, type_)
            if found[0] is not typed[0] or force(found[1]) != typed[1]:
                changed.add((getattr(typed[1], "head", "function"), getattr(type_, "head", "function")))
    assert changed == {
        ("Nat", "Real"),
        ("Fin", "Nat"),
        ("EuclideanSpace", "function"),
        ("ContinuousLinearMap", "function"),
        ("Equiv", "function"),
        ("Equiv", "ContinuousLinearMap"),
    }


@pytest.mark.parametrize("tactic", PROVES)
def test_a_tactic_makes_what_it_makes(tactic):
    assert value(f"show Nat by\n  {PROVES[tactic]}") == 3


def test_every_tactic_has_its_test():
    # These two are about the types of a declaration: tests/lean_refs/evaluator/test_declarations.py.
    assert TACTICS.keys() == PROVES.keys() | {"cases", "induction"}


@pytest.mark.parametrize("tactic", PROVES)
def test_a_tactic_that_is_taken_off_the_list_is_refused(tactic):
    with without(TACTICS, tactic), pytest.raises(NotEvaluatedError, match=f"the tactic {tactic}"):
        value(f"show Nat by\n  {PROVES[tactic]}")


def test_the_list_has_all_of_it_once():
    listed = vocabulary()
    assert [len(rows) for rows in listed.values()] == [
        len(VOCABULARY), len(STRUCTURES), len(OPERATORS), len(COERCIONS), len(TACTICS)
    ]  # fmt: skip
    written = [row.written for rows in listed.values() for row in rows]
    assert len(set(written)) == len(written)
    assert all(row.source and row.meaning for rows in listed.values() for row in rows)
    assert counted().startswith(f"{len(VOCABULARY)} names, {len(STRUCTURES)} structures, ")
