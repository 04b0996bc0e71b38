"""The fourteen nodes of LayerNorm, in order."""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array
from mirror.core.soundness import Node
from mirror.links import mirrors
from mirror.nodes.arithmetic import add, mul, sub
from mirror.nodes.elementwise import elemwise, inv, sqrt_clamp
from mirror.nodes.matrix import broadcast_col, broadcast_row, row_mean
from mirror.ops.norm.layer_norm.context import before
from mirror.ops.norm.layer_norm.indices import (
    idx_beta,
    idx_beta_b13,
    idx_centered,
    idx_centered9,
    idx_centered_sq,
    idx_gamma,
    idx_gamma_b11,
    idx_inv_std,
    idx_inv_std_b9,
    idx_mean,
    idx_mean_b,
    idx_norm11,
    idx_scaled13,
    idx_std,
    idx_var,
    idx_var_eps,
    idx_x,
)


@mirrors("Proofs.Autograd.LayerNorm.nodeMean")
def node_mean(m: int, n: int) -> Node:
    """The mean of each row of X."""
    return row_mean(idx_x(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeMeanB")
def node_mean_b(m: int, n: int) -> Node:
    """The mean, constant along each row."""
    return broadcast_row(idx_mean(m, n), n)


@mirrors("Proofs.Autograd.LayerNorm.nodeCentered")
def node_centered(m: int, n: int) -> Node:
    """X minus its row means."""
    return sub(idx_x(m, n, before(m, n, 2)), idx_mean_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeCenteredSq")
def node_centered_sq(m: int, n: int) -> Node:
    """The centered matrix, squared entrywise."""
    return mul(idx_centered(m, n), idx_centered(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeVar")
def node_var(m: int, n: int) -> Node:
    """The biased variance: the row mean of the squares."""
    return row_mean(idx_centered_sq(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeVarEps")
def node_var_eps(m: int, n: int, eps: fmpq) -> Node:
    """The variance plus ε, an entrywise shift with declared derivative 1."""

    def shift(ar: Arithmetic, z: Array) -> Array:
        return z + ar.constant(eps)

    def one(ar: Arithmetic, z: Array) -> Array:
        return ar.zeros(z.shape) + ar.constant(fmpq(1))

    return elemwise(idx_var(m, n), shift, one)


@mirrors("Proofs.Autograd.LayerNorm.nodeStd")
def node_std(m: int, n: int) -> Node:
    """√max(variance + ε, 0)."""
    return sqrt_clamp(idx_var_eps(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeInvStd")
def node_inv_std(m: int, n: int) -> Node:
    """1/std, with 0⁻¹ = 0."""
    return inv(idx_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeInvStdB")
def node_inv_std_b(m: int, n: int) -> Node:
    """1/std, constant along each row."""
    return broadcast_row(idx_inv_std(m, n), n)


@mirrors("Proofs.Autograd.LayerNorm.nodeNorm")
def node_norm(m: int, n: int) -> Node:
    """The normalized matrix: centered times 1/std."""
    return mul(idx_centered9(m, n), idx_inv_std_b9(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeGammaB")
def node_gamma_b(m: int, n: int) -> Node:
    """γ in every row."""
    return broadcast_col(idx_gamma(m, n, before(m, n, 10)), m)


@mirrors("Proofs.Autograd.LayerNorm.nodeScaled")
def node_scaled(m: int, n: int) -> Node:
    """The normalized matrix times γ."""
    return mul(idx_norm11(m, n), idx_gamma_b11(m, n))


@mirrors("Proofs.Autograd.LayerNorm.nodeBetaB")
def node_beta_b(m: int, n: int) -> Node:
    """β in every row."""
    return broadcast_col(idx_beta(m, n, before(m, n, 12)), m)


@mirrors("Proofs.Autograd.LayerNorm.nodeY")
def node_y(m: int, n: int) -> Node:
    """The output: scaled plus β."""
    return add(idx_scaled13(m, n), idx_beta_b13(m, n))
