"""What became of every corruption, as a page and as data: names and our own messages, no upstream text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.corruptions.run import Ending, Outcome

HERE = Path(__file__).parent
DATA, PAGE = HERE / "result.json", HERE / "RESULT.md"
_HEAD = """\
# What the audit says of corruptions

`python -m tests.corruptions DIR` copies a TorchLean checkout at the pinned revision, makes one change after the other
in the copy and runs the audit on each, without values. A change is found if a finding that the clean source has not
names it: in the section and with the words that the catalogue expects. What changes no meaning (`harmless`) must not
fail. Written by that command.

"""


def page(outcomes: Sequence[Outcome]) -> str:
    """The page: counts by kind, what is not as it should be, then a line for each."""
    counts = Counter(outcome.ending for outcome in outcomes)
    counted = ", ".join(f"{counts[ending]} {ending.value}" for ending in Ending if counts[ending])
    rows = [
        f"{len(outcomes)} corruptions: {counted}.",
        "",
        "| kind | corruptions | as they should |",
        "| --- | --- | --- |",
    ]
    for kind in dict.fromkeys(outcome.kind for outcome in outcomes):
        own = [outcome for outcome in outcomes if outcome.kind == kind]
        rows.append(f"| {kind} | {len(own)} | {sum(outcome.ending.right for outcome in own)} |")
    wrong = [outcome for outcome in outcomes if not outcome.ending.right]
    rows += ["", "| kind | corruption | | section | what it says |", "| --- | --- | --- | --- | --- |"]
    rows += map(_row, (*wrong, *(outcome for outcome in outcomes if outcome.ending.right)))
    return _HEAD + "\n".join(rows) + "\n"


def _row(outcome: Outcome) -> str:
    cells = (outcome.kind, outcome.name, outcome.ending.value, outcome.section, outcome.said)
    return f"| {' | '.join(' '.join(cell.replace('|', '¦').split()) for cell in cells)} |"


def keep(outcome: Outcome, names: Sequence[str]) -> None:
    """Keep an outcome beside those of the others of these names, in their order: as data, and the page of all."""
    known = {other.name: other for other in read()} | {outcome.name: outcome}
    kept = [known[name] for name in names if name in known]
    data = [
        {"kind": o.kind, "name": o.name, "ending": o.ending.value, "section": o.section, "said": o.said} for o in kept
    ]
    DATA.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(kept), "utf-8")


def read() -> list[Outcome]:
    """The outcomes that are kept."""
    if not DATA.is_file():
        return []
    return [Outcome(**{**one, "ending": Ending(one["ending"])}) for one in json.loads(DATA.read_text("utf-8"))]
