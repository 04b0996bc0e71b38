"""The result of a run as data: what became of each mutant of the sample, and of which source that holds."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.mutants.executed import EXAMPLES, INSTANCES
from tests.mutants.outcome import Kind, Outcome
from tests.mutants.sample import LEAST, SEED, SHARE, everything, fingerprint, sample, sources
from theorems.tools.reports.formats import MUTANTS

HERE = Path(__file__).resolve().parent
RESULT = HERE / "result.json"
REASONS = HERE / "reasons.toml"
DRAWN = {"seed": SEED, "share": SHARE, "least": LEAST, "instances": INSTANCES, "examples": EXAMPLES}


class Malformed(ValueError):
    """Data that is no result of a run, or reasons that fit no result."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one mutant: an `Outcome` without its place in the source."""

    name: str
    operator: str
    kind: Kind
    by: str
    test: str
    ran: tuple[str, ...]
    killed: Mapping[str, str]


@dataclass(slots=True)
class OfModule:
    """The mutants of one module: the source that they are of, and how many changes the operators give for it."""

    source: str
    changes: int
    fates: list[Fate] = field(default_factory=list)


@dataclass(slots=True)
class Result:
    """What a run showed, by module."""

    drawn: dict[str, Any] = field(default_factory=lambda: dict(DRAWN))
    modules: dict[str, OfModule] = field(default_factory=dict)

    def fates(self) -> Iterator[tuple[str, Fate]]:
        """Every mutant with its module, in order."""
        for module, found in sorted(self.modules.items()):
            for fate in found.fates:
                yield module, fate


def add(result: Result, outcomes: Iterable[Outcome]) -> None:
    """Put what became of mutants in place of what the result holds of their modules."""
    found = sorted(outcomes, key=lambda o: (o.mutant.module, o.mutant.number))
    for module in dict.fromkeys(o.mutant.module for o in found):
        source = sources()[module].read_text("utf-8")
        fates = [_fate(o) for o in found if o.mutant.module == module]
        result.modules[module] = OfModule(fingerprint(source), len(everything(module, source)), fates)


def _fate(o: Outcome) -> Fate:
    return Fate(o.mutant.name, o.mutant.operator, o.kind, o.by, o.test, o.ran, o.killed)


# ---- files


def write(result: Result, path: Path = RESULT) -> None:
    """Write a result as JSON: one line for each mutant, theorems by their number in one list."""
    names = sorted({name for _, fate in result.fates() for name in fate.ran})
    number = {name: k for k, name in enumerate(names)}
    lines = [f'"format": {json.dumps(MUTANTS)}', f'"drawn": {json.dumps(result.drawn)}']
    lines.append(f'"theorems": {json.dumps(names, indent=0)}')
    modules = (f"{json.dumps(m)}: {_module(found, number)}" for m, found in sorted(result.modules.items()))
    lines.append('"modules": {\n' + ",\n".join(modules) + "\n}")
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def _module(found: OfModule, number: Mapping[str, int]) -> str:
    rows = (
        {
            "name": f.name,
            "operator": f.operator,
            "kind": f.kind,
            "by": f.by,
            "test": f.test,
            "ran": [number[name] for name in f.ran],
            "killed": {
                how: [number[n] for n, h in f.killed.items() if h == how] for how in sorted(set(f.killed.values()))
            },
        }
        for f in found.fates
    )
    mutants = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f'{{"source": "{found.source}", "changes": {found.changes}, "mutants": [\n{mutants}\n]}}'


def read(path: Path = RESULT) -> Result:
    """The result in a file; raises `Malformed` for anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        names = data["theorems"]
        result = Result(data["drawn"])
        for module, found in data["modules"].items():
            fates = [_read_fate(row, names) for row in found["mutants"]]
            result.modules[module] = OfModule(found["source"], found["changes"], fates)
    except FileNotFoundError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as why:
        raise Malformed(f"{path} holds no result of a run: {type(why).__name__}: {why}") from why
    return result


def _read_fate(row: Mapping[str, Any], names: list[str]) -> Fate:
    killed = {names[k]: how for how, numbers in row["killed"].items() for k in numbers}
    return Fate(**{**row, "ran": tuple(names[k] for k in row["ran"]), "killed": killed})


def stale(result: Result) -> list[str]:
    """The modules whose source or sample is no longer the one that was run, those that are new, those that are gone."""
    if result.drawn != DRAWN:
        return sorted(sources())
    return sorted(module for module in {*sources(), *result.modules} if _is_stale(result, module))


def _is_stale(result: Result, module: str) -> bool:
    if module not in sources():
        return True
    source = sources()[module].read_text("utf-8")
    names = [m.name for m in sample(module, source)]
    if module not in result.modules:
        return bool(names)
    known = result.modules[module]
    return [fate.name for fate in known.fates] != names or known.source != fingerprint(source)


# ---- reasons


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a mutant that nothing kills is none to kill (`equivalent`), or is let live (`survivor`), by its name."""

    equivalent: Mapping[str, str] = field(default_factory=dict)
    survivor: Mapping[str, str] = field(default_factory=dict)


def read_reasons(path: Path = REASONS) -> Reasons:
    """The reasons in a file; raises `Malformed` for an unknown section, or an empty reason."""
    data = tomllib.loads(path.read_text("utf-8"))
    if unknown := data.keys() - {"equivalent", "survivor"}:
        raise Malformed(f"{path} has the section {min(unknown)}, expected equivalent and survivor")
    for section in data.values():
        for name, reason in section.items():
            if not isinstance(reason, str) or not reason.strip():
                raise Malformed(f"{path} gives no reason for {name}")
    return Reasons(**data)


@dataclass(frozen=True, slots=True)
class Shares:
    """How many mutants there are, and of them: killed, equivalent, survivors with a reason, survivors without one."""

    all: int
    killed: int
    equivalent: tuple[str, ...]
    explained: tuple[str, ...]
    unexplained: tuple[str, ...]

    @property
    def killed_share(self) -> float:
        """The share of the killed among those that are not equivalent."""
        return self.killed / max(self.all - len(self.equivalent), 1)

    @property
    def holds(self) -> bool:
        """Whether 98 % are killed, no more than 10 % are equivalent, and every survivor has its reason."""
        return self.killed_share >= 0.98 and 10 * len(self.equivalent) <= self.all and not self.unexplained


def shares(result: Result, reasons: Reasons) -> Shares:
    """Count; raises `Malformed` for a reason that no surviving mutant needs."""
    survived = [fate.name for _, fate in result.fates() if fate.kind == "survived"]
    given = [*reasons.equivalent, *reasons.survivor]
    if doubled := reasons.equivalent.keys() & reasons.survivor.keys():
        raise Malformed(f"two reasons are given for {min(doubled)}")
    if superfluous := [name for name in given if name not in survived]:
        raise Malformed(f"a reason is given for a mutant that is killed, or not in the sample: {superfluous[0]}")
    return Shares(
        all=sum(1 for _ in result.fates()),
        killed=sum(fate.kind != "survived" for _, fate in result.fates()),
        equivalent=tuple(n for n in survived if n in reasons.equivalent),
        explained=tuple(n for n in survived if n in reasons.survivor),
        unexplained=tuple(n for n in survived if n not in given),
    )
