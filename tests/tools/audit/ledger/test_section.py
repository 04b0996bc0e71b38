"""The section: lines of the pin, lines of a source against them, and what `strict` makes of a change."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import pinned_fingerprints, read_source
from lean_refs.pinning import make_pin, read_checkout
from tests.lean_refs.ledger.library import BLOCK, BLOCKS, MODULE, scope, write
from tests.lean_refs.mini_lean import REVISION
from tests.tools.audit.conftest import failing
from theorems.engine.registry import theorems
from theorems.tools.audit.findings import AuditVerdict, Finding
from theorems.tools.audit.ledger import written
from theorems.tools.audit.ledger.section import KEY, ledger
from theorems.tools.audit.material import Material

PULL, GPT, PACKS = (f"{BLOCKS}.{name}" for name in ("block_pullback", "gptBlock_hasFDerivAt", "packs_hasFDerivAt"))


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = write(tmp_path_factory.mktemp("clean"))
    return make_pin(read_checkout(root), scope(), REVISION).data


def of(root: Path, pin: dict[str, Any], **changed: str) -> Material:
    """The library with its block as it is given, against the pin of the clean one."""
    write(root, {MODULE: changed["block"]} if changed else None)
    return Material(pin, read_source(root, pin), root, scope())


def about(findings: tuple[Finding, ...], name: str, kind: str) -> list[Finding]:
    return [f for f in findings if f.name == name and f.basis.startswith(f"{kind}: ")]


@pytest.mark.unmeasured
def test_the_pin_has_the_lines_and_a_clean_source_the_same(tmp_path: Path, pin: dict[str, Any]) -> None:
    offline, online = ledger(Material(pin, scope=scope())), ledger(of(tmp_path, pin))
    assert offline == online
    assert offline.findings[0].basis.startswith("concluded: pullback, against fderiv and the adjoint of it; ")
    assert offline.findings[0].basis.endswith(" (from the names in the conclusion)")
    made = pinned_fingerprints(pin)[PULL]
    assert (offline.findings[0].name, offline.findings[0].file, offline.findings[0].line) == (PULL, MODULE, made.line)
    assert "computed from the text" in offline.summary
    assert "since the pin" not in offline.summary


def test_lines_about_one_declaration_stand_together_and_the_module_comes_first(pin: dict[str, Any]) -> None:
    names = [f.name for f in ledger(Material(pin, scope=scope())).findings]
    order = list(dict.fromkeys(names))
    assert order[:3] == [PULL, PACKS, GPT]
    assert names == sorted(names, key=order.index)


CHANGED = BLOCK.replace("{m n : Nat} (merge", "{m n : Nat} [NeZero m] (merge").replace(
    "(c : ℝ) (xV", "(k : ℝ) (c : ℝ) (xV"
)


@pytest.mark.parametrize(("strict", "verdict"), [(False, AuditVerdict.CHANGED), (True, AuditVerdict.FAILS)])
def test_a_changed_line_a_new_one_and_one_that_is_gone_are_told(
    tmp_path: Path, pin: dict[str, Any], strict: bool, verdict: AuditVerdict
) -> None:
    material = of(tmp_path, pin, block=CHANGED.replace("(Mat m n)) := 0)", "(Mat m n)))"))
    section = ledger(replace(material, strict=strict))
    (sizes,) = about(section.findings, PULL, "sizes")
    assert sizes.verdict is verdict
    assert sizes.before == "m and n may be any natural number, 0 too, each for itself; no equation ties them"
    assert sizes.now == "NeZero m is asked; n may be any natural number, 0 too"
    assert sizes.basis.endswith("; changed since the pin")
    new, known = about(section.findings, PULL, "scalars")
    assert (new.verdict, new.before, known.verdict) == (verdict, "", AuditVerdict.NOTE)
    assert new.now.startswith("k: any real number")
    assert new.basis.endswith("; new since the pin")
    (gone,) = about(section.findings, PULL, "default")
    assert gone.verdict is verdict
    assert gone.basis == f"default: no longer so: {gone.before}"
    assert section.summary.endswith("; since the pin: 1 changed, 1 new, 1 gone")


def test_a_pin_without_lines_is_not_checked_offline_and_compares_nothing(tmp_path: Path, pin: dict[str, Any]) -> None:
    older = {key: value for key, value in pin.items() if key != KEY}
    section = ledger(Material(older, scope=scope()))
    assert section.summary == "not checked: the pin has no ledger: leanmirror pin writes one that has"
    assert [f.verdict for f in section.findings] == [AuditVerdict.NOT_CHECKED]
    online = ledger(of(tmp_path, older, block=CHANGED))
    assert about(online.findings, PULL, "differentiated")
    assert "since the pin" not in online.summary


def test_a_line_about_what_the_pin_does_not_have_is_left_out(pin: dict[str, Any]) -> None:
    kept = [entry for entry in pin["declarations"] if entry["name"] != PULL]
    assert PULL not in {f.name for f in ledger(Material(pin | {"declarations": kept}, scope=scope())).findings}


def without(root: Path, pin: dict[str, Any], *files: str) -> Material:
    """The library without some of its files."""
    write(root)
    for file in files:
        (root / file).unlink()
    return Material(pin, read_source(root, pin), root, scope())


def test_a_source_that_lacks_files_compares_what_it_can_tell_and_names_the_rest(
    tmp_path: Path, pin: dict[str, Any]
) -> None:
    section = ledger(without(tmp_path, pin, "NN/Proofs/Ops/Gpt/Heads.lean"))
    assert "since the pin" not in section.summary
    assert {f.verdict for f in section.findings} == {AuditVerdict.NOTE, AuditVerdict.NOT_CHECKED}
    assert about(section.findings, PULL, "nodes")
    assert about(section.findings, PULL, "levels") == []
    left = {f.name: f.basis for f in section.findings if f.verdict is AuditVerdict.NOT_CHECKED}
    assert left[PULL] == "pinned lines of it: the source lacks NN/Proofs/Ops/Gpt/Heads.lean"
    assert left[f"{BLOCKS}.Heads"] == "pinned lines of it: the source lacks it"


def test_what_a_person_wrote_does_not_fail_where_the_source_cannot_tell(
    tmp_path: Path, pin: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    theorem = dataclasses.replace(next(iter(theorems().values())), name=PULL, covers_not="nobody is fixed")
    monkeypatch.setattr(written, "theorems", lambda: {PULL: theorem})
    monkeypatch.setattr(written, "by_definition", dict)
    whole = ledger(of(tmp_path / "whole", pin))
    assert failing(whole)[PULL].startswith("written by a person, no longer true: does not cover: nobody is fixed (")
    part = ledger(without(tmp_path / "part", pin, "NN/Calculus.lean"))
    assert failing(part) == {}
    (said,) = [f for f in part.findings if f.basis.startswith("written")]
    assert said.verdict is AuditVerdict.NOT_CHECKED
    assert said.basis.startswith("written by a person: does not cover: nobody is fixed (the source lacks Proofs.")


def test_torchlean_has_the_pinned_lines(torchlean: Path) -> None:
    from theorems.tools.audit.material import gather

    section = ledger(gather(torchlean))
    assert failing(section) == {}
    assert "since the pin" not in section.summary


def test_a_renamed_theorem_keeps_its_lines(tmp_path: Path, pin: dict[str, Any]) -> None:
    material = of(tmp_path, pin, block=BLOCK.replace("block_pullback", "block_reverse"))
    assert material.source is not None
    assert material.source.names[PULL] == f"{BLOCKS}.block_reverse"
    section = ledger(material)
    assert [f.verdict for f in about(section.findings, PULL, "differentiated")] == [AuditVerdict.NOTE]
    assert {f.name for f in section.findings} == {f.name for f in ledger(Material(pin, scope=scope())).findings}
    # What prose calls it is another matter: the docstring and the passage of the coverage have the old name.
    gone = {f.basis.partition(":")[0] for f in section.findings if "no longer so" in f.basis}
    assert gone == {"claimed coverage", "as the prose advises"}
