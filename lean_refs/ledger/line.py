"""One line of the ledger, and how the pin holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lean_refs.fingerprint import Fingerprint


class LedgerKind(StrEnum):
    """What a line is about, the most important first."""

    CONCLUDED = "concluded"
    DIFFERENTIATED = "differentiated"
    FIXED = "fixed, no gradient"
    INDEPENDENT = "independent inputs"
    ANY_MAP = "any map"
    DETERMINED = "determined"
    SEES = "what a map sees"
    TWIN = "same statement"
    UNBACKED = "names without a definition"
    ALIAS = "another name"
    APPLIED = "proved by"
    BY_DEFINITION = "true by definition"
    DATA = "data, no proposition"
    LISTED = "entries as listed"
    RESIDUAL = "sum as written"
    OUTPUT = "output"
    SEED = "seed"
    GRAPH = "nodes"
    SAME_RUN = "same nodes"
    SIZES = "sizes"
    SCALARS = "scalars"
    DEFAULT = "default"
    ADVISED = "as the prose advises"
    COVERAGE = "claimed coverage"
    UNLINKED = "levels"
    SPECIFICATION = "specification"
    SEMANTICS = "two readings"
    UNUSED = "unused"
    IMPORT = "imports"
    LAYOUT = "layout"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """What the text says about one declaration, against what its prose lets expect.

    `subject` tells lines of one kind about one declaration apart; `says` is the line, `basis` what it was computed
    from.
    """

    kind: LedgerKind
    name: str
    file: str
    line: int
    subject: str
    says: str
    basis: str

    @property
    def key(self) -> tuple[LedgerKind, str, str]:
        """What stays when the line says something else."""
        return self.kind, self.name, self.subject


def as_pinned(lines: Iterable[LedgerLine]) -> dict[str, list[list[str]]]:
    """The lines by declaration, as JSON data; where a declaration stands the pin says anyway."""
    kept: dict[str, list[list[str]]] = {}
    for line in lines:
        kept.setdefault(line.name, []).append([line.kind.value, line.subject, line.says, line.basis])
    return kept


def pinned_lines(kept: Mapping[str, Sequence[Sequence[str]]], made: Mapping[str, Fingerprint]) -> list[LedgerLine]:
    """The lines that a pin holds of the declarations that it has fingerprints of."""
    return [
        LedgerLine(LedgerKind(kind), name, made[name].file, made[name].line, subject, says, basis)
        for name, lines in kept.items()
        if name in made
        for kind, subject, says, basis in lines
    ]
