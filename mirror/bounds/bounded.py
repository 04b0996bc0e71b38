"""What is known of an array of results before anybody computes it in floats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

# A `likely` bound is this many roots of a sum of squares. Roundings that are bounded and of mean zero, whatever went
# before, exceed it with a probability of at most 2·exp(-λ²/2): 7.5e-6 an entry (Azuma, Hoeffding).
LAMBDA = 5.0


class Bounded(NamedTuple):
    """Four float64 arrays of the shape of the result.

    The real value is within `radius` of `real`. What the declared arithmetic can arrive at is within `certified` of
    `real`, the radius included; infinite where nothing is known. `likely` is the same with a stated probability, for
    roundings that are independent and of mean zero; never a certificate, and infinite where there is none.
    """

    real: np.ndarray
    radius: np.ndarray
    certified: np.ndarray
    likely: np.ndarray
