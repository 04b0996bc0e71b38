"""The three profiles as Hypothesis settings."""

from __future__ import annotations

from typing import Any

from pytest_leanmirror.ours import require

NAMES = ("quick", "full", "nightly")  # as in theorems.engine.sizes, which is imported only for more than a name


def register_hypothesis_profiles() -> None:
    """Register Hypothesis settings called quick, full and nightly; a suite's own of that name stay.

    quick is deterministic and keeps no database. A test gets half as many examples as a theorem
    gets instances: there are more of them, and most examine less. Each means the same wherever
    it runs: Hypothesis' own profile for continuous integration, which it loads by itself where
    `CI` is set, lends them nothing. Call it before `load_profile`. Raises `UsageError` where another
    package hides `theorems`.
    """
    require("theorems")
    from hypothesis import settings
    from hypothesis.errors import InvalidArgument

    from theorems.engine.sizes import PROFILES

    for profile in PROFILES.values():
        try:
            settings.get_profile(profile.name)
        except InvalidArgument:
            deterministic: dict[str, Any] = {"derandomize": True, "database": None} if profile.seed is not None else {}
            settings.register_profile(
                profile.name,
                parent=settings.get_profile("default"),
                max_examples=profile.examples // 2,
                deadline=None,
                print_blob=True,
                **deterministic,
            )
