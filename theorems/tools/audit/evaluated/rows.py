"""By hand: parameters of counterparts that neither name nor kind gives the right argument of Lean.

Either the Lean name of the argument, or what a function makes of arguments under their Python names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from theorems.tools.audit.evaluated.names import CORE

ROWS: Mapping[str, Mapping[str, Any]] = {
    CORE + "CtxVec.headCLM": {"context": lambda s, saved: (s, *saved)},
    CORE + "CtxVec.tailCLM": {"context": lambda s, saved: (s, *saved)},
    CORE + "TapeNodes.affine": {"shape": "sOut"},
    CORE + "DGraph.appendCore": {"g2": "hg₂"},
}
