"""Definitions of the closure that need no counterpart of their own, each with its reason."""

from __future__ import annotations

WITHOUT_COUNTERPART: dict[str, str] = {
    "Proofs.Autograd.euclideanEquiv": (
        "the coercion between Euclidean vectors and coordinate functions: both are flat arrays here"
    ),
}
