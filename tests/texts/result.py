"""The result of a run as data: what became of each change, and of which text that holds; no text is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.mutants.result import Malformed, Reasons
from tests.texts.run import DEEP, FEW, Fate, Seen
from tests.texts.sample import EACH, SEED

HERE = Path(__file__).resolve().parent
RESULT = HERE / "result.json"
REASONS = HERE / "reasons.toml"
DRAWN = {"seed": SEED, "each": EACH, "instances": FEW, "deep": DEEP}
LEAST = 0.97  # of all changes are noticed


@dataclass(frozen=True, slots=True)
class OfDefinition:
    """The changes of one definition: its body's fingerprint, how many there could be, and how it is unchanged."""

    source: str
    changes: int
    clean: str
    fates: tuple[Fate, ...]


@dataclass(slots=True)
class Result:
    """What a run showed, by definition."""

    revision: str | None
    drawn: dict[str, Any] = field(default_factory=lambda: dict(DRAWN))
    definitions: dict[str, OfDefinition] = field(default_factory=dict)

    def fates(self) -> Iterator[Fate]:
        """Every change, in order of the definitions."""
        for _, found in sorted(self.definitions.items()):
            yield from found.fates


def write(result: Result, path: Path = RESULT) -> None:
    """Write a result as JSON, a line for each definition."""
    rows = (f"{json.dumps(n)}: {_row(found)}" for n, found in sorted(result.definitions.items()))
    head = f'"revision": {json.dumps(result.revision)},\n"drawn": {json.dumps(result.drawn)}'
    path.write_text(f'{{\n{head},\n"definitions": {{\n' + ",\n".join(rows) + "\n}\n}\n", "utf-8")


def _row(found: OfDefinition) -> str:
    fates = [{**asdict(fate), "seen": fate.seen.value} for fate in found.fates]
    return json.dumps({**asdict(found), "fates": fates}, ensure_ascii=False)


def read(path: Path = RESULT) -> Result:
    """The result in a file; raises `Malformed` for anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        made = {name: _read(row) for name, row in data["definitions"].items()}
        return Result(data["revision"], data["drawn"], made)
    except FileNotFoundError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise Malformed(f"{path} holds no result of a run: {type(why).__name__}: {why}") from why


def _read(row: Mapping[str, Any]) -> OfDefinition:
    fates = tuple(Fate(**{**fate, "seen": Seen(fate["seen"])}) for fate in row["fates"])
    return OfDefinition(**{**row, "fates": fates})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many changes there are, and of them: unnoticed with a reason (by kind), and without one; and bad texts.

    What Lean refuses is no change, and counted apart.
    """

    all: int
    refused: int
    equivalent: tuple[str, ...]
    explained: tuple[str, ...]
    unexplained: tuple[str, ...]
    not_same: tuple[str, ...]

    @property
    def noticed(self) -> int:
        """How many are noticed."""
        return self.all - len(self.equivalent) - len(self.explained) - len(self.unexplained)

    @property
    def holds(self) -> bool:
        """Whether 97 % of all are noticed, every other one has its reason, and the text as it is differs nowhere."""
        return self.noticed >= LEAST * self.all and not self.unexplained and not self.not_same


def counted(result: Result, reasons: Reasons) -> Counted:
    """Count; raises `Malformed` for a reason that no unnoticed change needs."""
    fates = [fate for fate in result.fates() if fate.seen is not Seen.REFUSED]
    unnoticed = [fate.name for fate in fates if fate.seen in (Seen.UNNOTICED, Seen.FAILED)]
    given = [*reasons.equivalent, *reasons.survivor]
    if superfluous := [name for name in given if name not in unnoticed]:
        raise Malformed(f"a reason is given for a change that is noticed, or not in the sample: {superfluous[0]}")
    return Counted(
        len(fates),
        len(list(result.fates())) - len(fates),
        tuple(n for n in unnoticed if n in reasons.equivalent),
        tuple(n for n in unnoticed if n in reasons.survivor),
        tuple(n for n in unnoticed if n not in given),
        tuple(n for n, found in sorted(result.definitions.items()) if found.clean != "same function"),
    )
