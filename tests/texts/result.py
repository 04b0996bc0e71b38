"""The result of a run as data: what became of each change, and of which text that holds; no text is in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lean_refs.reader.records import LeanDeclaration
from tests.mutants.result import Malformed, Reasons
from tests.texts.run import DEEP, FEW, Fate, Seen
from tests.texts.sample import EACH, EACH_STATEMENT, SEED
from theorems.tools.audit.evaluated.outcome import ComparisonEnding

HERE = Path(__file__).resolve().parent
RESULT = HERE / "result.json"
REASONS = HERE / "reasons.toml"
DRAWN = {"seed": SEED, "definitions": EACH, "statements": EACH_STATEMENT, "instances": FEW, "deep": DEEP}
NOT_RUN, SAME, OUTSIDE = "not run", ComparisonEnding.SAME.value, ComparisonEnding.NOT_EVALUATED.value
PARTS = ("definitions", "statements")
LEAST = 0.97  # of all changes are noticed


@dataclass(frozen=True, slots=True)
class OfDeclaration:
    """The changes of one declaration: its text's fingerprint, how many there could be, and how it is unchanged."""

    source: str
    changes: int
    clean: str
    fates: tuple[Fate, ...]


Rows = dict[str, OfDeclaration]


@dataclass(slots=True)
class Result:
    """What a run showed, of definitions and of what theorems say."""

    revision: str | None
    drawn: dict[str, Any] = field(default_factory=lambda: dict(DRAWN))
    definitions: Rows = field(default_factory=dict)
    statements: Rows = field(default_factory=dict)

    def rows(self, declaration: LeanDeclaration) -> Rows:
        """The rows that a declaration's belongs to."""
        return self.statements if declaration.is_theorem else self.definitions

    def fates(self) -> list[Fate]:
        """Every change, of definitions and then of statements."""
        return [*fates(self.definitions), *fates(self.statements)]


def fates(rows: Rows) -> Iterator[Fate]:
    """Every change of these rows, in order of the declarations."""
    for _, found in sorted(rows.items()):
        yield from found.fates


def write(result: Result, path: Path = RESULT) -> None:
    """Write a result as JSON, a line for each declaration."""
    head = [f'"revision": {json.dumps(result.revision)}', f'"drawn": {json.dumps(result.drawn)}']
    parts = [f'"{name}": {{\n{_rows(getattr(result, name))}\n}}' for name in PARTS]
    text = ",\n".join([*head, *parts])
    path.write_text(f"{{\n{text}\n}}\n", "utf-8")


def _rows(rows: Rows) -> str:
    return ",\n".join(f"{json.dumps(n, ensure_ascii=False)}: {_row(found)}" for n, found in sorted(rows.items()))


def _row(found: OfDeclaration) -> str:
    fates = [{**asdict(fate), "seen": fate.seen.value} for fate in found.fates]
    return json.dumps({**asdict(found), "fates": fates}, ensure_ascii=False)


def read(path: Path = RESULT) -> Result:
    """The result in a file; raises `Malformed` for anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        made = ({name: _read(row) for name, row in data[part].items()} for part in PARTS)
        return Result(data["revision"], data["drawn"], *made)
    except FileNotFoundError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise Malformed(f"{path} holds no result of a run: {type(why).__name__}: {why}") from why


def _read(row: Mapping[str, Any]) -> OfDeclaration:
    fates = tuple(Fate(**{**fate, "seen": Seen(fate["seen"])}) for fate in row["fates"])
    return OfDeclaration(**{**row, "fates": fates})


@dataclass(frozen=True, slots=True)
class Counted:
    """How many changes there are, and of them: unnoticed with a reason (by kind), and without one; and bad texts.

    What Lean refuses is no change, and counted apart; changes of what is not evaluated as it is are not counted.
    """

    all: int
    refused: int
    equivalent: tuple[str, ...]
    explained: tuple[str, ...]
    unexplained: tuple[str, ...]
    outside: tuple[str, ...]
    not_same: tuple[str, ...]

    @property
    def noticed(self) -> int:
        """How many are noticed."""
        return self.all - len(self.equivalent) - len(self.explained) - len(self.unexplained)

    @property
    def holds(self) -> bool:
        """Whether 97 % of all are noticed, every other has its reason, and no text that was run as it is differs."""
        return self.noticed >= LEAST * self.all and not self.unexplained and not self.not_same


def counted(rows: Rows, reasons: Reasons) -> Counted:
    """Count the changes of these rows."""
    clean = {name: found.clean for name, found in sorted(rows.items())}
    outside = tuple(name for name, ending in clean.items() if ending == OUTSIDE)
    compared = list(fates({name: found for name, found in rows.items() if name not in outside}))
    changed = [fate for fate in compared if fate.seen is not Seen.REFUSED]
    unnoticed = [fate.name for fate in changed if fate.seen is Seen.UNNOTICED]
    return Counted(
        len(changed),
        len(compared) - len(changed),
        tuple(n for n in unnoticed if n in reasons.equivalent),
        tuple(n for n in unnoticed if n in reasons.survivor),
        tuple(n for n in unnoticed if n not in {*reasons.equivalent, *reasons.survivor}),
        outside,
        tuple(name for name, ending in clean.items() if ending not in (SAME, OUTSIDE, NOT_RUN)),
    )


def checked(result: Result, reasons: Reasons) -> tuple[Counted, Counted]:
    """The counts of definitions and of statements; raises `Malformed` for a reason that no unnoticed change needs."""
    found = counted(result.definitions, reasons), counted(result.statements, reasons)
    needed = {name for one in found for name in (*one.equivalent, *one.explained)}
    if superfluous := [name for name in (*reasons.equivalent, *reasons.survivor) if name not in needed]:
        raise Malformed(f"a reason is given for a change that is noticed, or not in the sample: {superfluous[0]}")
    return found
