"""The executable counterpart of every Lean theorem: hypotheses, conclusion, instances, evidence.

`get("decoderCore_backpropVec_eq_adjoint_fderiv_at").check(examples=100)` runs one theorem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorems.registry import get, select, theorems
    from theorems.theorem import Theorem

__all__ = ["Theorem", "get", "select", "theorems"]


def __getattr__(name: str) -> Any:
    # Lazily, because the pytest plugin imports this package in everybody's runs.
    if name in ("get", "select", "theorems"):
        from theorems import registry

        return getattr(registry, name)
    if name == "Theorem":
        from theorems.theorem import Theorem

        return Theorem
    raise AttributeError(f"module 'theorems' has no attribute {name!r}")
