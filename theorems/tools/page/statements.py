"""One theorem as the page shows it: what it says, what was tried, what it can and cannot see."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from theorems.engine.codec import decode
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.engine.traits import ACTIVE_IN, DIMENSION, EVERY_INPUT, IN_SOME, MEASURED, WIDTH
from theorems.tools.output.counted import counted
from theorems.tools.page.charts import Bars, Histogram, bars, decades, histogram
from theorems.tools.page.declarations import DeclarationView, reason
from theorems.tools.page.documents import ReportData
from theorems.tools.page.figures import power
from theorems.tools.reports.instances import describe


@dataclass(frozen=True, slots=True)
class HypothesisRow:
    """One hypothesis: Lean's name for it, what it says, its label with the reason, what was searched, the command."""

    name: str
    says: str
    data: bool
    label: str = ""
    because: str = ""
    searched: str = ""
    replay: str = ""


@dataclass(frozen=True, slots=True)
class Refutation:
    """How a theorem failed: claim and both sides, the instance in lines, the command that runs it again."""

    claim: str
    left: str
    right: str
    instance: tuple[str, ...]
    replay: str


@dataclass(frozen=True, slots=True)
class MetMutant:
    """A change of the mirror, deliberate or mechanical: how this theorem kills it, or who does instead."""

    name: str
    how: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class TheoremView:
    """One theorem with everything that is known of it."""

    declared: DeclarationView
    formula: str
    says: str
    binders: str
    covers_not: str
    arithmetic: str
    hypotheses: tuple[HypothesisRow, ...]
    counts: tuple[tuple[str, str], ...]
    plots: tuple[Bars | Histogram, ...]
    active: str
    refutation: Refutation | None
    error: str
    refutes: tuple[MetMutant, ...]
    unseen: tuple[MetMutant, ...]
    kills: tuple[MetMutant, ...]
    misses: tuple[MetMutant, ...]
    ledger: tuple[str, ...]
    command: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reported:
    """What the reports say of theorems, by their names."""

    checked: Mapping[str, ReportData]
    labels: Mapping[str, Sequence[ReportData]]
    faults: Mapping[str, tuple[Sequence[MetMutant], Sequence[MetMutant]]]
    mutants: Mapping[str, tuple[Sequence[MetMutant], Sequence[MetMutant]]]
    ledger: Mapping[str, Sequence[str]]


def statement(d: DeclarationView, known: Reported) -> TheoremView:
    """The theorem of a declaration."""
    theorem, checked = theorems().get(d.name), known.checked.get(d.name, {})
    kills, misses = known.mutants.get(d.name, ((), ()))
    refutes, unseen = known.faults.get(d.name, ((), ()))
    failure = checked.get("failure")
    return TheoremView(
        declared=d,
        formula=theorem.formula if theorem else "",
        says=theorem.says if theorem else d.fact,
        binders=theorem.binders if theorem else "",
        covers_not=theorem.covers_not if theorem else "",
        arithmetic=theorem.arithmetic.name if theorem else "",
        hypotheses=tuple(_hypotheses(theorem, known.labels.get(d.name, ()))) if theorem else (),
        counts=tuple(_counts(checked)) if "tried" in checked else (),
        plots=tuple(plots(checked.get("traits", {}))),
        active=_active(theorem, checked.get("traits", {})),
        refutation=_refutation(d.name, failure) if failure else None,
        error=str(checked.get("error", "")),
        refutes=tuple(refutes),
        unseen=tuple(unseen),
        kills=tuple(kills),
        misses=tuple(misses),
        ledger=tuple(known.ledger.get(d.name, ())),
        command=_command(d.name, checked) if theorem else "",
        reason=reason(d.name),
    )


def _hypotheses(theorem: Theorem, labels: Sequence[ReportData]) -> Iterator[HypothesisRow]:
    by_name = {name: entry for entry in labels for name in entry["hypotheses"]}
    for h in theorem.hypotheses:
        yield _row(theorem.name, h.name, h.says, h.data, by_name.get(h.name))
    stated = {h.name for h in theorem.hypotheses}
    for name, entry in by_name.items():
        if name not in stated:
            yield _row(theorem.name, name, "in the types: no instance could fail it", False, entry)


def _row(theorem: str, name: str, says: str, data: bool, entry: ReportData | None) -> HypothesisRow:
    if entry is None:
        return HypothesisRow(name, says, data)
    outcomes: Mapping[str, int] = entry["outcomes"]
    words = ["leanmirror", "hypotheses", theorem, "--hypothesis", name, "--replay"]
    return HypothesisRow(
        name, says, data, entry["label"], entry["because"],
        ", ".join(f"{number} {ending}" for ending, number in outcomes.items()),
        shlex.join(words) if outcomes else "",
    )  # fmt: skip


def _counts(checked: ReportData) -> Iterator[tuple[str, str]]:
    for name in ("tried", "distinct", "accepted", "empty", "boundary", "compared"):
        if checked[name] or name in ("tried", "accepted"):
            yield _CALLED.get(name, name), f"{checked[name]:,}"
    yield "widest enclosure", power(checked["width"]) if checked["width"] else "exact"
    yield "time", f"{checked['seconds']:.2f} s"


_CALLED = {"boundary": "at a boundary", "compared": "numbers compared"}


def plots(traits: Mapping[str, int]) -> Iterator[Bars | Histogram]:
    """The distributions that a run counted: dimensions, masks, values, ε, active inputs, widths."""
    dimensions = {int(size): number for size, number in _part(traits, DIMENSION).items()}
    widths = {int(width): number for width, number in _part(traits, WIDTH).items()}
    measured = traits.get(MEASURED, 0)
    active = {k: n for k, n in _part(traits, ACTIVE_IN).items() if ACTIVE_IN + k not in (EVERY_INPUT, IN_SOME)}
    totals = {k.removeprefix(ACTIVE_IN): traits[k] for k in (EVERY_INPUT, IN_SOME) if k in traits}
    found = (
        histogram("dimensions", "size", dimensions),
        bars("masks", _part(traits, "mask: ")),
        bars("values", _part(traits, "values: ")),
        bars("ε", {sign: traits[sign] for sign in ("ε < 0", "ε = 0", "ε > 0") if sign in traits}),
        bars(f"active, of {counted(measured, 'measured instance')}", active | totals, measured),
        decades("widest enclosure of an instance", "width", widths),
    )
    return (plot for plot in found if plot)


def _part(traits: Mapping[str, int], start: str) -> dict[str, int]:
    found = {key.removeprefix(start): number for key, number in traits.items() if key.startswith(start)}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _active(theorem: Theorem | None, traits: Mapping[str, int]) -> str:
    if theorem and theorem.never_active:
        return f"No instance can be active: {theorem.never_active}."
    return "" if traits.get(MEASURED) else "Activity was not measured."


def _refutation(name: str, failure: ReportData) -> Refutation:
    mismatch = failure["mismatch"] or {"claim": "", "left": "", "right": ""}
    replay = shlex.join(["leanmirror", "replay", f"report/failures/{name}.json"])
    return Refutation(mismatch["claim"], mismatch["left"], mismatch["right"], _instance(failure["instance"]), replay)


def _instance(data: Any) -> tuple[str, ...]:
    return tuple(describe(decode(data)))


def _command(name: str, checked: ReportData) -> str:
    words = ["leanmirror", "check", name]
    if checked.get("seed") is not None:
        words += ["--seed", str(checked["seed"]), "--profile", checked["profile"]]
        words += ["--examples", str(checked["examples"])]
    return shlex.join(words)
