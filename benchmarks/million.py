"""What a campaign found of each theorem, kept: `python -m benchmarks.million REPORT` writes `figures/campaign.json`.

REPORT is what `leanmirror campaign --json` wrote.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from theorems.tools.reports.formats import CHECK

FIGURES = Path(__file__).with_name("figures") / "campaign.json"
# Of the campaign as a whole, and of each theorem in its report: the name here and the name there.
WHOLE = ("cases", "shards", "processor_seconds", "elapsed_seconds", "versions")
EACH = {
    "verdict": "status",
    "cases": "tried",
    "distinct": "distinct",
    "accepted": "accepted",
    "empty": "empty",
    "widest enclosure": "width",
}


def figures(report: Any) -> dict[str, Any]:
    """Cases, verdict, widest enclosure and seconds by theorem, and versions; `ValueError` for another document."""
    if not isinstance(report, dict) or report.get("format") != CHECK or "campaign" not in report:
        raise ValueError("this is no report of a campaign: leanmirror campaign --json FILE writes one")
    campaign = report["campaign"]
    found = {"profile": report["profile"], "seed": report["seed"], **{key: campaign[key] for key in WHOLE}}
    found["theorems"] = {
        row["theorem"]: {
            **{ours: row[theirs] for ours, theirs in EACH.items()},
            "processor_seconds": campaign["theorems"][row["theorem"]]["processor_seconds"],
        }
        for row in report["theorems"]
    }
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the figures; 2 where the file holds no report of a campaign."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.million", description="Keep what a campaign found.")
    parser.add_argument("report", type=Path, help="what leanmirror campaign --json wrote")
    path = parser.parse_args(arguments).report
    try:
        found = figures(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as why:
        print(f"benchmarks.million: {path}: {why}", file=sys.stderr)
        return 2
    except (LookupError, TypeError) as why:
        print(f"benchmarks.million: {path}: the report is damaged, or of another version ({why!r})", file=sys.stderr)
        return 2
    FIGURES.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
