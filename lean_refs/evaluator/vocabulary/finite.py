"""Natural numbers, `Fin n`, lists."""

from __future__ import annotations

from lean_refs.evaluator.errors import NotEvaluatedError
from lean_refs.evaluator.machine import force
from lean_refs.evaluator.values import Equivalence, Fin, LeanType, LeanValue, Pair, fin
from lean_refs.evaluator.vocabulary.entry import Vocabulary
from lean_refs.evaluator.world import World

FINITE = Vocabulary()


@FINITE.entry("Nat.succ", "(n : Nat) : Nat", "n + 1; also as a pattern")
def _succ(_: World, n: int) -> int:
    return n + 1


def _index(value: int, bound: LeanValue) -> Fin:
    known = force(bound)
    if value >= known:
        raise NotEvaluatedError(f"{value} as an index below {known}")
    return Fin(value, known)


@FINITE.entry("Fin.cast", "{n m : Nat} (h : n = m) (i : Fin n) : Fin m", "the same index, where n = m")
def _cast(_: World, __: LeanValue, m: LeanValue, ___: LeanValue, i: Fin) -> Fin:
    return _index(i.value, m)


@FINITE.entry("Fin.castAdd", "{n : Nat} (m : Nat) (i : Fin n) : Fin (n + m)", "the same index, among n + m")
def _cast_add(_: World, __: LeanValue, m: int, i: Fin) -> Fin:
    return Fin(i.value, i.bound + m)


@FINITE.entry("Fin.natAdd", "{m : Nat} (n : Nat) (i : Fin m) : Fin (n + m)", "n + i")
def _nat_add(_: World, __: LeanValue, n: int, i: Fin) -> Fin:
    return Fin(n + i.value, n + i.bound)


@FINITE.entry(
    "Fin.append",
    "{m n : Nat} {α : Type} (a : Fin m → α) (b : Fin n → α) (i : Fin (m + n)) : α",
    "a at the first m indices, b at the n after them",
)
def _append(_: World, m: LeanValue, n: LeanValue, __: LeanValue, a: LeanValue, b: LeanValue, i: Fin) -> LeanValue:
    first = force(m)
    return a(Fin(i.value, first)) if i.value < first else b(Fin(i.value - first, force(n)))


@FINITE.entry("Fin.divNat", "{m n : Nat} (i : Fin (m * n)) : Fin m", "i / n, the row of i")
def _div(_: World, m: LeanValue, n: LeanValue, i: Fin) -> Fin:
    return _index(i.value // force(n), m)


@FINITE.entry("Fin.modNat", "{m n : Nat} (i : Fin (m * n)) : Fin n", "i % n, the column of i")
def _mod(_: World, __: LeanValue, n: LeanValue, i: Fin) -> Fin:
    return _index(i.value % force(n), n)


@FINITE.entry("finProdFinEquiv", "{m n : Nat} : Fin m × Fin n ≃ Fin (m * n)", "(i, j) to i * n + j, row by row")
def _rows(_: World, m: LeanValue, n: LeanValue) -> Equivalence:
    rows, columns = force(m), force(n)

    def apply(pair: Pair) -> Fin:
        i, j = force(pair.first), force(pair.second)
        return Fin(i.value * columns + j.value, rows * columns)

    def invert(index: Fin) -> Pair:
        row, column = divmod(force(index).value, columns)
        return Pair(Fin(row, rows), Fin(column, columns))

    return Equivalence(LeanType("Prod", (fin(m), fin(n))), fin(rows * columns), apply, invert)


@FINITE.entry("List.length", "{α : Type} (xs : List α) : Nat", "how many items a list has")
def _length(_: World, __: LeanValue, xs: LeanValue) -> int:
    return len(xs)


@FINITE.entry("List.get", "{α : Type} (xs : List α) (i : Fin xs.length) : α", "the item at an index, from 0")
def _get(_: World, __: LeanValue, xs: LeanValue, i: Fin) -> LeanValue:
    return force(xs[i.value])
