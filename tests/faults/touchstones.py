"""For every theorem a fault of the mirror that it must refute: a theorem that refutes nothing says nothing.

The theorem that owns a fault has it for a touchstone. The others, many of which speak of the same definitions, are
tried on a fault that another owns, and so is one that would refute its own only far into its instances.
"""

from __future__ import annotations

from tests.faults.catalogue import FAULTS, named
from tests.faults.fault import Fault

_AUTOGRAD = "Proofs.Autograd."
_OF_OTHERS = {
    "castVec: every entry 1 more": (
        "castVec_smul",
        "castVec_castVec",
        "inner_castVec_castVec",
        "castCtxVec_cast",
        "TapeNodes.inner_getVec_singleVec",
    ),
    "toVecT: the first entry lost": (
        "ofVecT_toVecT",
        "Node.forwardVec_ofVec",
        "Node.jvpVec_ofVec",
        "Node.vjpVec_ofVec",
    ),
    "toVecE backwards": ("toVecT_dim_apply",),
    "inner forgets the last coordinate": ("inner_toVecT_dim",),
    "snocCtx in front": ("snocCtx_unsnocCtx",),
    "column-major flattening": (
        "unflattenCtx_flattenCtx",
        "flattenCtx_unflattenCtx",
        "Spec.Tensor.unflatten_flatten_inverse",
    ),
    "dotList forgets the last pair": ("TList.dotList_snoc",),
    "TList.snoc in front": ("TList.snoc_unsnoc",),
    "fill with 1 more": ("TList.dotList_zero_right", "TList.dotList_single"),
    "CtxVec.headCLM backwards": ("CtxVec.getCLM_apply",),
    "get reads its block backwards": ("TapeNodes.getVecCLM_apply",),
    "the fold's loop begins anew at the first slice": ("Spec.tensor_foldl_spec_go_of_lt",),
    "sumSpec: the last entry lost": ("Spec.tensor_foldl_spec_add_init",),
    "sqrtClamp: derivative 1/√x": ("TapeNodes.hasDerivAt_sqrt_clamp_of_pos",),
    "tanh of half the argument": (
        "hasFDerivAt_elemwiseVec",
        "hasFDerivAt_elemwiseVec_at",
        "Transformer.postNormGptDecoderBlock_hasFDerivAt",
        "Transformer.postNormEncoderBlock_hasFDerivAt",
        "Transformer.residualThenPostNorm_hasFDerivAt",
        "Transformer.twoSublayerPostNormBlock_hasFDerivAt",
    ),
    "jvp evaluated at the tangent": (
        "Graph.jvpVec_eq_fderiv",
        "Graph.jvpVec_eq_fderiv_at",
        "Graph.hasFDerivAt_evalVec_and_jvp_at",
    ),
    "overwritten instead of added cotangent": (
        "Graph.backpropVec_eq_adjoint_fderiv",
        "Graph.backpropVec_eq_adjoint_fderiv_at",
        "DGraph.append_backpropVec_eq_adjoint_fderiv",
        "DGraph.backpropVec_eq_adjoint_fderiv",
    ),
    "dropped accumulation at fan-out": ("Transformer.seqFfnResidual_backpropVec_eq_adjoint_fderiv",),
    "rows: more than 12 entries backwards": (
        "MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt",
        "MultiHeadAttention.projectedMaskedAttention_hasFDerivAt",
        "Transformer.projectedMaskedDecoderAttentionPack_hasFDerivAt",
    ),
    "add: cotangent to the first summand only": (
        "Transformer.decoderCore_backpropVec_eq_adjoint_fderiv_at",
        "Transformer.postNorm_backpropVec_eq_adjoint_fderiv_at",
        "Transformer.residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at",
        "Transformer.residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at",
    ),
}


def touchstones() -> dict[str, Fault]:
    """By the theorem's full name: the fault that stands here, else the first that it owns."""
    others = {_full(name): named(fault) for fault, names in _OF_OTHERS.items() for name in names}
    return {**{f.owner: f for f in reversed(FAULTS) if not f.owner.startswith("tests.")}, **others}


def _full(name: str) -> str:
    return name if name.startswith("Spec.") else _AUTOGRAD + name
