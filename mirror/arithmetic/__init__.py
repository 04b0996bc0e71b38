"""The number systems that each mirrored definition is evaluated over.

`EXACT` (rationals), `BALL` (rationals and rigorous enclosures), `Jet` (derivatives of forward maps),
`FLOAT64` (numpy). JAX is imported only by `mirror.arithmetic.jax`, because that takes a second.
"""

from mirror.arithmetic.base import (
    GELU_COEFFICIENT,
    Arithmetic,
    Array,
    AtBoundary,
    Irrational,
    Scalar,
    Undecided,
    rational,
    rational_vector,
)
from mirror.arithmetic.floating import FLOAT64
from mirror.arithmetic.jet import Jet, JetArray, variable, variables
from mirror.arithmetic.rigorous import BALL, EXACT, precision, sign

__all__ = [
    "BALL",
    "EXACT",
    "FLOAT64",
    "GELU_COEFFICIENT",
    "Arithmetic",
    "Array",
    "AtBoundary",
    "Irrational",
    "Jet",
    "JetArray",
    "Scalar",
    "Undecided",
    "precision",
    "rational",
    "rational_vector",
    "sign",
    "variable",
    "variables",
]
