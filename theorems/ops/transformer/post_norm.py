"""LayerNorm under the post-norm names, and the chain rule of one and of two post-norm sublayers.

Twin of `NN/Proofs/Autograd/Tape/Ops/Transformer/PostNorm.lean`. Several Lean names state one thing;
they share a graph here and are run each by itself.
"""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.fderiv import eval_vec
from mirror.core.soundness import Graph
from mirror.ops.transformer.post_norm import post_norm_graph
from theorems.engine.chain_rule import chain_rule_theorem
from theorems.engine.evidence.certificates import derivative_holds
from theorems.engine.evidence.chains import Stage, evaluated, given
from theorems.engine.families import Family
from theorems.engine.maps import Differential, SmoothMap
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.strategies.blocks import layer_norms
from theorems.engine.strategies.chains import residuals_then_norm, two_sublayers
from theorems.engine.theorem import Hypothesis, Theorem
from theorems.ops.norm.layer_norm import DOMAIN, std_nonzero, var_eps_positive


def _post_norm(m: int, n: int, eps: fmpq) -> Graph:
    return post_norm_graph(m, n, eps)


def _reverse_mode_theorem(name: str, says: str, covers_not: str) -> Theorem:
    return reverse_mode_theorem(
        f"Proofs.Autograd.Transformer.{name}",
        g="postNormGraph ε",
        says=says,
        binders="{seqLen dModel} (ε) (xV) (seedV) (hVarEpsPos) (hStdNe0)",
        family=Family.NORM,
        instances=layer_norms,
        inputs=("x", "γ", "β"),
        hypotheses=DOMAIN,
        covers_not=covers_not,
    )(_post_norm)


post_norm_backprop_vec_eq_adjoint_fderiv_at = _reverse_mode_theorem(
    "postNorm_backpropVec_eq_adjoint_fderiv_at",
    "Where var + ε > 0 in every row, the post-norm graph's reverse run is the adjoint of its derivative.",
    "it is the LayerNorm theorem under another name; ε is fixed",
)
residual_attention_post_norm_backprop_vec_eq_adjoint_fderiv_at = _reverse_mode_theorem(
    "residualAttentionPostNorm_backpropVec_eq_adjoint_fderiv_at",
    "The same statement about the post-norm graph, under a name that speaks of residual attention.",
    "no attention and no residual sum occurs in it: it is postNorm_backpropVec_eq_adjoint_fderiv_at",
)
residual_feed_forward_post_norm_backprop_vec_eq_adjoint_fderiv_at = _reverse_mode_theorem(
    "residualFeedForwardPostNorm_backpropVec_eq_adjoint_fderiv_at",
    "The same statement about the post-norm graph, under a name that speaks of the residual feed-forward.",
    "no feed-forward and no residual sum occurs in it: it is postNorm_backpropVec_eq_adjoint_fderiv_at",
)


# ---- one sublayer


def h_residual(ar: Arithmetic, residual_pack: SmoothMap, d_residual_pack: Differential, x: Array) -> bool:
    return derivative_holds(ar, residual_pack, d_residual_pack.at(ar, x), x)


def residual_var_eps_positive(
    ar: Arithmetic, seq_len: int, d_model: int, eps: fmpq, residual_pack: SmoothMap, x: Array
) -> bool:
    return var_eps_positive(ar, seq_len, d_model, eps, residual_pack(ar, x))


def residual_std_nonzero(
    ar: Arithmetic, seq_len: int, d_model: int, eps: fmpq, residual_pack: SmoothMap, x: Array
) -> bool:
    return std_nonzero(ar, seq_len, d_model, eps, residual_pack(ar, x))


@chain_rule_theorem(
    "Proofs.Autograd.Transformer.residualThenPostNorm_hasFDerivAt",
    formula="HasFDerivAt (evalVec g ∘ residualPack) (fderiv ℝ (evalVec g) (residualPack x) ∘ DresidualPack) x",
    says="LayerNorm after a differentiable residual pack has the derivative that the chain rule gives.",
    binders=(
        "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {seqLen dModel} (ε) (residualPack) (DresidualPack) (x) "
        "(hResidual) (hVarEpsPos) (hStdNe0)"
    ),
    family=Family.SUBLAYERS,
    instances=residuals_then_norm,
    hypotheses=(
        Hypothesis("hResidual", "residualPack has derivative DresidualPack at x", h_residual),
        Hypothesis("hVarEpsPos", "variance + ε is positive in every row of residualPack x", residual_var_eps_positive),
        Hypothesis("hStdNe0", "the standard deviation is nonzero in every row of residualPack x", residual_std_nonzero),
    ),
    covers_not="E is ℝ^k here; infinite-dimensional E is not reached",
)
def residual_then_post_norm_has_fderiv_at(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    eps: fmpq,
    residual_pack: SmoothMap,
    d_residual_pack: Differential,
) -> tuple[Stage, ...]:
    return given(ar, residual_pack, d_residual_pack), evaluated(post_norm_graph(seq_len, d_model, eps))


# ---- two sublayers


