"""An instance of a theorem: a value for each name, and the marks that an instance may carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Case = Mapping[str, Any]

BOUNDARY = "boundary"  # an instance's own word that it stands at a corner or jump of a total function
FULL_JACOBIAN = "full_jacobian"  # an instance's own word that it probes every basis direction
DIFFERENCES = "differences"  # an instance's own word that it takes a quotient of differences, besides jets
FAMILIES = ("mask", "values")  # an instance's own words for the families that its mask and values were drawn from
MARKS = (BOUNDARY, FULL_JACOBIAN, DIFFERENCES)
