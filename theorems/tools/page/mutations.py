"""Deliberate faults and mutants of the mirror: as a whole, and by the theorem that meets them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from lean_refs import load_pin
from theorems.tools.page.charts import Bars, bars
from theorems.tools.page.documents import ReportData, one_of
from theorems.tools.page.graphs import reached
from theorems.tools.page.statements import MetMutant

_ENDS = {
    "theorem": "a theorem fails",
    "test": "only a definition's test fails",
    "import": "it cannot be imported",
    "time": "a run takes too long",
    "death": "its process dies",
    "survived": "nothing kills it",
}


@dataclass(frozen=True, slots=True)
class MutantsView:
    """All mutants in counts."""

    total: int
    changes: int
    modules: int
    survived: int
    ends: Bars | None


def mutants_view(data: ReportData) -> MutantsView:
    """The view of a result of the mutants."""
    mutants = [m for found in data["modules"].values() for m in found["mutants"]]
    kinds = Counter(one_of(_ENDS, m["kind"], f"how {m['name']} ended") for m in mutants)
    counts = {said: kinds[kind] for kind, said in _ENDS.items() if kinds[kind]}
    changes = sum(found["changes"] for found in data["modules"].values())
    return MutantsView(kinds.total(), changes, len(data["modules"]), kinds["survived"], bars("mutants", counts))


def by_theorem(data: ReportData) -> dict[str, tuple[list[MetMutant], list[MetMutant]]]:
    """Of each theorem the mutants that it kills, and those that it met and cannot see."""
    names: list[str] = data["theorems"]
    found: dict[str, tuple[list[MetMutant], list[MetMutant]]] = {name: ([], []) for name in names}
    for module in data["modules"].values():
        for m in module["mutants"]:
            killed = {names[k]: how for how, numbers in m["killed"].items() for k in numbers}
            for name in (names[k] for k in m["ran"]):
                kills, misses = found[name]
                if how := killed.get(name):
                    kills.append(MetMutant(m["name"], how))
                else:
                    misses.append(MetMutant(m["name"], m["kind"], m["by"] or m["test"]))
    return found


def faults_by_theorem(data: ReportData) -> dict[str, tuple[list[MetMutant], list[MetMutant]]]:
    """Of each theorem the faults that it must refute, and those below it that only a definition's test sees."""
    declarations = load_pin().declarations
    below = reached(declarations, [(d.name, other) for d in declarations.values() for other in d.references])
    found: dict[str, tuple[list[MetMutant], list[MetMutant]]] = {name: ([], []) for name in below}
    for fault in data["faults"]:
        if fault["owner"] in found:
            found[fault["owner"]][0].append(MetMutant(fault["name"], "refuted"))
            continue
        for name in (name for name, reach in below.items() if fault["definition"] in reach):
            found[name][1].append(MetMutant(fault["name"], fault["seldom"], fault["owner"]))
    return found
