"""What searches found, as `found.json`: counts, and instances that replay exactly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from theorems.engine.case import Case
from theorems.engine.codec import decode, encode
from theorems.tools.hypotheses.labels import Weighed
from theorems.tools.hypotheses.search import Found

FORMAT = "leanmirror hypotheses 1"
Key = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """The searches by theorem and hypotheses, an instance that meets each theorem's, and what was run."""

    seed: int
    tries: int
    met: Mapping[str, Case | None] = field(default_factory=dict)
    searches: Mapping[Key, Found] = field(default_factory=dict)

    def of(self, entry: Weighed) -> Found | None:
        """What was found about an entry; None where nothing was searched."""
        return self.searches.get((entry.theorem, entry.hypotheses))


@cache
def recorded() -> Known:
    """What `found.json` holds."""
    return from_text((files("theorems.tools.hypotheses") / "found.json").read_text("utf-8"))


def to_text(record: Known) -> str:
    """The record as JSON text, one line for each instance or search."""
    head = {"format": FORMAT, "seed": record.seed, "tries": record.tries}
    met = [f"{json.dumps(name)}: {_line(instance_data(case))}" for name, case in record.met.items()]
    searches = [_line(_search(key, found)) for key, found in record.searches.items()]
    lines = [_line(head)[:-1] + ',"met":{', ",\n".join(met), '},"searches":[', ",\n".join(searches), "]}"]
    return "\n".join(lines) + "\n"


def from_text(text: str) -> Known:
    """The record that `to_text` wrote; raises `ValueError` or `KeyError` for anything else."""
    data = json.loads(text)
    if data["format"] != FORMAT:
        raise ValueError(f"expected the format {FORMAT!r}, got {data['format']!r}")
    met = {name: _case(instance) for name, instance in data["met"].items()}
    return Known(data["seed"], data["tries"], met, dict(map(_found, data["searches"])))


def searched_in(text: str) -> set[Key]:
    """What such a text holds searches of; nothing where it is another text."""
    with suppress(ValueError, LookupError, TypeError):
        data = json.loads(text)
        if data["format"] == FORMAT:
            return {(found["theorem"], tuple(found["hypotheses"])) for found in data["searches"]}
    return set()


def _line(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def instance_data(case: Case | None) -> Any:
    """An instance as plain JSON data, or None."""
    return None if case is None else encode(dict(case))


def _case(data: Any) -> Case | None:
    return None if data is None else decode(data)


def _search(key: Key, found: Found) -> dict[str, Any]:
    return {
        "theorem": key[0],
        "hypotheses": list(key[1]),
        "outcomes": found.outcomes,
        "apart": found.apart,
        "counterexample": instance_data(found.counterexample),
        "separates": instance_data(found.separates),
    }


def _found(data: Mapping[str, Any]) -> tuple[Key, Found]:
    found = Found(data["outcomes"], data["apart"], _case(data["counterexample"]), _case(data["separates"]))
    return (data["theorem"], tuple(data["hypotheses"])), found
