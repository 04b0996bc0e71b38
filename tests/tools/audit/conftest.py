"""What the pin says, and a TorchLean checkout where there is one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lean_refs.pin import raw_pin
from theorems.tools.audit.findings import AuditVerdict, Section
from theorems.tools.audit.material import Material, gather

BLOCK = "Proofs.Autograd.Transformer"
NORM = "Proofs.Autograd.LayerNorm"


@pytest.fixture(scope="session")
def pinned() -> Material:
    return gather(None)


@pytest.fixture(scope="session")
def torchlean() -> Path:
    folder = os.environ.get("LEANMIRROR_SOURCE")
    if not folder:
        pytest.skip("LEANMIRROR_SOURCE names no TorchLean checkout")
    return Path(folder)


def failing(section: Section) -> dict[str, str]:
    """The basis of what fails, by name."""
    return {f.name: f.basis for f in section.findings if f.verdict is AuditVerdict.FAILS}


def copied(root: Path, target: Path) -> Path:
    """The closure's files of a checkout, copied to be corrupted."""
    for file in {entry["file"] for entry in raw_pin()["declarations"]}:
        (target / file).parent.mkdir(parents=True, exist_ok=True)
        (target / file).write_text((root / file).read_text("utf-8"), "utf-8")
    return target
