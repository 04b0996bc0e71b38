"""A source in memory: what can be changed in it, and the reading of it with a change made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from lean_refs import load_pin
from lean_refs.evaluator import Evaluator, NotEvaluatedError
from lean_refs.evaluator.sources import read_with_imports
from lean_refs.reader.records import LeanDeclaration, Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tokens import spelled
from mirror.links import Link
from mirror.rooms import links
from tests.texts.around import IDLE, Around, around
from tests.texts.operators import Change, changes
from tests.texts.places import idle
from tests.texts.sample import Altered
from tests.texts.statements import changes_of_statement
from theorems.engine.registry import theorems
from theorems.engine.theorem import Theorem
from theorems.tools.audit.evaluated.numbers import RealNumbers

MOST_CALLS = 1_000_000


@dataclass(frozen=True)
class Source:
    """The files of a source as they are read, their texts, and what the mirror and the theorems are linked to."""

    reading: Reading
    texts: Mapping[str, str]
    links: Mapping[str, Link]
    theorems: Mapping[str, Theorem]

    @cached_property
    def evaluator(self) -> Evaluator:
        """The evaluator of the text as it is."""
        return evaluator_of(self.reading)

    @cached_property
    def holding(self) -> Evaluator:
        """An evaluator that holds every argument and every result against its declared type."""
        return evaluator_of(self.reading, contracts=True)

    @cached_property
    def around(self) -> Around:
        """What the operators need to know of it."""
        known = around(self.evaluator, self.reading.declarations)
        definitions = [d for d in self.reading.declarations if d.kind in ("def", "abbrev")]
        return replace(known, idle={**IDLE, **idle(definitions, known)})

    @cached_property
    def definitions(self) -> list[LeanDeclaration]:
        """The linked declarations of it, in order of their names."""
        found = map(self.evaluator.library.declaration, sorted(self.links))
        return [declaration for declaration in found if declaration is not None]

    @cached_property
    def statements(self) -> list[LeanDeclaration]:
        """The theorems of it that the mirror has, in order of their names."""
        found = map(self.evaluator.library.declaration, sorted(self.theorems))
        return [declaration for declaration in found if declaration is not None]

    def changes(self, declaration: LeanDeclaration) -> list[Change]:
        """Every change of a definition's body, or of a theorem's statement; places are those of its file's text."""
        if declaration.is_theorem:
            return changes_of_statement(
                declaration, self.texts[declaration.file], self._proofs(declaration), self.around
            )
        return changes(declaration, self.around)

    def _proofs(self, declaration: LeanDeclaration) -> frozenset[str]:
        try:
            return frozenset(p.name for p in self.evaluator.parameters(declaration.name) if p.proof)
        except NotEvaluatedError:  # a type that the evaluator does not have
            return frozenset()

    def changed(self, altered: Altered) -> Source:
        """The source with the change made."""
        declaration, file = altered.declaration, altered.declaration.file
        begin = 0 if declaration.is_theorem else declaration.stop - len(declaration.body)
        before = self.texts[file]
        text = f"{before[:begin]}{altered.change.made(before[begin:])}"
        files = {**self.reading.files, file: read_text(file, text)}
        return replace(self, reading=Reading(files, self.reading.revision), texts={**self.texts, file: text})


def source_in(root: Path) -> Source:
    """The source below `root`: the files of linked definitions and theorems, and what they import."""
    pin = load_pin()
    reading = read_with_imports(root, sorted({d.file for d in (*pin.definitions, *pin.theorems)}))
    texts = {file: (root / file).read_text("utf-8").replace("\r\n", "\n") for file in reading.files}
    return Source(reading, texts, links(), theorems())


def evaluator_of(reading: Reading, *, contracts: bool = False) -> Evaluator:
    """The evaluator of a reading, with a limit that ends what a change has made endless."""
    return Evaluator(reading, RealNumbers(), most_calls=MOST_CALLS, contracts=contracts)


def fingerprint(declaration: LeanDeclaration) -> str:
    """What tells one version of a definition's body, or of a theorem's statement, from another."""
    said = (*(spelled(b.type) for b in declaration.binders), spelled(declaration.result))
    text = "\n".join(said) if declaration.is_theorem else declaration.body
    return sha256(text.encode()).hexdigest()[:16]
