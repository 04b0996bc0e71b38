"""Lean hypotheses that no executable hypothesis names, because a value here cannot fail them; each with its reason."""

from __future__ import annotations

_LENGTHS = "two equal lengths are one number here"
_CONTEXTS = "two equal contexts are one value here"

BY_TYPE: dict[str, dict[str, str]] = {
    "Proofs.Autograd.castVec_add": {"h": _LENGTHS},
    "Proofs.Autograd.castVec_smul": {"h": _LENGTHS},
    "Proofs.Autograd.castVec_castVec": {"h₁": _LENGTHS, "h₂": _LENGTHS},
    "Proofs.Autograd.inner_castVec_castVec": {"h": _LENGTHS},
    "Proofs.Autograd.castCtxVec_cast": {"h₁": _CONTEXTS, "h₂": _CONTEXTS},
    "Proofs.Autograd.inner_castCtxVec": {"h": _CONTEXTS},
    "Proofs.Autograd.TList.dotList_cast_left": {"h": _CONTEXTS},
}
