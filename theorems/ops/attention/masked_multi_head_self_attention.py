"""The theorems of the masked attention core.

Twin of `NN/Proofs/Autograd/Tape/Ops/Attention/MaskedMultiHeadSelfAttention.lean`.
"""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import eval_vec
from mirror.core.soundness import Graph
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from theorems.engine.chain_rule import chain_rule_theorem
from theorems.engine.evidence.certificates import derivative_holds
from theorems.engine.evidence.chains import Stage, evaluated, given
from theorems.engine.families import Family
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.strategies.blocks import masked_cores
from theorems.engine.strategies.chains import projected_attentions, projected_cores
from theorems.engine.theorem import Hypothesis


def _core(n: int, num_heads: int, head_dim: int, c: fmpq, bias: Array) -> Graph:
    return masked_core_dgraph(n, num_heads, head_dim, c, bias).g


@reverse_mode_theorem(
    "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
    g="maskedCoreDGraph c bias",
    says=(
        "The reverse run of the masked attention core is the adjoint of the derivative of its forward run, "
        "at every point, for every scale and every finite bias."
    ),
    binders="{n numHeads headDim} (c) (bias := 0) (xV) (seedV)",
    family=Family.CORE,
    instances=masked_cores,
    inputs=("Q", "Kᵀ", "V"),
    covers_not="c and bias are fixed: nothing differentiates them; no weight is said to vanish under a mask",
)
def masked_core_backprop_vec_eq_adjoint_fderiv(n: int, num_heads: int, head_dim: int, c: fmpq, bias: Array) -> Graph:
    return _core(n, num_heads, head_dim, c, bias)


def h_project(ar: Arithmetic, project_pack: SmoothMap, d_project_pack: Differential, x: Array) -> bool:
    return derivative_holds(ar, project_pack, d_project_pack.at(ar, x), x)


PROJECT = Hypothesis("hProject", "projectPack has derivative DprojectPack at x", h_project)


@chain_rule_theorem(
    "Proofs.Autograd.MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt",
    formula="HasFDerivAt (evalVec g ∘ projectPack) (fderiv ℝ (evalVec g) (projectPack x) ∘ DprojectPack) x",
    says="The masked core after a differentiable projection has the derivative that the chain rule gives.",
    binders=(
        "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {n numHeads headDim} (c) (bias := 0) (projectPack) "
        "(DprojectPack) (x) (hProject)"
    ),
    family=Family.PACKS,
    instances=projected_cores,
    hypotheses=(PROJECT,),
    covers_not="E is ℝ^k here; infinite-dimensional E is not reached",
)
def masked_core_after_projection_has_fderiv_at(
    ar: Arithmetic,
    n: int,
    num_heads: int,
    head_dim: int,
    c: fmpq,
    bias: Array,
    project_pack: SmoothMap,
    d_project_pack: Differential,
) -> tuple[Stage, ...]:
    return given(ar, project_pack, d_project_pack), evaluated(_core(n, num_heads, head_dim, c, bias))


def h_merge(
    ar: Arithmetic,
    n: int,
    num_heads: int,
    head_dim: int,
    c: fmpq,
    bias: Array,
    project_pack: SmoothMap,
    merge_pack: SmoothMap,
    d_merge_pack: Differential,
    x: Array,
) -> bool:
    point = eval_vec(ar, _core(n, num_heads, head_dim, c, bias), project_pack(ar, x))
    return derivative_holds(ar, merge_pack, d_merge_pack.at(ar, point), point)


def projected_and_merged(
    ar: Arithmetic,
    n: int,
    num_heads: int,
    head_dim: int,
    c: fmpq,
    bias: Array,
    project_pack: SmoothMap,
    d_project_pack: Differential,
    merge_pack: SmoothMap,
    d_merge_pack: Differential,
) -> tuple[Stage, ...]:
    """A projection, the masked core, and a map of its eight entries."""
    core = evaluated(_core(n, num_heads, head_dim, c, bias))
    return given(ar, project_pack, d_project_pack), core, given(ar, merge_pack, d_merge_pack)


projected_masked_attention_has_fderiv_at = chain_rule_theorem(
    "Proofs.Autograd.MultiHeadAttention.projectedMaskedAttention_hasFDerivAt",
    formula=(
        "HasFDerivAt (mergePack ∘ evalVec g ∘ projectPack) "
        "(DmergePack ∘ fderiv ℝ (evalVec g) (projectPack x) ∘ DprojectPack) x"
    ),
    says="Projection, masked core and merge, each differentiable, have together the derivative of the chain rule.",
    binders=(
        "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {F} [NormedAddCommGroup F] [NormedSpace ℝ F] "
        "{n numHeads headDim} (c) (bias := 0) (projectPack) (DprojectPack) (mergePack) (DmergePack) (x) "
        "(hProject) (hMerge)"
    ),
    family=Family.PACKS,
    instances=projected_attentions,
    hypotheses=(
        PROJECT,
        Hypothesis("hMerge", "mergePack has derivative DmergePack at the core's values", h_merge),
    ),
    covers_not="mergePack sees the core's eight entries, not x; E and F are ℝ^k here",
)(projected_and_merged)
