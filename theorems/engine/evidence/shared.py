"""What both sides of a claim have in common, so that the claim cannot see it wrong: the common modes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shared:
    """Something that both sides of a claim rest on, why, and what sees it wrong instead."""

    what: str
    why: str
    seen_by: str


_DEFINITIONS = "the definitions' own equation tests, written without the mirror"

SHARED = (
    Shared(
        "forward maps",
        "A wrong constant or formula is wrong in the value and in the derivative alike: it is consistent with itself.",
        _DEFINITIONS,
    ),
    Shared(
        "contexts, indices and inner products",
        "Both sides flatten, read and pair vectors by the same functions.",
        _DEFINITIONS,
    ),
    Shared(
        "the rules of exp, tanh, √ and 1/x",
        "The jets and the mirror have each its own code, but from the same hands.",
        "quotients of differences: in every claim of HasFDerivAt, and on one in ten reverse-mode instances",
    ),
    Shared(
        "Taylor's bound of those quotients",
        "It comes from second-order jets, whose rules may be wrong with the others.",
        "its size: in a reverse-mode theorem it lets a slope be off by 2⁻⁶⁰ at most, or nothing is claimed",
    ),
    Shared(
        "values of exp, tanh and √",
        "FLINT computes them for both sides.",
        "float results of numpy and JAX, which must lie in the same enclosures",
    ),
    Shared(
        "Lean's total functions",
        "That 1/0 is 0, that the root of a negative number is 0 and where fderiv is 0 was read from Lean by hand.",
        "the same equation tests, which somebody read by hand as well",
    ),
)


def in_one_line() -> str:
    """The list in a line."""
    return f"Shared by both sides of a claim, which cannot see it wrong: {'; '.join(s.what for s in SHARED)}."
