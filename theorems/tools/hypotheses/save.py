"""Instances that are kept for hypotheses, each as a replay file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from theorems.engine.case import Case
from theorems.engine.codec import encode
from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.labels import Weighed
from theorems.tools.hypotheses.record import Known
from theorems.tools.output.files import write_whole
from theorems.tools.reports.replay import FORMAT
from theorems.tools.reports.versions import versions


def save(theorem: Theorem, entry: Weighed, known: Known, folder: Path) -> list[Path]:
    """Write the instances of an entry: `<theorem>.met.json` and one called by the hypotheses that it fails.

    Raises `CannotWrite` where that is not possible.
    """
    return [_write(folder / name, theorem, case, without, known) for name, case, without in _kept(entry, known)]


def _kept(entry: Weighed, known: Known) -> Iterator[tuple[str, Case, tuple[str, ...]]]:
    if met := known.met.get(entry.theorem):
        yield f"{entry.theorem}.met.json", met, ()
    found = known.of(entry)
    if found and (shows := found.counterexample or found.separates):
        yield f"{entry.theorem}.without-{'-'.join(entry.hypotheses)}.json", shows, entry.hypotheses


def _write(path: Path, theorem: Theorem, case: Case, without: tuple[str, ...], known: Known) -> Path:
    judgement = theorem.judge(case)
    data = {
        "format": FORMAT,
        "theorem": theorem.name,
        "without": without,
        "verdict": str(judgement.verdict),
        "mismatch": asdict(judgement.mismatch) if judgement.mismatch else None,
        "seed": known.seed,
        "examples": known.tries,
        "versions": versions(),
        "instance": encode(dict(case)),
    }
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return path
