"""A run as one JSON document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from lean_refs import load_pin
from theorems.engine.evidence.shared import SHARED
from theorems.tools.reports.formats import CHECK
from theorems.tools.reports.outcomes import Outcome, status
from theorems.tools.reports.replay import failure_data
from theorems.tools.reports.shares import by_family, never_active
from theorems.tools.reports.versions import versions


def document(outcomes: Sequence[Outcome], *, seed: int, profile: str, **more: Any) -> str:
    """The run as JSON text: versions, seed, profile, `more` that it should say, what both sides of a claim share, what
    the instances were like by family of theorems, and all that each report says.

    A failure is the data of a replay file.
    """
    data = {
        "format": CHECK,
        "versions": versions(),
        "seed": seed,
        "profile": profile,
        **more,
        "shared": [asdict(mode) for mode in SHARED],
        "shares": [share.plain() for share in by_family(o.report.traits for o in outcomes if o.report)],
        "never_active": never_active(o.theorem for o in outcomes),
        "theorems": [_entry(outcome) for outcome in outcomes],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(outcome: Outcome) -> dict[str, Any]:
    declaration = load_pin().declarations[outcome.theorem]
    entry = {"theorem": outcome.theorem, "file": declaration.file, "line": declaration.line, "status": status(outcome)}
    if outcome.report is None:
        return {**entry, "error": outcome.error}
    # `asdict` would copy the instance field by field; it is written as a replay file writes it.
    plain = asdict(replace(outcome.report, failure=None))
    failure = failure_data(outcome.report) if outcome.report.failure else None
    plain.pop("ending")
    derived = {name: getattr(outcome.report, name) for name in ("verdict", "repeats", "passed")}
    return {**entry, **plain, **derived, "failure": failure}
