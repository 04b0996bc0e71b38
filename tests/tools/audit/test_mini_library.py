"""Every corruption of the small library that the drift tests know is found by the audit's section, and named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.lean_refs import mini_lean as mini
from tests.lean_refs.test_drift import FAULTS
from tests.measuring import one_of_each
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


# What is proved is the statement, and prose is no part of it: these fail only where every change does.
NOTES = ("another proof", "a reworded docstring", "a dropped docstring", "a renamed binder")


@pytest.mark.unmeasured
@pytest.mark.parametrize("fault", [f for f in FAULTS if f[0] in NOTES], ids=lambda fault: fault[0])
def test_what_leaves_the_meaning_is_a_note(tmp_path: Path, pin: dict[str, Any], fault: tuple[str, ...]) -> None:
    _, old, new, name, *_ = fault
    changed = material(mini.write(tmp_path, block=mini.BLOCK.replace(old, new, 1)), pin)
    section = changes(changed)
    assert failing(section) == {}
    assert [f.name for f in section.findings if f.verdict is AuditVerdict.CHANGED] == [f"Proofs.Autograd.Block.{name}"]
    assert list(failing(changes(replace(changed, strict=True)))) == [f"Proofs.Autograd.Block.{name}"]


@pytest.mark.parametrize(
    "fault",
    one_of_each([f for f in FAULTS if f[0] not in NOTES], lambda f: ("sorry" in f[2], "contradicts" in f[-1])),
    ids=lambda fault: fault[0],
)
def test_a_fault_is_found_and_named(tmp_path: Path, pin: dict[str, Any], fault: tuple[str, ...]) -> None:
    _, old, new, name, *_ = fault
    assert old in mini.BLOCK
    section = changes(material(mini.write(tmp_path, block=mini.BLOCK.replace(old, new, 1)), pin))
    assert f"Proofs.Autograd.Block.{name}" in failing(section)


def test_a_new_layout_is_no_change_at_all(tmp_path: Path, pin: dict[str, Any]) -> None:
    spaced = mini.BLOCK.replace("[Mat m n, Mat m n]", "[ Mat m n , Mat m n ]")
    found = changes(replace(material(mini.write(tmp_path, block=spaced), pin), strict=True))
    assert {f.verdict for f in found.findings} == {AuditVerdict.HOLDS}
