"""Deliberate corruptions of copies of the real files are found and named; the clean copy has none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.audit.conftest import BLOCK, NORM, copied, failing
from theorems.tools.audit.changes import changes
from theorems.tools.audit.definitions.section import same_definition
from theorems.tools.audit.findings import Section
from theorems.tools.audit.ledger.section import ledger
from theorems.tools.audit.material import gather
from theorems.tools.audit.present import present
from theorems.tools.audit.statements import same_statement

OPS = "NN/Proofs/Autograd/Tape/Ops"
DECODER = f"{OPS}/Transformer/DecoderBlock.lean"


def sections(root: Path) -> list[Section]:
    material = gather(root)
    return [part(material) for part in (present, same_definition, same_statement, changes, ledger)]


def found(root: Path) -> dict[str, str]:
    return {name: basis for section in sections(root) for name, basis in failing(section).items()}


def test_the_clean_copy_has_no_fault(torchlean: Path, tmp_path: Path) -> None:
    assert found(copied(torchlean, tmp_path)) == {}


THEOREM = "decoderCore_backpropVec_eq_adjoint_fderiv_at"
FAULTS = [
    (DECODER, f"theorem {THEOREM}", f"axiom {THEOREM}", f"{BLOCK}.{THEOREM}"),
    (DECODER, f"theorem {THEOREM}", f"/-\ntheorem {THEOREM}", f"{BLOCK}.{THEOREM}"),
    (DECODER, "hNorm2", "hSecond", f"{BLOCK}.{THEOREM}"),
    (DECODER, "(ε₁ ε₂ : ℝ)", "(ε₂ ε₁ : ℝ)", f"{BLOCK}.postNormGptDecoderBlock_hasFDerivAt"),
    (DECODER, "⟨⟨3, by", "⟨⟨4, by", f"{BLOCK}.idxDecoderResidualInput"),
    (DECODER, "⟨⟨4, by", "⟨⟨5, by", f"{BLOCK}.idxDecoderNorm1Gamma"),
    (DECODER, "⟨⟨5, by", "⟨⟨4, by", f"{BLOCK}.idxDecoderNorm1Beta"),
    (DECODER, "⟨⟨6, by", "⟨⟨7, by", f"{BLOCK}.idxDecoderNorm2Gamma"),
    (DECODER, "⟨⟨7, by", "⟨⟨9, by", f"{BLOCK}.idxDecoderNorm2Beta"),
    (DECODER, "gamma := idxDecoderNorm1Gamma", "gamma := idxDecoderNorm1Beta", f"{BLOCK}.decoderNorm1Inputs"),
    (DECODER, "beta := idxDecoderNorm2Beta", "beta := idxDecoderNorm2Gamma", f"{BLOCK}.decoderNorm2Inputs"),
    (DECODER, "gamma := idxDecoderNorm2Gamma", "gamma := idxDecoderNorm1Gamma", f"{BLOCK}.decoderNorm2Inputs"),
    # Found under its new name, which is no failure; what still uses the old one is.
    (DECODER, "def idxDecoderNorm1Gamma", "def idxDecoderNorm1Scale", f"{BLOCK}.decoderNorm1Inputs"),
]


@pytest.mark.parametrize(("file", "old", "new", "lean"), FAULTS)
def test_a_corruption_is_found_and_named(
    torchlean: Path, tmp_path: Path, file: str, old: str, new: str, lean: str
) -> None:
    path = copied(torchlean, tmp_path) / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    assert lean in found(tmp_path)


def test_a_changed_default_and_a_changed_index_are_found(torchlean: Path, tmp_path: Path) -> None:
    path = copied(torchlean, tmp_path) / DECODER
    text = path.read_text("utf-8")
    path.write_text(text.replace(":= 0)", ":= 1)").replace("⟨⟨4, by", "⟨⟨5, by"), "utf-8")
    report = found(tmp_path)
    assert f"{BLOCK}.decoderMaskedCoreDGraph" in report
    assert f"{BLOCK}.idxDecoderNorm1Gamma" in report


def test_files_that_cannot_be_read_make_the_report_partial(torchlean: Path, tmp_path: Path) -> None:
    root = copied(torchlean, tmp_path)
    (root / DECODER).write_bytes(b"\xff\xfe")
    (root / f"{OPS}/Transformer/FeedForward.lean").unlink()
    report = found(root)
    assert "not UTF-8" in report[DECODER]
    assert "partial" in report[f"{OPS}/Transformer/FeedForward.lean"]
    assert f"{NORM}.idxX" not in report
