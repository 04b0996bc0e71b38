"""The section about loaded words: one finding for what nothing backs, ranked, with its repeats."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lean_refs.pin import read_source
from tests.lean_refs import mini_lean as mini
from tests.source import ROOT
from tests.tools.audit.conftest import copied
from tests.tools.audit.mini_checkout import BLOCK, faulty, material, mini_pin
from theorems.tools.audit.findings import AuditVerdict
from theorems.tools.audit.loaded_words import loaded_words
from theorems.tools.audit.material import Material

DECODER = "Proofs.Autograd.Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at"
OK, AGAIN = f"{BLOCK}.block_ok", f"{BLOCK}.block_ok_again"


@pytest.fixture(scope="module")
def pin(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return mini_pin(tmp_path_factory.mktemp("mini"))


def line_of(text: str) -> int:
    return 1 + mini.BLOCK[: mini.BLOCK.index(text)].count("\n")


def test_a_word_that_the_statement_backs_is_no_finding(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = loaded_words(material(mini.write(tmp_path), pin))
    assert [f.name for f in section.findings] == [f"{BLOCK}.ΓBlock"]
    assert section.summary == "1 promise that nothing backs, said 1 time; 2 times one is backed"


def test_a_word_that_nothing_backs_is_told_with_its_place(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = loaded_words(faulty(tmp_path, pin, "block", "ε * c = c * ε := by", "ε * c ≤ c * ε := by"))
    (found,) = [f for f in section.findings if f.name == OK]
    assert found.verdict is AuditVerdict.NOTE
    assert (found.file, found.line) == ("NN/Block.lean", line_of("/-- What holds"))
    assert found.basis == (
        'the docstring says "exact": nothing backs it, which would be an equality or equivalence as the conclusion'
    )


def test_repeats_are_told_with_it(tmp_path: Path, pin: dict[str, Any]) -> None:
    block = mini.BLOCK.replace("every word here is exact", "a sparse, sparse one").replace("/-- The same", "/-- Sparse")
    block = block.replace("/-- Inputs of the core", "/-- Sparse inputs").replace("/-- A matrix", "/-- A sparse one")
    block = block.replace("/-- The whole block", "/-! Sparse things. -/\n/-- The whole block")
    found = material(mini.write(tmp_path, block=block), pin)
    first, *_ = loaded_words(found).findings
    assert first.name == OK
    assert first.basis.endswith("; 5 more of it in block_ok_again, Mat, ΓCore and 1 other")
    assert first.others == (AGAIN, f"{BLOCK}.Mat", f"{BLOCK}.ΓCore", "NN/Block.lean")
    asked, second, *_ = loaded_words(replace(found, asked=(AGAIN,))).findings
    assert (asked.name, asked.others) == (AGAIN, ())
    assert second.name == OK


def test_files_that_are_read_only_to_find_a_lost_name_are_left_out(tmp_path: Path, pin: dict[str, Any]) -> None:
    library = mini.write(tmp_path, block=mini.BLOCK.replace("idxStream ", "idxSparseStream "))
    (library / "NN/Other.lean").write_text("/-- Sparse. -/\ntheorem t : 1 ≤ 1 := p\n", "utf-8")
    found = material(library, pin)
    assert found.source is not None
    assert "NN/Other.lean" in found.source.reading.files
    assert [f.file for f in loaded_words(found).findings if "parse" in f.basis] == ["NN/Block.lean"]


def test_docs_of_a_module_say_what_a_name_says(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = loaded_words(faulty(tmp_path, pin, "shape", "/-! Shapes. -/", "/-! Sparse shapes. -/"))
    (found,) = [f for f in section.findings if f.name == "NN/Shape.lean"]
    assert found.basis.startswith('the docs of the module say "Sparse": nothing backs it')


def test_what_is_lacking_is_told(tmp_path: Path, pin: dict[str, Any]) -> None:
    section = loaded_words(faulty(tmp_path, pin, "block", "every word here is exact", "for every ε"))
    assert section.findings[0].basis.endswith("a variable that no hypothesis restricts (ε is restricted by hPos)")


def test_without_a_source_nothing_is_checked(pinned: Material) -> None:
    assert loaded_words(pinned).summary == "not checked: no source was given"


# ---- TorchLean itself


def test_the_manual_has_the_counts_of_the_pinned_revision(torchlean: Path, pinned: Material) -> None:
    section = loaded_words(replace(pinned, source=read_source(torchlean, pinned.pin), root=torchlean))
    lines, said, backed = map(int, re.findall(r"\d+", section.summary))
    manual = " ".join((ROOT / "docs/audit.md").read_text("utf-8").split())
    assert f"{lines} lines stand for {said} occurrences, and {backed} more are backed" in manual


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("/-- End-to-end VJP theorem for", "/-- End-to-end sparse VJP theorem for", '"sparse"'),
        ("/-- End-to-end VJP theorem for", "/-- Unconditional VJP theorem for", '"Unconditional"'),
        ("/-- End-to-end VJP theorem for", "/-- For every ε₁ a VJP theorem for", "ε₁ is restricted by hNorm1"),
    ],
)
def test_a_promise_that_is_planted_is_told(
    torchlean: Path, pinned: Material, tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = copied(torchlean, tmp_path) / pinned.scope.seed_module
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    section = loaded_words(replace(pinned, source=read_source(tmp_path, pinned.pin), root=tmp_path))
    assert any(said in found.basis for found in section.findings if found.name == DECODER)
