"""What is known of hypotheses, as lines and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from theorems.engine.theorem import Theorem
from theorems.tools.hypotheses.labels import Label, Weighed
from theorems.tools.hypotheses.record import Known, instance_data
from theorems.tools.hypotheses.search import Ending, Found
from theorems.tools.output.counted import counted
from theorems.tools.reports.formats import HYPOTHESES

Pairs = Sequence[tuple[Theorem, Weighed]]


def lines(entries: Pairs, record: Known) -> Iterator[str]:
    """Theorem by theorem what each hypothesis is worth, why, and what a search found; then how many of each label."""
    last = ""
    for theorem, entry in entries:
        if theorem.name != last:
            yield from ([""] if last else [])
            yield theorem.name
            yield from (f"  {line}" for line in _met(theorem, record))
            last = theorem.name
        yield from (f"  {line}" for line in _of(theorem, entry, record.of(entry)))
    yield ""
    yield summary(entries, record)


def _met(theorem: Theorem, record: Known) -> Iterator[str]:
    if record.met.get(theorem.name) is not None:
        yield "met: an instance satisfies all hypotheses and is active"
    elif theorem.hypotheses:
        yield "cannot be met, as far as was tried: no instance satisfies all hypotheses and is active"


def _of(theorem: Theorem, entry: Weighed, found: Found | None) -> Iterator[str]:
    yield f"{entry.label}: {', '.join(entry.hypotheses)}{' (in the types)' if entry.typed else ''}"
    for h in theorem.hypotheses:
        if h.name in entry.hypotheses:
            yield f"    {h.name}{' (data)' if h.data else ''}: {h.says}"
    yield f"    because {entry.because}"
    if entry.inhabited:
        yield f"    inhabited {entry.inhabited}"
    yield from (f"    relation {relation}" for relation in entry.relations)
    if found:
        yield f"    search {searched(found)}"


def searched(found: Found) -> str:
    """The counts of a search in words."""
    n = found.outcomes
    parts = [f"{n[o]} {words}" for o, words in _WORDS.items() if n.get(o)]
    return f"{counted(found.tried, 'instance')}: {', '.join(parts) or 'none'}"


_WORDS = {
    Ending.FALSE: "without it and false",
    Ending.TRUE: "without it and true",
    Ending.EMPTY: "without it and with nothing to compare",
    Ending.UNDECIDED: "without it and undecided",
    Ending.UNSEEN: "of which it is undecided",
    Ending.HELD: "with it all the same",
    Ending.OTHERS_FAIL: "that fail another",
    Ending.NO_INSTANCE: "that Lean's types do not admit",
}


def summary(entries: Pairs, record: Known) -> str:
    """How many hypotheses have which label, and in how many theorems they are met."""
    labelled = Counter(entry.label for _, entry in entries if not entry.typed for _ in entry.hypotheses)
    typed = sum(len(entry.hypotheses) for _, entry in entries if entry.typed)
    if not labelled:
        return f"no hypotheses but {typed} in the types"
    labels = ", ".join(f"{labelled[label]} {label}" for label in Label if labelled[label])
    names = dict.fromkeys(t.name for t, entry in entries if not entry.typed)
    met = sum(record.met.get(name) is not None for name in names)
    more = f"; {typed} more in the types" if typed else ""
    weighed, stated = counted(labelled.total(), "hypothesis"), counted(len(names), "theorem")
    return f"{weighed} of {stated}: {labels}; met in {met} of {len(names)}{more}"


def document(entries: Pairs, record: Known) -> str:
    """The same as JSON text, with every instance as a replay file writes it."""
    labels = [_data(theorem, entry, record) for theorem, entry in entries]
    return json.dumps({"format": HYPOTHESES, "labels": labels}, ensure_ascii=False, indent=1)


def _data(theorem: Theorem, entry: Weighed, record: Known) -> dict[str, Any]:
    found = record.of(entry)
    return {
        "theorem": theorem.name,
        "hypotheses": entry.hypotheses,
        "label": entry.label,
        "in the types": entry.typed,
        "because": entry.because,
        "relations": entry.relations,
        "inhabited": entry.inhabited,
        "outcomes": found.outcomes if found else {},
        "met": instance_data(record.met.get(theorem.name)),
        "counterexample": instance_data(found.counterexample if found else None),
        "separates": instance_data(found.separates if found else None),
    }
