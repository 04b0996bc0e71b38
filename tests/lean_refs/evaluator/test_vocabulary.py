"""Each name of the vocabulary against what it means, said without the evaluator; and wrong meanings, which are seen."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction as Q

import pytest

from lean_refs.evaluator import (
    NAT,
    PROOF,
    REAL,
    UNIT,
    VOCABULARY,
    CornerError,
    Equivalence,
    Evaluator,
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
)
from lean_refs.evaluator.values import TYPE
from tests.lean_refs.evaluator.texts import evaluator_of

U, V = (Q(1), Q(-2)), (Q(3), Q(5))
SPACE, PAIRS = euclidean(2), LeanType("Prod", (euclidean(2), REAL))


def matrix(*rows):
    """The linear map of a matrix."""
    domain, codomain = euclidean(len(rows[0])), euclidean(len(rows))
    return LinearMap(domain, codomain, lambda x: tuple(sum(a * b for a, b in zip(row, x, strict=True)) for row in rows))


A, B = matrix((1, 2), (3, 4), (5, 6)), matrix((1, 1, 0), (0, 2, -1))
A_TYPE, B_TYPE = continuous(euclidean(2), euclidean(3)), continuous(euclidean(3), euclidean(2))
BILINEAR = LinearMap(
    SPACE, continuous(SPACE, REAL), lambda x: LinearMap(SPACE, REAL, lambda y: x[0] * y[1] + 3 * x[1] * y[0])
)
LOCAL = {
    "n": (3, NAT),
    "i": (Fin(1, 3), fin(3)),
    "u": (U, SPACE),
    "v": (V, SPACE),
    "x": (Q(4), REAL),
    "xs": ((7, 8, 9), LeanType("List", (NAT,))),
    "A": (A, A_TYPE),
    "B": (B, B_TYPE),
    "L": (BILINEAR, continuous(SPACE, continuous(SPACE, REAL))),
    "c": (matrix((2, 1)), continuous(SPACE, euclidean(1))),
    "h": (PROOF, LeanType("Eq", (NAT, 3, 3))),
    "k": (PROOF, LeanType("Eq", (NAT, 3, 4))),
    "f": (lambda i: 10 * i.value, arrow(fin(3), NAT)),
    "g": (lambda i: 7 + i.value, arrow(fin(2), NAT)),
    "s": (lambda x: x * x, arrow(REAL, REAL)),
    "l": (LinearMap(SPACE, REAL, lambda x: 2 * x[0] + x[1]), continuous(SPACE, REAL)),
    "fs": (lambda i: matrix((i.value, 1)), arrow(fin(3), continuous(SPACE, euclidean(1)))),
    "q": (lambda p: p.first[0] * p.second[1], arrow(LeanType("Prod", (SPACE, SPACE)), REAL)),
    "b": (PROOF, LeanType("IsBoundedBilinearMap", (REAL, SPACE, SPACE, REAL, lambda p: p.first[0] * p.second[1]))),
    "e": (Equivalence(NAT, REAL, lambda n: n + 1, lambda r: r - 1), LeanType("Equiv", (NAT, REAL))),
}


def value(evaluator: Evaluator, text: str):
    """The value of a text, where the names above stand for their values."""
    return evaluator.term(text, **LOCAL)[0]


def is_type(text: str, expected) -> Callable[[Evaluator], None]:
    def check(evaluator: Evaluator) -> None:
        assert value(evaluator, text) == expected

    return check


gives = is_type


def gives_with_type(text: str, expected, type_) -> Callable[[Evaluator], None]:
    def check(evaluator: Evaluator) -> None:
        found, its_type = evaluator.term(text, **LOCAL)
        assert (found, its_type) == (expected, type_)

    return check


def maps(text: str, *pairs) -> Callable[[Evaluator], None]:
    """A function by its values."""

    def check(evaluator: Evaluator) -> None:
        function = value(evaluator, text)
        with evaluator.running():
            assert [force(function(argument)) for argument, _ in pairs] == [expected for _, expected in pairs]

    return check


def states(text: str, head: str, *arguments) -> Callable[[Evaluator], None]:
    """A proof by what it proves."""

    def check(evaluator: Evaluator) -> None:
        proof, statement = evaluator.term(text, **LOCAL)
        assert proof is PROOF
        assert (statement.head, *map(force, statement.arguments[1:])) == (head, *arguments)

    return check


def entries(text: str, *expected) -> Callable[[Evaluator], None]:
    """A function on `Fin n` by its entries."""
    return maps(text, *((Fin(i, len(expected)), entry) for i, entry in enumerate(expected)))


def columns(text: str, size: int, *expected) -> Callable[[Evaluator], None]:
    """A linear map by what it does to the standard basis."""
    return maps(text, *((tuple(Q(i == j) for i in range(size)), column) for j, column in enumerate(expected)))


def applied(text: str, *arguments) -> Callable[[Evaluator], None]:
    """What a curried map gives, the last one expected."""
    *given, expected = arguments

    def check(evaluator: Evaluator) -> None:
        found = value(evaluator, text)
        with evaluator.running():
            for argument in given:
                found = force(found)(argument)
            assert force(found) == expected

    return check


def together(*checks: Callable[[Evaluator], None]) -> Callable[[Evaluator], None]:
    def check(evaluator: Evaluator) -> None:
        for one in checks:
            one(evaluator)

    return check


def refuses(text: str, reason: str) -> Callable[[Evaluator], None]:
    def check(evaluator: Evaluator) -> None:
        with pytest.raises(NotEvaluatedError, match=reason):
            value(evaluator, text)

    return check


def where_false(check: Callable[[Evaluator], None], text: str) -> Callable[[Evaluator], None]:
    """A check that rests on the false equation k, which contracts refuse."""
    refused = refuses(text, "Eq Nat 3 4, which does not hold|is declared as Fin 4, it is the index 1 below 3")
    return lambda evaluator: (refused if evaluator.world.contracts else check)(evaluator)


CHECKS: dict[str, Callable[[Evaluator], None]] = {
    "Nat": is_type("Nat", NAT),
    "Real": is_type("ℝ", REAL),
    "Type": is_type("Type u", TYPE),
    "Prop": is_type("Prop", LeanType("Prop")),
    "Sort": is_type("Sort 1", LeanType("Sort")),
    "Fin": is_type("Fin (n + 1)", fin(4)),
    "List": is_type("List (List Nat)", LeanType("List", (LeanType("List", (NAT,)),))),
    "Prod": together(
        is_type("Prod ℝ Nat", LeanType("Prod", (REAL, NAT))),
        gives("((1, x) : ℝ × ℝ)", Pair(1, 4)),
        gives("((u, 2) : EuclideanSpace ℝ (Fin 2) × Nat).2", 2),
    ),
    "PUnit": gives("(⟨⟩ : PUnit)", UNIT),
    "PUnit.unit": gives_with_type("PUnit.unit", UNIT, LeanType("PUnit")),
    "EuclideanSpace": is_type("EuclideanSpace ℝ (Fin 2)", SPACE),
    "True": is_type("True", LeanType("True")),
    "False": is_type("False", LeanType("False")),
    "Nat.succ": together(gives("Nat.succ n", 4), gives("match n with | 0 => 9 | Nat.succ m => m", 2)),
    "Fin.cast": together(
        where_false(gives_with_type("Fin.cast k i", Fin(1, 4), fin(4)), "Fin.cast k i"),
        refuses(
            "(Fin.cast (by simp : 3 = 1) (⟨2, by simp⟩ : Fin 3))",
            "2 as an index below 1|Eq Nat 3 1, which does not hold",
        ),
    ),
    "Fin.castAdd": gives_with_type("Fin.castAdd 2 i", Fin(1, 5), fin(5)),
    "Fin.natAdd": gives_with_type("Fin.natAdd 2 i", Fin(3, 5), fin(5)),
    "Fin.append": entries("fun j : Fin 5 => Fin.append f g j", 0, 10, 20, 7, 8),
    "Fin.divNat": together(
        *(gives(f"(⟨{i}, by simp⟩ : Fin 6).divNat (m := 3) (n := 2)", Fin(i // 2, 3)) for i in range(6))
    ),
    "Fin.modNat": together(
        *(gives(f"(⟨{i}, by simp⟩ : Fin 6).modNat (m := 3) (n := 2)", Fin(i % 2, 2)) for i in range(6))
    ),
    "finProdFinEquiv": together(
        gives("finProdFinEquiv (i, (⟨1, by simp⟩ : Fin 2))", Fin(3, 6)),
        gives("(finProdFinEquiv : Fin 3 × Fin 2 ≃ Fin (3 * 2)).symm ⟨4, by simp⟩", Pair(Fin(2, 3), Fin(0, 2))),
    ),
    "List.length": gives("xs.length", 3),
    "List.get": gives("xs.get i", 8),
    "Eq.mp": where_false(gives_with_type("Eq.mp (congrArg Fin k) i", Fin(1, 3), fin(4)), "Eq.mp (congrArg Fin k) i"),
    "Eq.symm": states("k.symm", "Eq", 4, 3),
    "Eq.trans": states("h.trans k", "Eq", 3, 4),
    "congrArg": states("congrArg (fun m : Nat => m * m) k", "Eq", 9, 16),
    "EuclideanSpace.equiv": together(
        entries("EuclideanSpace.equiv (𝕜 := ℝ) (ι := Fin 2) u", *U),
        gives("(EuclideanSpace.equiv (ι := Fin 2) (𝕜 := ℝ)).symm (fun j => u j + 1)", (2, -1)),
        refuses("EuclideanSpace.equiv (ι := Nat) (𝕜 := ℝ)", "Nat where Fin n is expected"),
    ),
    "WithLp.toLp": together(
        gives("WithLp.toLp 2 fun j : Fin 2 => u j * u j", (1, 4)),
        refuses("WithLp.toLp 1 fun j : Fin 2 => u j", "WithLp.toLp 1"),
    ),
    "EuclideanSpace.ofLp": entries("fun j : Fin 2 => u.ofLp j", *U),
    "Equiv.symm": applied("e.symm", 5, 4),
    "ContinuousLinearEquiv.symm": gives("(EuclideanSpace.equiv (ι := Fin 1) (𝕜 := ℝ)).symm (fun _ => x)", (4,)),
    "ContinuousLinearEquiv.toContinuousLinearMap": applied(
        "(EuclideanSpace.equiv (ι := Fin 2) (𝕜 := ℝ)).symm.toContinuousLinearMap", lambda i: Q(i.value), (0, 1)
    ),
    "ContinuousLinearMap.comp": columns("B.comp A", 2, (4, 1), (6, 2)),
    "ContinuousLinearMap.prod": applied("A.prod l", U, Pair(A(U), 0)),
    "ContinuousLinearMap.pi": applied("ContinuousLinearMap.pi fs", U, Fin(2, 3), (0,)),
    "ContinuousLinearMap.proj": applied(
        "(ContinuousLinearMap.proj i : (Fin 3 → Nat) →L[ℝ] Nat)", lambda i: 10 * i.value, 10
    ),
    "ContinuousLinearMap.smulRight": columns("l.smulRight v", 2, (6, 10), (3, 5)),
    "ContinuousLinearMap.precompR": applied(
        "L.precompR (EuclideanSpace ℝ (Fin 3)) u B", (Q(1), Q(2), Q(3)), 1 * 1 + 3 * -2 * 3
    ),
    "ContinuousLinearMap.precompL": applied(
        "L.precompL (EuclideanSpace ℝ (Fin 3)) B u", (Q(1), Q(2), Q(3)), 3 * -2 + 3 * 1 * 1
    ),
    "ContinuousLinearMap.adjoint": together(
        columns("A.adjoint", 3, (1, 2), (3, 4), (5, 6)),
        applied("l.adjoint", Q(3), (6, 3)),
        refuses("(A.prod l).adjoint", "the adjoint of a map of Prod"),
    ),
    "inner": together(
        gives_with_type("inner ℝ u v", -7, REAL),
        gives("inner ℝ x x", 16),
        refuses("inner ℝ (u, x) (u, x)", "inner at type Prod"),
    ),
    "IsBoundedBilinearMap": gives("b", PROOF),
    "IsBoundedBilinearMap.toContinuousLinearMap": applied("b.toContinuousLinearMap", U, V, 5),
    "Real.exp": gives("Real.exp x", math.exp(4)),
    "Real.tanh": gives("Real.tanh x", math.tanh(4)),
    "Real.sqrt": together(gives("Real.sqrt x", 2), gives("Real.sqrt (-x)", 0), gives("Real.sqrt 0", 0)),
    "Real.pi": gives("Real.pi", math.pi),
    "max": together(gives("max x 5", 5), gives("max x (-5)", 4), gives("max n 2", 3), gives("max 2 n", 3)),
    "Inhabited.default": together(
        gives("(Inhabited.default : ℝ)", 0),
        gives("(Inhabited.default : Nat)", 0),
        refuses("(Inhabited.default : List Nat)", "Inhabited.default of type List"),
    ),
    "fderiv": together(
        applied("fderiv ℝ (fun y : EuclideanSpace ℝ (Fin 2) => y 0 * y 1) u", V, 1 * 5 + -2 * 3),
        applied(
            "fderiv ℝ (fun y : EuclideanSpace ℝ (Fin 2) × ℝ => (y.1 0 * y.2, y.1)) (u, x)", Pair(V, Q(1)), Pair(13, V)
        ),
        applied("fderiv ℝ s x", Q(3), 24),
        applied(
            "fderiv ℝ (fun y : ℝ => Real.tanh (Real.exp (Real.sqrt y⁻¹))) 1",
            Q(8),
            pytest.approx(-4 * math.e / math.cosh(math.e) ** 2),
        ),
        refuses("fderiv ℝ (fun y : Nat => y) n n", "coordinates of Nat"),
    ),
    "HasFDerivAt": gives("(by simp : HasFDerivAt A A u)", PROOF),
    "HasDerivAt": gives("(by simp : HasDerivAt s x x)", PROOF),
    "DifferentiableAt": gives("(by simp : DifferentiableAt ℝ A u)", PROOF),
}


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "contracts"])
def evaluator(request):
    return evaluator_of("", contracts=request.param)


def test_every_name_has_its_test_and_its_meaning():
    assert VOCABULARY.keys() == CHECKS.keys()
    assert all(entry.meaning for entry in VOCABULARY.values())


@pytest.mark.parametrize("name", VOCABULARY)
def test_a_name_means_what_it_means(evaluator, name):
    CHECKS[name](evaluator)


def shifted(run):
    """A meaning that is one off."""
    return lambda *values: run(*values) + 1


def doubled_adjoint(run):
    def wrong(world, E, F, A):
        return LinearMap(F, E, lambda y: tuple(2 * a for a in run(world, E, F, A)(y)))

    return wrong


def flipped(run):
    """precompL of the bilinear map with its arguments exchanged."""

    def wrong(world, E, F, G, D, L):
        return run(world, E, F, G, D, LinearMap(E, F, lambda x: LinearMap(F, G, lambda y: L(y)(x))))

    return wrong


def exchanged(run):
    def wrong(world, E, F, G, f, h):
        return run(world, E, F, G, lambda p: force(f)(Pair(p.second, p.first)), h)

    return wrong


WRONG = {
    "Nat.succ": lambda run: lambda _, n: n + 2,
    "Fin.castAdd": lambda run: lambda _, n, m, i: Fin(i.value + m, i.bound + m),
    "Fin.natAdd": lambda run: lambda _, m, n, i: Fin(i.value, n + i.bound),
    "Fin.append": lambda run: lambda w, m, n, t, a, b, i: run(w, m, n, t, a, a, i),
    "Fin.divNat": lambda run: lambda w, m, n, i: Fin(i.value % force(m), force(m)),
    "Fin.modNat": lambda run: lambda w, m, n, i: Fin(i.value // force(m), force(n)),
    "finProdFinEquiv": lambda run: lambda w, m, n: replace(run(w, m, n), apply=lambda p: Fin(p.first.value, 6)),
    "List.get": lambda run: lambda w, t, xs, i: xs[0],
    "Real.exp": shifted,
    "Real.sqrt": lambda run: lambda w, x: abs(x) ** 0.5,
    "max": lambda run: lambda w, t, a, b: a,
    "inner": shifted,
    "ContinuousLinearMap.comp": lambda run: lambda w, E, F, G, g, f: LinearMap(E, G, lambda x: (*g(f(x)), 0)),
    "ContinuousLinearMap.adjoint": doubled_adjoint,
    "ContinuousLinearMap.smulRight": lambda run: lambda w, R, S, M, N, c, f: LinearMap(M, N, lambda x: f),
    "ContinuousLinearMap.precompL": flipped,
    "IsBoundedBilinearMap.toContinuousLinearMap": exchanged,
    "Eq.symm": "{α : Type} {a b : α} (h : a = b) : a = b",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_meaning_is_seen(name):
    evaluator = evaluator_of("")
    entry, wrong = VOCABULARY[name], WRONG[name]
    planted = replace(entry, run=wrong(entry.run)) if callable(wrong) else replace(entry, signature=wrong)
    evaluator.library._entries = {**VOCABULARY, name: planted}
    with pytest.raises((AssertionError, NotEvaluatedError)):
        CHECKS[name](evaluator)


def test_a_predicate_gives_what_it_is_about(evaluator):
    stated = evaluator.term("HasDerivAt s x x", **LOCAL)[0]
    assert (stated.head, force(stated.arguments[0]), *stated.arguments[2:]) == ("HasDerivAt", REAL, 4, 4)
    assert evaluator.term("DifferentiableAt ℝ A u", **LOCAL)[0].head == "DifferentiableAt"
    assert evaluator.term("IsBoundedBilinearMap ℝ q", **LOCAL)[0].head == "IsBoundedBilinearMap"


@pytest.mark.parametrize("corner", ["Real.sqrt y", "y⁻¹", "max y 0", "1 / y"])
def test_a_corner_is_refused_by_name(evaluator, corner):
    derivative = value(evaluator, f"fderiv ℝ (fun y : ℝ => {corner}) 0")
    with pytest.raises(CornerError, match="is differentiated"), evaluator.running():
        derivative(Q(1))


def test_beside_a_corner_there_is_a_derivative(evaluator):
    assert value(evaluator, "fderiv ℝ (fun y : ℝ => Real.sqrt y) (-1) x") == 0
    assert value(evaluator, "fderiv ℝ (fun y : ℝ => max y 0) 1 x") == 4
    assert isinstance(LOCAL["s"][1], FunctionType)
