"""Where LayerNorm's inputs and results stand: inputs from 0, results from 3."""

from __future__ import annotations

from mirror.core.soundness import Idx
from mirror.links import mirrors
from mirror.ops.norm.layer_norm.context import (
    before,
    context_ln,
    mat_shape,
    saved_layer_norm,
    saved_prefix6,
    saved_prefix7,
    vec_shape,
)
from mirror.spec.core.shape import Context
from mirror.util.idx import last, weaken


@mirrors("Proofs.Autograd.LayerNorm.idxX")
def idx_x(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 0: X."""
    return Idx((*context_ln(m, n), *saved), 0, mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxGamma")
def idx_gamma(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 1: γ."""
    return Idx((*context_ln(m, n), *saved), 1, vec_shape(n))


@mirrors("Proofs.Autograd.LayerNorm.idxBeta")
def idx_beta(m: int, n: int, saved: Context = ()) -> Idx:
    """Index 2: β."""
    return Idx((*context_ln(m, n), *saved), 2, vec_shape(n))


@mirrors("Proofs.Autograd.LayerNorm.idxMean")
def idx_mean(m: int, n: int) -> Idx:
    """Index 3: the mean."""
    return last(context_ln(m, n), before(m, n, 0), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.idxMeanB")
def idx_mean_b(m: int, n: int) -> Idx:
    """Index 4: the broadcast mean."""
    return last(context_ln(m, n), before(m, n, 1), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxCentered")
def idx_centered(m: int, n: int) -> Idx:
    """Index 5: the centered matrix."""
    return last(context_ln(m, n), before(m, n, 2), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxCenteredSq")
def idx_centered_sq(m: int, n: int) -> Idx:
    """Index 6: the squares."""
    return last(context_ln(m, n), before(m, n, 3), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxVar")
def idx_var(m: int, n: int) -> Idx:
    """Index 7: the variance."""
    return last(context_ln(m, n), before(m, n, 4), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.idxVarEps")
def idx_var_eps(m: int, n: int) -> Idx:
    """Index 8: variance + ε."""
    return last(context_ln(m, n), before(m, n, 5), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.idxStd")
def idx_std(m: int, n: int) -> Idx:
    """Index 9: the standard deviation."""
    return last(context_ln(m, n), saved_prefix6(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.idxInvStd")
def idx_inv_std(m: int, n: int) -> Idx:
    """Index 10: 1/std."""
    return last(context_ln(m, n), saved_prefix7(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.idxCentered9")
def idx_centered9(m: int, n: int) -> Idx:
    """Index 5, weakened past six more entries."""
    return weaken(idx_centered(m, n), before(m, n, 9)[3:])


@mirrors("Proofs.Autograd.LayerNorm.idxInvStdB9")
def idx_inv_std_b9(m: int, n: int) -> Idx:
    """Index 11: the broadcast 1/std."""
    return last(context_ln(m, n), before(m, n, 8), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxNorm11")
def idx_norm11(m: int, n: int) -> Idx:
    """Index 12, weakened past the broadcast γ: the normalized matrix."""
    return weaken(last(context_ln(m, n), before(m, n, 9), mat_shape(m, n)), (mat_shape(m, n),))


@mirrors("Proofs.Autograd.LayerNorm.idxGammaB11")
def idx_gamma_b11(m: int, n: int) -> Idx:
    """Index 13: the broadcast γ."""
    return last(context_ln(m, n), before(m, n, 10), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxScaled13")
def idx_scaled13(m: int, n: int) -> Idx:
    """Index 14, weakened past the broadcast β: the scaled matrix."""
    return weaken(last(context_ln(m, n), before(m, n, 11), mat_shape(m, n)), (mat_shape(m, n),))


@mirrors("Proofs.Autograd.LayerNorm.idxBetaB13")
def idx_beta_b13(m: int, n: int) -> Idx:
    """Index 15: the broadcast β."""
    return last(context_ln(m, n), before(m, n, 12), mat_shape(m, n))


@mirrors("Proofs.Autograd.LayerNorm.idxY")
def idx_y(m: int, n: int) -> Idx:
    """Index 16: y."""
    return Idx((*context_ln(m, n), *saved_layer_norm(m, n)), 16, mat_shape(m, n))
