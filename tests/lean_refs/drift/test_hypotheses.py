"""Hypotheses that went, came or were replaced, and which of two is the weaker one."""

from __future__ import annotations

import pytest

from lean_refs.drift import Change, Meaning
from tests.lean_refs.drift.small import between

SETTING = """structure Certificate (f : Nat → Nat) where
  value : Nat
def Even (n : Nat) : Prop := ∃ m, n = m + m
"""


def told(old: str, new: str, result: str = "k = k") -> list[tuple[Change, Meaning, str]]:
    """The differences of a theorem whose binders are these."""
    texts = (f"{SETTING}theorem t {binders} : {result} := rfl" for binders in (old, new))
    return [(f.change, f.meaning, f.basis) for f in between(*texts)["t"].differences]


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ("0 < k", "0 ≤ k", Change.WEAKER),
        ("0 ≤ k", "0 < k", Change.STRONGER),
        ("k < n", "k ≤ n", Change.WEAKER),
        ("k > n", "n ≤ k", Change.WEAKER),
        ("k > n", "k ≠ n", Change.WEAKER),
        ("k < n", "n ≠ k", Change.WEAKER),
        ("k = n", "k ≤ n", Change.WEAKER),
        ("k = n", "n ≤ k", Change.WEAKER),
        ("k = n", "n = k", Change.WEAKER),
        ("k ≥ n", "k = n", Change.STRONGER),
        ("k ≠ n", "k < n", Change.STRONGER),
        ("0 < k ∧ k < n", "0 < k", Change.WEAKER),
        ("0 < k ∧ k < n", "k ≤ n ∧ 0 < k", Change.WEAKER),
        ("(0 < k)", "(0 < k) ∧ k < n", Change.STRONGER),
        ("k < n", "n < k", Change.OTHER),
        ("k < n", "n ≤ k", Change.OTHER),
        ("k ≤ n", "k ≠ n", Change.OTHER),
        ("k < n", "k < n + 1", Change.OTHER),
        ("k < n → 0 < k", "k < n → 0 ≤ k", Change.OTHER),
        ("∀ m, m < k", "∀ m, m ≤ k", Change.OTHER),
        ("k < n ∨ n < k", "k < n ∨ n ≤ k", Change.OTHER),
        ("Even k", "Even n", Change.OTHER),
    ],
)
def test_which_of_two_hypotheses_is_the_weaker_one(old: str, new: str, change: Change) -> None:
    ((found, meaning, basis),) = told(f"(k n : Nat) (h : {old})", f"(k n : Nat) (h : {new})")
    assert (found, meaning) == (change, Meaning.DIFFERS)
    assert basis.startswith("h")
    assert ("says more" in basis, "says less" in basis) == (change is Change.WEAKER, change is Change.STRONGER)


def test_the_relations_are_named() -> None:
    ((_, _, basis),) = told("(k n : Nat) (h : k < n ∧ Even k)", "(k n : Nat) (h : k ≤ n ∧ Even k)")
    assert basis == "h (< ∧ … became ≤ ∧ …): the statement says more"


def test_a_certificate_that_becomes_a_condition_is_another_hypothesis() -> None:
    old, new = "(k n : Nat) (hNorm : Certificate id) (hk : k < n)", "(k n : Nat) (h₁ : 0 < n) (hk : k < n)"
    assert told(old, new) == [(Change.OTHER, Meaning.DIFFERS, "h₁ for hNorm")]


def test_what_went_and_what_came_is_named() -> None:
    old = "(k n : Nat) (hk : 0 < k) (hn : 0 < n) (ho : Even k)"
    assert told(old, "(k n : Nat) (ho : Even k)") == [
        (Change.DROPPED, Meaning.DIFFERS, "without hk: the statement says more"),
        (Change.DROPPED, Meaning.DIFFERS, "without hn: the statement says more"),
    ]
    assert told("(k n : Nat) (ho : Even k)", old) == [
        (Change.NEW_HYPOTHESIS, Meaning.DIFFERS, "with new hk: the statement says less"),
        (Change.NEW_HYPOTHESIS, Meaning.DIFFERS, "with new hn: the statement says less"),
    ]


def test_a_hypothesis_is_replaced_by_the_one_that_it_can_be_compared_with() -> None:
    old, new = "(k n : Nat) (ha : 0 < k) (hb : 0 < n)", "(k n : Nat) (hc : 0 ≤ n) (hd : Even k)"
    assert told(old, new) == [
        (Change.WEAKER, Meaning.DIFFERS, "hc for hb (< became ≤): the statement says more"),
        (Change.OTHER, Meaning.DIFFERS, "hd for ha"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "basis"),
    [
        (
            "(k n : Nat) (hk : 0 < k) (hn : 0 < n)",
            "(k n : Nat) (ha : 0 < k) (hn : n > 0)",
            "binders renamed, their types are the same: hk to ha",
        ),
        (
            "(k n : Nat) (hk : k < n)",
            "(m n : Nat) (hm : m < n)",
            "binders renamed, their types are the same: k to m, hk to hm",
        ),
        ("(k n : Nat) (hk : 0 < k)", "(k n : Nat) (hk : (0 : Nat) < (k))", None),
    ],
)
def test_another_name_is_spelling(old: str, new: str, basis: str | None) -> None:
    found = told(old, new, "0 = 0")
    if basis is None:
        assert [meaning for _, meaning, _ in found] == [Meaning.DIFFERS]
    else:
        assert found == [(Change.COSMETIC, Meaning.SAME, basis)]


def test_hypotheses_keep_their_types_where_others_come_and_change_places() -> None:
    old = "(k n : Nat) (hk : 0 < k) (hn : Even n)"
    assert told(old, "(k n : Nat) (hm : k < n) (hk : 0 < k) (hn : Even (n))") == [
        (Change.NEW_HYPOTHESIS, Meaning.DIFFERS, "with new hm: the statement says less")
    ]
    assert told(old, "(k n : Nat) (hn : Even n) (ha : 0 < k)") == [
        (Change.COSMETIC, Meaning.SAME, "hypotheses renamed, their types are the same: hk to ha"),
        (Change.STATEMENT, Meaning.DIFFERS, "binders in another order: k, n, hn, ha"),
    ]


def test_two_hypotheses_without_a_name_are_told_apart() -> None:
    ((_, _, basis),) = told("(k n : Nat) (_ : k < n)", "(k n : Nat)")
    assert basis == "without _: the statement says more"
