"""The executable counterpart of every Lean theorem: hypotheses, conclusion, instances, evidence.

`engine` is the machinery that a statement needs, `tools` what people use; every other folder is the twin of one
of Lean's. `check(get("decoderCore_backpropVec_eq_adjoint_fderiv_at"), examples=100)` runs one theorem.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from theorems.engine.checking import check
    from theorems.engine.evidence.derivatives import has_fderiv_at
    from theorems.engine.evidence.verdicts import AtMost, Equal, Holds, Verdict, judge
    from theorems.engine.registry import get, select, theorems
    from theorems.engine.report import Report
    from theorems.engine.theorem import Theorem

    __version__: str

# Imported when asked for: what only reads names should not wait for numpy and flint.
_HOMES = {
    "AtMost": "evidence.verdicts",
    "Equal": "evidence.verdicts",
    "Holds": "evidence.verdicts",
    "Report": "report",
    "Theorem": "theorem",
    "Verdict": "evidence.verdicts",
    "check": "checking",
    "get": "registry",
    "has_fderiv_at": "evidence.derivatives",
    "judge": "evidence.verdicts",
    "select": "registry",
    "theorems": "registry",
}

__all__ = [
    "AtMost",
    "Equal",
    "Holds",
    "Report",
    "Theorem",
    "Verdict",
    "__version__",
    "check",
    "get",
    "has_fderiv_at",
    "judge",
    "select",
    "theorems",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _version()
    if name not in _HOMES:
        raise AttributeError(f"module 'theorems' has no attribute {name!r}")
    return getattr(import_module(f"theorems.engine.{_HOMES[name]}"), name)


def _version() -> str:
    """What the installed distribution says; a checkout that is not installed does not know."""
    from importlib import metadata

    try:
        return metadata.version("leanmirror")
    except metadata.PackageNotFoundError:
        return "0+unknown"
