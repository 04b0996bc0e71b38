"""The rows of a run as data, and what they leave to be wished for; no text is in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.faults.pairs.catalogue import PAIRS, UNCONSTRAINED
from tests.faults.pairs.ending import Row
from tests.faults.pairs.pair import Edit, Pair
from tests.mutants.result import Malformed

RESULT = Path(__file__).resolve().parent / "result.json"
Key = tuple[str, str]


@dataclass(slots=True)
class Result:
    """What runs showed: the version of each pair that ran, and a row for each of its theorems."""

    pairs: dict[str, str] = field(default_factory=dict)
    rows: dict[Key, Row] = field(default_factory=dict)

    def take(self, pair: Pair, row: Row) -> None:
        """Keep a row; those of another version of its pair are forgotten."""
        if self.pairs.get(pair.name) != fingerprint(pair):
            self.rows = {key: kept for key, kept in self.rows.items() if key[0] != pair.name}
        self.pairs[pair.name] = fingerprint(pair)
        self.rows[row.pair, row.theorem] = row


def fingerprint(pair: Pair) -> str:
    """What tells one version of a pair's text from another."""
    said = [asdict(c) if isinstance(c, Edit) else c.name for c in pair.lean]
    return sha256(json.dumps(said).encode()).hexdigest()[:16]


def lacking(result: Result, pairs: Sequence[Pair] = PAIRS) -> Iterator[str]:
    """What is wrong with the rows: what has not run, where the two end apart, and what nothing makes fail."""
    for pair in pairs:
        stale = result.pairs.get(pair.name) != fingerprint(pair)
        for name in pair.theorems:
            row = result.rows.get((pair.name, name))
            if stale or row is None:
                yield f"{pair.name}: {name} has not run as the pair is now"
            elif row.apart:
                yield f"{pair.name}: {name} ends apart: {'; '.join(row.apart)}"
            elif not row.fail:
                yield f"{pair.name}: {name} fails nowhere: both hold on {row.hold} instances, {row.open} undecided"
    known = {(pair.name, name) for pair in pairs for name in pair.theorems}
    yield from (f"{pair}: {name} is no row of a pair" for pair, name in sorted(result.rows.keys() - known))


def summary(result: Result) -> str:
    """How many theorems a pair makes fail on both sides, and those that none does, with the reason."""
    failing = {row.theorem for row in result.rows.values() if row.right}
    instances = sum(row.hold + row.fail for row in result.rows.values())
    count = len(failing) + len(UNCONSTRAINED)
    head = (
        f"{len(failing)} of {count} theorems fail on both sides with a pair, {len(UNCONSTRAINED)} with none; "
        f"{instances} instances end alike"
    )
    return "\n".join([head, *(f"no pair: {name}: {why}" for name, why in UNCONSTRAINED.items())])


def write(result: Result, path: Path = RESULT) -> None:
    """Write a result as JSON, a line for each row."""
    rows = [json.dumps(asdict(row), ensure_ascii=False) for _, row in sorted(result.rows.items())]
    pairs = json.dumps(dict(sorted(result.pairs.items())), ensure_ascii=False, indent=1)
    path.write_text(f'{{\n"pairs": {pairs},\n"rows": [\n' + ",\n".join(rows) + "\n]\n}\n", "utf-8")


def read(path: Path = RESULT) -> Result:
    """The result in a file; an empty one where there is none; raises `Malformed` for anything else."""
    try:
        data = json.loads(path.read_text("utf-8"))
        rows = [_row(row) for row in data["rows"]]
        return Result(dict(data["pairs"]), {(row.pair, row.theorem): row for row in rows})
    except FileNotFoundError:
        return Result()
    except (ValueError, KeyError, TypeError, AttributeError) as why:
        raise Malformed(f"{path} holds no result of a run: {type(why).__name__}: {why}") from why


def _row(data: Mapping[str, object]) -> Row:
    return Row(**{**data, "apart": tuple(data["apart"])})  # pyright: ignore[reportArgumentType]
