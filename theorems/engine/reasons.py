"""Theorems and lemmas that cannot be executable properties, each with its reason."""

from __future__ import annotations

NOT_RUN: dict[str, str] = {
    "Proofs.eventually_of_forall": (
        "a fact about filters: it turns a statement that holds everywhere into one that holds eventually, "
        "and no number occurs in it"
    ),
}
