"""The page of the campaigns: the table of the one that is kept, family by family."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.million import FIGURES
from theorems.engine.families import Family
from theorems.engine.registry import get
from theorems.tools.cli.render_campaign import duration

PAGE = "docs/campaigns.md"
HEADING = "## A million instances"


def kept() -> dict[str, Any]:
    """What is kept of the campaign."""
    return json.loads(FIGURES.read_text(encoding="utf-8"))


def with_table(text: str) -> str:
    """The page with the campaign as it is kept: what stands before its heading stays."""
    return "\n".join((text.partition(f"\n{HEADING}\n")[0], *_lines(kept())))


def _lines(found: dict[str, Any]) -> Iterator[str]:
    theorems, versions = found["theorems"], found["versions"]
    passing = sum(row["verdict"] in ("equal", "enclosed") for row in theorems.values())
    yield f"{HEADING}\n"
    yield (
        f"Run once: {found['cases']:,} instances in {found['shards']:,} shards from seed {found['seed']}, "
        f"profile {found['profile']}, {duration(found['processor_seconds'])} of processors."
    )
    yield f"{passing} of {len(theorems)} theorems hold; [the figures of each](../benchmarks/figures/campaign.json)."
    yield "With " + ", ".join(f"{name} {version[:12]}" for name, version in versions.items()) + ".\n"
    yield "| instances of | theorems | instances | fewest of a theorem | distinct | widest enclosure | seconds |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for family in Family:
        rows = [row for name, row in theorems.items() if get(name).family is family]
        cases = [row["cases"] for row in rows]
        widest = max(row["widest enclosure"] for row in rows)
        yield (
            f"| {family} | {len(rows)} | {sum(cases):,} | {min(cases):,} | {sum(row['distinct'] for row in rows):,} "
            f"| {f'{widest:.1e}' if widest else 'exact'} | {sum(row['processor_seconds'] for row in rows):.0f} |"
        )
    yield ""
