"""The whole audit: its sections in order, and what they amount to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from theorems.tools.audit.changes import changes
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.findings import AuditVerdict, Finding, Section
from theorems.tools.audit.ledger.section import ledger
from theorems.tools.audit.loaded_words import loaded_words
from theorems.tools.audit.material import Material
from theorems.tools.audit.present import present
from theorems.tools.audit.prose import prose
from theorems.tools.audit.statements import same_statement
from theorems.tools.audit.surroundings import surroundings
from theorems.tools.audit.twin_statements import twin_statements

# One entry a section: a further one is a further function here.
SECTIONS: tuple[Callable[[Material], Section], ...] = (
    present,
    same_definition,
    same_statement,
    changes,
    surroundings,
    prose,
    twin_statements,
    ledger,
    loaded_words,
)
# These compare two texts: where there is a second checkout, they are all that is asked.
COMPARING: tuple[Callable[[Material], Section], ...] = (changes, surroundings, prose)


def audit(material: Material) -> list[Section]:
    """Every section of the audit; with a second checkout those that compare two texts."""
    return [section(material) for section in (COMPARING if material.against else SECTIONS)]


def exit_code(sections: Sequence[Section]) -> int:
    """How an audit ends, the gravest first.

    1: something is missing, different, drifted or was only partly read, whatever else happened; 3: leanmirror itself
    failed on something; 0: nothing fails.
    """
    if any(section.failed for section in sections):
        return 1
    return 3 if errors(sections) else 0


def errors(sections: Sequence[Section]) -> list[Finding]:
    """What leanmirror itself failed on."""
    return [f for section in sections for f in section.findings if f.verdict is AuditVerdict.ERROR]