def h_attn_pack(ar: Arithmetic, attn_pack: SmoothMap, d_attn_pack: Differential, x: Array) -> bool:
    return derivative_holds(ar, attn_pack, d_attn_pack.at(ar, x), x)


def norm1_var_eps_positive(
    ar: Arithmetic, seq_len: int, d_model: int, eps1: fmpq, attn_pack: SmoothMap, x: Array
) -> bool:
    return var_eps_positive(ar, seq_len, d_model, eps1, attn_pack(ar, x))


def norm1_std_nonzero(ar: Arithmetic, seq_len: int, d_model: int, eps1: fmpq, attn_pack: SmoothMap, x: Array) -> bool:
    return std_nonzero(ar, seq_len, d_model, eps1, attn_pack(ar, x))


def _first_norm(ar: Arithmetic, seq_len: int, d_model: int, eps1: fmpq, attn_pack: SmoothMap, x: Array) -> Array:
    return eval_vec(ar, post_norm_graph(seq_len, d_model, eps1), attn_pack(ar, x))


def h_ffn_pack(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    eps1: fmpq,
    attn_pack: SmoothMap,
    ffn_pack: SmoothMap,
    d_ffn_pack: Differential,
    x: Array,
) -> bool:
    point = _first_norm(ar, seq_len, d_model, eps1, attn_pack, x)
    return derivative_holds(ar, ffn_pack, d_ffn_pack.at(ar, point), point)


def norm2_var_eps_positive(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    eps1: fmpq,
    eps2: fmpq,
    attn_pack: SmoothMap,
    ffn_pack: SmoothMap,
    x: Array,
) -> bool:
    normed = _first_norm(ar, seq_len, d_model, eps1, attn_pack, x)
    return var_eps_positive(ar, seq_len, d_model, eps2, ffn_pack(ar, normed))


def norm2_std_nonzero(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    eps1: fmpq,
    eps2: fmpq,
    attn_pack: SmoothMap,
    ffn_pack: SmoothMap,
    x: Array,
) -> bool:
    normed = _first_norm(ar, seq_len, d_model, eps1, attn_pack, x)
    return std_nonzero(ar, seq_len, d_model, eps2, ffn_pack(ar, normed))


def _two_sublayers(
    ar: Arithmetic,
    seq_len: int,
    d_model: int,
    eps1: fmpq,
    eps2: fmpq,
    attn_pack: SmoothMap,
    d_attn_pack: Differential,
    ffn_pack: SmoothMap,
    d_ffn_pack: Differential,
) -> tuple[Stage, ...]:
    return (
        given(ar, attn_pack, d_attn_pack),
        evaluated(post_norm_graph(seq_len, d_model, eps1), "the first norm"),
        given(ar, ffn_pack, d_ffn_pack),
        evaluated(post_norm_graph(seq_len, d_model, eps2), "the second norm"),
    )


def two_sublayer_theorem(name: str, first: str, says: str, covers_not: str) -> Theorem:
    """The two-sublayer statement under one of its Lean names, with `first` what Lean calls the first pack."""
    h_first = f"h{first[0].upper()}{first[1:]}"
    return chain_rule_theorem(
        f"Proofs.Autograd.Transformer.{name}",
        formula=(
            f"HasFDerivAt (evalVec g₂ ∘ ffnPack ∘ evalVec g₁ ∘ {first}) "
            f"(fderiv ℝ (evalVec g₂) … ∘ DffnPack ∘ fderiv ℝ (evalVec g₁) ({first} x) ∘ D{first}) x,  "
            "gᵢ = postNormGraph εᵢ"
        ),
        says=says,
        binders=(
            "{E} [NormedAddCommGroup E] [NormedSpace ℝ E] {seqLen dModel} (ε₁ ε₂) "
            f"({first}) (D{first}) (ffnPack) (DffnPack) (x) ({h_first}) "
            "(hNorm1VarEpsPos) (hNorm1StdNe0) (hFfnPack) (hNorm2VarEpsPos) (hNorm2StdNe0)"
        ),
        family=Family.SUBLAYERS,
        instances=two_sublayers,
        hypotheses=(
            Hypothesis(h_first, f"{first} has derivative D{first} at x", h_attn_pack),
            Hypothesis("hNorm1VarEpsPos", "variance + ε₁ is positive in every row", norm1_var_eps_positive),
            Hypothesis("hNorm1StdNe0", "the first standard deviation is nonzero in every row", norm1_std_nonzero),
            Hypothesis("hFfnPack", "ffnPack has derivative DffnPack at the first norm's values", h_ffn_pack),
            Hypothesis("hNorm2VarEpsPos", "variance + ε₂ is positive in every row", norm2_var_eps_positive),
            Hypothesis("hNorm2StdNe0", "the second standard deviation is nonzero in every row", norm2_std_nonzero),
        ),
        covers_not=covers_not,
    )(_two_sublayers)


two_sublayer_post_norm_block_has_fderiv_at = two_sublayer_theorem(
    "twoSublayerPostNormBlock_hasFDerivAt",
    "attnPack",
    "Two differentiable packs, each followed by LayerNorm, have together the derivative of the chain rule.",
    "the packs are any differentiable maps: no attention and no feed-forward occurs; E is ℝ^k here",
)
