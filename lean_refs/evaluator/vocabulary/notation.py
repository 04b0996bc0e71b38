"""Operators, coercions and tactics with a meaning by hand: what is not in these lists is not evaluated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notation:
    """How something is written, the name that Lean or Mathlib has for it (or its part of Lean), and what it means."""

    written: str
    source: str
    meaning: str


def _by_sign(*rows: tuple[str, str, str]) -> dict[str, Notation]:
    return {row[0]: Notation(*row) for row in rows}


OPERATORS = _by_sign(
    ("+", "HAdd.hAdd", "the sum of two numbers, vectors, linear maps, pairs or functions"),
    ("-", "HSub.hSub, Neg.neg", "their difference, on ℕ never below 0; before a term its negative, not on ℕ"),
    ("*", "HMul.hMul", "the product of two numbers"),
    ("/", "HDiv.hDiv", "the quotient, and 0 where 0 divides; on ℕ the whole part"),
    ("%", "HMod.hMod", "the remainder on ℕ; n % 0 is n"),
    ("^", "HPow.hPow", "a number to a natural power; x ^ 0 is 1"),
    ("⁻¹", "Inv.inv", "1/x of a real number, and 0 for x = 0"),
    ("•", "HSMul.hSMul", "a vector, linear map, pair or function, scaled by a number"),
    ("∑", "Finset.sum", "the sum over all indices of `Fin n`"),
    ("++", "HAppend.hAppend", "a list, then another"),
    ("::", "List.cons", "an item, then a list"),
    ("∘", "Function.comp", "x ↦ f (g x)"),
    ("▸", "Eq.rec", "`h ▸ a` is a, at a type that is the same"),
    ("=", "Eq", "equal: numbers exactly, vectors and functions on `Fin n` entry by entry"),
    ("≠", "Ne", "not equal"),
    ("<", "LT.lt", "less, in ℝ, ℕ or `Fin n`"),
    ("≤", "LE.le", "at most"),
    (">", "GT.gt", "greater"),
    ("≥", "GE.ge", "at least"),
    ("¬", "Not", "it does not hold"),
    ("∧", "And", "both hold"),
    ("∨", "Or", "one holds"),
    ("↔", "Iff", "both hold, or neither"),
    ("∀", "dependent function type", "for all; decided over `Fin n` alone"),
    ("∃", "Exists", "there is one; decided over `Fin n` alone"),
    ("→", "function type", "the functions; between propositions: if the first holds, so does the second"),
    ("×", "Prod", "the pairs"),
    ("≃", "Equiv", "the equivalences"),
    ("→L[ℝ]", "ContinuousLinearMap", "the continuous linear maps; between these spaces, the linear ones"),
    ("→ₗ[ℝ]", "LinearMap", "the linear maps"),
    ("≃L[ℝ]", "ContinuousLinearEquiv", "the linear equivalences"),
    ("↑", "coercion", "the coercion that the expected type asks for"),
    ("<|", "function application", "`f <| a` is f a"),
    ("$", "function application", "`f $ a` is f a"),
    ("|>", "function application", "`a |> f` is f a"),
)
"""By how they are written, in the order in which the list is printed."""

COERCIONS = (
    Notation("ℕ → ℝ", "Nat.cast", "the number"),
    Notation("Fin n → ℕ", "Fin.val", "the index"),
    Notation("EuclideanSpace ℝ ι → (ι → ℝ)", "WithLp.ofLp", "the entries"),
    Notation("E →L[ℝ] F, E →ₗ[ℝ] F, E ≃L[ℝ] F, α ≃ β → function", "DFunLike.coe", "what the map does"),
    Notation("E ≃L[ℝ] F → (E →L[ℝ] F)", "ContinuousLinearEquiv.toContinuousLinearMap", "the map alone"),
)
"""From what to what."""

TACTICS = _by_sign(
    ("exact", "a tactic of Lean", "the term"),
    ("refine", "a tactic of Lean", "the term, with what the tactics after it give for each `?_`"),
    ("intro", "a tactic of Lean", "the function of those names"),
    ("let", "a tactic of Lean", "a local definition"),
    ("letI", "a tactic of Lean", "a local definition"),
    ("have", "a tactic of Lean", "a local definition, or a proof, which is not run"),
    ("haveI", "a tactic of Lean", "a local definition, or a proof, which is not run"),
    ("show", "a tactic of Lean", "the type that the goal has"),
    ("change", "a tactic of Lean", "nothing: the goal at a type that is the same"),
    ("classical", "a tactic of Lean", "nothing"),
    ("subst", "a tactic of Lean", "nothing: what it replaces is equal"),
    ("simpa", "a tactic of Lean", "`simpa using e` is e, at a type that is the same"),
    ("rcases", "a tactic of Lean", "a local definition by a pattern"),
    ("obtain", "a tactic of Lean", "a local definition by a pattern"),
    ("cases", "a tactic of Lean", "a match with the constructors of an inductive type of the source"),
    ("induction", "a tactic of Lean", "structural recursion over an inductive type"),
    ("·", "a tactic of Lean", "the goal that is next"),
)
"""By their first word; each is read as the term that it makes. Whatever proves a proposition is not run."""
