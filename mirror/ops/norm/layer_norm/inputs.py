"""Where the whole node finds x, γ and β, and how they become the input of the graph."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mirror.arithmetic import Arithmetic
from mirror.core.fderiv import CtxVec
from mirror.core.soundness import Idx
from mirror.linear_map import LinearFunction, LinearMap
from mirror.links import mirrors
from mirror.nodes.context import get, get_clm, single
from mirror.ops.norm.layer_norm.context import vec_shape
from mirror.ops.norm.layer_norm.indices import idx_y
from mirror.spec.core.shape import Context


@mirrors("Proofs.Autograd.LayerNorm.Inputs")
@dataclass(frozen=True, slots=True)
class Inputs:
    """Where x [m, n], γ [n] and β [n] lie in an arbitrary context.

    Raises `ValueError` where the three do not fit each other.
    """

    x: Idx
    gamma: Idx
    beta: Idx

    def __post_init__(self) -> None:
        contexts = {self.x.context, self.gamma.context, self.beta.context}
        if len(contexts) != 1:
            raise ValueError("the three inputs of LayerNorm index different contexts")
        if len(self.x.shape) != 2 or self.gamma.shape != self.x.shape[1:] or self.beta.shape != self.gamma.shape:
            raise ValueError(
                f"LayerNorm needs x [m, n], gamma [n], beta [n]; got {self.x.shape}, "
                f"{self.gamma.shape}, {self.beta.shape}"
            )


@mirrors("Proofs.Autograd.LayerNorm.packInputsCLM")
def pack_inputs_clm(inputs: Inputs) -> LinearMap:
    """x, γ and β of an arbitrary context, as an input of the LayerNorm graph."""

    def pack(ar: Arithmetic, v: CtxVec) -> CtxVec:
        return ar.concat([get(inputs.x, v), get(inputs.gamma, v), get(inputs.beta, v)])

    m, n = inputs.x.shape
    mat = m * n

    def unpack(ar: Arithmetic, w: CtxVec) -> CtxVec:
        to_x = single(ar, inputs.x, w[:mat])
        to_gamma = single(ar, inputs.gamma, w[mat : mat + n])
        return to_x + to_gamma + single(ar, inputs.beta, w[mat + n :])

    return LinearFunction(inputs.x.total, mat + n + n, pack, unpack)


@mirrors("Proofs.Autograd.LayerNorm.outputCLM")
@lru_cache(maxsize=256)
def output_clm(m: int, n: int) -> LinearMap:
    """y of the LayerNorm graph's inputs and results."""
    return get_clm(idx_y(m, n))


def norm_inputs(context: Context) -> list[tuple[int, ...]]:
    """A matrix [m, n] and two vectors [n]."""
    vectors = [(j, s) for j, s in enumerate(context) if len(s) == 1]
    return [
        (i, j, k)
        for i, x in enumerate(context)
        if len(x) == 2
        for j, gamma in vectors
        for k, beta in vectors
        if gamma == beta == vec_shape(x[1])
    ]
