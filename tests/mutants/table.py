"""A result as a page to read: survivors first, then the theorems, the modules, and what was equivalent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.mutants.result import Fate, Reasons, Result, Shares, shares
from tests.mutants.sample import LEFT_OUT

KINDS = ("theorem", "test", "import", "time", "death", "survived")


def page(result: Result, reasons: Reasons, stale: Iterable[str]) -> str:
    """The whole page, in Markdown."""
    counted = shares(result, reasons)
    parts = [
        "# Mutants",
        _summary(result, counted, list(stale)),
        _survivors(result, reasons, counted),
        _theorems(result, set(counted.equivalent)),
        _modules(result),
        "## Equivalent\n\n" + "\n".join(f"- `{name}`: {reasons.equivalent[name]}" for name in counted.equivalent),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(result: Result, counted: Shares, stale: list[str]) -> str:
    drawn, kinds = result.drawn, Counter(fate.kind for _, fate in result.fates())
    refuted = sum("refuted" in fate.killed.values() for _, fate in result.fates())
    changes = sum(m.changes for m in result.modules.values())
    ended = ", ".join(f"{kinds[kind]} {words}" for kind, words in WORDS.items() if kinds[kind])
    equivalent = len(counted.equivalent)
    said = [
        f"{counted.all} mutants, a sample of {changes} changes, drawn with the seed {drawn['seed']}: "
        f"{drawn['share']:.0%} of each module's, at least {drawn['least']}. "
        f"Each met {drawn['instances']} instances of every theorem that rests on it, then the tests that execute it.",
        f"**{counted.killed} of {counted.all - equivalent} killed ({counted.killed_share:.1%})**: {ended}. "
        f"A theorem has a counterexample to {refuted}. "
        f"{equivalent} equivalent ({equivalent / max(counted.all, 1):.1%}).",
    ]
    said += [f"`{room}` is left out: {why}." for room, why in LEFT_OUT.items()]
    if stale:
        said.append(f"**Stale**: {', '.join(stale)} changed since; `python -m tests.mutants --stale` runs them again.")
    return "\n\n".join(said)


WORDS = {
    "theorem": "by a theorem",
    "test": "by a definition test alone",
    "import": "at the import",
    "time": "by the time limit",
    "death": "by the end of their process",
}


def _survivors(result: Result, reasons: Reasons, counted: Shares) -> str:
    lines = ["## Survivors"]
    for name in (*counted.unexplained, *counted.explained):
        why = reasons.survivor.get(name, "**no reason is given**")
        lines.append(f"- `{name}`: {why} Nearest: {_neighbour(result, name)}")
    return "\n\n".join([lines[0], "\n".join(lines[1:]) or "None."])


def _neighbour(result: Result, name: str) -> str:
    """What kills the nearest mutant of the same function, or else of the same module."""
    (fates,) = (m.fates for m in result.modules.values() if any(f.name == name for f in m.fates))
    here = next(k for k, f in enumerate(fates) if f.name == name)
    place = name.partition(" ")[0]
    dead = [(f.name.partition(" ")[0] != place, abs(k - here), f) for k, f in enumerate(fates) if f.kind != "survived"]
    if not dead:
        return "nothing kills a neighbour."
    nearest = min(dead, key=lambda row: row[:2])[2]
    return f"{nearest.test or nearest.by} kills `{nearest.name}`."


def _theorems(result: Result, equivalent: set[str]) -> str:
    lines = [
        "## Theorems",
        "",
        "Of the mutants that a theorem rests on and executes: those that it kills, by a counterexample or in another "
        "way (an exception, a hypothesis that no longer holds); those that it does not constrain, where another one or "
        "a definition test kills them; those that survive everything. "
        "`python -m tests.mutants --theorem NAME` lists them.",
        "",
        "| theorem | mutants | refuted by it | killed in another way | not constrained by it | survived everything |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in sorted({name for _, fate in result.fates() for name in fate.ran}):
        own = [fate for _, fate in result.fates() if name in fate.ran and fate.name not in equivalent]
        refuted = sum(fate.killed.get(name) == "refuted" for fate in own)
        other = sum(name in fate.killed for fate in own) - refuted
        survived = sum(fate.kind == "survived" for fate in own)
        free = len(own) - refuted - other - survived
        lines.append(f"| {name} | {len(own)} | {refuted} | {other} | {free} | {survived} |")
    return "\n".join(lines)


def of_theorem(result: Result, name: str) -> Iterator[str]:
    """The mutants that a theorem rests on, survivors first, each with what kills it."""
    own = [fate for _, fate in result.fates() if name in fate.ran]
    for fate in sorted(own, key=lambda f: (f.kind != "survived", name in f.killed)):
        verdict = "survived everything" if fate.kind == "survived" else fate.killed.get(name, "not constrained by it")
        yield f"{verdict}: {fate.name}" + _instead(fate, name)


def _instead(fate: Fate, name: str) -> str:
    return "" if name in fate.killed or fate.kind == "survived" else f": {fate.test or fate.by} does"


def _modules(result: Result) -> str:
    operators = sorted({fate.operator for _, fate in result.fates()})
    lines = [
        "## Modules",
        "",
        f"| module | changes | mutants | {' | '.join(KINDS)} |",
        "| --- | ---: | ---: |" + " ---: |" * len(KINDS),
    ]
    for module, found in sorted(result.modules.items()):
        kinds = Counter(fate.kind for fate in found.fates)
        counts = " | ".join(str(kinds[kind]) for kind in KINDS)
        lines.append(f"| {module} | {found.changes} | {len(found.fates)} | {counts} |")
    by_operator = Counter(fate.operator for _, fate in result.fates())
    counted = ", ".join(f"{name} {by_operator[name]}" for name in operators)
    return "\n".join([*lines, "", f"By operator: {counted}."])
