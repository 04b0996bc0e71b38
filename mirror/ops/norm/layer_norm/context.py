"""The shapes of LayerNorm's three inputs and of its fourteen results."""

from __future__ import annotations

from mirror.links import mirrors
from mirror.spec.core.shape import Context, Shape


@mirrors("Proofs.Autograd.LayerNorm.MatShape")
def mat_shape(m: int, n: int) -> Shape:
    """[m, n]."""
    return Shape(m, n)


@mirrors("Proofs.Autograd.LayerNorm.VecShape")
def vec_shape(k: int) -> Shape:
    """[k]."""
    return Shape(k)


@mirrors("Proofs.Autograd.LayerNorm.ΓLN")
def context_ln(m: int, n: int) -> Context:
    """The inputs: X [m, n], γ [n], β [n]."""
    return (mat_shape(m, n), vec_shape(n), vec_shape(n))


@mirrors("Proofs.Autograd.LayerNorm.ssPrefix6")
def saved_prefix6(m: int, n: int) -> Context:
    """mean, mean broadcast, centered, centered², variance, variance + ε (positions 3 to 8)."""
    vec, mat = vec_shape(m), mat_shape(m, n)
    return (vec, mat, mat, mat, vec, vec)


@mirrors("Proofs.Autograd.LayerNorm.ssPrefix7")
def saved_prefix7(m: int, n: int) -> Context:
    """`saved_prefix6`, then the standard deviation (position 9)."""
    return (*saved_prefix6(m, n), vec_shape(m))


@mirrors("Proofs.Autograd.LayerNorm.ssLayerNorm")
def saved_layer_norm(m: int, n: int) -> Context:
    """`saved_prefix7`, then 1/std, its broadcast, normalized, γ and scaled, β and y (positions 10 to 16)."""
    mat = mat_shape(m, n)
    return (*saved_prefix7(m, n), vec_shape(m), mat, mat, mat, mat, mat, mat)


def before(m: int, n: int, k: int) -> Context:
    """The first k saved shapes: what the (k + 1)-th node finds after the three inputs."""
    return saved_layer_norm(m, n)[:k]
