"""Every corruption of the small library that the drift tests know is found by the audit's section, and named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.lean_refs import mini_lean as mini
from tests.lean_refs.test_drift import FAULTS
from tests.tools.audit.conftest import failing
from tests.tools.audit.mini_checkout import material, mini_pin
from theorems.tools.audit.changes import changes
from theorems.tools.audit.findings import AuditVerdict


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def test_the_clean_library_has_no_fault(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = changes(material(mini.write(tmp_path), pin))
    assert {f.verdict for f in section.findings} == {AuditVerdict.HOLDS}


# What is proved is the statement: another proof of it is reported, and is no fault.
ANOTHER_PROOF = "another proof"


def test_another_proof_is_reported_and_holds(tmp_path: Path, pin: dict[str, Any]) -> None:
    (_, old, new, name, *_) = next(fault for fault in FAULTS if fault[0] == ANOTHER_PROOF)
    section = changes(material(mini.write(tmp_path, block=mini.BLOCK.replace(old, new, 1)), pin))
    assert failing(section) == {}
    assert [f.name for f in section.findings if f.verdict is AuditVerdict.NOTE] == [f"Proofs.Autograd.Block.{name}"]


@pytest.mark.parametrize("fault", [f for f in FAULTS if f[0] != ANOTHER_PROOF], ids=lambda fault: fault[0])
def test_a_fault_is_found_and_named(tmp_path: Path, pin: dict[str, Any], fault: tuple[str, ...]) -> None:
    _, old, new, name, *_ = fault
    assert old in mini.BLOCK
    section = changes(material(mini.write(tmp_path, block=mini.BLOCK.replace(old, new, 1)), pin))
    assert f"Proofs.Autograd.Block.{name}" in failing(section)


def test_a_reworded_docstring_is_drift_and_a_new_layout_is_not(tmp_path: Path, pin: dict[str, Any]) -> None:
    reworded = mini.BLOCK.replace("The residual stream.", "The stream.")
    assert list(failing(changes(material(mini.write(tmp_path, block=reworded), pin)))) == [
        "Proofs.Autograd.Block.idxStream"
    ]
    spaced = mini.BLOCK.replace("[Mat m n, Mat m n]", "[ Mat m n , Mat m n ]")
    assert failing(changes(material(mini.write(tmp_path, block=spaced), pin))) == {}
