"""The whole audit: its sections in order, and what they amount to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from theorems.tools.audit.changes import changes
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.dressing import dressing
from theorems.tools.audit.findings import Section
from theorems.tools.audit.material import Material
from theorems.tools.audit.present import present
from theorems.tools.audit.statements import same_statement
from theorems.tools.audit.twin_statements import twin_statements

# One entry a section: a further one is a further function here.
SECTIONS: tuple[Callable[[Material], Section], ...] = (
    present,
    same_definition,
    same_statement,
    changes,
    twin_statements,
    dressing,
)


def audit(material: Material) -> list[Section]:
    """Every section of the audit."""
    return [section(material) for section in SECTIONS]


def exit_code(sections: Sequence[Section]) -> int:
    """0 where nothing fails; 1 where something is missing, different, drifted or was only partly read."""
    return int(any(section.failed for section in sections))
