"""Which declarations of a library play which part in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parts:
    """Names of declarations, and files, by what they are good for; a pair is a short text and what it becomes.

    `constant` has pinned numbers where `valued`. `helper` is a private lemma outside the pin that the proof of
    `leaning` rests on. `imported` is a file outside the pin that the file of `sums` imports, directly or not.
    `certified` is a theorem whose `certificate` is the proof of data.
    """

    theorem: str
    other_theorem: str
    positive: str
    nonzero: tuple[str, str]
    certified: str
    certificate: tuple[str, str]
    conclusion: tuple[str, str, str]
    defaulted: tuple[str, str, str]
    helper: str
    leaning: str
    exponential: str
    maximum: str
    sums: str
    inner: str
    pi: tuple[str, str, str]
    constant: tuple[str, str, str]
    index: tuple[str, str, str]
    context: tuple[str, str, str]
    operator: tuple[str, str, str]
    result: tuple[str, str, str]
    bound: tuple[str, str, str]
    structure: str
    field: str
    inductive: str
    constructor: str
    simp: str
    tanh: tuple[str, str]
    opened: tuple[str, str]
    variable: tuple[str, str, str]
    namespace: tuple[str, str]
    imported: str
    coverage: str
    seed: str
    valued: bool = False


_TAPE = "Proofs.Autograd."
_NODES = f"{_TAPE}TapeNodes."
_BLOCK = f"{_TAPE}Transformer."
_FOLDER = "NN/Proofs/Autograd/"

TORCHLEAN = Parts(
    theorem=f"{_BLOCK}postNormGptDecoderBlock_hasFDerivAt",
    other_theorem=f"{_BLOCK}postNormEncoderBlock_hasFDerivAt",
    positive=f"{_BLOCK}postNormGptDecoderBlock_hasFDerivAt",
    nonzero=(f"{_BLOCK}postNormGptDecoderBlock_hasFDerivAt", "hNorm1StdNe0"),
    certified=f"{_BLOCK}decoderCore_backpropVec_eq_adjoint_fderiv_at",
    certificate=(f"{_BLOCK}decoderCore_backpropVec_eq_adjoint_fderiv_at", "hNorm1"),
    conclusion=(f"{_BLOCK}decoderCore_backpropVec_eq_adjoint_fderiv_at", ".adjoint seedV", " xV"),
    defaulted=(f"{_BLOCK}decoderCore_backpropVec_eq_adjoint_fderiv_at", ":= 0)", ":= 1)"),
    helper=f"{_TAPE}TList.dot_add_right",
    leaning=f"{_TAPE}TList.dotList_add_right",
    exponential=f"{_TAPE}sumExp",
    maximum=f"{_NODES}sqrtClamp",
    sums=f"{_NODES}add",
    inner=f"{_TAPE}inner_append",
    pi=("Activation.Math.geluSpec", "MathFunctions.pi", "3"),
    constant=("Activation.Math.geluSpec", "0.044715", "0.044716"),
    index=(f"{_BLOCK}idxDecoderNorm1Gamma", "⟨4", "⟨3"),
    context=(f"{_BLOCK}ΓDecoderCore", "LayerNorm.MatShape seqLen dModel", "LayerNorm.MatShape dModel seqLen"),
    operator=(f"{_NODES}sub", "-", "+"),
    result=(f"{_TAPE}evalCLM", "→L[ℝ]", "→ₗ[ℝ]"),
    bound=("Spec.tensor_foldl_spec_go_of_lt", "k < n", "k ≤ n"),
    structure=f"{_TAPE}NodeFDerivCorrect",
    field="deriv",
    inductive="Spec.Shape",
    constructor="scalar",
    simp=f"{_TAPE}castVec_add",
    tanh=("NN/Spec/Core/Context.lean", ":= Real.tanh"),
    opened=(f"{_FOLDER}Tape/Nodes/Elementwise.lean", "open Spec"),
    variable=(f"{_FOLDER}Tape/Core/FDeriv.lean", "variable {Γ : List Shape}", f"{_TAPE}Graph.evalVec"),
    namespace=(f"{_FOLDER}Tape/Nodes/Batched.lean", "Batched"),
    imported=f"{_FOLDER}FDeriv/OpSpec.lean",
    coverage=f"{_FOLDER}Coverage.lean",
    seed=f"{_FOLDER}Tape/Ops/Transformer/DecoderBlock.lean",
    valued=True,
)
