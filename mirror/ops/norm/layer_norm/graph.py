"""The graph of LayerNorm, node by node."""

from __future__ import annotations

from functools import lru_cache

from flint import fmpq

from mirror.core.soundness import Graph
from mirror.links import mirrors
from mirror.ops.norm.layer_norm.context import context_ln
from mirror.ops.norm.layer_norm.nodes import (
    node_beta_b,
    node_centered,
    node_centered_sq,
    node_gamma_b,
    node_inv_std,
    node_inv_std_b,
    node_mean,
    node_mean_b,
    node_norm,
    node_scaled,
    node_std,
    node_var,
    node_var_eps,
    node_y,
)


@mirrors("Proofs.Autograd.LayerNorm.g1")
def g1(m: int, n: int) -> Graph:
    """The graph up to the mean."""
    return Graph.nil(context_ln(m, n)).snoc(node_mean(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g2")
def g2(m: int, n: int) -> Graph:
    """The graph up to the broadcast mean."""
    return g1(m, n).snoc(node_mean_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g3")
def g3(m: int, n: int) -> Graph:
    """The graph up to the centered matrix."""
    return g2(m, n).snoc(node_centered(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g4")
def g4(m: int, n: int) -> Graph:
    """The graph up to the squares."""
    return g3(m, n).snoc(node_centered_sq(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g5")
def g5(m: int, n: int) -> Graph:
    """The graph up to the variance."""
    return g4(m, n).snoc(node_var(m, n))


@mirrors("Proofs.Autograd.LayerNorm.layerNormPrefix6")
@lru_cache(maxsize=256)
def layer_norm_prefix6(m: int, n: int, eps: fmpq) -> Graph:
    """The first six nodes, through variance + ε."""
    return g5(m, n).snoc(node_var_eps(m, n, eps))


@mirrors("Proofs.Autograd.LayerNorm.layerNormPrefix7")
def layer_norm_prefix7(m: int, n: int, eps: fmpq) -> Graph:
    """The first seven nodes, through the standard deviation."""
    return layer_norm_prefix6(m, n, eps).snoc(node_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g8")
def g8(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to 1/std."""
    return layer_norm_prefix7(m, n, eps).snoc(node_inv_std(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g9")
def g9(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast 1/std."""
    return g8(m, n, eps).snoc(node_inv_std_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g10")
def g10(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the normalized matrix."""
    return g9(m, n, eps).snoc(node_norm(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g11")
def g11(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast γ."""
    return g10(m, n, eps).snoc(node_gamma_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g12")
def g12(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the scaled matrix."""
    return g11(m, n, eps).snoc(node_scaled(m, n))


@mirrors("Proofs.Autograd.LayerNorm.g13")
def g13(m: int, n: int, eps: fmpq) -> Graph:
    """The graph up to the broadcast β."""
    return g12(m, n, eps).snoc(node_beta_b(m, n))


@mirrors("Proofs.Autograd.LayerNorm.layerNormGraph")
@lru_cache(maxsize=256)
def layer_norm_graph(m: int, n: int, eps: fmpq) -> Graph:
    """All 14 nodes; the output y is entry 16 of inputs and results together."""
    return g13(m, n, eps).snoc(node_y(m, n))
