"""The lines of TorchLean itself: changing what a line says, in the real text, changes or removes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lean_refs.fingerprint import Fingerprint, Fingerprinter
from lean_refs.ledger.derive import derived
from lean_refs.ledger.line import LedgerKind, LedgerLine
from lean_refs.pin import pinned_fingerprints, raw_pin
from lean_refs.reader.records import Reading
from lean_refs.reader.scan import read_text
from lean_refs.reader.tree import read_tree
from lean_refs.scope import load_scope

OPS = "NN/Proofs/Autograd/Tape/Ops"
MODULE = f"{OPS}/Transformer/DecoderBlock.lean"
HEADS = f"{OPS}/Attention/MultiHeadSelfAttention.lean"
CORE = f"{OPS}/Attention/MaskedMultiHeadSelfAttention.lean"
NORM = f"{OPS}/Norm/LayerNorm.lean"
POST = f"{OPS}/Transformer/PostNorm.lean"
CLAIMS = "NN/Proofs/Autograd/Coverage.lean"
DECODER, BRIDGE = "decoderCore_backpropVec_eq_adjoint_fderiv_at", "projectedMaskedDecoderAttentionPack_hasFDerivAt"
GPT = "postNormGptDecoderBlock_hasFDerivAt"
END = "end Transformer"
_SIZES = "(seqLen := seqLen) (dModel := dModel)\n        (numHeads := numHeads) (headDim := headDim))"
_AFTER = "(xV : CtxVec (ΓDecoderCore seqLen dModel numHeads headDim))\n    (seedV"

# Kind, declaration, subject, file, what stands there (its last occurrence), and what is put there.
CORRUPTIONS = (
    (LedgerKind.CONCLUDED, DECODER, "", MODULE, "    Graph.backpropVec\n", "    Graph.jvpVec\n"),
    (
        LedgerKind.DIFFERENTIATED,
        DECODER,
        "",
        MODULE,
        "        xV).adjoint seedV :=",
        "        (f b1)).adjoint seedV :=",
    ),
    (
        LedgerKind.FIXED,
        DECODER,
        "",
        MODULE,
        "merge mergeBias fc1 b1 fc2 b2 c ε₁ ε₂ bias))\n        xV).adj",
        "merge 0 fc1 b1 fc2 b2 c ε₁ ε₂ bias))\n        xV).adj",
    ),
    (LedgerKind.INDEPENDENT, DECODER, "xV", MODULE, "⟨⟨3, by simp⟩", "⟨⟨0, by simp⟩"),
    (
        LedgerKind.ANY_MAP,
        GPT,
        "maskedAttentionPack",
        MODULE,
        "(hMaskedAttentionPack : HasFDerivAt maskedAttentionPack",
        "(hAttention : maskedAttentionPack = attention)\n    (hMaskedAttentionPack : HasFDerivAt maskedAttentionPack",
    ),
    (
        LedgerKind.DETERMINED,
        GPT,
        "DffnPack",
        MODULE,
        "      HasFDerivAt ffnPack DffnPack",
        "      HasFDerivAt ffnPack 0",
    ),
    (
        LedgerKind.SEES,
        BRIDGE,
        "attentionPack",
        MODULE,
        "    (attentionPack :\n      CtxVec",
        "    (attentionPack : E → CtxVec",
    ),
    (
        LedgerKind.TWIN,
        GPT,
        "",
        MODULE,
        "(hMaskedAttentionPack : HasFDerivAt maskedAttentionPack DmaskedAttentionPack x)",
        "(hMaskedAttentionPack : HasFDerivAt maskedAttentionPack DmaskedAttentionPack 0)",
    ),
    (
        LedgerKind.UNBACKED,
        GPT,
        "",
        POST,
        "  LayerNorm.ΓLN seqLen dModel\n",
        "  gptDecoder (LayerNorm.ΓLN seqLen dModel)\ndef gptDecoder (Γ : List Shape) : List Shape := Γ\n",
    ),
    (
        LedgerKind.ALIAS,
        "postNormGraph",
        "",
        POST,
        "  LayerNorm.layerNormGraph (m := seqLen) (n := dModel) ε",
        "  LayerNorm.layerNormGraph (m := dModel) (n := seqLen) ε",
    ),
    (
        LedgerKind.APPLIED,
        GPT,
        "",
        MODULE,
        "  twoSublayerPostNormBlock_hasFDerivAt\n",
        "  by simpa using twoSublayerPostNormBlock_hasFDerivAt\n",
    ),
    (
        LedgerKind.BY_DEFINITION,
        "wholeNode",
        "",
        NORM,
        "(jvp := fun xV dxV => (fderiv ℝ f xV) dxV)",
        "(jvp := fun xV dxV => layerNormJvp xV dxV)",
    ),
    (LedgerKind.DATA, DECODER, "hNorm1", NORM, "def wholeNodeFDerivCorrectAt", "def wholeNodeCertificate"),
    (LedgerKind.LISTED, "ΓDecoderCore", "", MODULE, "V_heads, residual_stream, gamma₁", "V_heads, gamma₁"),
    (
        LedgerKind.RESIDUAL,
        "idxDecoderAttentionResidual",
        "",
        MODULE,
        f"(idxDecoderResidualInputAfterMerge {_SIZES}\n      (idxDecoderMergedAttention",
        f"(idxDecoderMergedAttention {_SIZES}\n      (idxDecoderMergedAttention",
    ),
    (LedgerKind.OUTPUT, DECODER, "decoderCoreGraph", MODULE, "⟨⟨7, by simp⟩", "⟨⟨6, by simp⟩"),
    (
        LedgerKind.SEED,
        DECODER,
        "seedV",
        MODULE,
        " ++\n      ssDecoderCore seqLen dModel numHeads headDim dFF))\n    (hNorm1 :",
        "))\n    (hNorm1 :",
    ),
    (
        LedgerKind.GRAPH,
        DECODER,
        "decoderCoreGraph",
        MODULE,
        "      fc2 b2)\n  Graph.snoc g4",
        "      fc2 0)\n  Graph.snoc g4",
    ),
    (LedgerKind.SAME_RUN, DECODER, "seqFfnResidualDGraph", MODULE, "    (gelu\n", "    (TapeNodes.tanh\n"),
    (LedgerKind.SIZES, DECODER, "", MODULE, _AFTER, f"(hSizes : dModel = numHeads * headDim)\n    {_AFTER}"),
    (LedgerKind.SCALARS, DECODER, "ε₁", MODULE, _AFTER, f"(hε₁ : 0 < ε₁)\n    {_AFTER}"),
    (LedgerKind.DEFAULT, DECODER, "bias", MODULE, f"numHeads)) := 0)\n    {_AFTER}", f"numHeads)))\n    {_AFTER}"),
    (LedgerKind.ADVISED, BRIDGE, GPT, MODULE, END, f"def whole := both @{BRIDGE} @{GPT}\n{END}"),
    (LedgerKind.COVERAGE, DECODER, "", CLAIMS, "GPT-style decoder-core SSA graph", "GPT-style block graph"),
    (
        LedgerKind.UNLINKED,
        DECODER,
        "postNormGraph",
        MODULE,
        END,
        f"theorem linked : decoderCoreGraph = postNormGraph := rfl\n{END}",
    ),
    (
        LedgerKind.SPECIFICATION,
        "decoderCoreGraph",
        "",
        "NN/Spec/Models/Transformer.lean",
        "structure TransformerDecoder ",
        "structure TransformerStack ",
    ),
    (LedgerKind.UNUSED, DECODER, "", MODULE, END, f"def user := f @{DECODER}\n{END}"),
    (LedgerKind.IMPORT, "ΓDecoderCore", "", MODULE, END, f"def encoder := f @ΓEncoderBlock\n{END}"),
    (
        LedgerKind.LAYOUT,
        "HeadsShape",
        "",
        HEADS,
        "(s₂ := HeadsShape n numHeads headDim)\n      idxQbig",
        "(s₂ := SwappedShape n numHeads headDim)\n      idxQbig",
    ),
)


@pytest.fixture(scope="module")
def clean(torchlean: Path) -> Reading:
    return read_tree(torchlean)


@pytest.fixture(scope="module")
def made() -> dict[str, Fingerprint]:
    return pinned_fingerprints(raw_pin())


def lines(tree: Reading, made: dict[str, Fingerprint]) -> list[LedgerLine]:
    return derived(tree, made, load_scope().seed_module)


@pytest.fixture(scope="module")
def said(clean: Reading, made: dict[str, Fingerprint]) -> list[LedgerLine]:
    return lines(clean, made)


def of(found: list[LedgerLine], kind: LedgerKind, name: str, subject: str) -> list[str]:
    """What the lines of a kind say about a declaration, all of them where no subject is given."""
    return [e.says for e in found if (e.kind, e.name.rpartition(".")[2]) == (kind, name) and subject in ("", e.subject)]


@pytest.mark.parametrize(
    ("kind", "name", "subject", "file", "old", "new"), CORRUPTIONS, ids=[c[0].name for c in CORRUPTIONS]
)
def test_a_line_of_the_module_changes_with_what_it_says(
    torchlean: Path,
    clean: Reading,
    made: dict[str, Fingerprint],
    said: list[LedgerLine],
    kind: LedgerKind,
    name: str,
    subject: str,
    file: str,
    old: str,
    new: str,
) -> None:
    before = of(said, kind, name, subject)
    text = (torchlean / file).read_text("utf-8")
    assert before
    assert old in text
    at = text.rindex(old)
    changed = read_text(file, text[:at] + new + text[at + len(old) :])
    tree = Reading(clean.files | {file: changed}, clean.revision, clean.toolchain)
    near = {print_.file for print_ in made.values()}
    prints = Fingerprinter(
        Reading(
            {f: tree.files[f] for f in sorted(near)},
            headers={f: r.imports for f, r in tree.files.items() if f not in near},
        )
    )
    now = {n: prints.of(n) if print_.file in (file, MODULE) else print_ for n, print_ in made.items() if n in prints}
    new_names = {d.name: prints.of(d.name) for d in changed.declarations if d.name in prints}
    assert of(lines(tree, now | new_names), kind, name, subject) != before


def test_each_kind_but_one_is_tried_on_the_module() -> None:
    # The two readings of a graph are tried on the small library alone.
    assert {corruption[0] for corruption in CORRUPTIONS} == set(LedgerKind) - {LedgerKind.SEMANTICS}
