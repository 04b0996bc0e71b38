"""The theorems of the masked attention core.

Twin of `NN/Proofs/Autograd/Tape/Ops/Attention/MaskedMultiHeadSelfAttention.lean`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import backprop_vec, eval_vec
from mirror.core.soundness import Graph
from mirror.ops.attention.masked_multi_head_self_attention import masked_core_dgraph
from theorems.engine.evidence.certificates import derivative_holds
from theorems.engine.evidence.chains import chain_rule, evaluated, given
from theorems.engine.evidence.derivatives import adjoint_of_fderiv
from theorems.engine.evidence.verdicts import Claim
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.strategies.blocks import masked_cores
from theorems.engine.strategies.chains import projected_attentions, projected_cores
from theorems.engine.theorem import Hypothesis, theorem


def _core(n: int, num_heads: int, head_dim: int, c: fmpq, bias: Array) -> Graph:
    return masked_core_dgraph(n, num_heads, head_dim, c, bias).g


@theorem(
    "Proofs.Autograd.MultiHeadAttention.maskedCore_backpropVec_eq_adjoint_fderiv",
    formula="backpropVec g x seed = (fderiv ℝ (evalVec g) x)† seed,  g = maskedCoreDGraph c bias",
    says=(
        "The reverse run of the masked attention core is the adjoint of the derivative of its forward run, "
        "at every point, for every scale and every finite bias."
    ),
    binders="{n numHeads headDim} (c) (bias := 0) (xV) (seedV)",
    instances=masked_cores,
    covers_not="c and bias are fixed: nothing differentiates them; no weight is said to vanish under a mask",
)
def masked_core_backprop_vec_eq_adjoint_fderiv(
    ar: Arithmetic,
    n: int,
    num_heads: int,
    head_dim: int,
    c: fmpq,
    bias: Array,
    x: Array,
    seed: Array,
    directions: tuple[Array, ...],
) -> Iterator[Claim]:
    graph = _core(n, num_heads, head_dim, c, bias)
    pulled_back = backprop_vec(ar, graph, x, seed)
    return adjoint_of_fderiv(lambda a, z: eval_vec(a, graph, z), x, seed, pulled_back, directions)


def h_project(ar: Arithmetic, project_pack: SmoothMap, d_project_pack: Differential, x: Array) -> bool:
    return derivative_holds(ar, project_pack, d_project_pack.at(ar, x), x)


PROJECT = Hypothesis("hProject", "projectPack has derivative DprojectPack at x", h_project)


@theorem(
    "Proofs.Autograd.MultiHeadAttention.maskedCoreAfterProjection_hasFDerivAt",
    formula="HasFDerivAt (evalVec g ∘ projectPack) (fderiv ℝ (evalVec g) (projectPack x) ∘ DprojectPack) x",
    says="The masked core after a differentiable projection has the derivative that the chain rule gives.",
    binders=(
        "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {n numHeads headDim} (c) (bias := 0) (projectPack) "
        "(DprojectPack) (x) (hProject)"
    ),
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
    x: Array,
    directions: tuple[Array, ...],
) -> Iterator[Claim]:
    graph = _core(n, num_heads, head_dim, c, bias)
    return chain_rule(ar, (given(ar, project_pack, d_project_pack), evaluated(graph)), x, directions)


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


@theorem(
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
    instances=projected_attentions,
    hypotheses=(
        PROJECT,
        Hypothesis("hMerge", "mergePack has derivative DmergePack at the core's values", h_merge),
    ),
    covers_not="mergePack sees the core's eight entries, not x; E and F are ℝ^k here",
)
def projected_masked_attention_has_fderiv_at(
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
    x: Array,
    directions: tuple[Array, ...],
) -> Iterator[Claim]:
    graph = _core(n, num_heads, head_dim, c, bias)
    stages = given(ar, project_pack, d_project_pack), evaluated(graph), given(ar, merge_pack, d_merge_pack)
    return chain_rule(ar, stages, x, directions)
