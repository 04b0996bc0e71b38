"""The theorem of LayerNorm's graph. Twin of `NN/Proofs/Autograd/Tape/Ops/Norm/LayerNorm.lean`."""

from __future__ import annotations

from flint import fmpq

from mirror.arithmetic import Arithmetic, Array, sign
from mirror.core.fderiv import eval_vec
from mirror.core.soundness import Graph
from mirror.nodes.context import get
from mirror.ops.norm.layer_norm import (
    idx_std,
    idx_var_eps,
    layer_norm_graph,
    layer_norm_prefix6,
    layer_norm_prefix7,
)
from theorems.engine.families import Family
from theorems.engine.reverse_mode import reverse_mode_theorem
from theorems.engine.strategies.blocks import layer_norms
from theorems.engine.theorem import Hypothesis


def var_eps_positive(ar: Arithmetic, m: int, n: int, eps: fmpq, x: Array) -> bool:
    """Whether var + ε is positive in every row, as the graph computes it."""
    values = get(idx_var_eps(m, n), eval_vec(ar, layer_norm_prefix6(m, n, eps), x))
    return all(sign(v) > 0 for v in values)


def std_nonzero(ar: Arithmetic, m: int, n: int, eps: fmpq, x: Array) -> bool:
    """Whether the standard deviation is nonzero in every row, as the graph computes it."""
    values = get(idx_std(m, n), eval_vec(ar, layer_norm_prefix7(m, n, eps), x))
    return all(sign(v) != 0 for v in values)


DOMAIN = (
    Hypothesis("hVarEpsPos", "variance + ε is positive in every row", var_eps_positive),
    Hypothesis("hStdNe0", "the standard deviation is nonzero in every row", std_nonzero),
)


@reverse_mode_theorem(
    "Proofs.Autograd.LayerNorm.backprop_eq_adjoint_fderiv_layerNorm_at",
    g="layerNormGraph ε",
    says="Where var + ε > 0 in every row, LayerNorm's reverse run is the adjoint of its forward run's derivative.",
    binders="{m n} (ε) (xV) (seedV) (hVarEpsPos) (hStdNe0)",
    family=Family.NORM,
    instances=layer_norms,
    inputs=("x", "γ", "β"),
    hypotheses=DOMAIN,
    covers_not="ε is fixed: nothing differentiates it; rows with var + ε ≤ 0 are outside",
)
def backprop_eq_adjoint_fderiv_layer_norm_at(m: int, n: int, eps: fmpq) -> Graph:
    return layer_norm_graph(m, n, eps)
