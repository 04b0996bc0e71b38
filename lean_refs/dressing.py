"""Which hypotheses of theorems are data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lean_refs.prose.backing import HYPOTHESIS
from lean_refs.reader.names import NameTable
from lean_refs.reader.records import EXPLICIT, Binder, LeanDeclaration, Reading
from lean_refs.reader.tokens import spelled

_SORT = re.compile(r"\b(?:Type|Sort)\b")


@dataclass(frozen=True, slots=True)
class DataHypothesis:
    """A hypothesis of a theorem that is data: whoever calls the theorem chooses it, and Lean may compute with
    it.

    `certificate` is the full name of the structure or definition that its type names.
    """

    name: str
    file: str
    line: int
    binder: str
    certificate: str


def data_hypotheses(reading: Reading, names: NameTable | None = None) -> list[DataHypothesis]:
    """The hypotheses of theorems that are no propositions, in source order.

    A binder counts as a hypothesis by its name (`hNorm1`), and as data if its type is headed by a structure,
    or by a definition of a type, that is not declared to be a `Prop`.
    """
    table = names or NameTable(reading)
    return [
        DataHypothesis(d.name, d.file, d.line, binder.name, certificate)
        for d in reading.declarations
        if d.is_theorem
        for binder in d.binders
        if (certificate := _certificate(binder, d, table))
    ]


def _certificate(binder: Binder, owner: LeanDeclaration, names: NameTable) -> str | None:
    if binder.kind != EXPLICIT or not HYPOTHESIS.match(binder.name) or not binder.type:
        return None
    resolved = names.resolve_in(binder.type[0].text, owner)
    declaration = names.get(resolved.name, owner.file) if resolved else None
    if declaration is None:
        return None
    result = spelled(declaration.result)
    is_type = declaration.kind == "structure" and result != "Prop"
    return declaration.name if is_type or _SORT.search(result) else None
